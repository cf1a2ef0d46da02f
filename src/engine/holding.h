/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* What people have asked to leave alone: LvsdHold. */

/* FALSE once its time is over. ret_seconds: how long it still is, 0 where it has no end. */
gboolean lvsd_holding_is_active (const LvsdNode *node, const LvsdHold *hold, gint64 *ret_seconds);

/* Whether the item, or the service that it belongs to, is left alone now. */
gboolean lvsd_holding_covers (const LvsdNode *node, gconstpointer item);

/* Says in a draft when it begins and ends. */
void lvsd_holding_begin (const LvsdNode *node, LvsdHold *draft);

/* A hold goes with its service: adds that to a change which takes the service away. */
void lvsd_holding_follow (const LvsdNode *node, LvsdChange *change);

/* What ends the holds whose time is over. */
LvsdChange *lvsd_holding_plan_ends (const LvsdNode *node);

/* The same for the first time in this boot, in which what is held has been restored as well. */
LvsdChange *lvsd_holding_plan_renewal (const LvsdNode *node);

/* The seconds until the next one is over; -1: none ever is. */
gint64 lvsd_holding_next_end (const LvsdNode *node);

G_END_DECLS
