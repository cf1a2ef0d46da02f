/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/plan.h"

G_BEGIN_DECLS

/* The kernel's IPVS over one generic netlink socket. */
typedef struct _LvsdIpvs LvsdIpvs;

LvsdIpvs *lvsd_ipvs_new (void);
void lvsd_ipvs_free (LvsdIpvs *ipvs);

gboolean lvsd_ipvs_connect (LvsdIpvs *ipvs, GError **error);

/* For the other files of this room. */
typedef struct _LvsdIpvsFamily LvsdIpvsFamily;
LvsdIpvsFamily *lvsd_ipvs_get_family (LvsdIpvs *ipvs);

guint lvsd_ipvs_apply (LvsdIpvs *ipvs,
                       const LvsdStep *steps,
                       guint n_steps,
                       int *ret_errnos,
                       GError **error);

gboolean
lvsd_ipvs_zero (LvsdIpvs *ipvs, const GPtrArray *identities, guint *ret_zeroed, GError **error);

gboolean lvsd_ipvs_read_service (LvsdIpvs *ipvs,
                                 const LvsdServiceKey *key,
                                 LvsdActual *into,
                                 GError **error);
gboolean
lvsd_ipvs_read_heads (LvsdIpvs *ipvs, const LvsdServiceKey *key, LvsdActual *into, GError **error);
gboolean lvsd_ipvs_read_destinations (LvsdIpvs *ipvs,
                                      LvsdServiceIdentity *identity,
                                      LvsdActual *into,
                                      GError **error);
gboolean lvsd_ipvs_read_all (LvsdIpvs *ipvs, LvsdActual *into, GError **error);

/* Seconds after which an idle connection is forgotten; written, 0 leaves one as it is, and read it
 * stands for a protocol that this kernel's IPVS does not have. */
typedef struct
{
  guint32 tcp;
  guint32 tcp_fin;
  guint32 udp;
} LvsdIpvsTimeouts;

gboolean lvsd_ipvs_read_timeouts (LvsdIpvs *ipvs, LvsdIpvsTimeouts *ret_timeouts, GError **error);
gboolean
lvsd_ipvs_write_timeouts (LvsdIpvs *ipvs, const LvsdIpvsTimeouts *timeouts, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdIpvs, lvsd_ipvs_free)

G_END_DECLS
