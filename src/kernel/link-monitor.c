/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "link-monitor.h"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include "link-message.h"
#include "netlink-listener.h"

struct _LvsdLinkMonitor
{
  LvsdNetlinkListener *listener;
  GHashTable *names;   /* index -> name, owned: messages about addresses have the index alone */
  GHashTable *changed; /* names that the present burst is about */
  LvsdLinksFunc tell;
  gpointer user_data;
};

static void
remember_name (LvsdLinkMonitor *monitor, int index, const char *name)
{
  g_hash_table_replace (monitor->names, GINT_TO_POINTER (index), g_strdup (name));
}

static void
remember_all_names (LvsdLinkMonitor *monitor)
{
  struct if_nameindex *names = if_nameindex ();

  g_hash_table_remove_all (monitor->names);
  if (names == NULL)
    return;
  for (guint i = 0; names[i].if_name != NULL; i++)
    remember_name (monitor, (int) names[i].if_index, names[i].if_name);
  if_freenameindex (names);
}

/* A rename concerns both names. */
static void
note_link (LvsdLinkMonitor *monitor, const struct nlmsghdr *message, const LvsdLink *link)
{
  gpointer key = GINT_TO_POINTER (link->index);
  const char *before = g_hash_table_lookup (monitor->names, key);

  g_hash_table_add (monitor->changed, g_strdup (link->name));
  if (before != NULL && !g_str_equal (before, link->name))
    g_hash_table_add (monitor->changed, g_strdup (before));
  if (message->nlmsg_type == RTM_DELLINK)
    g_hash_table_remove (monitor->names, key);
  else
    remember_name (monitor, link->index, link->name);
}

static void
note_message (struct nlmsghdr *message, gpointer user_data)
{
  LvsdLinkMonitor *monitor = user_data;
  LvsdFoundAddress address;
  LvsdLink link;
  char label[LVSD_INTERFACE_MAX + 1];
  const char *name;

  if (lvsd_link_message_read_link (message, &link))
    note_link (monitor, message, &link);
  else if (lvsd_link_message_read_address (message, &address, label)
           && (name = g_hash_table_lookup (monitor->names, GINT_TO_POINTER (address.index)))
                  != NULL)
    g_hash_table_add (monitor->changed, g_strdup (name));
}

/* A burst of messages about one interface is told of once. */
static void
tell (gboolean lost, gpointer user_data)
{
  LvsdLinkMonitor *monitor = user_data;
  GHashTableIter iter;
  gpointer name;

  if (lost)
    {
      remember_all_names (monitor);
      monitor->tell (NULL, monitor->user_data);
    }
  g_hash_table_iter_init (&iter, monitor->changed);
  while (!lost && g_hash_table_iter_next (&iter, &name, NULL))
    monitor->tell (name, monitor->user_data);
  g_hash_table_remove_all (monitor->changed);
}

/* changed is called from the default main context until the monitor is freed. Fails with
 * KernelUnavailable. */
LvsdLinkMonitor *
lvsd_link_monitor_new (LvsdLinksFunc changed, gpointer user_data, GError **error)
{
  static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR };
  static const LvsdNetlinkHearing hearing = { note_message, tell };
  LvsdLinkMonitor *monitor = g_new0 (LvsdLinkMonitor, 1);

  monitor->tell = changed;
  monitor->user_data = user_data;
  monitor->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  monitor->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  monitor->listener = lvsd_netlink_listener_new (NETLINK_ROUTE, groups, G_N_ELEMENTS (groups),
                                                 &hearing, monitor, error);
  if (monitor->listener == NULL)
    {
      lvsd_link_monitor_free (monitor);
      return NULL;
    }
  remember_all_names (monitor);
  return monitor;
}

void
lvsd_link_monitor_free (LvsdLinkMonitor *monitor)
{
  g_clear_pointer (&monitor->listener, lvsd_netlink_listener_free);
  g_hash_table_unref (monitor->changed);
  g_hash_table_unref (monitor->names);
  g_free (monitor);
}
