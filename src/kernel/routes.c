/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "routes.h"

#include <glib/gi18n-lib.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <string.h>

#include "model/error.h"
#include "refusal.h"

#define ROOM_FOR_METRICS 64

/* The flags of a next hop that a request may carry; the others tell of its state, and the kernel
 * refuses them (fib_create_info). */
#define NEXT_HOP_FLAGS RTNH_F_ONLINK

void
lvsd_default_route_clear (LvsdDefaultRoute *route)
{
  g_clear_pointer (&route->message, g_free);
}

static guint32
get_number (struct nlattr *attribute)
{
  return attribute != NULL && nla_len (attribute) >= (int) sizeof (guint32)
             ? nla_get_u32 (attribute)
             : 0;
}

gboolean
lvsd_routes_parse_default (struct nlmsghdr *message,
                           LvsdDefaultRoute *ret_route,
                           guint32 *ret_metric)
{
  const struct rtmsg *header = nlmsg_data (message);
  struct nlattr *attributes[RTA_TABLE + 1];
  struct nlattr *metrics[RTAX_ADVMSS + 1] = { NULL };
  guint32 table;

  if (message->nlmsg_type != RTM_NEWROUTE
      || nlmsg_parse (message, sizeof *header, attributes, RTA_TABLE, NULL) < 0)
    return FALSE;
  table = attributes[RTA_TABLE] != NULL ? get_number (attributes[RTA_TABLE]) : header->rtm_table;
  if (table != RT_TABLE_MAIN || header->rtm_dst_len != 0 || header->rtm_type != RTN_UNICAST
      || (header->rtm_flags & RTM_F_CLONED) != 0)
    return FALSE;
  if (attributes[RTA_METRICS] != NULL)
    nla_parse_nested (metrics, RTAX_ADVMSS, attributes[RTA_METRICS], NULL);
  *ret_route = (LvsdDefaultRoute){ .message = message,
                                   .advmss = get_number (metrics[RTAX_ADVMSS]),
                                   .advertised = header->rtm_protocol == RTPROT_RA };
  *ret_metric = get_number (attributes[RTA_PRIORITY]);
  return TRUE;
}

static GPtrArray *
ask (LvsdNetlink *netlink, int family, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = nlmsg_alloc_simple (RTM_GETROUTE, NLM_F_DUMP);
  struct rtmsg header = { .rtm_family = (guint8) family };
  GPtrArray *replies = NULL;
  int failure;

  nlmsg_append (question, &header, sizeof header, NLMSG_ALIGNTO);
  failure = lvsd_netlink_ask (netlink, question, &replies);
  if (failure != 0)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("routes: the kernel does not show them: %s (error %d)"), g_strerror (failure),
                 failure);
  return replies;
}

static gboolean
has_gateway (struct nlmsghdr *message)
{
  struct nlattr *attributes[RTA_VIA + 1];

  return message->nlmsg_type == RTM_NEWROUTE
         && nlmsg_parse (message, sizeof (struct rtmsg), attributes, RTA_VIA, NULL) >= 0
         && (attributes[RTA_GATEWAY] != NULL || attributes[RTA_MULTIPATH] != NULL
             || attributes[RTA_VIA] != NULL);
}

/* Whether any route of a family, of whichever table, leads through another machine. Fails with
 * KernelRefused. */
gboolean
lvsd_routes_have_gateway (LvsdNetlink *netlink, int family, gboolean *ret_have, GError **error)
{
  g_autoptr (GPtrArray) replies = ask (netlink, family, error);

  *ret_have = FALSE;
  for (guint i = 0; replies != NULL && i < replies->len && !*ret_have; i++)
    *ret_have = has_gateway (g_ptr_array_index (replies, i));
  return replies != NULL;
}

