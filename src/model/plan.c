/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan.h"

#include <glib/gi18n-lib.h>

#include "adoption.h"
#include "error.h"

/* What stands on something comes after it when added and before it when removed; a weight goes up
 * before another goes down, so that a service always has a destination to send to. The kernel takes
 * no sync daemon while a destination is of another family than its service, nor such a destination
 * while one runs: so daemons are stopped before anything else is done, and started after it. */
enum
{
  PHASE_STOP_SYNC,
  PHASE_EARLY_SETTING,
  PHASE_SETTING,
  PHASE_NEW_RECEIVER,
  PHASE_NEW_ADDRESS,
  PHASE_NEW_SERVICE,
  PHASE_NEW_DESTINATION,
  PHASE_SET_ADDRESS,
  PHASE_SET_SERVICE,
  PHASE_RAISE_DESTINATION,
  PHASE_LOWER_DESTINATION,
  PHASE_DELETE_DESTINATION,
  PHASE_DELETE_SERVICE,
  PHASE_DELETE_ADDRESS,
  PHASE_DELETE_RECEIVER,
  PHASE_SETTING_BACK,
  PHASE_LATE_SETTING_BACK,
  PHASE_START_SYNC,
};

/* What the edits of a change say about one thing in the kernel. */
typedef struct
{
  LvsdItem *subject;     /* what it is about, and its key in the table of claims */
  LvsdItem *wanted;      /* as the kernel is to hold it; NULL: not at all */
  const LvsdItem *asker; /* of the edit that wanted is from */
  LvsdItem *ours;        /* what we have put there; NULL: nothing */
} Claim;

static void
clear_step (gpointer data)
{
  LvsdStep *step = data;

  g_clear_pointer (&step->item, lvsd_item_unref);
  g_clear_pointer (&step->held, lvsd_item_unref);
}

LvsdPlan *
lvsd_plan_new (void)
{
  LvsdPlan *plan = g_array_new (FALSE, FALSE, sizeof (LvsdStep));

  g_array_set_clear_func (plan, clear_step);
  return plan;
}

static void
add_step (LvsdPlan *plan, LvsdStepVerb verb, guint phase, LvsdItem *item, LvsdItem *held)
{
  LvsdStep step = { .verb = verb,
                    .phase = (guint8) phase,
                    .item = item != NULL ? lvsd_item_ref (item) : NULL,
                    .held = held != NULL ? lvsd_item_ref (held) : NULL };

  g_array_append_val (plan, step);
}

static void
free_claim (gpointer data)
{
  Claim *claim = data;

  g_clear_pointer (&claim->subject, lvsd_item_unref);
  g_clear_pointer (&claim->wanted, lvsd_item_unref);
  g_clear_pointer (&claim->ours, lvsd_item_unref);
  g_free (claim);
}

static Claim *
find_claim (GHashTable *claims, GPtrArray *order, LvsdItem *item)
{
  Claim *claim = g_hash_table_lookup (claims, item);

  if (claim != NULL)
    return claim;
  claim = g_new0 (Claim, 1);
  claim->subject = lvsd_item_ref (item);
  g_hash_table_insert (claims, item, claim);
  g_ptr_array_add (order, claim);
  return claim;
}

/* A key that moves from one name to another within a change is one claim: wanted and ours. What an
 * earlier edit of the change asked for is not in the kernel yet, so it is not ours there. */
static void
collect_edit (GHashTable *claims, GPtrArray *order, const LvsdEdit *edit)
{
  g_autoptr (LvsdItem) before = lvsd_item_to_kernel (edit->before);
  g_autoptr (LvsdItem) after = lvsd_item_to_kernel (edit->after);
  Claim *claim;

  if (before != NULL)
    {
      claim = find_claim (claims, order, before);
      if (claim->wanted != NULL && lvsd_item_identity_equal (claim->asker, edit->before))
        g_clear_pointer (&claim->wanted, lvsd_item_unref);
      else if (claim->ours == NULL)
        claim->ours = g_steal_pointer (&before);
    }
  if (after != NULL)
    {
      claim = find_claim (claims, order, after);
      g_clear_pointer (&claim->wanted, lvsd_item_unref);
      claim->wanted = g_steal_pointer (&after);
      claim->asker = edit->after;
    }
}

static const char *
kind_name (gconstpointer item)
{
  return lvsd_item_class (lvsd_item_get_kind (item))->name;
}

