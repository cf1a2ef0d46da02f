/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-sync.h"

#include <errno.h>

#include "ipvs-family.h"
#include "ipvs-message.h"
#include "ipvs-reply.h"
#include "refusal.h"

static int
send_one (LvsdIpvs *ipvs, LvsdStepVerb verb, const LvsdItem *item)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
  int failure;

  g_ptr_array_add (messages, lvsd_ipvs_message_new_step (verb, item));
  lvsd_ipvs_family_send (lvsd_ipvs_get_family (ipvs), messages, &failure);
  return failure;
}

static gboolean
has_gone (LvsdIpvs *ipvs, const LvsdItem *item)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();

  return lvsd_ipvs_sync_read (ipvs, actual, NULL) && lvsd_actual_find (actual, item) == NULL;
}

/* One that does not run need not be stopped. One that was started just now, and whose thread has
 * not run yet, is stopped without a word: kthread_stop says EINTR then, and that netlink_rcv_skb in
 * net/netlink/af_netlink.c does not pass on. */
static int
stop (LvsdIpvs *ipvs, const LvsdItem *item)
{
  int failure = send_one (ipvs, LVSD_STEP_DELETE, item);

  return failure == ESRCH || (failure == ETIMEDOUT && has_gone (ipvs, item)) ? 0 : failure;
}

/* Where the new one does not start, the old one runs again. */
static int
replace (LvsdIpvs *ipvs, const LvsdStep *step)
{
  int failure = stop (ipvs, step->held);
  int again;

  if (failure != 0)
    return failure;
  failure = send_one (ipvs, LVSD_STEP_NEW, step->item);
  if (failure == 0)
    return 0;
  again = send_one (ipvs, LVSD_STEP_NEW, step->held);
  if (again != 0)
    g_warning ("the sync daemon that was stopped does not start any more: %s", g_strerror (again));
  return failure;
}

/* Carries out a step on a sync daemon. The kernel cannot edit one, so SET stops it and starts it
 * anew; connections that change meanwhile are not told of.
 *
 * Errors: Conflict (one runs already, and so is not ours, or a destination is of another family
 * than its service), NotFound (no such interface), NotSupported, KernelUnavailable, KernelRefused.
 */
gboolean
lvsd_ipvs_sync_apply (LvsdIpvs *ipvs, const LvsdStep *step, GError **error)
{
  int failure = 0;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  switch (step->verb)
    {
    case LVSD_STEP_NEW:
      failure = send_one (ipvs, LVSD_STEP_NEW, step->item);
      break;
    case LVSD_STEP_SET:
      failure = replace (ipvs, step);
      break;
    case LVSD_STEP_DELETE:
      failure = stop (ipvs, step->held);
      break;
    }
  if (failure == 0)
    return TRUE;
  lvsd_refusal_set (error, step, failure);
  return FALSE;
}

/* Adds the sync daemons that run in this network namespace, whoever started them. Fails with
 * KernelUnavailable or KernelRefused. */
gboolean
lvsd_ipvs_sync_read (LvsdIpvs *ipvs, LvsdActual *into, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = lvsd_ipvs_message_new_get_daemons ();
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  failure = lvsd_ipvs_family_ask (lvsd_ipvs_get_family (ipvs), message, &replies);
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdSyncDaemon *daemon = lvsd_ipvs_reply_read_daemon (g_ptr_array_index (replies, i));

      if (daemon != NULL)
        lvsd_actual_add (into, daemon);
    }
  return TRUE;
}
