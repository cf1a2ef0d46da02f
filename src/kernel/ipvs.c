/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "ipvs-family.h"
#include "ipvs-message.h"
#include "ipvs-reply.h"
#include "ipvs-timeouts.h"
#include "ipvs-scheduler.h"
#include "model/destination.h"
#include "model/error.h"
#include "model/service.h"
#include "refusal.h"

struct _LvsdIpvs
{
  LvsdIpvsFamily *family;
  guint8 known_tunnels; /* of LvsdTunnel, as bits: seen to be kept by the kernel */
};

/* Opens nothing yet. */
LvsdIpvs *
lvsd_ipvs_new (void)
{
  LvsdIpvs *ipvs = g_new0 (LvsdIpvs, 1);

  ipvs->family = lvsd_ipvs_family_new ();
  return ipvs;
}

void
lvsd_ipvs_free (LvsdIpvs *ipvs)
{
  lvsd_ipvs_family_free (ipvs->family);
  g_free (ipvs);
}

LvsdIpvsFamily *
lvsd_ipvs_get_family (LvsdIpvs *ipvs)
{
  return ipvs->family;
}

/* Finds out whether the kernel has IPVS, unless that is known. Every other function does so by
 * itself. A kernel whose ip_vs names the family as an alias loads it when asked. Fails with
 * KernelUnavailable. */
gboolean
lvsd_ipvs_connect (LvsdIpvs *ipvs, GError **error)
{
  return lvsd_ipvs_family_connect (ipvs->family, error);
}

/* Writing. */

static gboolean
is_gone (int failure)
{
  return failure == ENOENT || failure == ESRCH;
}

/* Whether the thing that a SET is about has vanished behind our back. ENOENT from SET_SERVICE is
 * about the scheduler's name. */
static gboolean
has_vanished (const LvsdStep *step, int failure)
{
  if (step->verb != LVSD_STEP_SET)
    return FALSE;
  return failure == ESRCH
         || (failure == ENOENT && lvsd_item_get_kind (step->item) == LVSD_KIND_DESTINATION);
}

/* Sends again, as NEW and in their order, those of the steps that edit what is not there. */
static void
put_back_vanished (LvsdIpvs *ipvs, const LvsdStep *steps, guint n, int *failures)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
  int again[LVSD_NETLINK_BATCH];
  guint next = 0;

  for (guint i = 0; i < n; i++)
    if (has_vanished (&steps[i], failures[i]))
      g_ptr_array_add (messages, lvsd_ipvs_message_new_step (LVSD_STEP_NEW, steps[i].item));
  if (messages->len == 0)
    return;
  lvsd_ipvs_family_send (ipvs->family, messages, again);
  for (guint i = 0; i < n; i++)
    if (has_vanished (&steps[i], failures[i]))
      failures[i] = again[next++];
}

static gboolean
asks_for_new_tunnel (const LvsdIpvs *ipvs, const LvsdStep *step)
{
  const LvsdDestination *destination = (const LvsdDestination *) step->item;

  return step->verb != LVSD_STEP_DELETE && lvsd_item_get_kind (destination) == LVSD_KIND_DESTINATION
         && destination->method == LVSD_METHOD_TUNNEL && destination->tunnel != LVSD_TUNNEL_IPIP
         && (ipvs->known_tunnels & (1 << destination->tunnel)) == 0;
}

static void
take_back (LvsdIpvs *ipvs, const LvsdStep *step)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
  int failure;

  g_ptr_array_add (messages, step->verb == LVSD_STEP_NEW
                                 ? lvsd_ipvs_message_new_step (LVSD_STEP_DELETE, step->item)
                                 : lvsd_ipvs_message_new_step (LVSD_STEP_SET, step->held));
  lvsd_ipvs_family_send (ipvs->family, messages, &failure);
}

/* A kernel from before a kind of tunnel takes a destination of it and sends plain ipip instead, so
 * the first of each kind is looked at. Returns 0 or EOPNOTSUPP. */
