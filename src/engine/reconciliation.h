/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

typedef enum
{
  LVSD_REPAIR_ALL,       /* at the start: the store is the truth */
  LVSD_REPAIR_UNHELD,    /* likewise, but for what is held */
  LVSD_REPAIR_BY_POLICY, /* while running, as lvsd.conf says */
  LVSD_REPAIR_MISSING,   /* what differs is left */
  LVSD_REPAIR_NOTHING,   /* degraded: only look */
} LvsdRepair;

/* Compares the kernel with the items, each of which is in the table, and with the leftovers, none
 * of which it may hold, and repairs as far as is asked. How each item stands is noted; one that
 * cannot be repaired holds no other back. Returns how many writes were needed. */
guint lvsd_reconcile (LvsdNode *node,
                      const GPtrArray *items,
                      const GPtrArray *leftovers,
                      LvsdRepair extent);

/* The item of the table that a step is about: the kernel holds a role as an address. NULL where
 * there is none. */
gpointer lvsd_reconciliation_find_subject (LvsdNode *node, const LvsdStep *step);

G_END_DECLS
