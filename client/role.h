/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_role_listing;

gboolean lvsctl_role_list (LvsctlClient *client, GError **error);
gboolean lvsctl_role_show (LvsctlClient *client, GError **error);
gboolean lvsctl_role_add (LvsctlClient *client, GError **error);
gboolean lvsctl_role_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_role_delete (LvsctlClient *client, GError **error);

G_END_DECLS
