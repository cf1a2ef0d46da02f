/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "overview.h"

G_BEGIN_DECLS

/* Services with their destinations below them, in one table. columns: names with commas between, or
 * NULL for all. */
LvsctlTable *lvsctl_tree_build (const LvsctlOverview *overview, const char *columns);

/* Whether the tree has all of these columns; NULL is fine. */
gboolean lvsctl_tree_check (const char *columns, GError **error);

/* "950", "12.3k", "250M": a rate in few columns. */
char *lvsctl_tree_format_rate (guint64 rate);

G_END_DECLS
