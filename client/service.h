/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_service_listing;

/* The cells of its rows. */
enum
{
  LVSCTL_SERVICE_NAME,
  LVSCTL_SERVICE_KEY,
  LVSCTL_SERVICE_SCHEDULER,
  LVSCTL_SERVICE_STATE,
  LVSCTL_SERVICE_COUNTERS, /* the first of ten */
  LVSCTL_SERVICE_N_CELLS = LVSCTL_SERVICE_COUNTERS + 10,
};

extern const LvsctlCell lvsctl_service_cells[LVSCTL_SERVICE_N_CELLS];

/* What people call a row's service: its name, or its key where it is foreign. */
const char *lvsctl_service_row_id (const LvsctlRow *row);

gboolean lvsctl_service_list (LvsctlClient *client, GError **error);
gboolean lvsctl_service_show (LvsctlClient *client, GError **error);
gboolean lvsctl_service_add (LvsctlClient *client, GError **error);
gboolean lvsctl_service_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_service_delete (LvsctlClient *client, GError **error);

G_END_DECLS
