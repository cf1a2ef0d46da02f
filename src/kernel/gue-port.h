/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/netlink.h"

G_BEGIN_DECLS

/* UDP ports at which the kernel takes packets out of GUE: the generic netlink family fou. */

gboolean lvsd_gue_port_check (LvsdNetlink *netlink, guint16 port, GError **error);
gboolean lvsd_gue_port_is_open (LvsdNetlink *netlink,
                                int family,
                                guint16 port,
                                gboolean *ret_open,
                                GError **error);
gboolean lvsd_gue_port_open (LvsdNetlink *netlink, int family, guint16 port, GError **error);
gboolean lvsd_gue_port_close (LvsdNetlink *netlink, int family, guint16 port, GError **error);

G_END_DECLS
