/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/restore.h"

#include <glib/gi18n-lib.h>

#include "engine/history.h"
#include "engine/holding.h"
#include "engine/reception.h"
#include "engine/reconciliation.h"
#include "engine/surroundings.h"
#include "model/actual.h"
#include "model/error.h"
#include "model/message-ids.h"

/* What is compared at once takes memory that the next ones take again. */
#define SERVICES_A_SLICE 256

static gboolean
drop_old_override (LvsdNode *node, LvsdDestination *destination, LvsdChange *change)
{
  g_autoptr (LvsdDestination) plain = NULL;

  if (destination->runtime == NULL || g_str_equal (destination->runtime->boot_id, node->boot_id))
    return FALSE;
  plain = lvsd_item_copy (destination);
  g_clear_pointer (&plain->runtime, lvsd_override_free);
  lvsd_change_add (change, destination, plain);
  return TRUE;
}

/* What was recorded in another boot says nothing about this one: overrides for now are over, and
 * the settings that roles replaced are what the machine came up with. */
LvsdChange *
lvsd_restore_plan_renewal (LvsdNode *node, const GPtrArray *items)
{
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_get_kind (g_ptr_array_index (items, i)) == LVSD_KIND_DESTINATION)
      drop_old_override (node, g_ptr_array_index (items, i), change);
  if (!lvsd_surroundings_renew_settings (node, change, &error))
    g_warning ("%s", error->message);
  return g_steal_pointer (&change);
}

typedef struct
{
  gboolean done;
  GError *error;
  LvsdStore *store;
} Waiting;

static void
appended (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  lvsd_store_append_finish (waiting->store, result, &waiting->error);
  waiting->done = TRUE;
}

/* Nobody can call yet, so waiting for the disk keeps nobody waiting. */
static gboolean
record_now (LvsdNode *node, LvsdChange *change, GError **error)
{
  Waiting waiting = { .store = node->store };

  if (change->edits->len == 0)
    return TRUE;
  lvsd_store_append_async (node->store, change, appended, &waiting);
  while (!waiting.done)
    g_main_context_iteration (NULL, TRUE);
  if (waiting.error != NULL)
    {
      g_propagate_error (error, waiting.error);
      return FALSE;
    }
  lvsd_node_committed (node, change);
  return TRUE;
}

/* What an unsettled change took away may still be in the kernel, and is ours to remove. */
void
lvsd_restore_note_leftover (LvsdNode *node, const LvsdEdit *edit, GPtrArray *leftovers)
{
  g_autoptr (LvsdItem) old = lvsd_item_to_kernel (edit->before);
  g_autoptr (LvsdItem) current = NULL;

  if (old == NULL)
    return;
  current = lvsd_item_to_kernel (lvsd_table_find (node->table, edit->before));
  if (current == NULL || !lvsd_kernel_item_equal (old, current))
    g_ptr_array_add (leftovers, lvsd_item_ref (edit->before));
}

GPtrArray *
lvsd_restore_collect_leftovers (LvsdNode *node, const GPtrArray *unsettled)
{
  GPtrArray *leftovers = g_ptr_array_new_with_free_func (lvsd_item_unref);

  for (guint i = 0; i < unsettled->len; i++)
    {
      const LvsdChange *change = g_ptr_array_index (unsettled, i);

      for (guint j = 0; j < change->edits->len; j++)
        lvsd_restore_note_leftover (node, lvsd_change_edit (change, j), leftovers);
    }
  return leftovers;
}

static gboolean
holds_any (const LvsdActual *actual, const GPtrArray *services)
{
  for (guint i = 0; i < services->len; i++)
    if (lvsd_actual_find (actual, g_ptr_array_index (services, i)) != NULL)
      return TRUE;
  return FALSE;
}

/* A damaged store on a running director is an older truth than the kernel's. */
static LvsdRepair
choose_extent (LvsdNode *node)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  g_autoptr (GPtrArray) services = g_ptr_array_new_with_free_func (lvsd_item_unref);

  if (node->degraded == NULL)
    return LVSD_REPAIR_ALL;
  if (!lvsd_ipvs_read_heads (node->ipvs, NULL, actual, NULL))
    return LVSD_REPAIR_ALL;
  lvsd_table_collect (node->table, LVSD_KIND_SERVICE, services);
  return holds_any (actual, services) ? LVSD_REPAIR_NOTHING : LVSD_REPAIR_ALL;
}

