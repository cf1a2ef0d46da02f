/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/transaction.h"

#include <glib/gi18n-lib.h>

#include "engine/discard.h"
#include "engine/execution.h"
#include "engine/history.h"
#include "engine/holding.h"
#include "engine/repair.h"
#include "engine/restore.h"
#include "engine/surroundings.h"
#include "engine/survey.h"
#include "model/error.h"
#include "model/guard.h"
#include "model/rules.h"
#include "store/work.h"

/* One generation at a time. */
#define SCOPE_HISTORY "history"

/* What would go back by itself takes along all that came after it, so nothing comes beside it. */
#define SCOPE_ALL "all"

struct _LvsdTransaction
{
  LvsdNode *node;
  LvsdChange *change;
  LvsdChange *inverse; /* once the kernel has refused the change */
  LvsdPlan *plan;
  LvsdSurvey *survey; /* of what the kernel holds of what the change touches; as the next ones: */
  LvsdActual *actual; /* while it is prepared */
  GError *in_use;     /* why it would have to be forced */
  guint n_prepared;   /* of the stages of its preparation */
  GHashTable *scopes; /* what no other transaction may touch meanwhile; of strings */
  GError *error;
  LvsdSubmitFlags flags;
  gboolean exclusive;           /* works beside no other */
  gboolean large;               /* others get through between the stages of its preparation */
  LvsdTransactionFunc finished; /* NULL where it is only rehearsed */
  LvsdRehearsalFunc rehearsed;
  gpointer user_data;
};

char *
lvsd_scope_of_service (const LvsdServiceKey *key)
{
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];

  return g_strdup (lvsd_service_key_format (key, text));
}

static char *
scope_of_address (const LvsdAddress *address)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_strconcat ("address ", lvsd_address_format (address, text), NULL);
}

static char *
scope_of_name (const char *name)
{
  return g_strconcat ("name ", name, NULL);
}

static void
add_service_scopes (GHashTable *scopes, const LvsdService *service, gboolean comes_or_goes)
{
  const LvsdServiceIdentity *identity = service->identity;

  g_hash_table_add (scopes, lvsd_scope_of_service (&identity->key));
  if (!comes_or_goes)
    return;
  g_hash_table_add (scopes, scope_of_name (identity->name));
  if (identity->key.fwmark == 0)
    g_hash_table_add (scopes, scope_of_address (&identity->key.endpoint.address));
}

/* Roles and settings share records, an address may make another one primary, and a sync daemon
 * needs one, so those go one by one. */
static void
add_scopes (GHashTable *scopes, const LvsdEdit *edit)
{
  const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;

  switch (lvsd_item_get_kind (either))
    {
    case LVSD_KIND_SERVICE:
      add_service_scopes (scopes, (const LvsdService *) either,
                          edit->before == NULL || edit->after == NULL);
      return;
    case LVSD_KIND_DESTINATION:
      g_hash_table_add (scopes,
                        lvsd_scope_of_service (&((const LvsdDestination *) either)->identity->key));
      return;
    case LVSD_KIND_ADDRESS:
      g_hash_table_add (scopes, scope_of_address (&((const LvsdVirtualAddress *) either)->address));
      g_hash_table_add (scopes, g_strdup (LVSD_SCOPE_ADDRESSES));
      return;
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
      g_hash_table_add (scopes, g_strdup (LVSD_SCOPE_ADDRESSES));
      return;
    case LVSD_KIND_GENERATION:
      g_hash_table_add (scopes, g_strdup (SCOPE_HISTORY));
      return;
    case LVSD_KIND_HOLD: /* goes with its service */
      g_hash_table_add (scopes, scope_of_name (((const LvsdHold *) either)->name));
      return;
    }
}

/* Whether the second is of a destination whose service the first one has a scope of. */
static gboolean
is_sibling (const LvsdEdit *first, const LvsdEdit *second)
{
  const LvsdItem *one = first->before != NULL ? first->before : first->after;
  const LvsdItem *other = second->before != NULL ? second->before : second->after;

  return lvsd_item_get_kind (other) == LVSD_KIND_DESTINATION && lvsd_item_service (one) != NULL
         && lvsd_item_service (one) == ((const LvsdDestination *) other)->identity;
}

/* Where the node is degraded, what it knows is not what the kernel has, and no plan can be made of
 * the difference to what it knows. */
static gboolean
recovers (const LvsdTransaction *transaction)
{
  return (transaction->flags & LVSD_SUBMIT_RECOVER) != 0 && transaction->node->degraded != NULL;
}

