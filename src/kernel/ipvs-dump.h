/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/actual.h"

G_BEGIN_DECLS

/* Services without their destinations, some hundred at a time over a socket of its own: the kernel
 * goes on where it was, and other questions get through between two parts. */
typedef struct _LvsdIpvsDump LvsdIpvsDump;

LvsdIpvsDump *lvsd_ipvs_dump_new (GHashTable *keys, LvsdActual *into);
void lvsd_ipvs_dump_free (LvsdIpvsDump *dump);

gboolean lvsd_ipvs_dump_go_on (LvsdIpvsDump *dump, gboolean *ret_complete, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdIpvsDump, lvsd_ipvs_dump_free)

G_END_DECLS
