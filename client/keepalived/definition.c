/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "definition.h"

#include <string.h>

static gsize
name_length (const char *text)
{
  gsize n = 0;

  if (g_ascii_isdigit (text[0]))
    return 0;
  while (g_ascii_isalnum (text[n]) || text[n] == '_')
    n++;
  return n;
}

gboolean
lvsctl_keepalived_is_definition (const char *line, gsize *ret_length)
{
  *ret_length = line[0] == '$' ? name_length (line + 1) : 0;
  return *ret_length > 0 && line[1 + *ret_length] == '=';
}

/* $NAME before white space, a comma or a bracket, or ${NAME} before anything. Returns where it
 * ends, or NULL. */
static const char *
find_end (const char *dollar, gsize length)
{
  gboolean braces = dollar[1] == '{';
  const char *end = dollar + (braces ? 2 : 1) + length;

  if (braces)
    return *end == '}' ? end + 1 : NULL;
  return *end == '\0' || strchr (" \t,)", *end) != NULL ? end : NULL;
}

/* What has several lines is meant only where nothing follows. */
static gboolean
may_stand (const char *value, const char *end)
{
  return strchr (value, '\n') == NULL || end[strspn (end, " \t")] == '\0';
}

gboolean
lvsctl_keepalived_find_reference (GHashTable *definitions,
                                  const char *line,
                                  LvsctlKeepalivedReference *reference)
{
  for (const char *at = strchr (line + reference->begin, '$'); at != NULL;
       at = strchr (at + 1, '$'))
    {
      const char *name = at + (at[1] == '{' ? 2 : 1);
      gsize length = name_length (name);
      const char *end = length > 0 ? find_end (at, length) : NULL;
      g_autofree char *key = g_strndup (name, length);
      const char *value = end != NULL ? g_hash_table_lookup (definitions, key) : NULL;

      if (value == NULL || !may_stand (value, end))
        continue;
      reference->begin = (gsize) (at - line);
      reference->end = (gsize) (end - line);
      reference->value = value;
      return TRUE;
    }
  return FALSE;
}

void
lvsctl_keepalived_replace (GString *line,
                           const LvsctlKeepalivedReference *reference,
                           const char *value)
{
  g_string_erase (line, (gssize) reference->begin, (gssize) (reference->end - reference->begin));
  g_string_insert (line, (gssize) reference->begin, value);
}
