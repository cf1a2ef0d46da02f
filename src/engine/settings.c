/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/settings.h"

#include <string.h>

#include "kernel/setting.h"
#include "model/setting-plan.h"

/* What is too long to be kept is not known, and so not put back. */
static void
note_value (LvsdNode *node, LvsdSetting *setting, GHashTable *held)
{
  char *value = lvsd_kernel_setting_read (node->ipvs, setting->name, NULL);

  if (value == NULL)
    return;
  if (strlen (value) > LVSD_SYSCTL_VALUE_MAX)
    value[0] = '\0';
  g_hash_table_insert (held, setting->name, value);
}

void
lvsd_settings_plan (LvsdNode *node, LvsdChange *change)
{
  g_autoptr (GPtrArray) settings = lvsd_change_outcome (change, node->table, LVSD_KIND_SETTING);
  g_autoptr (GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < settings->len; i++)
    note_value (node, g_ptr_array_index (settings, i), held);
  lvsd_setting_plan (settings, node->table, held, node->boot_id, change);
}

gboolean
lvsd_settings_check (LvsdNode *node, const LvsdChange *change, GError **error)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdItem *after = lvsd_change_edit (change, i)->after;
      g_autofree char *value = NULL;

      if (after == NULL || lvsd_item_get_kind (after) != LVSD_KIND_SETTING)
        continue;
      value = lvsd_kernel_setting_read (node->ipvs, ((const LvsdSetting *) after)->name, error);
      if (value == NULL)
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  LvsdNode *node;
  gboolean found;
} Arrival;

/* One that the kernel refused when it came is left until somebody sets it anew. */
static gboolean
look_for_arrival (gpointer item, gpointer user_data)
{
  const LvsdSetting *setting = item;
  Arrival *arrival = user_data;
  LvsdNode *node = arrival->node;
  const LvsdReplaced *record =
      lvsd_table_find_by_id (node->table, LVSD_KIND_REPLACED, setting->name);
  g_autofree char *value = NULL;

  if ((record != NULL && g_str_equal (record->boot_id, node->boot_id))
      || lvsd_node_standing (node, item, NULL) == LVSD_STATE_FAILED)
    return TRUE;
  value = lvsd_kernel_setting_read (node->ipvs, setting->name, NULL);
  arrival->found = value != NULL;
  return !arrival->found;
}

LvsdChange *
lvsd_settings_welcome (LvsdNode *node)
{
  Arrival arrival = { .node = node };
  LvsdChange *change;

  lvsd_table_walk (node->table, LVSD_KIND_SETTING, NULL, look_for_arrival, &arrival);
  if (!arrival.found)
    return NULL;
  change = lvsd_change_new ();
  lvsd_settings_plan (node, change);
  return change;
}
