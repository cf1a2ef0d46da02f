/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/reconciliation.h"

#include <glib/gi18n-lib.h>

#include "engine/drift.h"
#include "engine/execution.h"
#include "engine/holding.h"
#include "engine/reception.h"
#include "engine/surroundings.h"
#include "engine/survey.h"
#include "engine/sync-links.h"
#include "engine/sync-prerequisites.h"
#include "model/error.h"

typedef struct
{
  LvsdNode *node;
  LvsdRepair repair;
  GHashTable *noted; /* items that are not simply applied; observers see each standing once */
  gboolean settings_hold;
} Reconciliation;

static gboolean
is_ipvs (gconstpointer item)
{
  LvsdKind kind = lvsd_item_get_kind (item);

  return kind == LVSD_KIND_SERVICE || kind == LVSD_KIND_DESTINATION || kind == LVSD_KIND_SYNC;
}

static void
note (Reconciliation *reconciliation, gpointer item, LvsdState state, const char *reason)
{
  lvsd_node_set_standing (reconciliation->node, item, state, reason);
  g_hash_table_add (reconciliation->noted, item);
}

static char *
find_obstacle_of_sync (LvsdNode *node, const LvsdSyncDaemon *daemon, GError **error)
{
  LvsdError code;
  char *obstacle = lvsd_sync_prerequisites_obstacle (node, daemon, &code, error);

  if (obstacle != NULL && code == LVSD_ERROR_NOT_FOUND)
    lvsd_sync_links_note_absent (node, daemon);
  return obstacle;
}

static char *
find_obstacle (LvsdNode *node, const LvsdItem *item, GError **error)
{
  LvsdError code;

  if (lvsd_item_get_kind (item) == LVSD_KIND_REPLACED)
    return lvsd_reception_obstacle (node, (const LvsdReplaced *) item, error);
  if (lvsd_item_get_kind (item) == LVSD_KIND_SYNC)
    return find_obstacle_of_sync (node, (const LvsdSyncDaemon *) item, error);
  if (lvsd_item_get_kind (item) == LVSD_KIND_ADDRESS && ((const LvsdVirtualAddress *) item)->up)
    return lvsd_surroundings_obstacle (node, (const LvsdVirtualAddress *) item, &code, error);
  return NULL;
}

/* TRUE when the item has to wait for something of the machine's, which is noted. */
static gboolean
waits (Reconciliation *reconciliation, LvsdItem *item)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *obstacle = find_obstacle (reconciliation->node, item, &error);

  if (error != NULL)
    note (reconciliation, item, LVSD_STATE_FAILED, error->message);
  else if (obstacle != NULL)
    note (reconciliation, item, LVSD_STATE_WAITING, obstacle);
  return error != NULL || obstacle != NULL;
}

static LvsdChange *
collect (Reconciliation *reconciliation,
         const GPtrArray *items,
         const GPtrArray *leftovers,
         gboolean with_ipvs)
{
  LvsdChange *change = lvsd_change_new ();

  for (guint i = 0; i < items->len; i++)
    {
      LvsdItem *item = g_ptr_array_index (items, i);

      if ((with_ipvs || !is_ipvs (item)) && !waits (reconciliation, item))
        lvsd_change_add (change, item, item);
    }
  for (guint i = 0; leftovers != NULL && i < leftovers->len; i++)
    {
      LvsdItem *item = g_ptr_array_index (leftovers, i);

      if (with_ipvs || !is_ipvs (item))
        lvsd_change_add (change, item, NULL);
    }
  return change;
}

/* One that is refused round after round is told once. */
static gboolean
is_known_refusal (const Reconciliation *reconciliation, gconstpointer item, const GError *error)
{
  const char *reason;

  return lvsd_node_standing (reconciliation->node, item, &reason) == LVSD_STATE_FAILED
         && g_strcmp0 (reason, error->message) == 0;
}

static void
note_refusal (const LvsdStep *step, const GError *error, gpointer user_data)
{
  Reconciliation *reconciliation = user_data;
  gpointer subject = lvsd_assessment_find_subject (reconciliation->node, step);

  if (subject == NULL || !is_known_refusal (reconciliation, subject, error))
    g_warning ("%s", error->message);
  if (lvsd_assessment_is_of_role (step))
    reconciliation->settings_hold = FALSE;
  g_hash_table_add (reconciliation->noted, lvsd_step_subject (step));
  if (subject != NULL)
    note (reconciliation, subject, LVSD_STATE_FAILED, error->message);
}

