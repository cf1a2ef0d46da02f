/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

gboolean lvsctl_history (LvsctlClient *client, GError **error);
gboolean lvsctl_confirm (LvsctlClient *client, GError **error);
gboolean lvsctl_rollback (LvsctlClient *client, GError **error);

G_END_DECLS
