/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"
#include "model/error.h"

G_BEGIN_DECLS

/* What a sync daemon needs of the machine around it. */

/* Whether this machine allows the sync daemons that the change starts. */
gboolean lvsd_sync_prerequisites_check (LvsdNode *node, const LvsdChange *change, GError **error);

/* Why a sync daemon cannot run now, or NULL; reasons that go away by themselves, so that a restored
 * one waits. ret_code is the error it would be to a caller who asks for it now. */
char *lvsd_sync_prerequisites_obstacle (LvsdNode *node,
                                        const LvsdSyncDaemon *daemon,
                                        LvsdError *ret_code,
                                        GError **error);

G_END_DECLS
