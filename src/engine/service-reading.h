/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/actual.h"

G_BEGIN_DECLS

/* Every service that the kernel holds, whoever put it there, without its destinations; read a part
 * at a time, so that others get through between two of them. */
typedef struct _LvsdServiceReading LvsdServiceReading;

LvsdServiceReading *lvsd_service_reading_new (void);
void lvsd_service_reading_free (LvsdServiceReading *reading);

/* Reads some more. ret_actual is NULL until all is read, and then the caller's; no more is to be
 * asked for after that. */
gboolean
lvsd_service_reading_go_on (LvsdServiceReading *reading, LvsdActual **ret_actual, GError **error);

G_END_DECLS
