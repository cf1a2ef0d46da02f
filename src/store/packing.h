/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/change.h"

G_BEGIN_DECLS

/* Makes the payload of a change's record: of a large one in a thread, while its items are not
 * changed, as whoever made them waits. */
typedef struct _LvsdPacking LvsdPacking;

/* payload is NULL where it failed. packing is gone when this returns. */
typedef void (*LvsdPackingFunc) (LvsdPacking *packing,
                                 GBytes *payload,
                                 const GError *error,
                                 gpointer user_data);

/* Fails with LimitsExceeded. */
GBytes *lvsd_packing_make (const LvsdChange *change, GError **error);

/* The change is borrowed until done is called, from the main context or from lvsd_packing_wait. */
LvsdPacking *lvsd_packing_start (LvsdChange *change, LvsdPackingFunc done, gpointer user_data);
LvsdChange *lvsd_packing_change (const LvsdPacking *packing);
void lvsd_packing_wait (LvsdPacking *packing);

G_END_DECLS
