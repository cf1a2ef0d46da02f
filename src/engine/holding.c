/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/holding.h"

static gboolean
is_of_this_boot (const LvsdNode *node, const LvsdHold *hold)
{
  return g_str_equal (hold->boot_id, node->boot_id);
}

gboolean
lvsd_holding_is_active (const LvsdNode *node, const LvsdHold *hold, gint64 *ret_seconds)
{
  gint64 seconds = (gint64) hold->deadline - lvsd_node_boot_seconds ();

  *ret_seconds = 0;
  if (hold->deadline == 0)
    return TRUE;
  *ret_seconds = seconds;
  return is_of_this_boot (node, hold) && seconds > 0;
}

/* A boot begins with an empty kernel, and what is held there is restored first. */
static gboolean
is_in_force (const LvsdNode *node, const char *name)
{
  const LvsdHold *hold = lvsd_table_find_hold (node->table, name);
  gint64 seconds;

  return hold != NULL && is_of_this_boot (node, hold)
         && lvsd_holding_is_active (node, hold, &seconds);
}

gboolean
lvsd_holding_covers (const LvsdNode *node, gconstpointer item)
{
  const LvsdServiceIdentity *identity;

  if (lvsd_table_count (node->table, LVSD_KIND_HOLD) == 0)
    return FALSE;
  identity = lvsd_item_service (item);
  return is_in_force (node, LVSD_HOLD_ALL)
         || (identity != NULL && is_in_force (node, identity->name));
}

void
lvsd_holding_begin (const LvsdNode *node, LvsdHold *draft)
{
  draft->time = (guint32) (g_get_real_time () / G_USEC_PER_SEC);
  g_strlcpy (draft->boot_id, node->boot_id, sizeof draft->boot_id);
  draft->deadline = draft->seconds != 0 ? (guint32) lvsd_node_boot_seconds () + draft->seconds : 0;
}

void
lvsd_holding_follow (const LvsdNode *node, LvsdChange *change)
{
  guint n_edits = change->edits->len;

  if (lvsd_table_count (node->table, LVSD_KIND_HOLD) == 0)
    return;
  for (guint i = 0; i < n_edits; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      LvsdHold *hold = NULL;

      if (edit->after == NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_SERVICE)
        hold = lvsd_table_find_hold (node->table,
                                     ((const LvsdService *) edit->before)->identity->name);
      if (hold != NULL)
        lvsd_change_add (change, hold, NULL);
    }
}

typedef struct
{
  const LvsdNode *node;
  LvsdChange *change;
  gint64 next; /* seconds; -1: none */
} Walk;

static gboolean
plan_end (gpointer item, gpointer user_data)
{
  Walk *walk = user_data;
  gint64 seconds;

  if (!lvsd_holding_is_active (walk->node, item, &seconds))
    lvsd_change_add (walk->change, item, NULL);
  return TRUE;
}

LvsdChange *
lvsd_holding_plan_ends (const LvsdNode *node)
{
  Walk walk = { .node = node, .change = lvsd_change_new () };

  lvsd_table_walk (node->table, LVSD_KIND_HOLD, NULL, plan_end, &walk);
  return walk.change;
}

/* A service that an undo at the start took away has left its hold behind. */
static gboolean
is_of_nothing (const LvsdNode *node, const LvsdHold *hold)
{
  return !g_str_equal (hold->name, LVSD_HOLD_ALL)
         && lvsd_table_find_by_id (node->table, LVSD_KIND_SERVICE, hold->name) == NULL;
}

static gboolean
plan_renewal (gpointer item, gpointer user_data)
{
  Walk *walk = user_data;
  g_autoptr (LvsdHold) renewed = NULL;
  gint64 seconds;

  if (is_of_nothing (walk->node, item) || !lvsd_holding_is_active (walk->node, item, &seconds))
    lvsd_change_add (walk->change, item, NULL);
  else if (!is_of_this_boot (walk->node, item))
    {
      renewed = lvsd_item_copy (item);
      g_strlcpy (renewed->boot_id, walk->node->boot_id, sizeof renewed->boot_id);
      lvsd_change_add (walk->change, item, renewed);
    }
  return TRUE;
}

LvsdChange *
lvsd_holding_plan_renewal (const LvsdNode *node)
{
  Walk walk = { .node = node, .change = lvsd_change_new () };

  lvsd_table_walk (node->table, LVSD_KIND_HOLD, NULL, plan_renewal, &walk);
  return walk.change;
}

static gboolean
note_end (gpointer item, gpointer user_data)
{
  Walk *walk = user_data;
  gint64 seconds;

  lvsd_holding_is_active (walk->node, item, &seconds);
  if (((const LvsdHold *) item)->deadline != 0 && (walk->next < 0 || seconds < walk->next))
    walk->next = MAX (seconds, 0);
  return TRUE;
}

gint64
lvsd_holding_next_end (const LvsdNode *node)
{
  Walk walk = { .node = node, .next = -1 };

  lvsd_table_walk (node->table, LVSD_KIND_HOLD, NULL, note_end, &walk);
  return walk.next;
}
