/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

gboolean lvsctl_export (LvsctlClient *client, GError **error);
gboolean lvsctl_apply (LvsctlClient *client, GError **error);
GPtrArray *lvsctl_configuration_read (const char *file, GError **error);
gboolean lvsctl_configuration_take (LvsctlClient *client,
                                    const char *file,
                                    GPtrArray *items,
                                    GError **error);
gboolean lvsctl_clear (LvsctlClient *client, GError **error);

G_END_DECLS
