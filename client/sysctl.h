/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_setting_listing;

/* Options of the listing that leave out what lvsd was not told to set: a floating a{sv}. */
GVariant *lvsctl_sysctl_own_options (void);

/* The rows of the listing, of GVariant: the connection timeouts, or all but those. */
GPtrArray *lvsctl_sysctl_fetch (LvsctlClient *client,
                                GVariant *options,
                                gboolean timeouts,
                                guint64 *ret_generation,
                                GError **error);
gboolean lvsctl_sysctl_print (LvsctlClient *client, gboolean timeouts, GError **error);

/* values: a{ss}. names: NULL-terminated. */
gboolean lvsctl_sysctl_change (LvsctlClient *client, GVariant *values, GError **error);
gboolean lvsctl_sysctl_give_up (LvsctlClient *client, const char *const *names, GError **error);

gboolean lvsctl_sysctl_list (LvsctlClient *client, GError **error);
gboolean lvsctl_sysctl_set (LvsctlClient *client, GError **error);
gboolean lvsctl_sysctl_unset (LvsctlClient *client, GError **error);

G_END_DECLS
