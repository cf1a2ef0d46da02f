/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "override.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "destination.h"
#include "error.h"

LvsdOverride *
lvsd_override_copy (const LvsdOverride *override)
{
  LvsdOverride *copy;

  if (override == NULL)
    return NULL;
  copy = g_new0 (LvsdOverride, 1);
  copy->weight = override->weight;
  copy->since = override->since;
  copy->owner = g_strdup (override->owner);
  copy->reason = g_strdup (override->reason);
  copy->boot_id = g_strdup (override->boot_id);
  return copy;
}

void
lvsd_override_free (LvsdOverride *override)
{
  if (override == NULL)
    return;
  g_free (override->owner);
  g_free (override->reason);
  g_free (override->boot_id);
  g_free (override);
}

gboolean
lvsd_override_equal (const LvsdOverride *a, const LvsdOverride *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->weight == b->weight && a->since == b->since && g_strcmp0 (a->owner, b->owner) == 0
         && g_strcmp0 (a->reason, b->reason) == 0 && g_strcmp0 (a->boot_id, b->boot_id) == 0;
}

/* Returns a floating a{sv}. A draft has no owner before it is known who calls. */
GVariant *
lvsd_override_to_variant (const LvsdOverride *override)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "weight", "u", override->weight);
  g_variant_dict_insert (&dict, "since", "x", override->since);
  g_variant_dict_insert (&dict, "owner", "s", override->owner != NULL ? override->owner : "");
  g_variant_dict_insert (&dict, "reason", "s", override->reason);
  g_variant_dict_insert (&dict, "boot-id", "s", override->boot_id);
  return g_variant_dict_end (&dict);
}

LvsdOverride *
lvsd_override_from_variant (GVariant *variant, GError **error)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (variant);
  g_autoptr (LvsdOverride) override = g_new0 (LvsdOverride, 1);

  if (!g_variant_dict_lookup (&dict, "weight", "u", &override->weight)
      || !g_variant_dict_lookup (&dict, "since", "x", &override->since)
      || !g_variant_dict_lookup (&dict, "owner", "s", &override->owner)
      || !g_variant_dict_lookup (&dict, "reason", "s", &override->reason)
      || !g_variant_dict_lookup (&dict, "boot-id", "s", &override->boot_id)
      || override->weight > LVSD_WEIGHT_MAX)
    {
      g_set_error (
          error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
          _ ("runtime: weight, since, owner, reason and boot-id are needed, and the weight "
             "goes from 0 to %d"),
          LVSD_WEIGHT_MAX);
      return NULL;
    }
  return g_steal_pointer (&override);
}

static gboolean
set_text (char **member, const char *escaped)
{
  if (*member != NULL)
    return FALSE;
  *member = g_uri_unescape_string (escaped, NULL);
  return *member != NULL && g_utf8_validate (*member, -1, NULL);
}

static gboolean
set_pair (LvsdOverride *override, gboolean seen[2], const char *name, const char *value)
{
  guint64 weight;

  if (g_str_equal (name, "owner"))
    return set_text (&override->owner, value);
  if (g_str_equal (name, "boot-id"))
    return set_text (&override->boot_id, value);
  if (g_str_equal (name, "reason"))
    return set_text (&override->reason, value);
  if (g_str_equal (name, "since") && !seen[0])
    return seen[0] =
               g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &override->since, NULL);
  if (!g_str_equal (name, "weight") || seen[1]
      || !g_ascii_string_to_unsigned (value, 10, 0, LVSD_WEIGHT_MAX, &weight, NULL))
    return FALSE;
  override->weight = (guint32) weight;
  return seen[1] = TRUE;
}

/* The text is used up. */
LvsdOverride *
lvsd_override_parse (char *text)
{
  g_autoptr (LvsdOverride) override = g_new0 (LvsdOverride, 1);
  gboolean seen[2] = { FALSE, FALSE };
  char *rest = text;
  char *word;

  while ((word = strtok_r (NULL, " \t", &rest)) != NULL)
    {
      char *equals = strchr (word, '=');

      if (equals == NULL)
        return NULL;
      *equals = '\0';
      if (!set_pair (override, seen, word, equals + 1))
        return NULL;
    }
  if (!seen[0] || !seen[1] || override->owner == NULL || override->boot_id == NULL
      || override->reason == NULL)
    return NULL;
  return g_steal_pointer (&override);
}
