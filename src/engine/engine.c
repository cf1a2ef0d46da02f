/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/engine.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/comparing.h"
#include "engine/confirmation.h"
#include "engine/drift.h"
#include "engine/history.h"
#include "engine/holding.h"
#include "engine/inspection.h"
#include "engine/keeper.h"
#include "engine/node.h"
#include "engine/policy-file.h"
#include "engine/proposal.h"
#include "engine/repair.h"
#include "engine/restore.h"
#include "engine/transaction.h"
#include "model/error.h"
#include "store/archive.h"

#define CHECKPOINT_DELAY 1 /* seconds */

struct _LvsdEngine
{
  LvsdNode node;
  LvsdKeeper *keeper;
  LvsdConfirmation *confirmation;
  GQueue queue;   /* of LvsdTransaction that wait for others */
  GQueue repairs; /* of GTask: calls for a repair that wait for the transactions under way */
  GPtrArray *unsettled;
  guint running;
  guint submitted; /* running, waiting in the queue, or about to be answered */
  guint checkpoint_timer;
  gboolean checkpoint_due;
  gboolean pumping;
  gboolean repairing;
  gboolean draining;
};

static void pump (LvsdEngine *engine);
static void go_back (guint32 fallback, gpointer user_data);

static void
links_changed (G_GNUC_UNUSED const char *name, gpointer user_data)
{
  LvsdEngine *engine = user_data;

  if (engine->keeper != NULL)
    lvsd_keeper_links_changed (engine->keeper);
}

static void
ipvs_changed (gpointer user_data)
{
  LvsdEngine *engine = user_data;

  if (engine->keeper != NULL)
    lvsd_keeper_look (engine->keeper);
}

static gboolean
read_boot_id (char boot_id[37], GError **error)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, error))
    return FALSE;
  g_strlcpy (boot_id, g_strstrip (text), 37);
  return TRUE;
}

static void
note_condition (LvsdNode *node)
{
  const char *explanation;

  if (lvsd_store_condition (node->store, &explanation) != LVSD_STORE_SOUND)
    lvsd_node_degrade (node, explanation);
}

/* The record of a setting that has just come to be in the kernel. */
typedef struct
{
  LvsdEngine *engine;
  char *name;
} Welcome;

static void
welcomed (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Welcome *welcome = user_data;
  g_autofree char *name = welcome->name;
  LvsdNode *node = &welcome->engine->node;
  g_autoptr (GError) error = NULL;
  gpointer setting;

  if (lvsd_engine_submit_finish (welcome->engine, result, &error)
      || g_error_matches (error, LVSD_ERROR, LVSD_ERROR_CONFLICT))
    return;
  g_warning ("%s", error->message);
  setting = lvsd_table_find_by_id (node->table, LVSD_KIND_SETTING, name);
  if (setting != NULL)
    lvsd_node_set_standing (node, setting, LVSD_STATE_FAILED, error->message);
}

static void
submit_own (LvsdChange *change, gpointer user_data)
{
  const LvsdEdit *edit = lvsd_change_edit (change, 0);
  Welcome *welcome = g_new0 (Welcome, 1);

  welcome->engine = user_data;
  welcome->name = lvsd_item_dup_id (edit->after != NULL ? edit->after : edit->before);
  lvsd_engine_submit_async (welcome->engine, change, LVSD_SUBMIT_NONE, welcomed, welcome);
}

/* Opens the store and the ways to the kernel; writes nothing to either. */
LvsdEngine *
lvsd_engine_new (const char *state_directory, const char *policy_path, GError **error)
{
  g_autoptr (LvsdEngine) engine = g_new0 (LvsdEngine, 1);
  LvsdNode *node = &engine->node;

  g_queue_init (&engine->queue);
  g_queue_init (&engine->repairs);
  node->table = lvsd_table_new ();
  node->locks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  node->ipvs = lvsd_ipvs_new ();
  node->contention = lvsd_contention_new ();
  node->policy_path = g_strdup (policy_path);
  lvsd_policy_reset (&node->policy);
  lvsd_policy_file_read (node);
  if (!read_boot_id (node->boot_id, error))
    return NULL;
  node->store = lvsd_store_open (state_directory, node->table, &engine->unsettled, error);
  if (node->store == NULL)
    return NULL;
  node->links = lvsd_links_new (links_changed, engine, error);
  if (node->links == NULL)
    return NULL;
  node->ipvs_monitor = lvsd_ipvs_monitor_new (ipvs_changed, engine, error);
  if (node->ipvs_monitor == NULL)
    return NULL;
  node->tunnels = lvsd_tunnels_new (node->links);
  node->announcer = lvsd_announcer_new (node->links);
  node->generation = lvsd_store_sequence (node->store);
  note_condition (node);
  node->edits_kept = G_MAXUINT64;
  node->last_generation = lvsd_archive_greatest (lvsd_store_directory (node->store));
  engine->confirmation = lvsd_confirmation_new (node, go_back, engine, error);
  if (engine->confirmation == NULL)
    return NULL;
  engine->keeper = lvsd_keeper_new (node, submit_own, engine);
  return g_steal_pointer (&engine);
}

