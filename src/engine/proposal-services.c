/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/proposal.h"
#include "model/adoption.h"

/* A copy of what the kernel holds, which has no name there, with one. */
static LvsdService *
name_service (const LvsdService *held, LvsdServiceIdentity *identity)
{
  LvsdService *service = lvsd_item_copy (held);

  lvsd_service_identity_unref (service->identity);
  service->identity = lvsd_service_identity_ref (identity);
  return service;
}

static LvsdDestination *
name_destination (const LvsdDestination *held, LvsdServiceIdentity *identity)
{
  LvsdDestination *destination = lvsd_item_copy (held);

  lvsd_service_identity_unref (destination->identity);
  destination->identity = lvsd_service_identity_ref (identity);
  return destination;
}

static gboolean
is_in_scope (const LvsdProposal *proposal, const LvsdServiceKey *key)
{
  return proposal->only == NULL || lvsd_service_key_equal (proposal->only, key);
}

static gboolean
take_checked (LvsdProposal *proposal, gpointer before, gpointer after)
{
  GError *reason = NULL;

  if (lvsd_adoption_check (after, &reason))
    {
      lvsd_proposal_take (proposal, before, after);
      return TRUE;
    }
  lvsd_proposal_leave (proposal, reason);
  return FALSE;
}

/* Returns the identity that the service has now, or NULL where it is left to whoever made it. */
static LvsdServiceIdentity *
propose_service (LvsdProposal *proposal, const LvsdService *held)
{
  const LvsdServiceKey *key = &held->identity->key;
  LvsdService *before = lvsd_table_find_service_by_key (proposal->node->table, key);
  g_autofree char *name = lvsd_service_key_derive_name (key);
  g_autoptr (LvsdServiceIdentity) identity = before != NULL
                                                 ? lvsd_service_identity_ref (before->identity)
                                                 : lvsd_service_identity_new (name, key);
  g_autoptr (LvsdService) after = name_service (held, identity);

  if (before != NULL && lvsd_service_kernel_equal (before, held))
    return g_steal_pointer (&identity);
  if (!take_checked (proposal, before, after) && before == NULL)
    return NULL;
  return g_steal_pointer (&identity);
}

/* A weight that was set for now stays one where it is the weight that the kernel has. */
static void
keep_override (const LvsdDestination *before, LvsdDestination *after)
{
  if (lvsd_destination_effective_weight (before) != after->weight)
    return;
  after->weight = before->weight;
  after->runtime = lvsd_override_copy (before->runtime);
}

static void
propose_destination (LvsdProposal *proposal,
                     const LvsdDestination *held,
                     LvsdServiceIdentity *identity)
{
  g_autoptr (LvsdDestination) after = name_destination (held, identity);
  LvsdDestination *before = lvsd_table_find (proposal->node->table, held);

  if (before != NULL && lvsd_destination_kernel_equal (before, held))
    return;
  if (before != NULL)
    keep_override (before, after);
  take_checked (proposal, before, after);
}

static void
propose_destinations (LvsdProposal *proposal, LvsdServiceIdentity *identity)
{
  const GPtrArray *held = lvsd_actual_destinations (proposal->actual, &identity->key);

  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (held, i);

      propose_destination (proposal, (const LvsdDestination *) entry->item, identity);
    }
}

/* Services that are not lvsd's, with their destinations; destinations that somebody put into a
 * service of lvsd's; and what somebody changed by hand, which becomes what is wanted. */
gboolean
lvsd_proposal_add_services (LvsdProposal *proposal, G_GNUC_UNUSED GError **error)
{
  const GPtrArray *entries = lvsd_actual_entries (proposal->actual);

  for (guint i = 0; i < entries->len; i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (entries, i);
      const LvsdService *held = (const LvsdService *) entry->item;
      g_autoptr (LvsdServiceIdentity) identity = NULL;

      if (lvsd_item_get_kind (held) != LVSD_KIND_SERVICE
          || !is_in_scope (proposal, &held->identity->key))
        continue;
      identity = propose_service (proposal, held);
      if (identity != NULL)
        propose_destinations (proposal, identity);
    }
  return TRUE;
}
