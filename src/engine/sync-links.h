/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* A sync daemon's sockets belong to the interface that it was started on, by index. When that goes,
 * the kernel's thread stays, deaf and mute, and is shown as before: only whoever remembers the
 * index can tell. */

void lvsd_sync_links_note_started (LvsdNode *node, const LvsdSyncDaemon *daemon);
void lvsd_sync_links_note_absent (LvsdNode *node, const LvsdSyncDaemon *daemon);
gboolean lvsd_sync_links_compare (LvsdNode *node, LvsdActual *actual, GError **error);

G_END_DECLS
