/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns a floating ay: the value, serialized in little endian and compressed by zlib. It takes as
 * long as reading the value does, so for many rows in a thread. Consumes value if it is floating.
 */
GVariant *lvsd_compress (GVariant *value);

G_END_DECLS
