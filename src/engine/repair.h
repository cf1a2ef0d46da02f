/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Everything is compared and what differs is written, because a person said so; in slices, so that
 * who only looks gets through. No transaction may be under way, nor begin, until it is finished. */
typedef struct _LvsdRepairRun LvsdRepairRun;

/* The run is over and freed after this. */
typedef void (*LvsdRepairFunc) (guint writes, const GError *error, gpointer user_data);

/* unsettled: changes of the start that have not been brought to an end, of LvsdChange; emptied when
 * they have been. */
void lvsd_repair_start (LvsdNode *node,
                        GPtrArray *unsettled,
                        LvsdRepairFunc finished,
                        gpointer user_data);

/* The same of these services alone, by name, and of nothing else. */
void lvsd_repair_start_services (LvsdNode *node,
                                 const char *const *names,
                                 LvsdRepairFunc finished,
                                 gpointer user_data);

/* All of the table, held or not, as at the start. leftovers: items that are ours no longer and may
 * be in the kernel. */
void lvsd_repair_start_anew (LvsdNode *node,
                             const GPtrArray *leftovers,
                             LvsdRepairFunc finished,
                             gpointer user_data);

G_END_DECLS
