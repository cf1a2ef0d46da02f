/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The rows, of that type, as they are or as the daemon has compressed them; NULL where they are
 * neither. */
GVariant *lvsctl_decompress (GVariant *given, const char *type);

G_END_DECLS
