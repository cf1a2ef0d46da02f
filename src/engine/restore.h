/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Brings store and kernel together at the start. unsettled: changes that may or may not have
 * reached the kernel, of LvsdChange. */
void lvsd_restore (LvsdNode *node, const GPtrArray *unsettled);

G_END_DECLS
