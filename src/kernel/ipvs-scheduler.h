/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/ipvs.h"

G_BEGIN_DECLS

int lvsd_ipvs_probe (LvsdIpvs *ipvs, const char *scheduler, const char *engine);
GStrv lvsd_ipvs_list_schedulers (LvsdIpvs *ipvs, GError **error);

G_END_DECLS
