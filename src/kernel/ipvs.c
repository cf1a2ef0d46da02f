/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "ipvs-message.h"
#include "ipvs-reply.h"
#include "model/destination.h"
#include "model/error.h"
#include "model/service.h"
#include "netlink.h"
#include "refusal.h"

struct _LvsdIpvs
{
  LvsdNetlink *netlink;
  guint16 family; /* the number of the family IPVS; 0: not known */
};

/* Opens nothing yet. */
LvsdIpvs *
lvsd_ipvs_new (void)
{
  LvsdIpvs *ipvs = g_new0 (LvsdIpvs, 1);

  ipvs->netlink = lvsd_netlink_new (NETLINK_GENERIC);
  return ipvs;
}

void
lvsd_ipvs_free (LvsdIpvs *ipvs)
{
  lvsd_netlink_free (ipvs->netlink);
  g_free (ipvs);
}

/* The family's number. It is given out when the module is loaded, anew each time. */

static void
read_family (LvsdIpvs *ipvs, GPtrArray *replies)
{
  static struct nla_policy policy[CTRL_ATTR_FAMILY_ID + 1] = {
    [CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
  };
  struct nlattr *attributes[CTRL_ATTR_FAMILY_ID + 1];

  for (guint i = 0; i < replies->len; i++)
    {
      struct nlmsghdr *reply = g_ptr_array_index (replies, i);

      if (genlmsg_parse (reply, 0, attributes, CTRL_ATTR_FAMILY_ID, policy) >= 0
          && attributes[CTRL_ATTR_FAMILY_ID] != NULL)
        ipvs->family = nla_get_u16 (attributes[CTRL_ATTR_FAMILY_ID]);
    }
}

/* Returns 0 or a positive errno, ENOENT when there is no such family. */
static int
resolve_family (LvsdIpvs *ipvs)
{
  g_autoptr (LvsdNetlinkMessage) message = nlmsg_alloc_size (64);
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  genlmsg_put (message, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1);
  nla_put_string (message, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME);
  ipvs->family = 0;
  failure = lvsd_netlink_ask (ipvs->netlink, message, &replies);
  if (failure != 0)
    return failure;
  read_family (ipvs, replies);
  return ipvs->family != 0 ? 0 : ENOENT;
}

static void
set_unavailable (int failure, GError **error)
{
  if (failure == ENOENT || failure == ENOPROTOOPT || failure == EPROTONOSUPPORT)
    g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE,
                         _ ("IPVS is not available in this kernel; load it with 'modprobe ip_vs'"));
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE,
                 _ ("IPVS: the kernel's netlink cannot be reached: %s (error %d)"),
                 g_strerror (failure), failure);
}

/* Finds out whether the kernel has IPVS, unless that is known. Every other function does so by
 * itself. A kernel whose ip_vs names the family as an alias loads it when asked. Fails with
 * KernelUnavailable. */
gboolean
lvsd_ipvs_connect (LvsdIpvs *ipvs, GError **error)
{
  int failure = ipvs->family == 0 ? resolve_family (ipvs) : 0;

  if (failure == 0)
    return TRUE;
  set_unavailable (failure, error);
  return FALSE;
}

/* A family that is gone answers ENOENT, one that took over the number EOPNOTSUPP. ENOENT has other
 * meanings, so it is looked up whether the number is still right. TRUE: it was not, and is now; or
 * there is none any more, and ipvs->family is 0. */
static gboolean
family_was_stale (LvsdIpvs *ipvs, const int *failures, guint n)
{
  guint16 before = ipvs->family;

  for (guint i = 0; i < n; i++)
    if (failures[i] == ENOENT || failures[i] == EOPNOTSUPP)
      {
        resolve_family (ipvs);
        return ipvs->family != before;
      }
  return FALSE;
}

static void
exchange_once (LvsdIpvs *ipvs, GPtrArray *messages, int *ret_failures)
{
  for (guint i = 0; i < messages->len; i++)
    nlmsg_hdr (g_ptr_array_index (messages, i))->nlmsg_type = ipvs->family;
  lvsd_netlink_exchange (ipvs->netlink, (struct nl_msg **) messages->pdata, messages->len,
                         ret_failures, NULL);
}

/* Each of ret_failures becomes 0 or a positive errno; ENOPROTOOPT: IPVS has left the kernel. */
static void
exchange (LvsdIpvs *ipvs, GPtrArray *messages, int *ret_failures)
{
  exchange_once (ipvs, messages, ret_failures);
  if (!family_was_stale (ipvs, ret_failures, messages->len))
    return;
  if (ipvs->family != 0)
    exchange_once (ipvs, messages, ret_failures);
  else
    for (guint i = 0; i < messages->len; i++)
      ret_failures[i] = ENOPROTOOPT;
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
  exchange (ipvs, messages, again);
  for (guint i = 0; i < n; i++)
    if (has_vanished (&steps[i], failures[i]))
      failures[i] = again[next++];
}

