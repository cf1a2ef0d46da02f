/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LVSD_INTERFACE_MAX 15 /* IFNAMSIZ less the NUL */

gboolean lvsd_interface_is_name (const char *text, gsize length);
gboolean lvsd_interface_check (const char *name, GError **error);

G_END_DECLS
