/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/node.h"

#include <glib/gi18n-lib.h>
#include <time.h>

#include "engine/drift.h"
#include "model/message-ids.h"

/* How an item stands when it is not simply applied. */
typedef struct
{
  LvsdState state;
  char *reason;
} Standing;

const LvsdTerm lvsd_state_terms[] = {
  { "applied", LVSD_STATE_APPLIED },
  { "down", LVSD_STATE_DOWN },
  { "waiting", LVSD_STATE_WAITING },
  { "missing", LVSD_STATE_MISSING },
  { "changed", LVSD_STATE_CHANGED },
  { "failed", LVSD_STATE_FAILED },
  { NULL, 0 },
};

static void
free_standing (gpointer data)
{
  Standing *standing = data;

  g_free (standing->reason);
  g_free (standing);
}

static GHashTable *
standings (LvsdNode *node)
{
  if (node->standings == NULL)
    node->standings = g_hash_table_new_full (lvsd_item_identity_hash, lvsd_item_identity_equal,
                                             lvsd_item_unref, free_standing);
  return node->standings;
}

static void
tell (LvsdNode *node, gpointer item)
{
  if (node->observer.state_changed != NULL)
    node->observer.state_changed (item, node->observer_data);
}

const char *
lvsd_reason_setting_missing (void)
{
  return _ ("this kernel has none now: its module is not loaded, or its interface is gone; it is "
            "written when it appears");
}

/* A setting stands as its record does. It has none where the kernel had no such setting yet. */
static LvsdState
setting_standing (LvsdNode *node, const LvsdSetting *setting, const char **ret_reason)
{
  const LvsdReplaced *record =
      lvsd_table_find_by_id (node->table, LVSD_KIND_REPLACED, setting->name);

  if (record != NULL)
    return lvsd_node_standing (node, record, ret_reason);
  if (ret_reason != NULL)
    *ret_reason = lvsd_reason_setting_missing ();
  return LVSD_STATE_MISSING;
}

LvsdState
lvsd_node_standing (LvsdNode *node, gconstpointer item, const char **ret_reason)
{
  const Standing *standing = g_hash_table_lookup (standings (node), item);
  gboolean down =
      lvsd_item_get_kind (item) == LVSD_KIND_ADDRESS && !((const LvsdVirtualAddress *) item)->up;

  if (standing == NULL && lvsd_item_get_kind (item) == LVSD_KIND_SETTING)
    return setting_standing (node, item, ret_reason);
  if (ret_reason != NULL)
    *ret_reason = standing != NULL && !down ? standing->reason : "";
  if (down)
    return LVSD_STATE_DOWN;
  return standing != NULL ? standing->state : LVSD_STATE_APPLIED;
}

/* Mostly all are applied, and then a hundred thousand need not be looked for. */
static Standing *
find_standing (LvsdNode *node, gconstpointer item)
{
  return g_hash_table_size (standings (node)) > 0 ? g_hash_table_lookup (node->standings, item)
                                                  : NULL;
}

/* Keeps how the item stands, whatever version of it, and tells the observer when that is news. */
void
lvsd_node_set_standing (LvsdNode *node, gpointer item, LvsdState state, const char *reason)
{
  Standing *old = find_standing (node, item);
  Standing *standing;

  if (state == LVSD_STATE_APPLIED)
    {
      if (old == NULL)
        return;
      g_hash_table_remove (node->standings, item);
      tell (node, item);
      return;
    }
  if (old != NULL && old->state == state && g_strcmp0 (old->reason, reason) == 0)
    return;
  standing = g_new0 (Standing, 1);
  standing->state = state;
  standing->reason = g_strdup (reason != NULL ? reason : "");
  g_hash_table_replace (node->standings, lvsd_item_ref (item), standing);
  tell (node, item);
}

/* From now on nothing is repaired without being asked, and everybody can see why. */
void
lvsd_node_degrade (LvsdNode *node, const char *reason)
{
  if (node->degraded != NULL)
    return;
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "MESSAGE_ID", LVSD_MESSAGE_DEGRADED,
                    "LVSD_REASON", reason, "MESSAGE", "degraded: %s", reason);
  node->degraded = g_strdup (reason);
  tell (node, NULL);
}

/* A person has said that what is desired counts again. */
void
lvsd_node_recover (LvsdNode *node)
{
  g_clear_pointer (&node->degraded, g_free);
  tell (node, NULL);
}

/* NULL: IPVS answers. */
void
lvsd_node_set_kernel_problem (LvsdNode *node, const char *problem)
{
  if (g_strcmp0 (node->kernel_problem, problem) == 0)
    return;
  if (problem != NULL)
    g_warning ("%s", problem);
  g_free (node->kernel_problem);
  node->kernel_problem = g_strdup (problem);
  tell (node, NULL);
}

/* NULL: lvsd.conf is right, or not there. Told also where only what it asks for is another thing.
 */
void
lvsd_node_set_policy_problem (LvsdNode *node, const char *problem)
{
  g_free (node->policy_problem);
  node->policy_problem = g_strdup (problem);
  tell (node, NULL);
}

/* What deadlines count in: CLOCK_BOOTTIME goes on while the machine sleeps and is never set. */
gint64
lvsd_node_boot_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

static gboolean
makes_generation (const LvsdChange *change)
{
  for (guint i = change->edits->len; i > 0; i--)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i - 1);

      if (edit->before == NULL && lvsd_item_get_kind (edit->after) == LVSD_KIND_GENERATION)
        return TRUE;
    }
  return FALSE;
}

static void
count_edits (LvsdNode *node, const LvsdChange *change)
{
  if (makes_generation (change))
    node->edits_kept = node->edits_being_kept;
  else if (lvsd_change_is_of_configuration (change))
    node->edits++;
}

/* Puts a change that kernel and store have into the table, and tells the observer. */
void
lvsd_node_committed (LvsdNode *node, const LvsdChange *change)
{
  lvsd_change_commit (change, node->table);
  count_edits (node, change);
  node->generation = MAX (node->generation, change->sequence);
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdItem *either = edit->after != NULL ? edit->after : edit->before;

      lvsd_contention_drop (node->contention, either);
      lvsd_drift_settled (node, either);
      if (lvsd_item_get_kind (either) == LVSD_KIND_SERVICE
          && (edit->before == NULL || edit->after == NULL))
        lvsd_drift_forget_service (node, lvsd_item_service (either));
      if (edit->after != NULL)
        lvsd_node_set_standing (node, edit->after, LVSD_STATE_APPLIED, NULL);
      else if (find_standing (node, edit->before) != NULL)
        g_hash_table_remove (node->standings, edit->before);
    }
  if (node->observer.committed != NULL)
    node->observer.committed (change, node->observer_data);
}
