/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Brings store and kernel together at the start. unsettled: changes that may or may not have
 * reached the kernel, of LvsdChange; what is taken back because nobody confirmed it is added.
 * Emptied, unless the node is too degraded to bring them to an end. */
void lvsd_restore (LvsdNode *node, GPtrArray *unsettled);

/* The parts of it that a repair by hand needs as well. */
LvsdChange *lvsd_restore_plan_renewal (LvsdNode *node, const GPtrArray *items);
GPtrArray *lvsd_restore_collect_leftovers (LvsdNode *node, const GPtrArray *unsettled);
void lvsd_restore_settle (LvsdNode *node, GPtrArray *unsettled);

/* What an edit took away, where the kernel may still have it and nothing else is to. */
void lvsd_restore_note_leftover (LvsdNode *node, const LvsdEdit *edit, GPtrArray *leftovers);

G_END_DECLS
