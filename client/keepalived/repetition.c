/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "repetition.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_VALUES 65536

gboolean
lvsctl_keepalived_is_repetition (const char *line)
{
  return g_str_has_prefix (line, "~SEQ") || g_str_has_prefix (line, "~LST");
}

void
lvsctl_keepalived_repetition_free (LvsctlKeepalivedRepetition *repetition)
{
  g_strfreev (repetition->names);
  g_clear_pointer (&repetition->values, g_ptr_array_unref);
  g_free (repetition);
}

static gboolean
refuse (const LvsctlPlace *place, const char *line, GError **error)
{
  return lvsctl_place_refuse (place, error,
                              _ ("'%.60s': write ~SEQ(VARIABLE, START, STEP, END) or "
                                 "~LST(VARIABLE, VALUE, …) and what is to be repeated"),
                              line);
}

/* Cuts the next part before a comma that is in no braces; NULL where there is none. */
static char *
next_part (const char **rest)
{
  const char *begin = *rest;
  guint depth = 0;
  gsize n = 0;

  if (begin == NULL)
    return NULL;
  for (; begin[n] != '\0' && (depth > 0 || begin[n] != ','); n++)
    if (begin[n] == '{')
      depth++;
    else if (begin[n] == '}' && depth > 0)
      depth--;
  *rest = begin[n] == ',' ? begin + n + 1 : NULL;
  return g_strstrip (g_strndup (begin, n));
}

/* "{A, B}" or "A", stripped. */
static GStrv
split_group (const char *part)
{
  gsize length = strlen (part);
  g_autofree char *inner = NULL;
  GStrv words;

  if (length >= 2 && part[0] == '{' && part[length - 1] == '}')
    inner = g_strndup (part + 1, length - 2);
  words = g_strsplit (inner != NULL ? inner : part, inner != NULL ? "," : "\n", -1);
  for (gsize i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);
  return words;
}

static void
add_number (LvsctlKeepalivedRepetition *repetition, gint64 number, gboolean is_hex)
{
  const char *words[] = { NULL, NULL };
  char text[24];

  g_snprintf (text, sizeof text, is_hex ? "%" G_GINT64_MODIFIER "x" : "%" G_GINT64_FORMAT, number);
  words[0] = text;
  g_ptr_array_add (repetition->values, g_strdupv ((GStrv) words));
}

static gboolean
parse_number (const char *text, gint64 *ret_number)
{
  char *end;

  *ret_number = g_ascii_strtoll (text, &end, 0);
  return end != text && *end == '\0' && ABS (*ret_number) <= G_MAXINT32;
}

/* END, or START and END, or START, STEP and END. */
static gboolean
add_sequence (LvsctlKeepalivedRepetition *repetition, const char *parts, gboolean is_hex)
{
  gint64 numbers[3];
  guint n = 0;
  gint64 start;
  gint64 step;
  gint64 end;

  while (parts != NULL)
    {
      g_autofree char *part = next_part (&parts);

      if (n == G_N_ELEMENTS (numbers) || !parse_number (part, &numbers[n++]))
        return FALSE;
    }
  if (n == 0)
    return FALSE;
  end = numbers[n - 1];
  start = n > 1 ? numbers[0] : (end < 0 ? -1 : 1);
  step = n > 2 ? numbers[1] : (end < start ? -1 : 1);
  if (step == 0 || (start != end && (start < end) != (step > 0))
      || (end - start) / step >= MOST_VALUES || (is_hex && (start < 0 || end < 0)))
    return FALSE;
  for (gint64 number = start; step > 0 ? number <= end : number >= end; number += step)
    add_number (repetition, number, is_hex);
  return TRUE;
}

static gboolean
add_list (LvsctlKeepalivedRepetition *repetition, const char *parts)
{
  while (parts != NULL)
    {
      g_autofree char *part = next_part (&parts);
      GStrv values = split_group (part);

      g_ptr_array_add (repetition->values, values);
      if (g_strv_length (values) != g_strv_length (repetition->names))
        return FALSE;
    }
  return repetition->values->len > 0;
}

LvsctlKeepalivedRepetition *
lvsctl_keepalived_repetition_parse (const char *line, const LvsctlPlace *place, GError **error)
{
  g_autoptr (LvsctlKeepalivedRepetition) repetition = g_new0 (LvsctlKeepalivedRepetition, 1);
  const char *open = strchr (line, '(');
  const char *close = open != NULL ? strchr (open, ')') : NULL;
  gboolean is_hex = g_str_has_prefix (line, "~SEQx");
  g_autofree char *inner = NULL;
  g_autofree char *name = NULL;
  const char *parts;
  gboolean ok;

  repetition->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  if (close == NULL)
    {
      refuse (place, line, error);
      return NULL;
    }
  inner = g_strndup (open + 1, (gsize) (close - open - 1));
  parts = inner;
  name = next_part (&parts);
  repetition->names = split_group (name);
  ok = g_str_has_prefix (line, "~SEQ") ? add_sequence (repetition, parts, is_hex)
                                       : add_list (repetition, parts);
  if (!ok)
    {
      refuse (place, line, error);
      return NULL;
    }
  repetition->rest = close + 1 + strspn (close + 1, " \t");
  return g_steal_pointer (&repetition);
}
