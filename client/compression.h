/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The rows, of that type, as they are or as the daemon has compressed them. Fails with NotSupported
 * where they are neither: to take that for no rows would be to say that there is nothing. */
GVariant *lvsctl_decompress (GVariant *given, const char *type, GError **error);

G_END_DECLS
