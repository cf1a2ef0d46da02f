/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/assessment.h"

#include "engine/holding.h"
#include "model/receiver.h"

gboolean
lvsd_assessment_is_setting (gconstpointer item)
{
  return lvsd_item_get_kind (item) == LVSD_KIND_REPLACED && !lvsd_replaced_can_vanish (item);
}

gboolean
lvsd_assessment_is_of_role (const LvsdStep *step)
{
  const LvsdItem *item = lvsd_step_subject (step);

  return lvsd_assessment_is_setting (item)
         && !lvsd_setting_is_managed (((const LvsdReplaced *) item)->name);
}

static gboolean
is_place_of_roles (const char *interface)
{
  return g_str_equal (interface, "lo") || lvsd_receiver_of_device (interface) != NULL;
}

/* The kernel holds a role's address on lo or a tunnel's device, where somebody may have declared a
 * virtual address as well; everything else is found by its own identity. */
gpointer
lvsd_assessment_find_subject (LvsdNode *node, const LvsdStep *step)
{
  const LvsdVirtualAddress *address = (const LvsdVirtualAddress *) lvsd_step_subject (step);
  LvsdItem *found = lvsd_table_find (node->table, (const LvsdItem *) address);

  if (lvsd_item_get_kind (address) != LVSD_KIND_ADDRESS || !is_place_of_roles (address->interface)
      || (found != NULL && lvsd_kernel_item_equal (found, address)))
    return found;
  return lvsd_table_find_role (node->table, &address->address);
}

gpointer
lvsd_assessment_dup_subject (LvsdNode *node, const LvsdStep *step)
{
  gpointer subject = lvsd_assessment_find_subject (node, step);
  const LvsdDestination *extra = (const LvsdDestination *) lvsd_step_subject (step);
  const LvsdService *service;

  if (subject != NULL)
    return lvsd_item_ref (subject);
  if (lvsd_item_get_kind (extra) != LVSD_KIND_DESTINATION)
    return NULL;
  service = lvsd_table_find_service_by_key (node->table, &extra->identity->key);
  return service != NULL ? lvsd_destination_new (service->identity, &extra->endpoint) : NULL;
}

/* A setting whose module or interface was gone comes back with the kernel's own value; an address
 * that its interface took along when it was renamed comes back with a label of the kernel's making
 * (inetdev_changename). */
static gboolean
has_come_back (LvsdNode *node, const LvsdStep *step)
{
  const LvsdItem *item = lvsd_step_subject (step);
  const LvsdItem *subject;

  if (lvsd_assessment_is_setting (item))
    return lvsd_node_standing (node, item, NULL) == LVSD_STATE_MISSING;
  if (lvsd_item_get_kind (item) != LVSD_KIND_ADDRESS)
    return FALSE;
  subject = lvsd_assessment_find_subject (node, step);
  return subject != NULL && lvsd_node_standing (node, subject, NULL) == LVSD_STATE_WAITING;
}

gboolean
lvsd_assessment_is_deaf (const LvsdStep *step)
{
  return step->verb == LVSD_STEP_SET && lvsd_item_get_kind (step->held) == LVSD_KIND_SYNC
         && ((const LvsdSyncDaemon *) step->held)->deaf;
}

/* Addresses, and what roles need besides their settings, are put on interfaces. */
static gboolean
is_on_interface (const LvsdItem *item)
{
  LvsdKind kind = lvsd_item_get_kind (item);

  return kind == LVSD_KIND_ADDRESS
         || (kind == LVSD_KIND_REPLACED && !lvsd_assessment_is_setting (item));
}

LvsdDrift
lvsd_assessment_drift (LvsdNode *node, const LvsdStep *step)
{
  if (step->verb == LVSD_STEP_DELETE)
    return LVSD_DRIFT_EXTRA;
  if (step->verb == LVSD_STEP_SET)
    return has_come_back (node, step) || lvsd_assessment_is_deaf (step) ? LVSD_DRIFT_MISSING
                                                                        : LVSD_DRIFT_CHANGED;
  return is_on_interface (step->item) ? LVSD_DRIFT_ADDRESS : LVSD_DRIFT_MISSING;
}

/* What an unsettled change has taken away goes in any case; of extra destinations those that are
 * held were not claimed. */
static gboolean
is_held (const LvsdNode *node, const LvsdStep *step)
{
  return step->verb != LVSD_STEP_DELETE && lvsd_holding_covers (node, lvsd_step_subject (step));
}

gboolean
lvsd_assessment_is_wanted (LvsdNode *node, const LvsdStep *step, LvsdRepair extent)
{
  LvsdDrift drift = lvsd_assessment_drift (node, step);

  switch (extent)
    {
    case LVSD_REPAIR_ALL:
      return TRUE;
    case LVSD_REPAIR_UNHELD:
      return !is_held (node, step);
    case LVSD_REPAIR_BY_POLICY:
      return node->policy.repairs[drift] && !is_held (node, step);
    case LVSD_REPAIR_MISSING:
      return drift == LVSD_DRIFT_MISSING || drift == LVSD_DRIFT_ADDRESS;
    case LVSD_REPAIR_NOTHING:
      return FALSE;
    }
  g_assert_not_reached ();
}

gboolean
lvsd_assessment_was_refused (LvsdNode *node, const LvsdStep *step)
{
  const LvsdItem *item = lvsd_step_subject (step);

  return lvsd_item_get_kind (item) == LVSD_KIND_REPLACED
         && lvsd_node_standing (node, item, NULL) == LVSD_STATE_FAILED;
}
