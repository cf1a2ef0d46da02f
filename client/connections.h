/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_connection_listing;

gboolean lvsctl_connections (LvsctlClient *client, GError **error);

G_END_DECLS
