/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How people write a word. Words are NULL-terminated arrays in the documented order, which decides
 * what an abbreviation means. */
const char *lvsctl_spelling_match (const char *const *words, const char *typed);
const char *lvsctl_spelling_match_whole (const char *const *words, const char *typed);
const char *lvsctl_spelling_suggest (const char *const *words, const char *typed);
const char *lvsctl_spelling_synonyms (const char *word);

guint lvsctl_spelling_distance (const char *a, const char *b);
gboolean lvsctl_spelling_lists (const char *list, const char *word);

G_END_DECLS
