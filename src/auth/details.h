/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/change.h"

G_BEGIN_DECLS

GVariant *lvsd_details_new (const LvsdChange *change, gconstpointer target, const char *message);

G_END_DECLS
