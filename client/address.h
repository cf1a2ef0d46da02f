/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_address_listing;

gboolean lvsctl_address_list (LvsctlClient *client, GError **error);
gboolean lvsctl_address_show (LvsctlClient *client, GError **error);
gboolean lvsctl_address_add (LvsctlClient *client, GError **error);
gboolean lvsctl_address_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_address_delete (LvsctlClient *client, GError **error);
gboolean lvsctl_address_up (LvsctlClient *client, GError **error);
gboolean lvsctl_address_down (LvsctlClient *client, GError **error);
gboolean lvsctl_address_announce (LvsctlClient *client, GError **error);

/* "", or "; it is waiting: eth0 does not exist" where an address or role is not as it is to be. */
char *lvsctl_address_describe_state (GVariantDict *properties);

/* The row with this address in its first child, or NULL. */
gboolean
lvsctl_address_show_in (LvsctlClient *client, const LvsctlListing *listing, GError **error);
GVariant *lvsctl_address_find_row (GPtrArray *rows, const char *address);

G_END_DECLS
