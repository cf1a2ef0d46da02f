/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

const LvsdTerm lvsd_drift_terms[] = {
  { "missing", LVSD_DRIFT_MISSING },
  { "changed", LVSD_DRIFT_CHANGED },
  { "extra", LVSD_DRIFT_EXTRA },
  { "address", LVSD_DRIFT_ADDRESS },
  { NULL, 0 },
};

const LvsdTerm lvsd_remedy_terms[] = {
  { "report", FALSE },
  { "repair", TRUE },
  { NULL, 0 },
};

const LvsdTerm lvsd_weights_terms[] = {
  { "configured", FALSE },
  { "runtime", TRUE },
  { NULL, 0 },
};

#define VERDICT(drift) G_STRUCT_OFFSET (LvsdPolicy, repairs) + (drift) * sizeof (gboolean)

static const struct
{
  const char *group;
  const char *key;
  const LvsdTerm *terms;
  gsize offset; /* of a gboolean */
  gboolean preset;
} rows[] = {
  { "policy", "missing", lvsd_remedy_terms, VERDICT (LVSD_DRIFT_MISSING), TRUE },
  { "policy", "changed", lvsd_remedy_terms, VERDICT (LVSD_DRIFT_CHANGED), FALSE },
  { "policy", "extra", lvsd_remedy_terms, VERDICT (LVSD_DRIFT_EXTRA), FALSE },
  { "policy", "address", lvsd_remedy_terms, VERDICT (LVSD_DRIFT_ADDRESS), TRUE },
  { "ipvsadm", "weights", lvsd_weights_terms, G_STRUCT_OFFSET (LvsdPolicy, runtime_weights),
    FALSE },
};

/* The text is read line by line and not through a GKeyFile, which cannot tell on which line a
 * mistake is, and takes of what stands there twice the last. */
typedef struct
{
  LvsdPolicy policy;
  const char *group; /* of rows; NULL: before the first */
  gboolean seen[G_N_ELEMENTS (rows)];
} Reader;

void
lvsd_policy_reset (LvsdPolicy *policy)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    G_STRUCT_MEMBER (gboolean, policy, rows[i].offset) = rows[i].preset;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

static gboolean
begin_group (Reader *reader, char *line, GError **error)
{
  char *end = strchr (line, ']');

  if (end == NULL || end[1] != '\0')
    return refuse (error, _ ("a group is written [NAME], and nothing comes behind it"));
  *end = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].group, line + 1))
      {
        reader->group = rows[i].group;
        return TRUE;
      }
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("there is no group '%s'; there are [policy] and [ipvsadm]"), line + 1);
  return FALSE;
}

static gboolean
take_value (Reader *reader, const char *key, const char *word, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint value;

      if (!g_str_equal (rows[i].group, reader->group) || !g_str_equal (rows[i].key, key))
        continue;
      if (reader->seen[i])
        return refuse (error, _ ("stands there twice; remove one of the two lines"));
      if (!lvsd_terms_parse (rows[i].terms, key, word, &value, error))
        return FALSE;
      reader->seen[i] = TRUE;
      G_STRUCT_MEMBER (gboolean, &reader->policy, rows[i].offset) = (gboolean) value;
      return TRUE;
    }
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("'%s' is not known in [%s]; correct or remove it"), key, reader->group);
  return FALSE;
}

static gboolean
read_line (Reader *reader, char *line, GError **error)
{
  char *equals;

  g_strstrip (line);
  if (line[0] == '\0' || line[0] == '#' || line[0] == ';')
    return TRUE;
  if (line[0] == '[')
    return begin_group (reader, line, error);
  equals = strchr (line, '=');
  if (equals == NULL)
    return refuse (error, _ ("neither [GROUP] nor KEY=VALUE"));
  if (reader->group == NULL)
    return refuse (error, _ ("stands before the first [GROUP]"));
  *equals = '\0';
  return take_value (reader, g_strchomp (line), g_strchug (equals + 1), error);
}

gboolean
lvsd_policy_parse (const char *text, gsize length, LvsdPolicy *policy, GError **error)
{
  g_auto (GStrv) lines = NULL;
  Reader reader = { .group = NULL };

  if (!g_utf8_validate (text, (gssize) length, NULL))
    return refuse (error, _ ("the text is not UTF-8"));
  lvsd_policy_reset (&reader.policy);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line (&reader, lines[i], error))
      {
        g_prefix_error (error, _ ("line %u: "), i + 1);
        return FALSE;
      }
  *policy = reader.policy;
  return TRUE;
}