/* Takes the change over. */
LvsdTransaction *
lvsd_transaction_new (LvsdNode *node,
                      LvsdChange *change,
                      LvsdSubmitFlags flags,
                      LvsdTransactionFunc finished,
                      gpointer user_data)
{
  LvsdTransaction *transaction = g_new0 (LvsdTransaction, 1);
  const LvsdGeneration *draft;

  transaction->node = node;
  transaction->change = change;
  transaction->flags = flags;
  transaction->finished = finished;
  transaction->user_data = user_data;
  transaction->scopes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < change->edits->len; i++)
    if (i == 0 || !is_sibling (lvsd_change_edit (change, i - 1), lvsd_change_edit (change, i)))
      add_scopes (transaction->scopes, lvsd_change_edit (change, i));
  draft = lvsd_history_draft (change);
  transaction->large = lvsd_change_is_large (change);
  transaction->exclusive = recovers (transaction) || (draft != NULL && draft->deadline != 0);
  if (transaction->exclusive)
    g_hash_table_add (transaction->scopes, g_strdup (SCOPE_ALL));
  return transaction;
}

gboolean
lvsd_transaction_may_start (const LvsdTransaction *transaction, GHashTable *queued)
{
  GHashTableIter iter;
  gpointer scope;

  if (g_hash_table_contains (transaction->node->locks, SCOPE_ALL)
      || g_hash_table_contains (queued, SCOPE_ALL)
      || (transaction->exclusive
          && g_hash_table_size (transaction->node->locks) + g_hash_table_size (queued) > 0))
    return FALSE;
  g_hash_table_iter_init (&iter, transaction->scopes);
  while (g_hash_table_iter_next (&iter, &scope, NULL))
    if (g_hash_table_contains (transaction->node->locks, scope)
        || g_hash_table_contains (queued, scope))
      return FALSE;
  return TRUE;
}

/* The set borrows the strings. */
void
lvsd_transaction_note_scopes (const LvsdTransaction *transaction, GHashTable *scopes)
{
  GHashTableIter iter;
  gpointer scope;

  g_hash_table_iter_init (&iter, transaction->scopes);
  while (g_hash_table_iter_next (&iter, &scope, NULL))
    g_hash_table_add (scopes, scope);
}

static void
finish (LvsdTransaction *transaction)
{
  GHashTableIter iter;
  gpointer scope;

  g_hash_table_iter_init (&iter, transaction->scopes);
  while (g_hash_table_iter_next (&iter, &scope, NULL))
    g_hash_table_remove (transaction->node->locks, scope);
  transaction->node->large -= (guint) transaction->large;
  transaction->finished (transaction->error, transaction->user_data);
  if (transaction->large)
    lvsd_discard (transaction->change, (GDestroyNotify) lvsd_change_free);
  else
    lvsd_change_free (transaction->change);
  g_clear_pointer (&transaction->inverse, lvsd_change_free);
  g_clear_pointer (&transaction->plan, g_array_unref);
  g_hash_table_unref (transaction->scopes);
  g_clear_error (&transaction->error);
  g_free (transaction);
}

/* The change was recorded and then not made; once the record of its inverse is durable, both are
 * settled. Before that a crash must find what the change removed, or it would be nobody's. */
static void
compensated (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdTransaction *transaction = user_data;
  LvsdNode *node = transaction->node;
  g_autoptr (GError) error = NULL;

  if (lvsd_store_append_finish (node->store, result, &error))
    {
      lvsd_store_settle (node->store, transaction->change->sequence);
      lvsd_store_settle (node->store, transaction->inverse->sequence);
      node->generation = MAX (node->generation, transaction->inverse->sequence);
    }
  else
    {
      g_autofree char *reason = g_strdup_printf (
          _ ("undo incomplete: the store still holds a change that was refused: %s"),
          error->message);

      g_prefix_error (&transaction->error, "%s: ", _ ("undo incomplete"));
      lvsd_node_degrade (node, reason);
    }
  finish (transaction);
}

static void
compensate (LvsdTransaction *transaction)
{
  transaction->inverse = lvsd_change_invert (transaction->change);
  lvsd_store_append_async (transaction->node->store, transaction->inverse, compensated,
                           transaction);
}

static gboolean
finish_now (gpointer transaction)
{
  finish (transaction);
  return G_SOURCE_REMOVE;
}

/* A large change has taken a turn of the main loop to be put into the table. */
static void
finish_soon (LvsdTransaction *transaction)
{
  if (transaction->large)
    g_idle_add_full (G_PRIORITY_DEFAULT, finish_now, transaction, NULL);
  else
    finish (transaction);
}

static void
settle (LvsdTransaction *transaction)
{
  lvsd_store_settle (transaction->node->store, transaction->change->sequence);
  finish_soon (transaction);
}

static void
recovered (G_GNUC_UNUSED guint writes, G_GNUC_UNUSED const GError *error, gpointer user_data)
{
  settle (user_data);
}

