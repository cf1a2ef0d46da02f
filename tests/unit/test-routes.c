/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <linux/rtnetlink.h>
#include <netlink/attr.h>

#include "kernel/routes.h"

typedef struct nl_msg Message;

static Message *
new_route (guint8 length, guint8 flags, guint8 protocol, guint32 metric)
{
  struct rtmsg header = { .rtm_family = AF_INET,
                          .rtm_dst_len = length,
                          .rtm_table = RT_TABLE_MAIN,
                          .rtm_protocol = protocol,
                          .rtm_type = RTN_UNICAST,
                          .rtm_flags = flags };
  Message *message = nlmsg_alloc_simple (RTM_NEWROUTE, 0);
  guint8 gateway[] = { 192, 0, 2, 254 };

  nlmsg_append (message, &header, sizeof header, NLMSG_ALIGNTO);
  nla_put_u32 (message, RTA_TABLE, RT_TABLE_MAIN);
  nla_put_u32 (message, RTA_PRIORITY, metric);
  nla_put (message, RTA_GATEWAY, sizeof gateway, gateway);
  nla_put_u32 (message, RTA_OIF, 2);
  return message;
}

static void
put_metrics (Message *message, guint32 mtu, guint32 advmss)
{
  struct nlattr *nest = nla_nest_start (message, RTA_METRICS);

  nla_put_u32 (message, RTAX_MTU, mtu);
  if (advmss != 0)
    nla_put_u32 (message, RTAX_ADVMSS, advmss);
  nla_nest_end (message, nest);
}

static void
test_a_default_route_is_recognized (void)
{
  g_autoptr (LvsdNetlinkMessage) plain = new_route (0, 0, RTPROT_BOOT, 100);
  g_autoptr (LvsdNetlinkMessage) advertised = new_route (0, 0, RTPROT_RA, 0);
  g_autoptr (LvsdNetlinkMessage) network = new_route (24, 0, RTPROT_BOOT, 0);
  LvsdDefaultRoute route;
  guint32 metric;

  put_metrics (plain, 1500, 1400);
  g_assert_true (lvsd_routes_parse_default (nlmsg_hdr (plain), &route, &metric));
  g_assert_cmpuint (metric, ==, 100);
  g_assert_cmpuint (route.advmss, ==, 1400);
  g_assert_false (route.advertised);
  g_assert_true (lvsd_routes_parse_default (nlmsg_hdr (advertised), &route, &metric));
  g_assert_true (route.advertised);
  g_assert_cmpuint (route.advmss, ==, 0);
  g_assert_false (lvsd_routes_parse_default (nlmsg_hdr (network), &route, &metric));
  nlmsg_hdr (plain)->nlmsg_type = RTM_DELROUTE;
  g_assert_false (lvsd_routes_parse_default (nlmsg_hdr (plain), &route, &metric));
}

static guint32
find_metric (struct nlmsghdr *message, int type)
{
  struct nlattr *metrics = nlmsg_find_attr (message, sizeof (struct rtmsg), RTA_METRICS);
  struct nlattr *found =
      metrics != NULL ? nla_find (nla_data (metrics), nla_len (metrics), type) : NULL;

  return found != NULL ? nla_get_u32 (found) : 0;
}

/* Everything of the route stays, but for what tells of its state and which a request may not have.
 */
static void
test_only_the_advmss_is_changed (void)
{
  g_autoptr (LvsdNetlinkMessage) found =
      new_route (0, RTNH_F_ONLINK | RTNH_F_LINKDOWN, RTPROT_STATIC, 7);
  g_autoptr (LvsdNetlinkMessage) changed = NULL;
  g_autoptr (LvsdNetlinkMessage) cleared = NULL;
  struct rta_cacheinfo age = { .rta_used = 3 };
  LvsdDefaultRoute route;
  const struct rtmsg *header;
  guint32 metric;

  put_metrics (found, 1500, 1300);
  nla_put (found, RTA_CACHEINFO, sizeof age, &age);
  g_assert_true (lvsd_routes_parse_default (nlmsg_hdr (found), &route, &metric));
  changed = lvsd_routes_new_message (&route, 1400);
  header = nlmsg_data (nlmsg_hdr (changed));
  g_assert_cmpuint (nlmsg_hdr (changed)->nlmsg_type, ==, RTM_NEWROUTE);
  g_assert_cmpuint (nlmsg_hdr (changed)->nlmsg_flags, ==, NLM_F_REPLACE);
  g_assert_cmpuint (header->rtm_flags, ==, RTNH_F_ONLINK);
  g_assert_cmpuint (header->rtm_protocol, ==, RTPROT_STATIC);
  g_assert_cmpuint (find_metric (nlmsg_hdr (changed), RTAX_ADVMSS), ==, 1400);
  g_assert_cmpuint (find_metric (nlmsg_hdr (changed), RTAX_MTU), ==, 1500);
  g_assert_null (nlmsg_find_attr (nlmsg_hdr (changed), sizeof *header, RTA_CACHEINFO));
  g_assert_true (lvsd_routes_parse_default (nlmsg_hdr (changed), &route, &metric));
  g_assert_cmpuint (metric, ==, 7);
  cleared = lvsd_routes_new_message (&route, 0);
  g_assert_cmpuint (find_metric (nlmsg_hdr (cleared), RTAX_ADVMSS), ==, 0);
  g_assert_cmpuint (find_metric (nlmsg_hdr (cleared), RTAX_MTU), ==, 1500);
}

static void
test_each_next_hop_stays (void)
{
  g_autoptr (LvsdNetlinkMessage) found = new_route (0, 0, RTPROT_STATIC, 0);
  g_autoptr (LvsdNetlinkMessage) changed = NULL;
  struct rtnexthop hops[2] = {
    { .rtnh_len = sizeof hops[0], .rtnh_flags = RTNH_F_DEAD | RTNH_F_LINKDOWN, .rtnh_ifindex = 2 },
    { .rtnh_len = sizeof hops[1], .rtnh_flags = RTNH_F_ONLINK, .rtnh_ifindex = 3, .rtnh_hops = 4 },
  };
  const struct rtnexthop *copied;
  struct nlattr *attribute;
  LvsdDefaultRoute route;
  guint32 metric;

  nla_put (found, RTA_MULTIPATH, sizeof hops, hops);
  g_assert_true (lvsd_routes_parse_default (nlmsg_hdr (found), &route, &metric));
  changed = lvsd_routes_new_message (&route, 1400);
  attribute = nlmsg_find_attr (nlmsg_hdr (changed), sizeof (struct rtmsg), RTA_MULTIPATH);
  g_assert_cmpint (nla_len (attribute), ==, sizeof hops);
  copied = nla_data (attribute);
  g_assert_cmpuint (copied[0].rtnh_flags, ==, 0);
  g_assert_cmpint (copied[0].rtnh_ifindex, ==, 2);
  g_assert_cmpuint (copied[1].rtnh_flags, ==, RTNH_F_ONLINK);
  g_assert_cmpint (copied[1].rtnh_ifindex, ==, 3);
  g_assert_cmpuint (copied[1].rtnh_hops, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/routes/a-default-route-is-recognized", test_a_default_route_is_recognized);
  g_test_add_func ("/routes/only-the-advmss-is-changed", test_only_the_advmss_is_changed);
  g_test_add_func ("/routes/each-next-hop-stays", test_each_next_hop_stays);
  return g_test_run ();
}
