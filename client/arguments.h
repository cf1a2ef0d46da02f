/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/* A command line that was understood. */
struct _LvsctlArguments
{
  const LvsctlCommand *command;        /* NULL with help or version, where none was named */
  const char *noun;                    /* NULL where none was named */
  GStrv operands[LVSCTL_OPERANDS_MAX]; /* in canonical form; empty where left out */
  GVariant *fields;                    /* a{sv}: options of the item, as the daemon takes them */
  GVariant *options;                   /* a{sv}: options of the verb */
  GStrv hosts;                         /* NULL: this machine */
  gboolean json;
  gboolean terse;
  gboolean force;
  gboolean quiet;
  gboolean no_legend;
  gboolean no_pager;
  gboolean no_ask_password;
  gboolean help;
  gboolean version;
};

LvsctlArguments *lvsctl_arguments_parse (const char *const *argv, GError **error);
void lvsctl_arguments_free (LvsctlArguments *arguments);

/* The first of an operand, or NULL where it was left out. */
const char *lvsctl_arguments_operand (const LvsctlArguments *arguments, guint index);

/* The item's options as they were given, for people: "weight 3, method tunnel". */
char *lvsctl_arguments_describe_fields (const LvsctlArguments *arguments);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlArguments, lvsctl_arguments_free)

G_END_DECLS
