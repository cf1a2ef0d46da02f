/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* A plan on its way into the kernel: in slices, so that whoever calls meanwhile gets through. */
typedef struct _LvsdExecution LvsdExecution;

/* error is NULL when the kernel holds all of the plan. Otherwise everything was undone, unless
 * undo_complete is FALSE. */
typedef void (*LvsdExecutionFunc) (const GError *error, gboolean undo_complete, gpointer user_data);

void
lvsd_execution_run (LvsdNode *node, LvsdPlan *plan, LvsdExecutionFunc finished, gpointer user_data);

/* Takes the steps one by one, and goes on behind one that is refused; refused is told of each. */
typedef void (*LvsdRefusalFunc) (const LvsdStep *step, const GError *error, gpointer user_data);
void lvsd_execution_try_all (LvsdNode *node,
                             const LvsdPlan *plan,
                             LvsdRefusalFunc refused,
                             gpointer user_data);

G_END_DECLS
