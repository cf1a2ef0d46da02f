/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* Connections counted by what they have in common: --group. by: "client" (its address),
 * "destination", "service" (or the virtual address where it has no name) or "state". NULL for
 * another word. */
const LvsctlListing *lvsctl_connection_groups_find (const char *by);

/* Rows of that listing made of rows of lvsctl_connection_listing, those with most connections
 * first; limit of them at most, or all where it is 0. */
GPtrArray *
lvsctl_connection_groups_make (const LvsctlListing *listing, GPtrArray *connections, guint limit);

G_END_DECLS