static void
apply_batch (LvsdIpvs *ipvs, const LvsdStep *steps, guint n, int *ret_failures)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_full (n, (GDestroyNotify) nlmsg_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (messages,
                     lvsd_ipvs_message_new_step (steps[i].verb, lvsd_step_subject (&steps[i])));
  exchange (ipvs, messages, ret_failures);
  for (guint i = 0; i < n; i++)
    if (steps[i].verb == LVSD_STEP_DELETE && is_gone (ret_failures[i]))
      ret_failures[i] = 0;
  put_back_vanished (ipvs, steps, n, ret_failures);
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
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
  int failure;

  g_ptr_array_add (messages, lvsd_ipvs_message_new_probe (service->scheduler, service->engine));
  exchange (ipvs, messages, &failure);
  if (failure == 0)
    {
      g_ptr_array_set_size (messages, 0);
      g_ptr_array_add (messages, lvsd_ipvs_message_new_probe_removal ());
      exchange (ipvs, messages, &failure);
    }
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

/* Reading. */

static gboolean
ask (LvsdIpvs *ipvs, struct nl_msg *message, GPtrArray **ret_replies, int *ret_failure)
{
  nlmsg_hdr (message)->nlmsg_type = ipvs->family;
  *ret_failure = lvsd_netlink_ask (ipvs->netlink, message, ret_replies);
  if (family_was_stale (ipvs, ret_failure, 1))
    {
      *ret_failure = ENOPROTOOPT;
      if (ipvs->family != 0)
        {
          nlmsg_hdr (message)->nlmsg_type = ipvs->family;
          *ret_failure = lvsd_netlink_ask (ipvs->netlink, message, ret_replies);
        }
    }
  return *ret_failure == 0;
}

static void
set_unreadable (int failure, GError **error)
{
  if (failure == EPERM)
    lvsd_refusal_set_capability (error);
  else if (failure == ENOPROTOOPT)
    set_unavailable (failure, error);
  else if (failure == EINTR)
    g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                         _ ("IPVS: the services change faster than they can be read; try again"));
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("IPVS: the kernel does not show its services: %s (error %d)"),
                 g_strerror (failure), failure);
}

static gboolean
read_destinations (LvsdIpvs *ipvs, LvsdServiceIdentity *identity, LvsdActual *into, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = lvsd_ipvs_message_new_get_destinations (&identity->key);
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!ask (ipvs, message, &replies, &failure))
    {
      set_unreadable (failure, error);
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

/* The service of one reply, with its destinations. What lvsd has no words for, such as a protocol
 * above 255, is passed over: it is not ours, and must not keep the rest from being seen. */
static gboolean
add_service (LvsdIpvs *ipvs, struct nlmsghdr *reply, LvsdActual *into, GError **error)
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
  if (!read_destinations (ipvs, identity, into, error))
    return FALSE;
  entry->connections = sum_connections (into, &identity->key);
  return TRUE;
}

static gboolean
read_services (LvsdIpvs *ipvs, struct nl_msg *question, LvsdActual *into, GError **error)
{
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  if (!ask (ipvs, question, &replies, &failure))
    {
      if (failure == ESRCH)
        return TRUE; /* no such service */
      set_unreadable (failure, error);
      return FALSE;
    }
  for (guint i = 0; i < replies->len; i++)
    if (!add_service (ipvs, g_ptr_array_index (replies, i), into, error))
      return FALSE;
  return TRUE;
}

/* Adds the service of this key and its destinations, with their numbers, to into; nothing when the
 * kernel has none. Fails with KernelUnavailable or KernelRefused; into may then hold a part. */
gboolean
lvsd_ipvs_read_service (LvsdIpvs *ipvs, const LvsdServiceKey *key, LvsdActual *into, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = lvsd_ipvs_message_new_get_service (key);

  return read_services (ipvs, message, into, error);
}

/* Adds every service and destination of this network namespace, whoever put it there: one dump, and
 * one more for each service. The kernel marks no change between two parts of a dump, so under
 * changes one may be missing: ask for it alone before concluding that it is gone. Fails as above.
 */
gboolean
lvsd_ipvs_read_all (LvsdIpvs *ipvs, LvsdActual *into, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = lvsd_ipvs_message_new_get_services ();

  return read_services (ipvs, message, into, error);
}
