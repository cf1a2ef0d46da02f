/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/item.h"

G_BEGIN_DECLS

char *lvsd_object_path_escape (const char *id);
char *lvsd_object_path_unescape (const char *label);

char *lvsd_object_path_for_kind (LvsdKind kind);
char *lvsd_object_path_for_item (gconstpointer item);

G_END_DECLS
