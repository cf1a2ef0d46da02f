/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/links.h"

G_BEGIN_DECLS

/* The settings of model/receiver.h in the kernel: devices, ports and the route of tunnel roles. */
typedef struct _LvsdTunnels LvsdTunnels;

LvsdTunnels *lvsd_tunnels_new (LvsdLinks *links);
void lvsd_tunnels_free (LvsdTunnels *tunnels);

gboolean
lvsd_tunnels_read (LvsdTunnels *tunnels, const char *name, gint32 *ret_value, GError **error);
gboolean lvsd_tunnels_check_port (LvsdTunnels *tunnels, guint16 port, GError **error);
gboolean lvsd_tunnels_check_route (LvsdTunnels *tunnels, int family, GError **error);
gboolean lvsd_tunnels_have_way_back (LvsdTunnels *tunnels, int family);
gboolean lvsd_tunnels_apply (LvsdTunnels *tunnels, const LvsdStep *step, GError **error);

G_END_DECLS
