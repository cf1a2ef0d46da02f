/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rule-lines.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WHITE_SPACE " \t\r"

void
lvsctl_rule_lines_init (LvsctlRuleLines *lines, const char *text, gsize length)
{
  *lines = (LvsctlRuleLines){ .next = text, .end = text + length };
  lines->words = g_ptr_array_new ();
  lines->columns = g_array_new (FALSE, FALSE, sizeof (guint));
}

void
lvsctl_rule_lines_clear (LvsctlRuleLines *lines)
{
  g_clear_pointer (&lines->words, g_ptr_array_unref);
  g_clear_pointer (&lines->columns, g_array_unref);
  g_clear_pointer (&lines->line, g_free);
}

gboolean
lvsctl_rule_lines_locate (const LvsctlRuleLines *lines, guint word, GError **error)
{
  if (word < lines->columns->len)
    g_prefix_error (error, _ ("line %u, column %u: "), lines->number,
                    g_array_index (lines->columns, guint, word));
  else
    g_prefix_error (error, _ ("line %u: "), lines->number);
  return FALSE;
}

static gboolean
refuse (LvsctlRuleLines *lines, guint column, const char *message, GError **error)
{
  g_array_append_val (lines->columns, column);
  g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL, message);
  return lvsctl_rule_lines_locate (lines, lines->columns->len - 1, error);
}

/* Takes a line apart at white space; ipvsadm knows no quotes. Its own name may stand in front. */
static void
split (LvsctlRuleLines *lines)
{
  char *at = lines->line + strspn (lines->line, WHITE_SPACE);
  guint column = 1 + (guint) (at - lines->line);

  if (*at == '#')
    return;
  while (*at != '\0')
    {
      char *word = at;
      gsize length = strcspn (word, WHITE_SPACE);
      gsize gap = strspn (word + length, WHITE_SPACE);

      at += length + gap;
      word[length] = '\0';
      if (lines->words->len > 0 || !g_str_equal (word, "ipvsadm"))
        {
          g_array_append_val (lines->columns, column);
          g_ptr_array_add (lines->words, word);
        }
      column += (guint) (g_utf8_strlen (word, -1) + (glong) gap);
    }
}

/* Cuts the next line off and splits it; FALSE where it is not text. */
static gboolean
take_line (LvsctlRuleLines *lines, GError **error)
{
  const char *newline = memchr (lines->next, '\n', (gsize) (lines->end - lines->next));
  const char *end = newline != NULL ? newline : lines->end;
  gsize length = (gsize) (end - lines->next);
  const char *wrong;

  g_free (lines->line);
  lines->line = g_strndup (lines->next, length);
  lines->next = newline != NULL ? newline + 1 : lines->end;
  lines->number++;
  g_ptr_array_set_size (lines->words, 0);
  g_array_set_size (lines->columns, 0);
  if (!g_utf8_validate (lines->line, -1, &wrong) || strlen (lines->line) != length)
    return refuse (lines, 1 + (guint) g_utf8_strlen (lines->line, wrong - lines->line),
                   _ ("this is not text in UTF-8"), error);
  split (lines);
  return TRUE;
}

gboolean
lvsctl_rule_lines_next (LvsctlRuleLines *lines, LvsctlRule **ret_rule, GError **error)
{
  guint word = 0;

  *ret_rule = NULL;
  do
    {
      if (lines->next == lines->end)
        return TRUE;
      if (!take_line (lines, error))
        return FALSE;
    }
  while (lines->words->len == 0);
  g_ptr_array_add (lines->words, NULL);
  *ret_rule = lvsctl_rule_parse ((const char *const *) lines->words->pdata, &word, error);
  return *ret_rule != NULL || lvsctl_rule_lines_locate (lines, word, error);
}
