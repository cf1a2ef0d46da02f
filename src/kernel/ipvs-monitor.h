/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Hears when IPVS comes to be in the kernel or leaves it, in the default main context. */
typedef struct _LvsdIpvsMonitor LvsdIpvsMonitor;

typedef void (*LvsdIpvsFunc) (gpointer user_data);

LvsdIpvsMonitor *lvsd_ipvs_monitor_new (LvsdIpvsFunc changed, gpointer user_data, GError **error);
void lvsd_ipvs_monitor_free (LvsdIpvsMonitor *monitor);

G_END_DECLS
