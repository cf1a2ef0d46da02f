/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Of LvsdProblem, the worst first. */
GPtrArray *lvsd_inspect (LvsdNode *node);
gboolean lvsd_inspect_is_clean (LvsdNode *node);

/* What may keep a destination from working although it could be added, or NULL. */
char *lvsd_inspect_destination (LvsdNode *node, const LvsdDestination *destination);

G_END_DECLS
