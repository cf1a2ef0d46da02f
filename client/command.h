/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"
#include "model/item.h"
#include "operand.h"

G_BEGIN_DECLS

#define LVSCTL_OPERANDS_MAX 2

typedef enum
{
  LVSCTL_COMMAND_NONE = 0,
  LVSCTL_COMMAND_ADDS = 1 << 0,  /* has the options of a new item of its kind */
  LVSCTL_COMMAND_EDITS = 1 << 1, /* has those that can be changed later; at least one is needed */
  LVSCTL_COMMAND_VERBATIM = 1 << 2, /* takes what follows as it stands, options of its own too */
} LvsctlCommandFlags;

/* One row of the verb table: from it come parsing, help and completion. */
struct _LvsctlCommand
{
  const char *noun; /* "" for a verb that stands by itself */
  const char *verb;
  LvsctlOperand operands[LVSCTL_OPERANDS_MAX];
  LvsctlCommandFlags flags;
  LvsdKind kind;
  const char *without; /* fields of the kind that are no options here */
  const char *needs;   /* the field that must be given */
  const char *options; /* further options by name, in option.c */
  const char *help;
  const char *example;
  gboolean is_long; /* may print more than fits a terminal */
  gboolean (*run) (LvsctlClient *client, GError **error);
  gboolean (*rehearse) (LvsctlClient *client, GError **error); /* with --dry-run; NULL: run does */
};

extern const LvsctlCommand lvsctl_commands[];
extern const gsize lvsctl_n_commands;

/* In the order that decides what an abbreviation means; NULL-terminated. */
extern const char *const lvsctl_first_words[];
const char *const *lvsctl_command_verbs (const char *noun);

gboolean lvsctl_command_is_noun (const char *word);
const char *lvsctl_noun_help (const char *noun);
const LvsctlCommand *lvsctl_command_find (const char *noun, const char *verb);
char *lvsctl_command_name (const LvsctlCommand *command);
char *lvsctl_command_describe (const LvsctlCommand *command);
char *lvsctl_command_usage (const LvsctlCommand *command);

G_END_DECLS
