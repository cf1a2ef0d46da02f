/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-family.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/ip_vs.h>

#include "model/error.h"

struct _LvsdIpvsFamily
{
  LvsdNetlink *netlink;
  guint16 number; /* 0: not known */
};

/* Opens nothing yet. */
LvsdIpvsFamily *
lvsd_ipvs_family_new (void)
{
  LvsdIpvsFamily *family = g_new0 (LvsdIpvsFamily, 1);

  family->netlink = lvsd_netlink_new (NETLINK_GENERIC);
  return family;
}

void
lvsd_ipvs_family_free (LvsdIpvsFamily *family)
{
  lvsd_netlink_free (family->netlink);
  g_free (family);
}

static int
resolve (LvsdIpvsFamily *family)
{
  return lvsd_netlink_resolve (family->netlink, IPVS_GENL_NAME, &family->number);
}

/* failure: the errno of resolving it, or ENOPROTOOPT once it has gone. */
void
lvsd_ipvs_family_set_unavailable (int failure, GError **error)
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
lvsd_ipvs_family_connect (LvsdIpvsFamily *family, GError **error)
{
  int failure = family->number == 0 ? resolve (family) : 0;

  if (failure == 0)
    return TRUE;
  lvsd_ipvs_family_set_unavailable (failure, error);
  return FALSE;
}

/* A family that is gone answers ENOENT, one that took over the number EOPNOTSUPP. ENOENT has other
 * meanings, so it is looked up whether the number is still right. TRUE: it was not, and is now; or
 * there is none any more, and family->number is 0. */
static gboolean
was_stale (LvsdIpvsFamily *family, const int *failures, guint n)
{
  guint16 before = family->number;

  for (guint i = 0; i < n; i++)
    if (failures[i] == ENOENT || failures[i] == EOPNOTSUPP)
      {
        resolve (family);
        return family->number != before;
      }
  return FALSE;
}

static void
send_once (LvsdIpvsFamily *family, GPtrArray *messages, int *ret_failures)
{
  for (guint i = 0; i < messages->len; i++)
    nlmsg_hdr (g_ptr_array_index (messages, i))->nlmsg_type = family->number;
  lvsd_netlink_exchange (family->netlink, (struct nl_msg **) messages->pdata, messages->len,
                         ret_failures, NULL);
}

/* Each of ret_failures becomes 0 or a positive errno; ENOPROTOOPT: IPVS has left the kernel. */
void
lvsd_ipvs_family_send (LvsdIpvsFamily *family, GPtrArray *messages, int *ret_failures)
{
  send_once (family, messages, ret_failures);
  if (!was_stale (family, ret_failures, messages->len))
    return;
  if (family->number != 0)
    send_once (family, messages, ret_failures);
  else
    for (guint i = 0; i < messages->len; i++)
      ret_failures[i] = ENOPROTOOPT;
}

/* One question, or one dump. Returns 0 or a positive errno, ENOPROTOOPT when IPVS has left the
 * kernel. ret_replies: of struct nlmsghdr, to be unreferenced; untouched on failure. */
int
lvsd_ipvs_family_ask (LvsdIpvsFamily *family, struct nl_msg *message, GPtrArray **ret_replies)
{
  int failure;

  nlmsg_hdr (message)->nlmsg_type = family->number;
  failure = lvsd_netlink_ask (family->netlink, message, ret_replies);
  if (!was_stale (family, &failure, 1))
    return failure;
  if (family->number == 0)
    return ENOPROTOOPT;
  nlmsg_hdr (message)->nlmsg_type = family->number;
  return lvsd_netlink_ask (family->netlink, message, ret_replies);
}

/* One dump, as lvsd_netlink_dump; ENOPROTOOPT when IPVS has left the kernel. */
int
lvsd_ipvs_family_dump (LvsdIpvsFamily *family,
                       struct nl_msg *message,
                       LvsdReplyFunc take,
                       gpointer user_data)
{
  int failure;

  nlmsg_hdr (message)->nlmsg_type = family->number;
  failure = lvsd_netlink_dump (family->netlink, message, take, user_data);
  if (!was_stale (family, &failure, 1))
    return failure;
  if (family->number == 0)
    return ENOPROTOOPT;
  nlmsg_hdr (message)->nlmsg_type = family->number;
  return lvsd_netlink_dump (family->netlink, message, take, user_data);
}

/* One dump a part at a time, as lvsd_netlink_begin_dump. */
int
lvsd_ipvs_family_begin_dump (LvsdIpvsFamily *family, struct nl_msg *message, LvsdExchange *exchange)
{
  nlmsg_hdr (message)->nlmsg_type = family->number;
  return lvsd_netlink_begin_dump (family->netlink, message, exchange);
}

int
lvsd_ipvs_family_go_on (LvsdIpvsFamily *family, LvsdExchange *exchange)
{
  return lvsd_netlink_go_on (family->netlink, exchange);
}
