/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "block.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lines.h"

#define DEEPEST_BLOCK 16
#define MOST_STATEMENTS 1000000

typedef struct
{
  GPtrArray *stack;  /* of GPtrArray, borrowed: the bodies that are open, the innermost last */
  GPtrArray *opened; /* of LvsctlKeepalivedStatement, borrowed: what opened them */
  LvsctlKeepalivedStatement *last; /* what a block may follow */
  guint n_statements;
} Parser;

static void
statement_free (gpointer data)
{
  LvsctlKeepalivedStatement *statement = data;

  g_strfreev (statement->words);
  g_clear_pointer (&statement->body, g_ptr_array_unref);
  g_free (statement);
}

static GPtrArray *
new_body (void)
{
  return g_ptr_array_new_with_free_func (statement_free);
}

/* The word at this index, or NULL. */
const char *
lvsctl_keepalived_word (const LvsctlKeepalivedStatement *statement, guint index)
{
  return index < g_strv_length (statement->words) ? statement->words[index] : NULL;
}

gboolean
lvsctl_keepalived_is (const LvsctlKeepalivedStatement *statement, const char *keyword)
{
  return g_str_equal (statement->words[0], keyword);
}

gboolean
lvsctl_keepalived_check_words (const LvsctlKeepalivedStatement *statement,
                               guint most_words,
                               gboolean has_block,
                               GError **error)
{
  const char *surplus = lvsctl_keepalived_word (statement, most_words);

  if (surplus != NULL)
    return lvsctl_place_refuse (&statement->place, error, _ ("%s: '%.60s' is one word too many"),
                                statement->words[0], surplus);
  if (statement->body != NULL && !has_block)
    return lvsctl_place_refuse (&statement->place, error, _ ("%s: has no block"),
                                statement->words[0]);
  return TRUE;
}

static gboolean
open_block (Parser *parser, const LvsctlPlace *place, GError **error)
{
  if (parser->last == NULL || parser->last->body != NULL)
    return lvsctl_place_refuse (place, error, _ ("'{' follows no keyword"));
  if (parser->stack->len > DEEPEST_BLOCK)
    return lvsctl_place_refuse (place, error, _ ("blocks nest deeper than %d"), DEEPEST_BLOCK);
  parser->last->body = new_body ();
  g_ptr_array_add (parser->stack, parser->last->body);
  g_ptr_array_add (parser->opened, parser->last);
  parser->last = NULL;
  return TRUE;
}

static gboolean
close_block (Parser *parser, const LvsctlPlace *place, GError **error)
{
  if (parser->opened->len == 0)
    return lvsctl_place_refuse (place, error, _ ("'}' closes no block; remove it"));
  g_ptr_array_set_size (parser->stack, (int) parser->stack->len - 1);
  g_ptr_array_set_size (parser->opened, (int) parser->opened->len - 1);
  parser->last = NULL;
  return TRUE;
}

/* Takes the words. */
static void
add_statement (Parser *parser, const LvsctlPlace *place, GPtrArray *words)
{
  LvsctlKeepalivedStatement *statement = g_new0 (LvsctlKeepalivedStatement, 1);

  statement->place = *place;
  g_ptr_array_add (words, NULL);
  statement->words = (GStrv) g_ptr_array_free (words, FALSE);
  g_ptr_array_add (parser->stack->pdata[parser->stack->len - 1], statement);
  parser->last = statement;
}

/* Whether a brace here is a block's and not part of ${NAME}, of which the name is not defined. */
static gboolean
is_brace (const char *line, const char *at)
{
  return (*at == '{' || *at == '}') && (at == line || at[-1] != '$');
}

/* Where a word ends that begins here: before white space, a quote or a brace. */
static const char *
find_end (const char *line, const char *at)
{
  for (; *at != '\0' && strchr (" \t\"", *at) == NULL && !is_brace (line, at); at++)
    if (at[0] == '$' && at[1] == '{')
      {
        const char *close = strchr (at, '}');

        if (close == NULL)
          return at + strlen (at);
        at = close;
      }
  return at;
}

/* Takes words up to a brace or the end of the line; text in quotes is one word without them. */
static gboolean
read_words (const LvsctlKeepalivedLine *line, const char **at, GPtrArray *words, GError **error)
{
  for (*at += strspn (*at, " \t"); **at != '\0' && !is_brace (line->text, *at);
       *at += strspn (*at, " \t"))
    {
      gboolean quoted = **at == '"';
      const char *begin = *at + quoted;
      const char *end = quoted ? strchr (begin, '"') : find_end (line->text, begin);

      if (end == NULL)
        {
          LvsctlPlace place = line->place;

          place.column += (guint) (*at - line->text);
          return lvsctl_place_refuse (&place, error, _ ("the quote that opens here is not closed"));
        }
      g_ptr_array_add (words, g_strndup (begin, (gsize) (end - begin)));
      *at = end + quoted;
    }
  return TRUE;
}

static gboolean
read_line (Parser *parser, const LvsctlKeepalivedLine *line, GError **error)
{
  const char *at = line->text;

  while (at += strspn (at, " \t"), *at != '\0')
    {
      g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
      LvsctlPlace place = line->place;

      place.column += (guint) (at - line->text);
      if (is_brace (line->text, at))
        {
          if (!(*at == '{' ? open_block (parser, &place, error)
                           : close_block (parser, &place, error)))
            return FALSE;
          at++;
          continue;
        }
      if (!read_words (line, &at, words, error))
        return FALSE;
      if (++parser->n_statements > MOST_STATEMENTS)
        return lvsctl_place_refuse (&place, error, _ ("more than %d statements; split the text"),
                                    MOST_STATEMENTS);
      add_statement (parser, &place, g_steal_pointer (&words));
    }
  return TRUE;
}

GPtrArray *
lvsctl_keepalived_blocks_parse (const GPtrArray *lines, GError **error)
{
  g_autoptr (GPtrArray) root = new_body ();
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();
  g_autoptr (GPtrArray) opened = g_ptr_array_new ();
  Parser parser = { .stack = stack, .opened = opened };

  g_ptr_array_add (stack, root);
  for (guint i = 0; i < lines->len; i++)
    if (!read_line (&parser, lines->pdata[i], error))
      return NULL;
  if (opened->len > 0)
    {
      const LvsctlKeepalivedStatement *statement = opened->pdata[opened->len - 1];

      lvsctl_place_refuse (&statement->place, error,
                           _ ("the block of '%.60s' is never closed; is the text cut off?"),
                           statement->words[0]);
      return NULL;
    }
  return g_steal_pointer (&root);
}
