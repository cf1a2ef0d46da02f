/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_sync_listing;

gboolean lvsctl_sync_list (LvsctlClient *client, GError **error);
gboolean lvsctl_sync_start (LvsctlClient *client, GError **error);
gboolean lvsctl_sync_stop (LvsctlClient *client, GError **error);

G_END_DECLS
