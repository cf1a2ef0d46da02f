/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <netlink/msg.h>

G_BEGIN_DECLS

/* Hears what the kernel tells to groups of a netlink protocol, in the default main context. */
typedef struct _LvsdNetlinkListener LvsdNetlinkListener;

typedef struct
{
  void (*take) (struct nlmsghdr *message, gpointer user_data);
  void (*told) (gboolean lost, gpointer user_data); /* after a burst; lost: not all of it came */
} LvsdNetlinkHearing;

LvsdNetlinkListener *lvsd_netlink_listener_new (int protocol,
                                                const int *groups,
                                                gsize n_groups,
                                                const LvsdNetlinkHearing *hearing,
                                                gpointer user_data,
                                                GError **error);
void lvsd_netlink_listener_free (LvsdNetlinkListener *listener);

G_END_DECLS
