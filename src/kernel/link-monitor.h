/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/links.h"

G_BEGIN_DECLS

/* Listens to what the kernel tells of links and addresses, in the default main context. */
typedef struct _LvsdLinkMonitor LvsdLinkMonitor;

LvsdLinkMonitor *lvsd_link_monitor_new (LvsdLinksFunc changed, gpointer user_data, GError **error);
void lvsd_link_monitor_free (LvsdLinkMonitor *monitor);

G_END_DECLS
