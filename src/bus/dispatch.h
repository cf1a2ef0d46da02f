/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

const LvsdCall *lvsd_dispatch_find (const char *interface, const char *method);
const LvsdCall *lvsd_dispatch_calls (gsize *ret_n_calls);

void lvsd_dispatch (LvsdEngine *engine,
                    LvsdGate *gate,
                    LvsdAudit *audit,
                    GDBusMethodInvocation *invocation,
                    gpointer target);

G_END_DECLS
