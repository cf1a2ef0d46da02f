/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "rule.h"

G_BEGIN_DECLS

/* A text of which each line is a command line of ipvsadm, as -S prints it and -R reads it. */
typedef struct
{
  const char *next;
  const char *end;
  guint number;              /* of the line that was taken last, from 1 */
  char *line;                /* of it, cut into the words */
  GPtrArray *words;          /* NULL-terminated */
  LvsdServiceIdentity *last; /* of the service that was named last, or NULL */
} LvsctlRuleLines;

void lvsctl_rule_lines_init (LvsctlRuleLines *lines, const char *text, gsize length);
void lvsctl_rule_lines_clear (LvsctlRuleLines *lines);

/* Understands the next line that says something. At the end ret_rule is NULL. An error names the
 * place and has the code of lvsctl_rule_parse. */
gboolean lvsctl_rule_lines_next (LvsctlRuleLines *lines, LvsctlRule **ret_rule, GError **error);

/* Puts the place of a word in front of an error's message; FALSE. */
gboolean lvsctl_rule_lines_locate (const LvsctlRuleLines *lines, guint word, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlRuleLines, lvsctl_rule_lines_clear)

G_END_DECLS
