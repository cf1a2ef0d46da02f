/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ipvs.h"
#include "model/table.h"

G_BEGIN_DECLS

/* What reading and a plan would come to where nothing differs, in a fraction of the time: nothing
 * of what the kernel says is kept. Both fail with KernelUnavailable or KernelRefused. */

/* same becomes the services of the table that the kernel holds as they are desired, whatever their
 * destinations; references, in the kernel's order. ret_held: how many services the kernel holds,
 * whoever put them there. A dump may pass over one while somebody deletes others. */
gboolean lvsd_ipvs_compare_services (LvsdIpvs *ipvs,
                                     const LvsdTable *table,
                                     GPtrArray *same,
                                     guint *ret_held,
                                     GError **error);

/* Whether it holds just these destinations in a service, and each as it is desired. wanted: of
 * LvsdDestination, ordered by endpoint. */
gboolean lvsd_ipvs_compare_destinations (LvsdIpvs *ipvs,
                                         LvsdServiceIdentity *identity,
                                         const GPtrArray *wanted,
                                         gboolean *ret_same,
                                         GError **error);

G_END_DECLS
