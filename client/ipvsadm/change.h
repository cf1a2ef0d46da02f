/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/client.h"
#include "rule.h"

G_BEGIN_DECLS

/* Does what -A, -E, -D, -a, -e or -d says, through lvsd. What is not lvsd's yet is adopted first,
 * where that is allowed. Connections that are cut are no question: ipvsadm asks none. */
gboolean lvsctl_ipvsadm_change (LvsctlClient *client, const LvsctlRule *rule, GError **error);

G_END_DECLS
