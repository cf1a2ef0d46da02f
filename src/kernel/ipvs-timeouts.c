/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-timeouts.h"

#include <linux/ip_vs.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#define MESSAGE_SIZE 64

static struct nl_msg *
new_message (guint8 command)
{
  struct nl_msg *message = nlmsg_alloc_size (MESSAGE_SIZE);

  if (message == NULL)
    g_error ("out of memory");
  genlmsg_put (message, 0, 0, 0, 0, 0, command, IPVS_GENL_VERSION);
  return message;
}

struct nl_msg *
lvsd_ipvs_timeouts_new_get (void)
{
  return new_message (IPVS_CMD_GET_CONFIG);
}

static void
put (struct nl_msg *message, int attribute, guint32 timeout)
{
  if (timeout != 0)
    nla_put_u32 (message, attribute, timeout);
}

struct nl_msg *
lvsd_ipvs_timeouts_new_set (const LvsdIpvsTimeouts *timeouts)
{
  struct nl_msg *message = new_message (IPVS_CMD_SET_CONFIG);

  put (message, IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts->tcp);
  put (message, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts->tcp_fin);
  put (message, IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts->udp);
  return message;
}

static guint32
read_seconds (const struct nlattr *attribute)
{
  return attribute != NULL ? nla_get_u32 (attribute) : 0;
}

/* Returns FALSE for anything that is not such a message. */
gboolean
lvsd_ipvs_timeouts_read_reply (struct nlmsghdr *message, LvsdIpvsTimeouts *ret_timeouts)
{
  static struct nla_policy policy[IPVS_CMD_ATTR_MAX + 1] = {
    [IPVS_CMD_ATTR_TIMEOUT_TCP] = { .type = NLA_U32 },
    [IPVS_CMD_ATTR_TIMEOUT_TCP_FIN] = { .type = NLA_U32 },
    [IPVS_CMD_ATTR_TIMEOUT_UDP] = { .type = NLA_U32 },
  };
  struct nlattr *attributes[IPVS_CMD_ATTR_MAX + 1];

  /* The kernel answers GET_CONFIG with SET_CONFIG. */
  if (!genlmsg_valid_hdr (message, 0) || genlmsg_hdr (message)->cmd != IPVS_CMD_SET_CONFIG
      || genlmsg_parse (message, 0, attributes, IPVS_CMD_ATTR_MAX, policy) < 0)
    return FALSE;
  ret_timeouts->tcp = read_seconds (attributes[IPVS_CMD_ATTR_TIMEOUT_TCP]);
  ret_timeouts->tcp_fin = read_seconds (attributes[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN]);
  ret_timeouts->udp = read_seconds (attributes[IPVS_CMD_ATTR_TIMEOUT_UDP]);
  return TRUE;
}