static gboolean
refuse_foreign (const LvsdItem *item, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);
  g_autofree char *command = lvsd_adoption_command (item);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("%s %s: the kernel already has one that lvsd did not put there; '%s' takes it "
                  "over"),
               kind_name (item), id, command);
  return FALSE;
}

static gboolean
holds_wanted (const LvsdItem *wanted, const LvsdItem *held)
{
  switch (lvsd_item_get_kind (wanted))
    {
    case LVSD_KIND_SERVICE:
      return lvsd_service_kernel_equal ((const LvsdService *) wanted, (const LvsdService *) held);
    case LVSD_KIND_DESTINATION:
      return lvsd_destination_kernel_equal ((const LvsdDestination *) wanted,
                                            (const LvsdDestination *) held);
    case LVSD_KIND_ADDRESS:
      return lvsd_virtual_address_kernel_equal ((const LvsdVirtualAddress *) wanted,
                                                (const LvsdVirtualAddress *) held);
    case LVSD_KIND_SYNC:
      return lvsd_sync_daemon_kernel_equal ((const LvsdSyncDaemon *) wanted,
                                            (const LvsdSyncDaemon *) held);
    case LVSD_KIND_REPLACED:
      return lvsd_setting_same_value (((const LvsdReplaced *) wanted)->name,
                                      ((const LvsdReplaced *) wanted)->written,
                                      ((const LvsdReplaced *) held)->written);
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

static guint
phase_of_new (const LvsdItem *item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return PHASE_NEW_SERVICE;
    case LVSD_KIND_DESTINATION:
      return PHASE_NEW_DESTINATION;
    case LVSD_KIND_SYNC:
      return PHASE_START_SYNC;
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
      return PHASE_NEW_ADDRESS;
    case LVSD_KIND_REPLACED:
      return PHASE_NEW_RECEIVER;
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

/* When IPv6 forwarding goes on, the kernel drops the default routes that it learned on interfaces
 * whose accept_ra is not 2 yet: addrconf_fixup_forwarding in net/ipv6/addrconf.c. */
static gboolean
is_early (const LvsdReplaced *replaced)
{
  return g_str_has_suffix (replaced->name, "/accept_ra");
}

static guint
phase_of_set (const LvsdItem *item, const LvsdItem *held)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return PHASE_SET_SERVICE;
    case LVSD_KIND_DESTINATION:
      return lvsd_destination_effective_weight ((const LvsdDestination *) item)
                     < lvsd_destination_effective_weight ((const LvsdDestination *) held)
                 ? PHASE_LOWER_DESTINATION
                 : PHASE_RAISE_DESTINATION;
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
      return PHASE_SET_ADDRESS;
    case LVSD_KIND_SYNC:
      return PHASE_START_SYNC;
    case LVSD_KIND_REPLACED:
      return is_early ((const LvsdReplaced *) item) ? PHASE_EARLY_SETTING : PHASE_SETTING;
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

static guint
phase_of_delete (const LvsdItem *held)
{
  switch (lvsd_item_get_kind (held))
    {
    case LVSD_KIND_SERVICE:
      return PHASE_DELETE_SERVICE;
    case LVSD_KIND_DESTINATION:
      return PHASE_DELETE_DESTINATION;
    case LVSD_KIND_SYNC:
      return PHASE_STOP_SYNC;
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
      return PHASE_DELETE_ADDRESS;
    case LVSD_KIND_REPLACED:
      return PHASE_DELETE_RECEIVER;
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

/* One that somebody else has written meanwhile is no longer ours to put back. */
static void
plan_setting_back (LvsdPlan *plan, const LvsdReplaced *ours, LvsdItem *held)
{
  g_autoptr (LvsdReplaced) back = NULL;

  if (!lvsd_setting_same_value (ours->name, ((LvsdReplaced *) held)->written, ours->written)
      || ours->previous[0] == '\0' || g_str_equal (ours->written, ours->previous))
    return;
  if (lvsd_replaced_is_our_addition (ours))
    {
      add_step (plan, LVSD_STEP_DELETE, phase_of_delete (held), NULL, held);
      return;
    }
  back = lvsd_replaced_new (ours->name, ours->written, ours->previous);
  add_step (plan, LVSD_STEP_SET, is_early (back) ? PHASE_LATE_SETTING_BACK : PHASE_SETTING_BACK,
            (LvsdItem *) back, held);
}

/* With a service its destinations would go too, so all of them have to be ours. */
static gboolean
check_only_ours (const LvsdService *service,
                 const LvsdActual *actual,
                 GHashTable *claims,
                 GError **error)
{
  const GPtrArray *destinations = lvsd_actual_destinations (actual, &service->identity->key);

  for (guint i = 0; destinations != NULL && i < destinations->len; i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (destinations, i);
      const Claim *claim = g_hash_table_lookup (claims, entry->item);
      g_autofree char *command = NULL;
      char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

      if (claim != NULL && claim->ours != NULL)
        continue;
      command = lvsd_adoption_command (entry->item);
      lvsd_endpoint_format (&((LvsdDestination *) entry->item)->endpoint, endpoint);
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                   _ ("service %s: holds destination %s, which lvsd did not put there and which "
                      "would be deleted with it; delete that one first, or take it over with '%s'"),
                   service->identity->name, endpoint, command);
      return FALSE;
    }
  return TRUE;
}

static gboolean
plan_removal (LvsdPlan *plan,
              const Claim *claim,
              LvsdItem *held,
              const LvsdActual *actual,
              GHashTable *claims,
              GError **error)
{
  if (held == NULL)
    return TRUE;
  if (lvsd_item_get_kind (claim->ours) == LVSD_KIND_REPLACED)
    {
      plan_setting_back (plan, (const LvsdReplaced *) claim->ours, held);
      return TRUE;
    }
  if (lvsd_item_get_kind (claim->ours) == LVSD_KIND_SERVICE
      && !check_only_ours ((const LvsdService *) claim->ours, actual, claims, error))
    return FALSE;
  add_step (plan, LVSD_STEP_DELETE, phase_of_delete (held), NULL, held);
  return TRUE;
}

static gboolean
plan_claim (LvsdPlan *plan,
            const Claim *claim,
            const LvsdActual *actual,
            GHashTable *claims,
            GError **error)
{
  const LvsdItem *subject = claim->subject;
  const LvsdActualEntry *entry = lvsd_actual_find (actual, subject);
  LvsdItem *held = entry != NULL ? entry->item : NULL;

  if (claim->wanted == NULL && claim->ours == NULL)
    return TRUE;
  if (claim->wanted == NULL)
    return plan_removal (plan, claim, held, actual, claims, error);
  if (held == NULL)
    {
      if (lvsd_item_get_kind (subject) != LVSD_KIND_REPLACED
          || lvsd_replaced_can_vanish ((const LvsdReplaced *) claim->wanted))
        add_step (plan, LVSD_STEP_NEW, phase_of_new (claim->wanted), claim->wanted, NULL);
      return TRUE;
    }
  if (claim->ours == NULL && lvsd_item_get_kind (subject) != LVSD_KIND_REPLACED)
    return refuse_foreign (claim->wanted, error);
  if (!holds_wanted (claim->wanted, held))
    add_step (plan, LVSD_STEP_SET, phase_of_set (claim->wanted, held), claim->wanted, held);
  return TRUE;
}

static int
compare_phases (gconstpointer a, gconstpointer b)
{
  return (int) ((const LvsdStep *) a)->phase - (int) ((const LvsdStep *) b)->phase;
}

LvsdPlan *
lvsd_plan_compute (const LvsdChange *change, const LvsdActual *actual, GError **error)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (free_claim);
  g_autoptr (GHashTable) claims = g_hash_table_new (lvsd_kernel_item_hash, lvsd_kernel_item_equal);
  g_autoptr (GArray) plan = lvsd_plan_new ();

  for (guint i = 0; i < change->edits->len; i++)
    collect_edit (claims, order, lvsd_change_edit (change, i));
  for (guint i = 0; i < order->len; i++)
    if (!plan_claim (plan, g_ptr_array_index (order, i), actual, claims, error))
      return NULL;
  g_array_sort (plan, compare_phases);
  return g_steal_pointer (&plan);
}

LvsdPlan *
lvsd_plan_undo (const LvsdPlan *plan, guint n)
{
  static const LvsdStepVerb inverse[] = {
    [LVSD_STEP_NEW] = LVSD_STEP_DELETE,
    [LVSD_STEP_SET] = LVSD_STEP_SET,
    [LVSD_STEP_DELETE] = LVSD_STEP_NEW,
  };
  LvsdPlan *undo = lvsd_plan_new ();

  for (guint i = n; i > 0; i--)
    {
      const LvsdStep *step = lvsd_plan_step (plan, i - 1);

      add_step (undo, inverse[step->verb], step->phase, step->held, step->item);
    }
  return undo;
}

/* Whether the step is one of those that have to be done before an address may be added. */
gboolean
lvsd_step_is_groundwork (const LvsdStep *step)
{
  return step->phase < PHASE_NEW_ADDRESS;
}
