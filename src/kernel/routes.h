/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/netlink.h"
#include "model/address.h"

G_BEGIN_DECLS

/* The way to whoever is in no subnet of this machine: of the main table's default routes the one
 * with the least metric. */
typedef struct
{
  struct nlmsghdr *message; /* as the kernel dumped it, owned; NULL: there is none */
  guint32 advmss;           /* bytes; 0: the kernel computes it from the MTU */
  gboolean advertised;      /* a router advertisement made it, and would make it anew */
} LvsdDefaultRoute;

gboolean lvsd_routes_read_default (LvsdNetlink *netlink,
                                   int family,
                                   LvsdDefaultRoute *ret_route,
                                   GError **error);
void lvsd_default_route_clear (LvsdDefaultRoute *route);
gboolean lvsd_routes_set_advmss (LvsdNetlink *netlink,
                                 const LvsdDefaultRoute *route,
                                 guint32 advmss,
                                 GError **error);

gboolean
lvsd_routes_have_gateway (LvsdNetlink *netlink, int family, gboolean *ret_have, GError **error);

/* What replaces the route by itself, with another advmss; 0: none. To be freed. */
struct nl_msg *lvsd_routes_new_message (const LvsdDefaultRoute *route, guint32 advmss);
/* Whether the message is about a default route; if it is, ret_route has it, and borrows it. */
gboolean lvsd_routes_parse_default (struct nlmsghdr *message,
                                    LvsdDefaultRoute *ret_route,
                                    guint32 *ret_metric);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsdDefaultRoute, lvsd_default_route_clear)

G_END_DECLS
