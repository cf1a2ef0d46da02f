/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ipvs.h"

G_BEGIN_DECLS

/* Whether the kernel holds just these destinations in a service, and each as it is desired: what
 * lvsd_ipvs_read_destinations and a plan would come to, in a fraction of the time. wanted: of
 * LvsdDestination, ordered by endpoint. Fails with KernelUnavailable or KernelRefused. */
gboolean lvsd_ipvs_compare_destinations (LvsdIpvs *ipvs,
                                         LvsdServiceIdentity *identity,
                                         const GPtrArray *wanted,
                                         gboolean *ret_same,
                                         GError **error);

G_END_DECLS
