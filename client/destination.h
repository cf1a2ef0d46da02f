/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_destination_listing;

/* The cells of its rows. */
enum
{
  LVSCTL_DESTINATION_SERVICE, /* as lvsctl_service_row_id has it */
  LVSCTL_DESTINATION_ENDPOINT,
  LVSCTL_DESTINATION_METHOD,
  LVSCTL_DESTINATION_WEIGHT,
  LVSCTL_DESTINATION_EFFECTIVE_WEIGHT,
  LVSCTL_DESTINATION_STATE,
  LVSCTL_DESTINATION_ACTIVE,
  LVSCTL_DESTINATION_INACTIVE,
  LVSCTL_DESTINATION_PERSISTENT,
  LVSCTL_DESTINATION_COUNTERS, /* the first of ten */
  LVSCTL_DESTINATION_N_CELLS = LVSCTL_DESTINATION_COUNTERS + 10,
};

extern const LvsctlCell lvsctl_destination_cells[LVSCTL_DESTINATION_N_CELLS];

gboolean lvsctl_destination_list (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_show (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_add (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_destination_delete (LvsctlClient *client, GError **error);

G_END_DECLS
