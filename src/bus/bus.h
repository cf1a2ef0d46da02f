/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "auth/audit.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/* The objects of the contract on one connection. The engine, the gate and the audit outlive
 * it. */
typedef struct _LvsdBus LvsdBus;

LvsdBus *lvsd_bus_new (GDBusConnection *connection,
                       LvsdEngine *engine,
                       LvsdGate *gate,
                       LvsdAudit *audit,
                       GError **error);
void lvsd_bus_free (LvsdBus *bus);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdBus, lvsd_bus_free)

G_END_DECLS
