/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* Returns a floating a{sv} of the sections, which may be floating, as Apply takes them: the
 * services are bytes, or where they are many a file in memory that goes with the client's calls
 * until lvsctl_parcel_clear. */
GVariant *lvsctl_parcel_pack (LvsctlClient *client, GVariant *sections);
void lvsctl_parcel_clear (LvsctlClient *client);

G_END_DECLS
