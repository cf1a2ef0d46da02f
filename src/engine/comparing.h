/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/comparison.h"
#include "engine/node.h"

G_BEGIN_DECLS

typedef void (*LvsdComparisonFunc) (LvsdComparison *comparison, GError *error, gpointer user_data);

/* Of comparison and error the one is NULL and the other the callee's; not before this returns. */
void lvsd_comparison_start (LvsdNode *node, LvsdComparisonFunc done, gpointer user_data);

G_END_DECLS
