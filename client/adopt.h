/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_adoption_listing;

gboolean lvsctl_adopt_list (LvsctlClient *client, GError **error);
gboolean lvsctl_adopt (LvsctlClient *client, GError **error);
gboolean lvsctl_reconcile (LvsctlClient *client, GError **error);

G_END_DECLS
