/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "command.h"

G_BEGIN_DECLS

char *lvsctl_help_overview (void);
char *lvsctl_help_of_noun (const char *noun);
char *lvsctl_help_of_command (const LvsctlCommand *command);

/* The verb "help". */
gboolean lvsctl_help (LvsctlClient *client, GError **error);

G_END_DECLS