static void
note_drift (const Reconciliation *reconciliation, const LvsdStep *step)
{
  g_autoptr (LvsdItem) subject = lvsd_assessment_dup_subject (reconciliation->node, step);

  if (subject != NULL && !lvsd_assessment_was_refused (reconciliation->node, step))
    lvsd_drift_found (reconciliation->node, subject,
                      lvsd_assessment_drift (reconciliation->node, step), step->item, step->held);
}

/* Another program that keeps undoing it is not answered each time. */
static gboolean
is_due (Reconciliation *reconciliation, const LvsdStep *step)
{
  LvsdNode *node = reconciliation->node;
  g_autoptr (LvsdItem) subject = NULL;
  gpointer own;

  if (reconciliation->repair != LVSD_REPAIR_BY_POLICY)
    return TRUE;
  subject = lvsd_assessment_dup_subject (node, step);
  if (subject == NULL || lvsd_contention_allows (node->contention, subject))
    return TRUE;
  own = lvsd_assessment_find_subject (node, step);
  if (own != NULL)
    note (reconciliation, own,
          step->verb == LVSD_STEP_NEW ? LVSD_STATE_MISSING : LVSD_STATE_CHANGED,
          _ ("something keeps undoing what lvsd repairs; it is tried again later"));
  if (lvsd_assessment_is_of_role (step))
    reconciliation->settings_hold = FALSE;
  return FALSE;
}

/* Those of the steps that the kernel took. */
static void
note_repairs (const Reconciliation *reconciliation, const LvsdPlan *plan)
{
  LvsdNode *node = reconciliation->node;

  if (node->news == NULL)
    return; /* nobody has asked for any yet */
  for (guint i = 0; i < plan->len; i++)
    {
      const LvsdStep *step = lvsd_plan_step (plan, i);
      g_autoptr (LvsdItem) subject = lvsd_assessment_dup_subject (reconciliation->node, step);

      if (subject == NULL
          || g_hash_table_contains (reconciliation->noted, lvsd_step_subject (step)))
        continue;
      note_drift (reconciliation, step);
      lvsd_drift_repaired (node, subject, lvsd_assessment_drift (reconciliation->node, step),
                           step->item, step->held);
      if (reconciliation->repair == LVSD_REPAIR_BY_POLICY)
        lvsd_contention_note (node->contention, subject);
    }
}

static void
note_difference (Reconciliation *reconciliation, const LvsdStep *step)
{
  gpointer subject = lvsd_assessment_find_subject (reconciliation->node, step);

  if (lvsd_assessment_is_of_role (step))
    reconciliation->settings_hold = FALSE;
  if (subject == NULL || step->verb == LVSD_STEP_DELETE)
    return;
  if (lvsd_assessment_was_refused (reconciliation->node, step))
    g_hash_table_add (reconciliation->noted, subject);
  else if (step->verb == LVSD_STEP_NEW)
    note (reconciliation, subject, LVSD_STATE_MISSING, _ ("is not in the kernel"));
  else if (lvsd_assessment_is_deaf (step))
    note (reconciliation, subject, LVSD_STATE_MISSING,
          _ ("runs to no purpose: its interface has gone since it was started"));
  else
    note (reconciliation, subject, LVSD_STATE_CHANGED,
          _ ("differs in the kernel: somebody changed it by hand"));
}

/* Without its settings a role would tell the network that its address is here. */
static gboolean
is_safe (Reconciliation *reconciliation, const LvsdStep *step)
{
  gpointer subject = lvsd_assessment_find_subject (reconciliation->node, step);

  if (reconciliation->settings_hold || step->verb != LVSD_STEP_NEW || subject == NULL
      || lvsd_item_get_kind (subject) != LVSD_KIND_ROLE)
    return TRUE;
  note (reconciliation, subject, LVSD_STATE_MISSING,
        _ ("held back: the ARP settings that hide the address do not hold"));
  return FALSE;
}

/* Copies the steps that are wanted into a plan of their own, and notes the others. The groundwork
 * goes by itself, since what follows hangs on it. */
