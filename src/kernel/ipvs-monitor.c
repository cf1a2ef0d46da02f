/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-monitor.h"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <string.h>

#include "netlink-listener.h"

struct _LvsdIpvsMonitor
{
  LvsdNetlinkListener *listener;
  gboolean heard; /* of IPVS, in the present burst */
  LvsdIpvsFunc changed;
  gpointer user_data;
};

/* An event about a family itself has its name; those about its groups have it as well. */
static void
note_family (struct nlmsghdr *message, gpointer user_data)
{
  static struct nla_policy policy[CTRL_ATTR_FAMILY_NAME + 1] = {
    [CTRL_ATTR_FAMILY_NAME] = { .type = NLA_STRING, .minlen = 1, .maxlen = GENL_NAMSIZ },
  };
  struct nlattr *attributes[CTRL_ATTR_FAMILY_NAME + 1];
  LvsdIpvsMonitor *monitor = user_data;

  if (message->nlmsg_type == GENL_ID_CTRL
      && genlmsg_parse (message, 0, attributes, CTRL_ATTR_FAMILY_NAME, policy) >= 0
      && attributes[CTRL_ATTR_FAMILY_NAME] != NULL
      && strcmp (nla_get_string (attributes[CTRL_ATTR_FAMILY_NAME]), IPVS_GENL_NAME) == 0)
    monitor->heard = TRUE;
}

static void
tell (gboolean lost, gpointer user_data)
{
  LvsdIpvsMonitor *monitor = user_data;

  if (lost || monitor->heard)
    monitor->changed (monitor->user_data);
  monitor->heard = FALSE;
}

/* changed is called from the default main context until the monitor is freed, when the module is
 * ready for use as well as when it goes: ip_vs_init() registers its family last. Fails with
 * KernelUnavailable. */
LvsdIpvsMonitor *
lvsd_ipvs_monitor_new (LvsdIpvsFunc changed, gpointer user_data, GError **error)
{
  /* nlctrl's one group, 'notify', has this number for good (genl_validate_assign_mc_groups). */
  static const int groups[] = { GENL_ID_CTRL };
  static const LvsdNetlinkHearing hearing = { note_family, tell };
  LvsdIpvsMonitor *monitor = g_new0 (LvsdIpvsMonitor, 1);

  monitor->changed = changed;
  monitor->user_data = user_data;
  monitor->listener = lvsd_netlink_listener_new (NETLINK_GENERIC, groups, G_N_ELEMENTS (groups),
                                                 &hearing, monitor, error);
  if (monitor->listener != NULL)
    return monitor;
  lvsd_ipvs_monitor_free (monitor);
  return NULL;
}

void
lvsd_ipvs_monitor_free (LvsdIpvsMonitor *monitor)
{
  g_clear_pointer (&monitor->listener, lvsd_netlink_listener_free);
  g_free (monitor);
}