/* Fails with KernelRefused. */
gboolean
lvsd_routes_read_default (LvsdNetlink *netlink,
                          int family,
                          LvsdDefaultRoute *ret_route,
                          GError **error)
{
  g_autoptr (GPtrArray) replies = ask (netlink, family, error);
  guint32 least = 0;

  *ret_route = (LvsdDefaultRoute){ .message = NULL };
  if (replies == NULL)
    return FALSE;
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdDefaultRoute route;
      guint32 metric;

      if (!lvsd_routes_parse_default (g_ptr_array_index (replies, i), &route, &metric)
          || (ret_route->message != NULL && metric >= least))
        continue;
      *ret_route = route;
      least = metric;
    }
  if (ret_route->message != NULL)
    ret_route->message = g_memdup2 (ret_route->message, ret_route->message->nlmsg_len);
  return TRUE;
}

static void
put_metrics (struct nl_msg *message, struct nlattr *found, guint32 advmss)
{
  struct nlattr *nest = nla_nest_start (message, RTA_METRICS);
  struct nlattr *metric;
  int rest;

  if (found != NULL)
    nla_for_each_nested (metric, found, rest)
      if (nla_type (metric) != RTAX_ADVMSS)
        nla_put (message, nla_type (metric), nla_len (metric), nla_data (metric));
  if (advmss != 0)
    nla_put_u32 (message, RTAX_ADVMSS, advmss);
  nla_nest_end (message, nest);
}

static void
put_next_hops (struct nl_msg *message, const struct nlattr *found)
{
  struct nlattr *copy = nla_reserve (message, RTA_MULTIPATH, nla_len (found));
  struct rtnexthop *hop = nla_data (copy);
  int rest = nla_len (found);

  memcpy (hop, nla_data (found), (gsize) rest);
  while (rest >= (int) sizeof *hop && RTNH_OK (hop, rest))
    {
      hop->rtnh_flags &= NEXT_HOP_FLAGS;
      rest -= RTNH_ALIGN (hop->rtnh_len);
      hop = RTNH_NEXT (hop);
    }
}

static void
put_attribute (struct nl_msg *message, struct nlattr *attribute)
{
  switch (nla_type (attribute))
    {
    case RTA_METRICS:
    case RTA_CACHEINFO: /* tells of its age */
      return;
    case RTA_MULTIPATH:
      put_next_hops (message, attribute);
      return;
    default:
      nla_put (message, nla_type (attribute), nla_len (attribute), nla_data (attribute));
    }
}

/* The kernel takes a route for the same when destination, metric and type of service are, and
 * replaces it in one go (fib_table_insert, fib6_add_rt2node). */
struct nl_msg *
lvsd_routes_new_message (const LvsdDefaultRoute *route, guint32 advmss)
{
  struct nl_msg *message = nlmsg_alloc_size (route->message->nlmsg_len + ROOM_FOR_METRICS);
  struct rtmsg header = *(const struct rtmsg *) nlmsg_data (route->message);
  struct nlattr *metrics = NULL;
  struct nlattr *attribute;
  int rest;

  if (message == NULL)
    g_error ("out of memory");
  nlmsg_hdr (message)->nlmsg_type = RTM_NEWROUTE;
  nlmsg_hdr (message)->nlmsg_flags = NLM_F_REPLACE;
  header.rtm_flags &= NEXT_HOP_FLAGS;
  nlmsg_append (message, &header, sizeof header, NLMSG_ALIGNTO);
  nlmsg_for_each_attr (attribute, route->message, (int) sizeof header, rest)
  {
    if (nla_type (attribute) == RTA_METRICS)
      metrics = attribute;
    put_attribute (message, attribute);
  }
  put_metrics (message, metrics, advmss);
  return message;
}

/* Connections that are there already keep what they were told. Fails with KernelRefused. */
gboolean
lvsd_routes_set_advmss (LvsdNetlink *netlink,
                        const LvsdDefaultRoute *route,
                        guint32 advmss,
                        GError **error)
{
  g_autoptr (LvsdNetlinkMessage) message = lvsd_routes_new_message (route, advmss);
  int failure;

  lvsd_netlink_exchange (netlink, &message, 1, &failure, NULL);
  if (failure == 0)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
               _ ("advmss: the kernel does not take it for the default route: %s (error %d)"),
               lvsd_netlink_explanation (netlink) != NULL ? lvsd_netlink_explanation (netlink)
                                                          : g_strerror (failure),
               failure);
  return FALSE;
}
