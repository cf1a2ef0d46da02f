/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "roster.h"

G_BEGIN_DECLS

/* Services with their destinations below them, in one table. */
typedef struct _LvsctlTree LvsctlTree;

/* columns: names with commas between, or NULL for all. */
LvsctlTree *lvsctl_tree_new (const char *columns);
void lvsctl_tree_free (LvsctlTree *tree);

gboolean lvsctl_tree_add_all (LvsctlTree *tree, LvsctlRoster *roster, GError **error);
LvsctlTable *lvsctl_tree_table (LvsctlTree *tree);

/* What it needs of the daemon's columns. */
const char *const *lvsctl_tree_service_columns (void);
const char *const *lvsctl_tree_destination_columns (void);

/* Whether the tree has all of these columns; NULL is fine. */
gboolean lvsctl_tree_check (const char *columns, GError **error);

/* "950", "12.3k", "250M": a rate in few columns. */
char *lvsctl_tree_format_rate (guint64 rate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlTree, lvsctl_tree_free)

G_END_DECLS
