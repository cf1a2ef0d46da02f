/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting-plan.h"

typedef struct
{
  const LvsdTable *table;
  GHashTable *held;
  const char *boot_id;
  LvsdChange *change;
  GHashTable *edited; /* names of settings that the change names */
  GHashTable *needed; /* names */
} SettingPlan;

static void
note_edited (SettingPlan *plan)
{
  for (guint i = 0; i < plan->change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (plan->change, i);

      if (edit->after != NULL && lvsd_item_get_kind (edit->after) == LVSD_KIND_SETTING)
        g_hash_table_add (plan->edited, ((LvsdSetting *) edit->after)->name);
    }
}

/* What was there before lvsd wrote in this boot stays the value that goes back, whatever somebody
 * wrote in between. NULL where the kernel has no such setting and had none. */
static const char *
find_previous (const SettingPlan *plan, const LvsdSetting *setting, const LvsdReplaced *record)
{
  if (record != NULL && g_str_equal (record->boot_id, plan->boot_id))
    return record->previous;
  return g_hash_table_lookup (plan->held, setting->name);
}

/* The record of a setting that the change names is part of it even where it stays the same: so the
 * kernel is looked at, and what somebody changed by hand is written again. */
static void
plan_setting (SettingPlan *plan, LvsdSetting *setting)
{
  LvsdReplaced *record = lvsd_table_find_by_id (plan->table, LVSD_KIND_REPLACED, setting->name);
  const char *previous = find_previous (plan, setting, record);
  g_autoptr (LvsdReplaced) needed = NULL;

  if (previous == NULL)
    return;
  g_hash_table_add (plan->needed, setting->name);
  needed = lvsd_replaced_new (setting->name, previous, setting->value);
  g_strlcpy (needed->boot_id, plan->boot_id, sizeof needed->boot_id);
  if (record == NULL || !lvsd_item_fields_equal (record, needed)
      || g_hash_table_contains (plan->edited, setting->name))
    lvsd_change_add (plan->change, record, needed);
}

static gboolean
drop_unneeded (gpointer item, gpointer user_data)
{
  const LvsdReplaced *record = item;
  SettingPlan *plan = user_data;

  if (lvsd_setting_is_managed (record->name) && !g_hash_table_contains (plan->needed, record->name))
    lvsd_change_add (plan->change, item, NULL);
  return TRUE;
}

void
lvsd_setting_plan (const GPtrArray *settings,
                   const LvsdTable *table,
                   GHashTable *held,
                   const char *boot_id,
                   LvsdChange *change)
{
  g_autoptr (GHashTable) edited = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) needed = g_hash_table_new (g_str_hash, g_str_equal);
  SettingPlan plan = { table, held, boot_id, change, edited, needed };

  note_edited (&plan);
  for (guint i = 0; i < settings->len; i++)
    plan_setting (&plan, g_ptr_array_index (settings, i));
  lvsd_table_walk (table, LVSD_KIND_REPLACED, NULL, drop_unneeded, &plan);
}