/* As at the start: the store is the truth again, and the kernel is brought to it item by item. */
static void
recover (LvsdTransaction *transaction)
{
  LvsdNode *node = transaction->node;
  g_autoptr (GPtrArray) leftovers = g_ptr_array_new_with_free_func (lvsd_item_unref);

  for (guint i = 0; i < transaction->change->edits->len; i++)
    lvsd_restore_note_leftover (node, lvsd_change_edit (transaction->change, i), leftovers);
  lvsd_store_accept_damage (node->store);
  lvsd_node_recover (node);
  lvsd_repair_start_anew (node, leftovers, recovered, transaction);
}

static void
executed (const GError *error, gboolean undo_complete, gpointer user_data)
{
  LvsdTransaction *transaction = user_data;
  LvsdNode *node = transaction->node;

  if (error == NULL)
    {
      gboolean recovering = recovers (transaction);

      lvsd_node_committed (node, transaction->change);
      if (recovering)
        recover (transaction);
      else
        settle (transaction);
      return;
    }
  transaction->error = g_error_copy (error);
  if (!undo_complete)
    {
      g_prefix_error (&transaction->error, "%s: ", _ ("undo incomplete"));
      lvsd_node_degrade (node, transaction->error->message);
    }
  compensate (transaction);
}

static void
recorded (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdTransaction *transaction = user_data;

  if (!lvsd_store_append_finish (transaction->node->store, result, &transaction->error))
    finish (transaction);
  else
    lvsd_execution_run (transaction->node, g_steal_pointer (&transaction->plan), executed,
                        transaction);
}

static void
record (LvsdTransaction *transaction)
{
  lvsd_store_append_async (transaction->node->store, transaction->change, recorded, transaction);
}

static void
kept (GError *error, gpointer user_data)
{
  LvsdTransaction *transaction = user_data;

  transaction->error = error;
  if (error != NULL)
    finish (transaction);
  else
    record (transaction);
}

static gboolean
refuse_changed (const LvsdItem *item, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("%s %s: was changed in the kernel meanwhile, and adopting writes nothing there; "
                  "look at it and try again"),
               lvsd_item_class (lvsd_item_get_kind (item))->name, id);
  return FALSE;
}

/* What is adopted counts as ours already. The kernel must still hold it just so: a plan with a step
 * in it would write. */
static LvsdPlan *
plan_adoption (const LvsdChange *change, const LvsdActual *actual, GError **error)
{
  g_autoptr (LvsdChange) ours = lvsd_change_new ();
  g_autoptr (GArray) plan = NULL;

  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      lvsd_change_add (ours, edit->after != NULL ? edit->after : edit->before, edit->after);
    }
  plan = lvsd_plan_compute (ours, actual, error);
  if (plan != NULL && plan->len > 0
      && !refuse_changed (lvsd_step_subject (lvsd_plan_step (plan, 0)), error))
    return NULL;
  return g_steal_pointer (&plan);
}

static LvsdPlan *
rehearse_adoption (LvsdNode *node, LvsdChange *change, GError **error)
{
  g_autoptr (LvsdActual) actual = NULL;

  if (!lvsd_rules_check (change, node->table, error)
      || !lvsd_surroundings_plan_settings (node, change, error))
    return NULL;
  actual = lvsd_survey_at_once (node, change, error);
  return actual != NULL ? plan_adoption (change, actual, error) : NULL;
}

static void
check_use (LvsdNode *node, const LvsdChange *change, const LvsdActual *actual, GError **ret_in_use)
{
  if (lvsd_guard_check (change, node->table, actual, ret_in_use))
    lvsd_surroundings_check_use (change, ret_in_use);
}

static gboolean
check (LvsdTransaction *transaction, GError **error)
{
  LvsdNode *node = transaction->node;
  LvsdChange *change = transaction->change;

  if (transaction->rehearsed != NULL)
    return lvsd_rules_check (change, node->table, error);
  if (!lvsd_history_allows (node, change, error))
    return FALSE;
  if ((transaction->flags & LVSD_SUBMIT_ADOPT) != 0)
    transaction->plan = rehearse_adoption (node, change, error);
  else if (!recovers (transaction))
    return lvsd_rules_check (change, node->table, error);
  else if (lvsd_rules_check (change, node->table, error)
           && lvsd_surroundings_plan_settings (node, change, error))
    transaction->plan = lvsd_plan_new ();
  return transaction->plan != NULL;
}

static gboolean
look_around (LvsdTransaction *transaction, GError **error)
{
  LvsdNode *node = transaction->node;
  LvsdChange *change = transaction->change;

  return lvsd_surroundings_check (node, change, transaction->rehearsed == NULL, error)
         && lvsd_surroundings_plan_settings (node, change, error);
}

/* In slices: the stage comes again until all is read. */
static gboolean
read_kernel (LvsdTransaction *transaction, GError **error)
{
  if (transaction->survey == NULL)
    transaction->survey = lvsd_survey_new (transaction->node, transaction->change);
  if (!lvsd_survey_go_on (transaction->survey, &transaction->actual, error))
    return FALSE;
  if (transaction->actual == NULL)
    transaction->n_prepared--;
  return TRUE;
}

