/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spelling.h"

#include <string.h>

#define LONGEST_WORD 64

/* What people type who come from other tools, or from another word for the same thing. */
static const struct
{
  const char *word;
  const char *synonyms;
} spellings[] = {
  { "destination", "realserver server rs dest" },
  { "address", "vip" },
  { "list", "ls" },
  { "show", "get info" },
  { "add", "create new" },
  { "edit", "set change modify" },
  { "delete", "del rm remove" },
};

/* Separated by spaces; "" where there are none. */
const char *
lvsctl_spelling_synonyms (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    if (g_str_equal (spellings[i].word, word))
      return spellings[i].synonyms;
  return "";
}

/* Whether one of the words in the list, which are separated by spaces, begins with the first length
 * bytes of typed, and ends there if whole. */
static gboolean
list_has (const char *list, const char *typed, gboolean whole)
{
  gsize length = strlen (typed);

  while (*list != '\0')
    {
      gsize size = strcspn (list, " ");

      if (size >= length && memcmp (list, typed, length) == 0 && (!whole || size == length))
        return TRUE;
      list += size;
      list += strspn (list, " ");
    }
  return FALSE;
}

gboolean
lvsctl_spelling_lists (const char *list, const char *word)
{
  return list != NULL && list_has (list, word, TRUE);
}

static const char *
match (const char *const *words, const char *typed, gboolean whole)
{
  for (gsize i = 0; words[i] != NULL; i++)
    if (list_has (words[i], typed, whole))
      return words[i];
  for (gsize i = 0; words[i] != NULL; i++)
    if (list_has (lvsctl_spelling_synonyms (words[i]), typed, whole))
      return words[i];
  return NULL;
}

/* The word that was written out, by itself or by a synonym. */
const char *
lvsctl_spelling_match_whole (const char *const *words, const char *typed)
{
  return typed[0] != '\0' ? match (words, typed, TRUE) : NULL;
}

/* The word that was meant: one written out goes before an abbreviation, the word itself before its
 * synonyms, and what stands first before what follows. */
const char *
lvsctl_spelling_match (const char *const *words, const char *typed)
{
  const char *word = lvsctl_spelling_match_whole (words, typed);

  if (word == NULL && typed[0] != '\0')
    word = match (words, typed, FALSE);
  return word;
}

/* How many letters are to be added, taken out, replaced or swapped with their neighbour. */
guint
lvsctl_spelling_distance (const char *a, const char *b)
{
  gsize n_a = strlen (a);
  gsize n_b = strlen (b);
  guint rows[3][LONGEST_WORD + 1];
  guint *before = rows[0];
  guint *last = rows[1];
  guint *now = rows[2];

  if (n_a > LONGEST_WORD || n_b > LONGEST_WORD)
    return G_MAXUINT;
  for (gsize j = 0; j <= n_b; j++)
    before[j] = last[j] = (guint) j;
  for (gsize i = 1; i <= n_a; i++)
    {
      guint *spare = before;

      now[0] = (guint) i;
      for (gsize j = 1; j <= n_b; j++)
        {
          now[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
          now[j] = MIN (now[j], MIN (last[j], now[j - 1]) + 1);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            now[j] = MIN (now[j], before[j - 2] + 1);
        }
      before = last;
      last = now;
      now = spare;
    }
  return last[n_b];
}

static guint
nearest_spelling (const char *word, const char *typed)
{
  g_auto (GStrv) synonyms = g_strsplit (lvsctl_spelling_synonyms (word), " ", -1);
  guint nearest = lvsctl_spelling_distance (word, typed);

  for (gsize i = 0; synonyms[i] != NULL; i++)
    if (synonyms[i][0] != '\0')
      nearest = MIN (nearest, lvsctl_spelling_distance (synonyms[i], typed));
  return nearest;
}

/* The word that was probably meant, or NULL: one slip in a short word, more in a long one. */
const char *
lvsctl_spelling_suggest (const char *const *words, const char *typed)
{
  const char *suggestion = NULL;
  guint nearest = (guint) (strlen (typed) + 1) / 3 + 1;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      guint distance = nearest_spelling (words[i], typed);

      if (distance >= nearest)
        continue;
      nearest = distance;
      suggestion = words[i];
    }
  return suggestion;
}