static int
verify_tunnel (LvsdIpvs *ipvs, const LvsdStep *step)
{
  const LvsdDestination *destination = (const LvsdDestination *) step->item;
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  const LvsdActualEntry *entry;

  if (!lvsd_ipvs_read_service (ipvs, &destination->identity->key, actual, NULL)
      || (entry = lvsd_actual_find (actual, destination)) == NULL)
    return 0;
  if (((const LvsdDestination *) entry->item)->tunnel == destination->tunnel)
    {
      ipvs->known_tunnels |= (guint8) (1 << destination->tunnel);
      return 0;
    }
  take_back (ipvs, step);
  return EOPNOTSUPP;
}

static void
apply_batch (LvsdIpvs *ipvs, const LvsdStep *steps, guint n, int *ret_failures)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_full (n, (GDestroyNotify) nlmsg_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (messages,
                     lvsd_ipvs_message_new_step (steps[i].verb, lvsd_step_subject (&steps[i])));
  lvsd_ipvs_family_send (ipvs->family, messages, ret_failures);
  for (guint i = 0; i < n; i++)
    if (steps[i].verb == LVSD_STEP_DELETE && is_gone (ret_failures[i]))
      ret_failures[i] = 0;
  put_back_vanished (ipvs, steps, n, ret_failures);
  for (guint i = 0; i < n; i++)
    if (ret_failures[i] == 0 && asks_for_new_tunnel (ipvs, &steps[i]))
      ret_failures[i] = verify_tunnel (ipvs, &steps[i]);
}

static gboolean
adds_service (const LvsdStep *step)
{
  return step->verb == LVSD_STEP_NEW && lvsd_item_get_kind (step->item) == LVSD_KIND_SERVICE;
}

/* A batch ends where new services do: when one of them turns out to exist already, and so to be
 * somebody else's, its new destinations must not be sent along, since the kernel would take them.
 */
static guint
batch_length (const LvsdStep *steps, guint n)
{
  guint length = 1;

  while (length < n && length < LVSD_NETLINK_BATCH
         && (!adds_service (&steps[length - 1]) || adds_service (&steps[length])))
    length++;
  return length;
}

static gboolean
names_scheduler (const LvsdStep *step)
{
  const LvsdService *service = (const LvsdService *) step->item;
  const LvsdService *held = (const LvsdService *) step->held;

  if (step->verb == LVSD_STEP_DELETE || lvsd_item_get_kind (step->item) != LVSD_KIND_SERVICE)
    return FALSE;
  return step->verb == LVSD_STEP_NEW || !g_str_equal (service->scheduler, held->scheduler)
         || !g_str_equal (service->engine, held->engine);
}

/* Only ENOENT says no. Anything else, such as EAFNOSUPPORT from an IPVS without IPv6, leaves the
 * answer to the step itself: the kernel looks the name up there too, before it lets go of the
 * service's old scheduler. */
static gboolean
probe_names (LvsdIpvs *ipvs, const LvsdStep *step, GError **error)
{
  const LvsdService *service = (const LvsdService *) step->item;
  int failure = lvsd_ipvs_probe (ipvs, service->scheduler, service->engine);

  if (failure != ENOENT && failure != ENOPROTOOPT && failure != EPERM)
    return TRUE;
  lvsd_refusal_set (error, step, failure);
  return FALSE;
}

/* The most likely refusal of all, found before anything is touched. */
static gboolean
check_names (LvsdIpvs *ipvs, const LvsdStep *steps, guint n, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < n; i++)
    {
      const LvsdService *service = (const LvsdService *) steps[i].item;

      if (names_scheduler (&steps[i])
          && g_hash_table_add (known,
                               g_strdup_printf ("%s %s", service->scheduler, service->engine))
          && !probe_names (ipvs, &steps[i], error))
        return FALSE;
    }
  return TRUE;
}

/* Returns FALSE and sets the error from the first that failed. */
static gboolean
check_results (const LvsdStep *steps, guint n, const int *failures, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (failures[i] != 0)
      {
        lvsd_refusal_set (error, &steps[i], failures[i]);
        return FALSE;
      }
  return TRUE;
}

