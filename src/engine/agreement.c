/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/agreement.h"

#include "engine/drift.h"
#include "kernel/ipvs-comparison.h"

struct _LvsdAgreement
{
  LvsdNode *node;
  GPtrArray *services; /* references, so that no later one is taken for one of them */
  GHashTable *same;    /* the same, as a set */
  guint held;          /* by the kernel */
};

LvsdAgreement *
lvsd_agreement_new (LvsdNode *node, GError **error)
{
  g_autoptr (LvsdAgreement) agreement = g_new0 (LvsdAgreement, 1);

  agreement->node = node;
  agreement->services = g_ptr_array_new_with_free_func (lvsd_item_unref);
  agreement->same = g_hash_table_new (NULL, NULL);
  if (!lvsd_ipvs_compare_services (node->ipvs, node->table, agreement->services, &agreement->held,
                                   error))
    return NULL;
  for (guint i = 0; i < agreement->services->len; i++)
    g_hash_table_add (agreement->same, g_ptr_array_index (agreement->services, i));
  lvsd_node_set_kernel_problem (node, NULL);
  return g_steal_pointer (&agreement);
}

void
lvsd_agreement_free (LvsdAgreement *agreement)
{
  g_hash_table_unref (agreement->same);
  g_ptr_array_unref (agreement->services);
  g_free (agreement);
}

gboolean
lvsd_agreement_is_void (const LvsdAgreement *agreement)
{
  return agreement->held == 0;
}

GPtrArray *
lvsd_agreement_services (const LvsdAgreement *agreement)
{
  return agreement->services;
}

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
lvsd_agreement_has (const LvsdAgreement *agreement, const LvsdService *service)
{
  return g_hash_table_contains (agreement->same, service);
}

gboolean
lvsd_agreement_holds (const LvsdAgreement *agreement, const LvsdService *service)
{
  LvsdNode *node = agreement->node;
  const GPtrArray *destinations = lvsd_table_destinations (node->table, service->identity);
  gboolean same;

  return g_hash_table_contains (agreement->same, service) && !is_noted (node, service, destinations)
         && lvsd_ipvs_compare_destinations (node->ipvs, service->identity, destinations, &same,
                                            NULL)
         && same;
}