/* Returns when the changes that were submitted are done and their callbacks were called. From then
 * on no change is taken any more. */
void
lvsd_engine_drain (LvsdEngine *engine)
{
  engine->draining = TRUE;
  while (engine->submitted > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Stops without a word to the kernel. */
void
lvsd_engine_free (LvsdEngine *engine)
{
  LvsdNode *node = &engine->node;

  g_clear_handle_id (&engine->checkpoint_timer, g_source_remove);
  g_clear_pointer (&engine->keeper, lvsd_keeper_free);
  g_clear_pointer (&engine->confirmation, lvsd_confirmation_free);
  g_clear_pointer (&node->announcer, lvsd_announcer_free);
  g_clear_pointer (&node->tunnels, lvsd_tunnels_free);
  g_clear_pointer (&node->links, lvsd_links_free);
  g_clear_pointer (&node->store, lvsd_store_close);
  g_clear_pointer (&engine->unsettled, g_ptr_array_unref);
  g_clear_pointer (&node->ipvs_monitor, lvsd_ipvs_monitor_free);
  g_clear_pointer (&node->schedulers, g_strfreev);
  g_clear_pointer (&node->ipvs, lvsd_ipvs_free);
  lvsd_drift_end (node);
  g_clear_pointer (&node->contention, lvsd_contention_free);
  g_clear_pointer (&node->standings, g_hash_table_unref);
  g_clear_pointer (&node->locks, g_hash_table_unref);
  g_clear_pointer (&node->table, lvsd_table_free);
  g_free (node->degraded);
  g_free (node->kernel_problem);
  g_free (node->policy_problem);
  g_free (node->policy_path);
  g_free (engine);
}

void
lvsd_engine_restore (LvsdEngine *engine)
{
  lvsd_restore (&engine->node, engine->unsettled);
  lvsd_drift_begin (&engine->node);
  lvsd_keeper_start (engine->keeper);
  if (engine->node.degraded == NULL)
    lvsd_confirmation_follow (engine->confirmation);
}

/* What is to be repaired from now on is looked for at once. */
void
lvsd_engine_reload (LvsdEngine *engine)
{
  lvsd_policy_file_read (&engine->node);
  lvsd_keeper_look (engine->keeper);
}

const LvsdPolicy *
lvsd_engine_policy (const LvsdEngine *engine)
{
  return &engine->node.policy;
}

void
lvsd_engine_begin_hold (LvsdEngine *engine, LvsdHold *draft)
{
  lvsd_holding_begin (&engine->node, draft);
}

gboolean
lvsd_engine_is_in_force (LvsdEngine *engine, const LvsdHold *hold)
{
  gint64 seconds;

  return lvsd_holding_is_active (&engine->node, hold, &seconds);
}

gboolean
lvsd_engine_is_held (LvsdEngine *engine, gconstpointer item)
{
  return lvsd_holding_covers (&engine->node, item);
}

/* observer is NULL to be told of nothing any more. */
void
lvsd_engine_observe (LvsdEngine *engine, const LvsdEngineObserver *observer, gpointer user_data)
{
  static const LvsdEngineObserver nobody;

  engine->node.observer = observer != NULL ? *observer : nobody;
  engine->node.observer_data = user_data;
}

LvsdNode *
lvsd_engine_node (LvsdEngine *engine)
{
  return &engine->node;
}

const LvsdTable *
lvsd_engine_table (const LvsdEngine *engine)
{
  return engine->node.table;
}

guint64
lvsd_engine_generation (const LvsdEngine *engine)
{
  return engine->node.generation;
}

const char *
lvsd_engine_state (LvsdEngine *engine, const char **ret_reason)
{
  *ret_reason = engine->node.degraded != NULL ? engine->node.degraded : "";
  if (engine->node.degraded != NULL)
    return "degraded";
  if (lvsd_history_pending (&engine->node, NULL) != NULL)
    return "confirm-pending";
  return lvsd_inspect_is_clean (&engine->node) ? "clean" : "attention";
}

LvsdState
lvsd_engine_item_state (LvsdEngine *engine, gpointer item, const char **ret_reason)
{
  return lvsd_node_standing (&engine->node, item, ret_reason);
}

static void
transaction_finished (const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LvsdEngine *engine = g_task_get_task_data (task);

  engine->running--;
  lvsd_confirmation_follow (engine->confirmation);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
  pump (engine);
}

/* A task is completed when its callback has been called. */
static void
note_completed (LvsdEngine *engine)
{
  engine->submitted--;
}

static gboolean
on_checkpoint_timer (gpointer user_data)
{
  LvsdEngine *engine = user_data;

  engine->checkpoint_timer = 0;
  engine->checkpoint_due = TRUE;
  pump (engine);
  return G_SOURCE_REMOVE;
}

void
lvsd_engine_await (LvsdEngine *engine, GTask *task)
{
  g_signal_connect_swapped (task, "notify::completed", G_CALLBACK (note_completed), engine);
  engine->submitted++;
}

/* Whoever made the change that makes a checkpoint due is answered first. */
static gboolean
is_checkpoint_due (LvsdEngine *engine)
{
  if (!lvsd_store_wants_checkpoint (engine->node.store))
    return FALSE;
  if (!engine->checkpoint_due && engine->checkpoint_timer == 0)
    engine->checkpoint_timer =
        g_timeout_add_seconds (CHECKPOINT_DELAY, on_checkpoint_timer, engine);
  return engine->checkpoint_due;
}

/* A checkpoint needs a moment without a change between journal and table. While a large one is
 * under way nobody else is kept waiting for that moment. */
static gboolean
pause_for_checkpoint (LvsdEngine *engine)
{
  LvsdNode *node = &engine->node;
  g_autoptr (GPtrArray) items = NULL;

  if (!is_checkpoint_due (engine) || node->large > 0)
    return FALSE;
  if (engine->running > 0)
    return TRUE;
  engine->checkpoint_due = FALSE;
  items = lvsd_table_snapshot (node->table);
  lvsd_store_checkpoint (node->store, items);
  return FALSE;
}

static void
repaired (guint writes, const GError *error, gpointer user_data)
{
  LvsdEngine *engine = user_data;
  g_autoptr (GTask) task = g_queue_pop_head (&engine->repairs);

  engine->repairing = FALSE;
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_int (task, writes);
  pump (engine);
}

static void
start_repair (LvsdEngine *engine, GTask *task)
{
  const char *const *names = g_task_get_task_data (task);

  if (names == NULL)
    lvsd_repair_start (&engine->node, engine->unsettled, repaired, engine);
  else
    lvsd_repair_start_services (&engine->node, names, repaired, engine);
}

/* A repair looks at everything, so nothing else may be under way. */
static gboolean
pause_for_repair (LvsdEngine *engine)
{
  while (!engine->repairing && engine->running == 0 && !g_queue_is_empty (&engine->repairs))
    {
      engine->repairing = TRUE;
      start_repair (engine, g_queue_peek_head (&engine->repairs));
    }
  return !g_queue_is_empty (&engine->repairs);
}

/* The first transaction in the queue that works on other things than those under way and those
 * before it; NULL when all have to wait. */
static GList *
find_startable (LvsdEngine *engine)
{
  g_autoptr (GHashTable) passed = g_hash_table_new (g_str_hash, g_str_equal);

  for (GList *link = engine->queue.head; link != NULL; link = link->next)
    {
      if (lvsd_transaction_may_start (link->data, passed))
        return link;
      lvsd_transaction_note_scopes (link->data, passed);
    }
  return NULL;
}

/* A transaction may be over before its start returns, and then asks for more by itself. */
static void
pump (LvsdEngine *engine)
{
  GList *link;

  if (engine->pumping)
    return;
  engine->pumping = TRUE;
  while (!pause_for_repair (engine) && !pause_for_checkpoint (engine)
         && (link = find_startable (engine)) != NULL)
    {
      LvsdTransaction *transaction = link->data;

      g_queue_delete_link (&engine->queue, link);
      engine->running++;
      lvsd_transaction_start (transaction);
    }
  engine->pumping = FALSE;
}

static GError *
refuse_draining (void)
{
  return g_error_new_literal (LVSD_ERROR, LVSD_ERROR_CONFLICT,
                              _ ("lvsd is about to stop; try again in a moment"));
}

void
lvsd_engine_submit_async (LvsdEngine *engine,
                          LvsdChange *change,
                          LvsdSubmitFlags flags,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  LvsdTransaction *transaction;

  g_task_set_source_tag (task, lvsd_engine_submit_async);
  if (engine->draining)
    {
      lvsd_change_free (change);
      g_task_return_error (task, refuse_draining ());
      g_object_unref (task);
      return;
    }
  transaction = lvsd_transaction_new (&engine->node, change, flags, transaction_finished, task);

  g_task_set_task_data (task, engine, NULL);
  lvsd_engine_await (engine, task);
  g_queue_push_tail (&engine->queue, transaction);
  pump (engine);
}

gboolean
lvsd_engine_submit_finish (G_GNUC_UNUSED LvsdEngine *engine, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
lvsd_engine_reconcile_async (LvsdEngine *engine,
                             const char *const *names,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, lvsd_engine_reconcile_async);
  g_task_set_task_data (task, g_strdupv ((char **) names), (GDestroyNotify) g_strfreev);
  if (engine->draining)
    {
      g_task_return_error (task, refuse_draining ());
      g_object_unref (task);
      return;
    }
  lvsd_engine_await (engine, task);
  g_queue_push_tail (&engine->repairs, task);
  pump (engine);
}

gboolean
lvsd_engine_reconcile_finish (G_GNUC_UNUSED LvsdEngine *engine,
                              GAsyncResult *result,
                              guint *ret_writes,
                              GError **error)
{
  gssize writes = g_task_propagate_int (G_TASK (result), error);

  if (writes < 0)
    return FALSE;
  *ret_writes = (guint) writes;
  return TRUE;
}

LvsdAdoption *
lvsd_engine_propose_adoption (LvsdEngine *engine, const LvsdAdoptionScope *scope, GError **error)
{
  return lvsd_proposal_make (&engine->node, scope, error);
}

static void
went_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  (void) source;
  if (!lvsd_engine_submit_finish (user_data, result, &error))
    g_critical ("going back to what was before is tried again: %s", error->message);
}

/* What nobody has confirmed in time, while what was before it is read. */
typedef struct
{
  LvsdEngine *engine;
  guint32 number;
} Return;

static void
on_fallback_read (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Return *back = user_data;
  LvsdEngine *engine = back->engine;
  const LvsdGeneration *pending = lvsd_history_pending (&engine->node, NULL);
  g_autoptr (LvsdGeneration) draft = lvsd_generation_new (LVSD_CAUSE_EXPIRY);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) index = NULL;
  g_autoptr (GPtrArray) items = lvsd_history_read_finish (result, &index, &error);
  LvsdDeclarationCounts counts;
  LvsdChange *change = NULL;

  engine->submitted--;
  /* Somebody was quick, or the next start does it. */
  if (pending == NULL || pending->number != back->number || engine->draining)
    return;
  if (items != NULL)
    change = lvsd_engine_return_to (engine, items, index, &counts, &error);
  if (change == NULL)
    {
      lvsd_node_degrade (&engine->node, error->message);
      return;
    }
  lvsd_declaration_note (&counts, draft);
  lvsd_change_add (change, NULL, draft);
  lvsd_engine_submit_async (engine, change, LVSD_SUBMIT_FORCE, went_back, engine);
}

/* Nobody has confirmed in time. */
static void
go_back (guint32 fallback, gpointer user_data)
{
  LvsdEngine *engine = user_data;
  Return *back = g_new0 (Return, 1);

  g_message ("nobody has confirmed in time; going back to generation %u", fallback);
  back->engine = engine;
  back->number = lvsd_history_pending (&engine->node, NULL)->number;
  engine->submitted++;
  lvsd_history_read_async (&engine->node, fallback, on_fallback_read, back);
}
