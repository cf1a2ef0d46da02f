/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "override.h"

#include <glib/gi18n-lib.h>

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
