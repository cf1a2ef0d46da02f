/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "rule.h"

G_BEGIN_DECLS

/* What ipvsadm -L -c prints. */
const char *lvsctl_ipvsadm_connections_heading (const LvsctlRule *rule);

/* One line of /proc/net/ip_vs_conn; NULL where it is none. */
char *lvsctl_ipvsadm_connection (const LvsctlRule *rule, const char *line);

/* Prints the kernel's table, in its order and without an end. */
gboolean lvsctl_ipvsadm_connections_list (const LvsctlRule *rule, GError **error);

G_END_DECLS
