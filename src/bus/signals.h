/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Tells the bus what the engine tells its observer. */
typedef struct _LvsdSignals LvsdSignals;

LvsdSignals *lvsd_signals_new (GDBusConnection *connection, LvsdEngine *engine);
void lvsd_signals_free (LvsdSignals *signals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdSignals, lvsd_signals_free)

G_END_DECLS