/* Without a durable record of what its settings replace, no role may begin. */
static void
leave_out_roles (GPtrArray *items)
{
  for (guint i = items->len; i > 0; i--)
    if (lvsd_item_get_kind (g_ptr_array_index (items, i - 1)) == LVSD_KIND_ROLE)
      g_ptr_array_remove_index (items, i - 1);
}

static LvsdChange *
plan_undo (LvsdNode *node, guint32 fallback, GError **error)
{
  g_autoptr (LvsdChange) change = lvsd_history_return_to (node, fallback, error);
  g_autoptr (LvsdGeneration) draft = lvsd_generation_new (LVSD_CAUSE_EXPIRY);

  if (change == NULL || !lvsd_surroundings_plan_settings (node, change, error))
    return NULL;
  lvsd_change_add (change, NULL, draft);
  return lvsd_history_prepare_now (node, change, error) ? g_steal_pointer (&change) : NULL;
}

/* What nobody confirmed in its time, or before the machine went down, is taken back before anything
 * of it is done. Returns the change, to be settled, or NULL. */
static LvsdChange *
undo_unconfirmed (LvsdNode *node)
{
  gint64 seconds;
  const LvsdGeneration *pending = lvsd_history_pending (node, &seconds);
  g_autoptr (LvsdChange) change = NULL;
  g_autoptr (GError) error = NULL;

  if (pending == NULL || seconds > 0)
    return NULL;
  g_message ("generation %u was not confirmed; going back to %u", pending->number,
             pending->fallback);
  change = plan_undo (node, pending->fallback, &error);
  if (change != NULL && record_now (node, change, &error))
    return g_steal_pointer (&change);
  g_prefix_error (&error, "%s: ", _ ("what was not confirmed cannot be taken back"));
  g_critical ("%s", error->message);
  return NULL;
}

/* One that was not recorded needs no mark. */
static void
settle (LvsdNode *node, const LvsdChange *change)
{
  if (change->sequence != 0)
    lvsd_store_settle (node->store, change->sequence);
}

void
lvsd_restore_settle (LvsdNode *node, GPtrArray *unsettled)
{
  for (guint i = 0; i < unsettled->len; i++)
    settle (node, g_ptr_array_index (unsettled, i));
  g_ptr_array_set_size (unsettled, 0);
}

/* The items, as they are now, that changes which were not brought to an end are about. */
static GPtrArray *
collect_touched (LvsdNode *node, const GPtrArray *unsettled)
{
  GPtrArray *touched = g_ptr_array_new_with_free_func (lvsd_item_unref);

  for (guint i = 0; i < unsettled->len; i++)
    {
      const LvsdChange *change = g_ptr_array_index (unsettled, i);

      for (guint j = 0; j < change->edits->len; j++)
        {
          const LvsdEdit *edit = lvsd_change_edit (change, j);
          gpointer item =
              lvsd_table_find (node->table, edit->after != NULL ? edit->after : edit->before);

          if (item != NULL)
            g_ptr_array_add (touched, lvsd_item_ref (item));
        }
    }
  return touched;
}

