/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/* An option as it was given, before it is known what its verb makes of it. */
typedef struct
{
  const char *name;
  char *value; /* NULL where none was given */
} LvsctlGiven;

/* A command line taken apart: noun and verb found, options told from words, values not yet read. */
typedef struct
{
  const char *noun;             /* NULL where none was named */
  const LvsctlCommand *command; /* NULL where no verb was named */
  gboolean help;                /* "help" stands in the place of the verb */
  GPtrArray *words;             /* after the verb; borrowed */
  GArray *given;                /* of LvsctlGiven */
  GArray *options; /* of LvsctlOption: of the verb, or of all verbs while it is not known */
  const char *const *rest;
  gboolean no_more_options;
} LvsctlCommandLine;

gboolean
lvsctl_command_line_read (LvsctlCommandLine *line, const char *const *argv, GError **error);
void lvsctl_command_line_clear (LvsctlCommandLine *line);
void lvsctl_command_line_set_command (LvsctlCommandLine *line, const LvsctlCommand *command);

gboolean lvsctl_command_line_refuse (const LvsctlCommandLine *line,
                                     const char *what,
                                     const char *suggestion,
                                     GError **error);
gboolean lvsctl_command_line_refuse_option (const LvsctlCommandLine *line,
                                            const char *typed,
                                            GError **error);
gboolean lvsctl_command_line_refuse_with_usage (const LvsctlCommandLine *line,
                                                const char *what,
                                                GError **error);

G_END_DECLS
