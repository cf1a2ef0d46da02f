/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

gboolean lvsctl_export (LvsctlClient *client, GError **error);
gboolean lvsctl_apply (LvsctlClient *client, GError **error);
gboolean lvsctl_clear (LvsctlClient *client, GError **error);

/* Applies items that file, a name for people, has said, or shows what that would do; says so. */
gboolean lvsctl_configuration_take (LvsctlClient *client,
                                    const char *file,
                                    GPtrArray *items,
                                    GError **error);

/* Of LvsdItem: what a file that export wrote says; "-" is standard input. */
GPtrArray *lvsctl_configuration_read (const char *file, GError **error);

/* Of LvsdItem: what is desired now, each destination behind its service. */
GPtrArray *lvsctl_configuration_fetch_items (LvsctlClient *client, GError **error);

/* The native text of what is desired now. */
char *lvsctl_configuration_fetch (LvsctlClient *client, GError **error);

/* Returns Apply's result, a{sv}. */
GVariant *lvsctl_configuration_apply (LvsctlClient *client,
                                      GPtrArray *items,
                                      gboolean replace,
                                      gboolean dry_run,
                                      GError **error);

G_END_DECLS
