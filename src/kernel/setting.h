/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ipvs.h"

G_BEGIN_DECLS

/* What an LvsdReplaced names, wherever the kernel keeps it: below /proc/sys, or in IPVS itself. */
char *lvsd_kernel_setting_read (LvsdIpvs *ipvs, const char *name, GError **error);
gboolean lvsd_kernel_setting_apply (LvsdIpvs *ipvs, const LvsdStep *step, GError **error);

G_END_DECLS
