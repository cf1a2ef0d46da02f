/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Which differences there are, so that each is told once, when it is found and when it has been
 * repaired; many at a time, and nothing before lvsd_drift_begin. */
void lvsd_drift_begin (LvsdNode *node);
void lvsd_drift_end (LvsdNode *node);

/* wanted and held: what the kernel is to hold and holds, NULL: nothing. */
void
lvsd_drift_found (LvsdNode *node, gpointer item, LvsdDrift drift, LvsdItem *wanted, LvsdItem *held);
void lvsd_drift_repaired (LvsdNode *node,
                          gpointer item,
                          LvsdDrift drift,
                          LvsdItem *wanted,
                          LvsdItem *held);

/* Whether there is any that was found and not ended yet. */
gboolean lvsd_drift_is_known (const LvsdNode *node);

/* It is as desired, whoever has seen to that. */
void lvsd_drift_settled (LvsdNode *node, gconstpointer item);

/* Likewise the extra destinations of the service that the kernel does not hold any more. */
void lvsd_drift_settle_extra (LvsdNode *node,
                              const LvsdServiceIdentity *service,
                              const LvsdActual *actual);

/* A service has come or gone: what was found in one of that key before says nothing any more. */
void lvsd_drift_forget_service (LvsdNode *node, const LvsdServiceIdentity *service);

/* Tells now what would be told in a moment. */
void lvsd_drift_flush (LvsdNode *node);

G_END_DECLS
