/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_destination_listing;

gboolean lvsctl_destination_list (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_show (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_add (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_delete (LvsctlClient *client, GError **error);

G_END_DECLS