/* By the keys of their services, borrowed. */
static GHashTable *
collect_touched_keys (const GPtrArray *unsettled)
{
  GHashTable *keys =
      g_hash_table_new ((GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal);

  for (guint i = 0; i < unsettled->len; i++)
    {
      const LvsdChange *change = g_ptr_array_index (unsettled, i);

      for (guint j = 0; j < change->edits->len; j++)
        {
          const LvsdEdit *edit = lvsd_change_edit (change, j);
          LvsdServiceIdentity *identity =
              lvsd_item_service (edit->before != NULL ? edit->before : edit->after);

          if (identity != NULL)
            g_hash_table_add (keys, &identity->key);
        }
    }
  return keys;
}

/* Services of which nothing but what is desired can be in the kernel, and with them their
 * destinations, need no common plan with the rest. A sync daemon comes last. */
typedef struct
{
  GPtrArray *together;
  GPtrArray *services;
  GPtrArray *sync;
} Parts;

static void
part (const GPtrArray *items, GHashTable *touched, const Parts *parts)
{
  for (guint i = 0; i < items->len; i++)
    {
      LvsdItem *item = g_ptr_array_index (items, i);
      const LvsdServiceIdentity *identity = lvsd_item_service (item);

      if (lvsd_item_get_kind (item) == LVSD_KIND_SYNC)
        g_ptr_array_add (parts->sync, item);
      else if (identity == NULL || g_hash_table_contains (touched, &identity->key))
        g_ptr_array_add (parts->together, item);
      else if (lvsd_item_get_kind (item) == LVSD_KIND_SERVICE)
        g_ptr_array_add (parts->services, item);
    }
}

static guint
reconcile_slices (LvsdNode *node,
                  const GPtrArray *services,
                  const LvsdAgreement *agreement,
                  LvsdRepair extent)
{
  guint writes = 0;

  for (guint i = 0; i < services->len; i += SERVICES_A_SLICE)
    {
      g_autoptr (GPtrArray) slice = g_ptr_array_new ();

      for (guint j = i; j < MIN (i + SERVICES_A_SLICE, services->len); j++)
        g_ptr_array_add (slice, g_ptr_array_index (services, j));
      writes += lvsd_reconcile_services (node, slice, agreement, extent);
    }
  return writes;
}

static guint
reconcile_parts (LvsdNode *node,
                 const GPtrArray *items,
                 const GPtrArray *leftovers,
                 const GPtrArray *unsettled,
                 LvsdRepair extent)
{
  g_autoptr (GPtrArray) together = g_ptr_array_new ();
  g_autoptr (GPtrArray) services = g_ptr_array_new ();
  g_autoptr (GPtrArray) sync = g_ptr_array_new ();
  g_autoptr (GHashTable) touched = collect_touched_keys (unsettled);
  g_autoptr (LvsdAgreement) agreement = lvsd_agreement_new (node, NULL);
  const Parts parts = { together, services, sync };
  guint writes;

  if (agreement == NULL)
    return lvsd_reconcile (node, items, leftovers, extent);
  part (items, touched, &parts);
  writes = lvsd_reconcile (node, together, leftovers, extent);
  writes += reconcile_slices (node, services, agreement, extent);
  return writes + lvsd_reconcile (node, sync, NULL, extent);
}

/* What was accepted is done, held or not; whatever else is held is left. */
static guint
bring_about (LvsdNode *node,
             const GPtrArray *items,
             const GPtrArray *leftovers,
             const GPtrArray *unsettled,
             LvsdRepair extent)
{
  g_autoptr (GPtrArray) touched = NULL;

  if (extent != LVSD_REPAIR_ALL || lvsd_table_count (node->table, LVSD_KIND_HOLD) == 0)
    return reconcile_parts (node, items, leftovers, unsettled, extent);
  touched = collect_touched (node, unsettled);
  return lvsd_reconcile (node, touched, leftovers, LVSD_REPAIR_ALL)
         + reconcile_parts (node, items, NULL, unsettled, LVSD_REPAIR_UNHELD);
}

static void
tell (guint writes)
{
  if (writes > 0)
    g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "MESSAGE_ID", LVSD_MESSAGE_REPAIRED,
                      "MESSAGE", "the kernel differed from what is desired; %u writes", writes);
}

/* Only now: a crash before this restores what is held once more. */
static void
renew_holds (LvsdNode *node)
{
  g_autoptr (LvsdChange) renewal = lvsd_holding_plan_renewal (node);
  g_autoptr (GError) error = NULL;

  if (!record_now (node, renewal, &error))
    g_warning ("%s", error->message);
  settle (node, renewal);
}

void
lvsd_restore (LvsdNode *node, GPtrArray *unsettled)
{
  LvsdRepair extent = choose_extent (node);
  LvsdChange *undo = extent != LVSD_REPAIR_NOTHING ? undo_unconfirmed (node) : NULL;
  g_autoptr (GPtrArray) items = lvsd_table_snapshot (node->table);
  g_autoptr (LvsdChange) new_boot = NULL;
  g_autoptr (GPtrArray) leftovers = NULL;
  g_autoptr (GError) error = NULL;

  if (undo != NULL)
    g_ptr_array_add (unsettled, undo);
  if (extent != LVSD_REPAIR_NOTHING)
    lvsd_reception_prepare (node, items);
  new_boot = lvsd_restore_plan_renewal (node, items);
  if (extent != LVSD_REPAIR_NOTHING && !record_now (node, new_boot, &error))
    {
      g_critical ("%s", error->message);
      lvsd_node_degrade (node, error->message);
      extent = LVSD_REPAIR_MISSING;
    }
  settle (node, new_boot);
  leftovers = lvsd_restore_collect_leftovers (node, unsettled);
  if (new_boot->edits->len > 0)
    {
      g_clear_pointer (&items, g_ptr_array_unref);
      items = lvsd_table_snapshot (node->table);
    }
  if (error != NULL)
    leave_out_roles (items);
  tell (bring_about (node, items, leftovers, unsettled, extent));
  if (extent != LVSD_REPAIR_NOTHING)
    renew_holds (node);
  if (extent == LVSD_REPAIR_ALL)
    lvsd_restore_settle (node, unsettled);
}
