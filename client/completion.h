/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* The word that makes the program complete instead of run: lvsctl __complete WORD… LAST */
#define LVSCTL_COMPLETE "__complete"

/* What the last of the words, which may be empty, can become: lines of a word, or of a word, a tab
 * and what it is. What the daemon would have to say and does not is left out in silence. words do
 * not have the program's name. */
char *lvsctl_completion_list (LvsctlClient *client, const char *const *words);

G_END_DECLS