/* Carries out steps on services and destinations, in order, up to 128 to a system call.
 *
 * Returns how many were attempted: the first so many, since after a batch in which one failed none
 * is sent any more. Within a batch the kernel goes on after a failure, so what was done is told by
 * ret_errnos (of n_steps): 0 where it was done, the kernel's positive errno where not, ECANCELED
 * where it was not attempted, and ENOBUFS or ETIMEDOUT where the answer was lost and the step may
 * have been done or not: read that again before undoing. error is set exactly when one of them is
 * not 0, from the first step that failed.
 *
 * Deleting what is gone already counts as done. A SET of what has vanished is done as NEW; what
 * else stood in a service that vanished is not put back. Unknown schedulers and persistence engines
 * are refused before the first step.
 *
 * Errors: Conflict (there already, and so not ours), NotFound (the service has vanished under its
 * destination), InvalidArgument and NotSupported (naming item and field), KernelUnavailable,
 * KernelRefused. */
guint
lvsd_ipvs_apply (LvsdIpvs *ipvs,
                 const LvsdStep *steps,
                 guint n_steps,
                 int *ret_errnos,
                 GError **error)
{
  guint done = 0;

  for (guint i = 0; i < n_steps; i++)
    ret_errnos[i] = ECANCELED;
  if (n_steps == 0 || !lvsd_ipvs_connect (ipvs, error)
      || !check_names (ipvs, steps, n_steps, error))
    return 0;
  while (done < n_steps)
    {
      guint length = batch_length (steps + done, n_steps - done);

      apply_batch (ipvs, steps + done, length, ret_errnos + done);
      done += length;
      if (!check_results (steps + done - length, length, ret_errnos + done - length, error))
        break;
    }
  return done;
}

/* What a batch of ZERO came to; a service that is gone has nothing to count. */
static gboolean
count_zeroed (const int *failures, guint n, guint *zeroed, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (failures[i] != 0 && failures[i] != ESRCH)
      {
        lvsd_refusal_set_unreadable (failures[i], error);
        return FALSE;
      }
    else
      *zeroed += failures[i] == 0;
  return TRUE;
}

/* Sets the counters of services, of LvsdServiceIdentity, and of their destinations to 0, but for
 * those that the kernel does not hold. ret_zeroed becomes how many it were. Fails with
 * KernelUnavailable or KernelRefused. */
gboolean
lvsd_ipvs_zero (LvsdIpvs *ipvs, const GPtrArray *identities, guint *ret_zeroed, GError **error)
{
  *ret_zeroed = 0;
  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  for (guint done = 0; done < identities->len; done += LVSD_NETLINK_BATCH)
    {
      g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
      guint n = MIN (LVSD_NETLINK_BATCH, identities->len - done);
      int failures[LVSD_NETLINK_BATCH];

      for (guint i = 0; i < n; i++)
        {
          const LvsdServiceIdentity *identity = g_ptr_array_index (identities, done + i);

          g_ptr_array_add (messages, lvsd_ipvs_message_new_zero (&identity->key));
        }
      lvsd_ipvs_family_send (ipvs->family, messages, failures);
      if (!count_zeroed (failures, n, ret_zeroed, error))
        return FALSE;
    }
  return TRUE;
}

/* Reading. */

/* Adds the destinations of one service; none where the kernel does not have that. Fails with
 * KernelUnavailable or KernelRefused. */
gboolean
lvsd_ipvs_read_destinations (LvsdIpvs *ipvs,
                             LvsdServiceIdentity *identity,
                             LvsdActual *into,
                             GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = NULL;
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  message = lvsd_ipvs_message_new_get_destinations (&identity->key);
  failure = lvsd_ipvs_family_ask (ipvs->family, message, &replies);
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdActualEntry read;
      LvsdActualEntry *entry;

      if (!lvsd_ipvs_reply_read_destination (g_ptr_array_index (replies, i), identity, &read))
        continue;
      entry = lvsd_actual_add (into, read.item);
      entry->counters = read.counters;
      entry->connections = read.connections;
    }
  return TRUE;
}

static LvsdConnections
sum_connections (const LvsdActual *actual, const LvsdServiceKey *key)
{
  const GPtrArray *destinations = lvsd_actual_destinations (actual, key);
  LvsdConnections sum = { 0 };

  for (guint i = 0; destinations != NULL && i < destinations->len; i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (destinations, i);

      sum.active += entry->connections.active;
      sum.inactive += entry->connections.inactive;
      sum.persistent += entry->connections.persistent;
    }
  return sum;
}

/* What lvsd has no words for, such as a protocol above 255, is passed over: it is not ours, and
 * must not keep the rest from being seen. */
