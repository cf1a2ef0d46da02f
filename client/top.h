/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "overview.h"

G_BEGIN_DECLS

/* The services and destinations with most to do, again and again. */
gboolean lvsctl_top (LvsctlClient *client, GError **error);

/* One picture: a line about the state, a line about the keys or none, and as much of the table as
 * there is room for. columns and lines are those of the terminal, 0: as much as there is. */
char *lvsctl_top_draw (const LvsctlOverview *overview,
                       const char *order,
                       guint columns,
                       guint lines,
                       gboolean color);

G_END_DECLS
