/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gue-port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/fou.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "model/error.h"
#include "refusal.h"

#define MESSAGE_SIZE 128

/* Nothing in the kernel loads this module by itself: it has no alias (net/ipv4/fou.c). */
static gboolean
refuse_unavailable (guint16 port, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
               _ ("tunnel-port %u: the kernel takes no GUE as long as its module is not loaded: "
                  "'modprobe fou' now, and a line 'fou' in /etc/modules-load.d/fou.conf for every "
                  "boot"),
               port);
  return FALSE;
}

static gboolean
refuse (int failure, guint16 port, GError **error)
{
  if (failure == EPERM)
    lvsd_refusal_set_capability (error);
  else if (failure == EACCES)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("tunnel-port %u: one below 1024 needs CAP_NET_BIND_SERVICE, which lvsd.service "
                    "does not give; take another one on all directors, or see lvsd(8)"),
                 port);
  else if (failure == ENOENT)
    refuse_unavailable (port, error);
  else if (failure == EADDRINUSE || failure == EALREADY)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                 _ ("tunnel-port %u: another program has this UDP port; see 'ss -ulpn' and 'ip fou "
                    "show'"),
                 port);
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("tunnel-port %u: the kernel refused it: %s (error %d)"), port,
                 g_strerror (failure), failure);
  return FALSE;
}

/* Returns 0 or a positive errno; ENOENT: the module is not there. */
static int
new_message (LvsdNetlink *netlink, guint8 command, guint16 flags, struct nl_msg **ret_message)
{
  guint16 number;
  int failure = lvsd_netlink_resolve (netlink, FOU_GENL_NAME, &number);

  if (failure != 0)
    return failure;
  *ret_message = nlmsg_alloc_size (MESSAGE_SIZE);
  if (*ret_message == NULL)
    g_error ("out of memory");
  genlmsg_put (*ret_message, 0, 0, number, 0, flags, command, FOU_GENL_VERSION);
  return 0;
}

static gboolean
describes (struct nlmsghdr *reply, int family, guint16 port)
{
  static struct nla_policy policy[FOU_ATTR_TYPE + 1] = {
    [FOU_ATTR_PORT] = { .type = NLA_U16 },
    [FOU_ATTR_AF] = { .type = NLA_U8 },
    [FOU_ATTR_TYPE] = { .type = NLA_U8 },
  };
  struct nlattr *attributes[FOU_ATTR_TYPE + 1];

  return genlmsg_parse (reply, 0, attributes, FOU_ATTR_TYPE, policy) >= 0
         && attributes[FOU_ATTR_PORT] != NULL && attributes[FOU_ATTR_AF] != NULL
         && attributes[FOU_ATTR_TYPE] != NULL
         && nla_get_u16 (attributes[FOU_ATTR_PORT]) == htons (port)
         && nla_get_u8 (attributes[FOU_ATTR_AF]) == family
         && nla_get_u8 (attributes[FOU_ATTR_TYPE]) == FOU_ENCAP_GUE;
}

/* Whether the kernel could take GUE at all. Fails with NotSupported or KernelRefused. */
gboolean
lvsd_gue_port_check (LvsdNetlink *netlink, guint16 port, GError **error)
{
  guint16 number;
  int failure = lvsd_netlink_resolve (netlink, FOU_GENL_NAME, &number);

  return failure == 0 || refuse (failure, port, error);
}

/* family: AF_INET or AF_INET6, of the packets that come in. Without the module none is open. */
gboolean
lvsd_gue_port_is_open (LvsdNetlink *netlink,
                       int family,
                       guint16 port,
                       gboolean *ret_open,
                       GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = NULL;
  g_autoptr (GPtrArray) replies = NULL;
  int failure = new_message (netlink, FOU_CMD_GET, NLM_F_DUMP, &message);

  *ret_open = FALSE;
  if (failure == ENOENT)
    return TRUE;
  if (failure == 0)
    failure = lvsd_netlink_ask (netlink, message, &replies);
  if (failure != 0)
    return refuse (failure, port, error);
  for (guint i = 0; i < replies->len; i++)
    *ret_open |= describes (g_ptr_array_index (replies, i), family, port);
  return TRUE;
}

static int
send_command (LvsdNetlink *netlink, guint8 command, int family, guint16 port)
{
  g_autoptr (LvsdNetlinkMessage) message = NULL;
  int failure = new_message (netlink, command, 0, &message);

  if (failure != 0)
    return failure;
  nla_put_u16 (message, FOU_ATTR_PORT, htons (port));
  nla_put_u8 (message, FOU_ATTR_AF, (guint8) family);
  nla_put_u8 (message, FOU_ATTR_TYPE, FOU_ENCAP_GUE);
  lvsd_netlink_exchange (netlink, &message, 1, &failure, NULL);
  return failure;
}

/* Fails with Conflict where the port is taken, NotSupported without the module, or KernelRefused.
 */
gboolean
lvsd_gue_port_open (LvsdNetlink *netlink, int family, guint16 port, GError **error)
{
  int failure = send_command (netlink, FOU_CMD_ADD, family, port);

  return failure == 0 || refuse (failure, port, error);
}

/* One that is closed already counts as done: the kernel answers EINVAL (fou_destroy). */
gboolean
lvsd_gue_port_close (LvsdNetlink *netlink, int family, guint16 port, GError **error)
{
  int failure = send_command (netlink, FOU_CMD_DEL, family, port);

  return failure == 0 || failure == EINVAL || failure == ENOENT || refuse (failure, port, error);
}
