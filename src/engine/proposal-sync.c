/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/proposal.h"
#include "kernel/ipvs-sync.h"
#include "model/adoption.h"
#include "model/error.h"

static void
propose_daemon (LvsdProposal *proposal, LvsdSyncDaemon *held)
{
  LvsdSyncDaemon *before =
      lvsd_table_find_sync (proposal->node->table, (LvsdSyncState) held->state);
  GError *reason = NULL;

  if (before != NULL && lvsd_sync_daemon_kernel_equal (before, held))
    return;
  if (lvsd_adoption_check ((LvsdItem *) held, &reason))
    lvsd_proposal_offer (proposal, before, held);
  else
    lvsd_proposal_leave (proposal, reason);
}

/* The daemons that the kernel runs, with the values in effect. One service or address has none. */
gboolean
lvsd_proposal_add_sync (LvsdProposal *proposal, GError **error)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  const GPtrArray *entries = lvsd_actual_entries (actual);
  g_autoptr (GError) local_error = NULL;

  if (proposal->only != NULL || proposal->scope->one)
    return TRUE;
  if (!lvsd_ipvs_sync_read (proposal->node->ipvs, actual, &local_error)
      && !g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  for (guint i = 0; i < entries->len; i++)
    propose_daemon (
        proposal,
        (LvsdSyncDaemon *) ((const LvsdActualEntry *) g_ptr_array_index (entries, i))->item);
  return TRUE;
}
