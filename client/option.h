/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "command.h"

G_BEGIN_DECLS

typedef enum
{
  LVSCTL_OPTION_SWITCH,  /* global: a member of LvsctlArguments */
  LVSCTL_OPTION_HOST,    /* global: the machines that are meant */
  LVSCTL_OPTION_FLAG,    /* b */
  LVSCTL_OPTION_NUMBER,  /* u */
  LVSCTL_OPTION_OPERAND, /* s, written as an operand of its type */
  LVSCTL_OPTION_FIELD,   /* a field of the model's, of its type */
  LVSCTL_OPTION_KEY,     /* an operand SERVICE or KEY as ipvsadm has it */
  LVSCTL_OPTION_IPV6,    /* the mark before or after is one of IPv6 */
} LvsctlOptionType;

typedef struct
{
  const char *name;
  const char *value; /* what the value is called in the help; NULL: there is none */
  const char *help;
  const char *prefix;     /* KEY: what stands before the value in a key */
  const LvsdField *field; /* FIELD */
  gsize member;           /* SWITCH: where it goes */
  LvsctlOptionType type;
  LvsctlOperandType operand; /* OPERAND */
  LvsdKind kind;             /* FIELD */
  guint minimum;             /* NUMBER */
  guint maximum;             /* NUMBER */
  gboolean negated;          /* FIELD: --no-NAME */
  char letter;               /* or NUL */
} LvsctlOption;

/* Of LvsctlOption: what may stand in a command line of this command, or of any where it is NULL. */
GArray *lvsctl_options_of (const LvsctlCommand *command);

const LvsctlOption *lvsctl_options_find (const GArray *options, const char *name);
const LvsctlOption *lvsctl_options_find_letter (const GArray *options, char letter);
GPtrArray *lvsctl_options_match (const GArray *options, const char *typed);
const char *lvsctl_options_suggest (const GArray *options, const char *typed);

GVariant *lvsctl_option_parse (const LvsctlOption *option, const char *text, GError **error);

G_END_DECLS
