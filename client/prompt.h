/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean lvsctl_prompt_is_possible (void);
gboolean lvsctl_prompt_yes_or_no (const char *situation, const char *question, GError **error);
gboolean lvsctl_prompt_word (const char *situation, const char *word, GError **error);

G_END_DECLS
