/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Adds a row as ListDifferences and DriftDetected have it: (ssssa{sv}). */
void lvsd_differences_add (GVariantBuilder *rows,
                           gconstpointer item,
                           LvsdDrift drift,
                           gpointer wanted,
                           gpointer held);

G_END_DECLS