static gboolean
add_service (LvsdIpvs *ipvs,
             struct nlmsghdr *reply,
             gboolean heads,
             LvsdActual *into,
             GError **error)
{
  LvsdActualEntry read;
  LvsdActualEntry *entry;
  LvsdServiceIdentity *identity;

  if (!lvsd_ipvs_reply_read_service (reply, &read))
    {
      g_debug ("passing over a service that the kernel describes in an unknown way");
      return TRUE;
    }
  entry = lvsd_actual_add (into, read.item);
  identity = ((LvsdService *) entry->item)->identity;
  entry->counters = read.counters;
  if (heads)
    return TRUE;
  if (!lvsd_ipvs_read_destinations (ipvs, identity, into, error))
    return FALSE;
  entry->connections = sum_connections (into, &identity->key);
  return TRUE;
}

/* The service of this key, or all of them where it is NULL; heads: without their destinations. */
static gboolean
read_services (LvsdIpvs *ipvs,
               const LvsdServiceKey *key,
               gboolean heads,
               LvsdActual *into,
               GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = NULL;
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  question =
      key != NULL ? lvsd_ipvs_message_new_get_service (key) : lvsd_ipvs_message_new_get_services ();
  failure = lvsd_ipvs_family_ask (ipvs->family, question, &replies);
  if (failure == ESRCH)
    return TRUE; /* no such service */
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  for (guint i = 0; i < replies->len; i++)
    if (!add_service (ipvs, g_ptr_array_index (replies, i), heads, into, error))
      return FALSE;
  return TRUE;
}

/* Adds the service of this key, or every one where it is NULL, without destinations and so without
 * the sum of their connections. Fails as below. */
gboolean
lvsd_ipvs_read_heads (LvsdIpvs *ipvs, const LvsdServiceKey *key, LvsdActual *into, GError **error)
{
  return read_services (ipvs, key, TRUE, into, error);
}

/* Adds the service of this key and its destinations, with their numbers, to into; nothing when the
 * kernel has none. Fails with KernelUnavailable or KernelRefused; into may then hold a part. */
gboolean
lvsd_ipvs_read_service (LvsdIpvs *ipvs, const LvsdServiceKey *key, LvsdActual *into, GError **error)
{
  return read_services (ipvs, key, FALSE, into, error);
}

/* Adds every service and destination of this network namespace, whoever put it there: one dump, and
 * one more for each service. The kernel marks no change between two parts of a dump, so under
 * changes one may be missing: ask for it alone before concluding that it is gone. Fails as above.
 */
gboolean
lvsd_ipvs_read_all (LvsdIpvs *ipvs, LvsdActual *into, GError **error)
{
  return read_services (ipvs, NULL, FALSE, into, error);
}

/* The connection timeouts. */

/* Fails with KernelUnavailable or KernelRefused. */
gboolean
lvsd_ipvs_read_timeouts (LvsdIpvs *ipvs, LvsdIpvsTimeouts *ret_timeouts, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = lvsd_ipvs_timeouts_new_get ();
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  failure = lvsd_ipvs_family_ask (ipvs->family, message, &replies);
  if (failure == 0 && replies->len > 0
      && lvsd_ipvs_timeouts_read_reply (g_ptr_array_index (replies, 0), ret_timeouts))
    return TRUE;
  lvsd_refusal_set_unreadable (failure != 0 ? failure : EBADMSG, error);
  return FALSE;
}

/* Fails with KernelUnavailable, KernelRefused, or InvalidArgument where one is too long. */
gboolean
lvsd_ipvs_write_timeouts (LvsdIpvs *ipvs, const LvsdIpvsTimeouts *timeouts, GError **error)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  g_ptr_array_add (messages, lvsd_ipvs_timeouts_new_set (timeouts));
  lvsd_ipvs_family_send (ipvs->family, messages, &failure);
  if (failure == EPERM)
    lvsd_refusal_set_capability (error);
  else if (failure == ENOPROTOOPT)
    lvsd_ipvs_family_set_unavailable (failure, error);
  else if (failure != 0)
    g_set_error (error, LVSD_ERROR,
                 failure == EINVAL ? LVSD_ERROR_INVALID_ARGUMENT : LVSD_ERROR_KERNEL_REFUSED,
                 _ ("timeouts: the kernel does not take them: %s (error %d)"), g_strerror (failure),
                 failure);
  return failure == 0;
}
