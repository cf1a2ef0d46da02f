/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_service_listing;

/* What people call a row's service: its name, or its key where it is foreign. */
char *lvsctl_service_row_id (GVariant *row);

gboolean lvsctl_service_list (LvsctlClient *client, GError **error);
gboolean lvsctl_service_show (LvsctlClient *client, GError **error);
gboolean lvsctl_service_add (LvsctlClient *client, GError **error);
gboolean lvsctl_service_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_service_delete (LvsctlClient *client, GError **error);

G_END_DECLS
