/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the kernel holds no virtual service at all: a look that costs the same however many there
 * are. So it is too where there is no IPVS. */
gboolean lvsd_ipvs_is_empty (void);

/* The same of the beginning of what the kernel prints. */
gboolean lvsd_ipvs_glance_is_empty (const char *text);

G_END_DECLS
