/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

gboolean lvsctl_timeouts_list (LvsctlClient *client, GError **error);
gboolean lvsctl_timeouts_set (LvsctlClient *client, GError **error);
gboolean lvsctl_timeouts_unset (LvsctlClient *client, GError **error);

G_END_DECLS