static LvsdPlan *
choose_steps (Reconciliation *reconciliation, const LvsdPlan *plan, gboolean groundwork)
{
  LvsdPlan *chosen = lvsd_plan_new ();

  for (guint i = 0; i < plan->len; i++)
    {
      LvsdStep step = *lvsd_plan_step (plan, i);

      if (lvsd_step_is_groundwork (&step) != groundwork)
        continue;
      if (!lvsd_assessment_is_wanted (reconciliation->node, &step, reconciliation->repair))
        {
          note_difference (reconciliation, &step);
          note_drift (reconciliation, &step);
          continue;
        }
      if (!is_safe (reconciliation, &step) || !is_due (reconciliation, &step))
        {
          note_drift (reconciliation, &step);
          continue;
        }
      if (step.item != NULL)
        lvsd_item_ref (step.item);
      if (step.held != NULL)
        lvsd_item_ref (step.held);
      g_array_append_val (chosen, step);
    }
  return chosen;
}

static void
log_steps (const LvsdPlan *plan)
{
  static const char *const verbs[] = { "added", "set", "deleted" };

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;
  for (guint i = 0; i < plan->len; i++)
    {
      const LvsdStep *step = lvsd_plan_step (plan, i);
      g_autofree char *id = lvsd_item_dup_id (lvsd_step_subject (step));

      g_debug ("reconcile: %s %s %s", verbs[step->verb],
               lvsd_item_class (lvsd_item_get_kind (lvsd_step_subject (step)))->name, id);
    }
}

static void
note_missing_settings (Reconciliation *reconciliation,
                       const LvsdChange *change,
                       const LvsdActual *actual)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after != NULL && lvsd_assessment_is_setting (after)
          && lvsd_actual_find (actual, after) == NULL)
        note (reconciliation, after, LVSD_STATE_MISSING, lvsd_reason_setting_missing ());
    }
}

static void
note_applied (Reconciliation *reconciliation, const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after == NULL || g_hash_table_contains (reconciliation->noted, after))
        continue;
      lvsd_node_set_standing (reconciliation->node, after, LVSD_STATE_APPLIED, NULL);
      lvsd_drift_settled (reconciliation->node, after);
    }
}

/* A leftover service into which somebody put destinations stays, rather than keep the rest back. */
static LvsdPlan *
compute (LvsdChange *change, const LvsdActual *actual)
{
  g_autoptr (GError) error = NULL;
  LvsdPlan *plan = lvsd_plan_compute (change, actual, &error);

  if (plan != NULL)
    return plan;
  g_warning ("%s", error->message);
  for (guint i = change->edits->len; i > 0; i--)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i - 1);

      if (edit->after == NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_SERVICE)
        g_array_remove_index (change->edits, i - 1);
    }
  return lvsd_plan_compute (change, actual, NULL);
}

static gboolean
wants_ipvs (const LvsdNode *node)
{
  return lvsd_table_count (node->table, LVSD_KIND_SERVICE) > 0
         || lvsd_table_count (node->table, LVSD_KIND_SYNC) > 0;
}

/* Reading addresses alone says nothing of IPVS. */
static gboolean
asks_ipvs (const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (is_ipvs (edit->after != NULL ? edit->after : edit->before))
        return TRUE;
    }
  return FALSE;
}

static LvsdActual *
read_kernel (LvsdNode *node, const LvsdChange *change, gboolean *ret_has_ipvs)
{
  g_autoptr (GError) error = NULL;
  LvsdActual *actual = lvsd_survey_at_once (node, change, &error);

  *ret_has_ipvs = !g_error_matches (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE);
  if (actual == NULL && *ret_has_ipvs)
    g_warning ("%s", error->message);
  if (!*ret_has_ipvs)
    lvsd_node_set_kernel_problem (node, error->message);
  else if (actual != NULL && (asks_ipvs (change) || !wants_ipvs (node)))
    lvsd_node_set_kernel_problem (node, NULL);
  return actual;
}

static void
note_extra_of (const Reconciliation *reconciliation,
               const LvsdService *service,
               const LvsdActual *actual)
{
  LvsdNode *node = reconciliation->node;
  const GPtrArray *held = lvsd_actual_destinations (actual, &service->identity->key);

  lvsd_drift_settle_extra (node, service->identity, actual);
  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      LvsdItem *item = ((const LvsdActualEntry *) g_ptr_array_index (held, i))->item;
      g_autoptr (LvsdDestination) named = NULL;

      if (lvsd_table_find (node->table, item) != NULL)
        continue;
      named = lvsd_destination_new (service->identity, &((LvsdDestination *) item)->endpoint);
      lvsd_drift_found (node, named, LVSD_DRIFT_EXTRA, NULL, item);
    }
}

