/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/ipvs.h"

G_BEGIN_DECLS

/* The kernel's sync daemons. */
gboolean lvsd_ipvs_sync_apply (LvsdIpvs *ipvs, const LvsdStep *step, GError **error);
gboolean lvsd_ipvs_sync_read (LvsdIpvs *ipvs, LvsdActual *into, GError **error);

G_END_DECLS