static gboolean
look_at_use (LvsdTransaction *transaction, G_GNUC_UNUSED GError **error)
{
  if ((transaction->flags & LVSD_SUBMIT_FORCE) == 0)
    check_use (transaction->node, transaction->change, transaction->actual, &transaction->in_use);
  return TRUE;
}

/* Everything that can refuse the change before anything is written, and then the plan is made. */
static gboolean (*const stages[]) (LvsdTransaction *transaction, GError **error) = {
  check,
  look_around,
  read_kernel,
  look_at_use,
};

static void
free_rehearsal (LvsdTransaction *transaction)
{
  transaction->rehearsed (transaction->in_use, transaction->error, transaction->user_data);
  if (transaction->large && transaction->plan != NULL)
    lvsd_discard (g_steal_pointer (&transaction->plan), (GDestroyNotify) g_array_unref);
  g_clear_pointer (&transaction->plan, g_array_unref);
  g_clear_error (&transaction->in_use);
  g_clear_error (&transaction->error);
  g_free (transaction);
}

static void
go_through_with (LvsdTransaction *transaction)
{
  LvsdNode *node = transaction->node;

  if (transaction->error == NULL)
    lvsd_holding_follow (node, transaction->change);
  if (transaction->error != NULL || transaction->change->edits->len == 0)
    finish (transaction);
  else if (lvsd_history_draft (transaction->change) != NULL
           && lvsd_store_is_writable (node->store, NULL))
    lvsd_history_prepare (node, transaction->change, kept, transaction);
  else
    record (transaction);
}

/* That things are in use is said only of what could be done else. */
static void
prepared (LvsdTransaction *transaction)
{
  g_clear_pointer (&transaction->survey, lvsd_survey_free);
  if (transaction->large && transaction->actual != NULL)
    lvsd_discard (g_steal_pointer (&transaction->actual), (GDestroyNotify) lvsd_actual_free);
  g_clear_pointer (&transaction->actual, lvsd_actual_free);
  if (transaction->rehearsed != NULL)
    {
      free_rehearsal (transaction);
      return;
    }
  if (transaction->error == NULL)
    transaction->error = g_steal_pointer (&transaction->in_use);
  g_clear_error (&transaction->in_use);
  go_through_with (transaction);
}

static void
compute_plan (gpointer data)
{
  LvsdTransaction *transaction = data;

  transaction->plan =
      lvsd_plan_compute (transaction->change, transaction->actual, &transaction->error);
}

static void
on_planned (gpointer data)
{
  prepared (data);
}

/* A plan comes of the change and of what was read alone, which nobody else changes. */
static void
make_plan (LvsdTransaction *transaction)
{
  if (transaction->large)
    {
      lvsd_work_start (compute_plan, on_planned, transaction);
      return;
    }
  compute_plan (transaction);
  prepared (transaction);
}

static gboolean
go_on (gpointer user_data)
{
  LvsdTransaction *transaction = user_data;
  gboolean ok = stages[transaction->n_prepared++](transaction, &transaction->error);

  if (!ok || transaction->plan != NULL)
    prepared (transaction);
  else if (transaction->n_prepared < G_N_ELEMENTS (stages))
    return G_SOURCE_CONTINUE;
  else
    make_plan (transaction);
  return G_SOURCE_REMOVE;
}

/* What it works on is locked meanwhile, so that others may work on the rest between two stages. */
static void
prepare (LvsdTransaction *transaction)
{
  if (transaction->large)
    g_idle_add_full (G_PRIORITY_DEFAULT, go_on, transaction, NULL);
  else
    while (go_on (transaction) == G_SOURCE_CONTINUE)
      ;
}

/* Nothing is locked: what somebody changes meanwhile may or may not be in the answer. */
void
lvsd_transaction_rehearse (LvsdNode *node,
                           LvsdChange *change,
                           LvsdRehearsalFunc rehearsed,
                           gpointer user_data)
{
  LvsdTransaction *transaction = g_new0 (LvsdTransaction, 1);

  transaction->node = node;
  transaction->change = change;
  transaction->large = lvsd_change_is_large (change);
  transaction->rehearsed = rehearsed;
  transaction->user_data = user_data;
  prepare (transaction);
}

void
lvsd_transaction_start (LvsdTransaction *transaction)
{
  LvsdNode *node = transaction->node;
  GHashTableIter iter;
  gpointer scope;

  g_hash_table_iter_init (&iter, transaction->scopes);
  while (g_hash_table_iter_next (&iter, &scope, NULL))
    g_hash_table_add (node->locks, g_strdup (scope));
  node->large += (guint) transaction->large;
  prepare (transaction);
}