static void
note_extra (const Reconciliation *reconciliation,
            const LvsdChange *change,
            const LvsdActual *actual)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after != NULL && lvsd_item_get_kind (after) == LVSD_KIND_SERVICE)
        note_extra_of (reconciliation, (const LvsdService *) after, actual);
    }
}

static void
add_extra (const Reconciliation *reconciliation,
           const LvsdService *service,
           const LvsdActual *actual,
           LvsdChange *change)
{
  const GPtrArray *held = lvsd_actual_destinations (actual, &service->identity->key);

  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      LvsdItem *item = ((const LvsdActualEntry *) g_ptr_array_index (held, i))->item;

      if (lvsd_table_find (reconciliation->node->table, item) == NULL)
        lvsd_change_add (change, item, NULL);
    }
}

/* Where the policy says so, what somebody put into a service of ours goes as if it were ours. */
static void
claim_extra (const Reconciliation *reconciliation, LvsdChange *change, const LvsdActual *actual)
{
  guint n_edits = change->edits->len;

  if (!reconciliation->node->policy.repairs[LVSD_DRIFT_EXTRA])
    return;
  for (guint i = 0; i < n_edits; i++)
    {
      const LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after != NULL && lvsd_item_get_kind (after) == LVSD_KIND_SERVICE
          && !lvsd_holding_covers (reconciliation->node, after))
        add_extra (reconciliation, (const LvsdService *) after, actual, change);
    }
}

static guint
repair (Reconciliation *reconciliation, LvsdChange *change, const LvsdActual *actual)
{
  g_autoptr (GArray) plan = NULL;
  guint writes = 0;

  note_extra (reconciliation, change, actual);
  claim_extra (reconciliation, change, actual);
  plan = compute (change, actual);
  if (plan == NULL)
    return 0;
  for (int groundwork = TRUE; groundwork >= FALSE; groundwork--)
    {
      g_autoptr (GArray) chosen = choose_steps (reconciliation, plan, groundwork);

      log_steps (chosen);
      lvsd_execution_try_all (reconciliation->node, chosen, note_refusal, reconciliation);
      note_repairs (reconciliation, chosen);
      writes += chosen->len;
    }
  note_missing_settings (reconciliation, change, actual);
  note_applied (reconciliation, change);
  return writes;
}

/* is_void: that the kernel holds nothing of this has just been seen. */
static guint
reconcile (LvsdNode *node,
           const GPtrArray *items,
           const GPtrArray *leftovers,
           gboolean is_void,
           LvsdRepair extent)
{
  g_autoptr (GHashTable) noted = g_hash_table_new (NULL, NULL);
  Reconciliation reconciliation = {
    .node = node, .repair = extent, .noted = noted, .settings_hold = TRUE
  };
  g_autoptr (LvsdChange) change = collect (&reconciliation, items, leftovers, TRUE);
  g_autoptr (LvsdActual) actual = NULL;
  gboolean has_ipvs = TRUE;

  actual = is_void ? lvsd_actual_new () : read_kernel (node, change, &has_ipvs);
  if (!has_ipvs)
    {
      g_clear_pointer (&change, lvsd_change_free);
      change = collect (&reconciliation, items, leftovers, FALSE);
      actual = lvsd_survey_at_once (node, change, NULL);
    }
  return actual != NULL ? repair (&reconciliation, change, actual) : 0;
}

guint
lvsd_reconcile (LvsdNode *node,
                const GPtrArray *items,
                const GPtrArray *leftovers,
                LvsdRepair extent)
{
  return reconcile (node, items, leftovers, FALSE, extent);
}

guint
lvsd_reconcile_services (LvsdNode *node,
                         const GPtrArray *services,
                         const LvsdAgreement *agreement,
                         LvsdRepair extent)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (guint i = 0; i < services->len; i++)
    {
      LvsdService *service = g_ptr_array_index (services, i);

      if (lvsd_agreement_holds (agreement, service))
        continue;
      g_ptr_array_add (items, service);
      g_ptr_array_extend (items, lvsd_table_destinations (node->table, service->identity), NULL,
                          NULL);
    }
  if (items->len == 0)
    return 0;
  return reconcile (node, items, NULL, lvsd_agreement_is_void (agreement), extent);
}
