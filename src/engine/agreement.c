/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/agreement.h"

#include "engine/drift.h"
#include "kernel/ipvs-comparison.h"

/* A look that finds nothing ends what earlier ones have found. */
static gboolean
is_noted (LvsdNode *node, const LvsdService *service, const GPtrArray *destinations)
{
  if (lvsd_drift_is_known (node))
    return TRUE;
  if (lvsd_node_standing (node, service, NULL) != LVSD_STATE_APPLIED)
    return TRUE;
  for (guint i = 0; i < destinations->len; i++)
    if (lvsd_node_standing (node, g_ptr_array_index (destinations, i), NULL) != LVSD_STATE_APPLIED)
      return TRUE;
  return FALSE;
}

gboolean
lvsd_agreement_holds (LvsdNode *node, const LvsdService *service, const LvsdActual *heads)
{
  const GPtrArray *destinations = lvsd_table_destinations (node->table, service->identity);
  const LvsdActualEntry *head = lvsd_actual_find (heads, service);
  gboolean same;

  return head != NULL && lvsd_service_kernel_equal (service, (const LvsdService *) head->item)
         && !is_noted (node, service, destinations)
         && lvsd_ipvs_compare_destinations (node->ipvs, service->identity, destinations, &same,
                                            NULL)
         && same;
}
