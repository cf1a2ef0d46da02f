/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "actual.h"
#include "change.h"

G_BEGIN_DECLS

/* InUse, with the numbers, where the change cuts connections or leaves a service without anything
 * to send to. Pure: table is the state before the change, actual what the kernel holds. Not asked
 * when the caller forces the change. */
gboolean lvsd_guard_check (const LvsdChange *change,
                           const LvsdTable *table,
                           const LvsdActual *actual,
                           GError **error);

G_END_DECLS
