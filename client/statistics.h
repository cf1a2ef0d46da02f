/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "overview.h"

G_BEGIN_DECLS

/* What services and destinations have counted. */
LvsctlTable *lvsctl_statistics_new_table (gboolean rate);
gboolean lvsctl_statistics_fill_table (LvsctlTable *table,
                                       LvsctlRoster *roster,
                                       gboolean rate,
                                       GError **error);

/* As JSON in one line; the overview's addresses and roles are not read. */
void lvsctl_statistics_print_line (const LvsctlOverview *overview);

/* A line for each service and for each destination, with totals and rates. */
void lvsctl_statistics_print_tersely (const LvsctlOverview *overview);

gboolean lvsctl_statistics (LvsctlClient *client, GError **error);
gboolean lvsctl_zero (LvsctlClient *client, GError **error);

G_END_DECLS
