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
}

void
lvsctl_rule_lines_clear (LvsctlRuleLines *lines)
{
  g_clear_pointer (&lines->words, g_ptr_array_unref);
  g_clear_pointer (&lines->last, lvsd_service_identity_unref);
  g_clear_pointer (&lines->line, g_free);
}

static gboolean
locate (const LvsctlRuleLines *lines, const char *at, GError **error)
{
  guint column = 1;

  /* In characters; the words before it are cut by now. */
  for (const char *byte = lines->line; byte < at; byte++)
    column += (*byte & 0xc0) != 0x80;
  g_prefix_error (error, _ ("line %u, column %u: "), lines->number, column);
  return FALSE;
}

gboolean
lvsctl_rule_lines_locate (const LvsctlRuleLines *lines, guint word, GError **error)
{
  if (word < lines->words->len && lines->words->pdata[word] != NULL)
    return locate (lines, lines->words->pdata[word], error);
  g_prefix_error (error, _ ("line %u: "), lines->number);
  return FALSE;
}

/* Takes a line apart at white space; ipvsadm knows no quotes. Its own name may stand in front. */
static void
split (LvsctlRuleLines *lines)
{
  char *at = lines->line + strspn (lines->line, WHITE_SPACE);

  if (*at == '#')
    return;
  while (*at != '\0')
    {
      char *word = at;
      gsize length = strcspn (word, WHITE_SPACE);

      at += length;
      at += strspn (at, WHITE_SPACE);
      word[length] = '\0';
      if (lines->words->len > 0 || !g_str_equal (word, "ipvsadm"))
        g_ptr_array_add (lines->words, word);
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
  if (!g_utf8_validate (lines->line, -1, &wrong) || strlen (lines->line) != length)
    {
      g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
                           _ ("this is not text in UTF-8"));
      return locate (lines, wrong, error);
    }
  split (lines);
  return TRUE;
}

static void
note_service (LvsctlRuleLines *lines, const LvsctlRule *rule)
{
  if (rule->service == NULL || rule->service->identity == lines->last)
    return;
  g_clear_pointer (&lines->last, lvsd_service_identity_unref);
  lines->last = lvsd_service_identity_ref (rule->service->identity);
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
  *ret_rule = lvsctl_rule_parse_behind ((const char *const *) lines->words->pdata, lines->last,
                                        &word, error);
  if (*ret_rule == NULL)
    return lvsctl_rule_lines_locate (lines, word, error);
  note_service (lines, *ret_rule);
  return TRUE;
}
