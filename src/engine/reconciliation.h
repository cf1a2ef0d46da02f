/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/agreement.h"
#include "engine/assessment.h"

G_BEGIN_DECLS

/* Compares the kernel with the items, each of which is in the table, and with the leftovers, none
 * of which it may hold, and repairs as far as is asked. How each item stands is noted; one that
 * cannot be repaired holds no other back. Returns how many writes were needed. */
guint lvsd_reconcile (LvsdNode *node,
                      const GPtrArray *items,
                      const GPtrArray *leftovers,
                      LvsdRepair extent);

/* The same of services, each with its destinations; those that agree need no plan. */
guint lvsd_reconcile_services (LvsdNode *node,
                               const GPtrArray *services,
                               const LvsdAgreement *agreement,
                               LvsdRepair extent);

G_END_DECLS
