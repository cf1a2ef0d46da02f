/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/address.h"

G_BEGIN_DECLS

/* How many established TCP connections this machine has on the address. */
gboolean
lvsd_sockets_count_established (const LvsdAddress *address, guint *ret_count, GError **error);

G_END_DECLS
