/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/client.h"
#include "rule.h"

G_BEGIN_DECLS

/* What ipvsadm does besides services: timeouts, sync daemons, counters. */
gboolean lvsctl_ipvsadm_set_timeouts (LvsctlClient *client, const LvsctlRule *rule, GError **error);
gboolean lvsctl_ipvsadm_list_timeouts (LvsctlClient *client, GError **error);
gboolean lvsctl_ipvsadm_start_sync (LvsctlClient *client, const LvsctlRule *rule, GError **error);
gboolean lvsctl_ipvsadm_stop_sync (LvsctlClient *client, const LvsctlRule *rule, GError **error);
gboolean lvsctl_ipvsadm_list_sync (LvsctlClient *client, GError **error);
gboolean lvsctl_ipvsadm_zero (LvsctlClient *client, const LvsctlRule *rule, GError **error);

/* One row of ListSync as --list --daemon prints it. */
char *lvsctl_ipvsadm_describe_sync (const char *state, GVariant *fields);

G_END_DECLS
