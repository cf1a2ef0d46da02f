/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* What of a listing's rows is shown, in which order and form: --columns, --sort, --terse. */

/* Whether --columns and --sort name what the listing has: to be asked before rows are fetched. */
gboolean lvsctl_selection_check (const LvsctlArguments *arguments,
                                 const LvsctlListing *listing,
                                 GError **error);

/* The same of an order alone, which may be NULL. */
gboolean
lvsctl_selection_check_order (const LvsctlListing *listing, const char *sort, GError **error);

/* columns: names with commas between, or NULL for those with a title. */
LvsctlTable *
lvsctl_selection_to_table (const LvsctlListing *listing, const char *columns, GPtrArray *rows);

/* A line for each row, with a tab between values: as the daemon has them, not as people like them.
 * kind, or NULL, goes before each. */
void lvsctl_selection_append_lines (GString *output,
                                    const LvsctlListing *listing,
                                    const char *columns,
                                    const char *kind,
                                    GPtrArray *rows);

/* sort: the name of a column, with '-' before it for the other way round. Rows that are the same in
 * it stay in the order they have; as do all where the listing has no such column. */
void lvsctl_selection_sort (const LvsctlListing *listing, const char *sort, GPtrArray *rows);

const char *lvsctl_selection_columns (const LvsctlArguments *arguments);
const char *lvsctl_selection_order (const LvsctlArguments *arguments);

/* A table as this command line wants it: cut to the terminal, coloured, with headings or without.
 */
char *lvsctl_selection_format_table (const LvsctlArguments *arguments, LvsctlTable *table);

/* What a verb prints, sorted, without JSON. */
void lvsctl_selection_print (LvsctlClient *client, const LvsctlListing *listing, GPtrArray *rows);

/* What a verb prints: the rows as a table, or with --json with their generation. */
void lvsctl_selection_print_all (LvsctlClient *client,
                                 const LvsctlListing *listing,
                                 GPtrArray *rows,
                                 guint64 generation);
void lvsctl_selection_print_one (LvsctlClient *client, const LvsctlListing *listing, gpointer row);

/* Fetches and prints. options, a{sv}, may be NULL and floating. */
gboolean lvsctl_selection_run (LvsctlClient *client,
                               const LvsctlListing *listing,
                               GVariant *options,
                               GError **error);

G_END_DECLS
