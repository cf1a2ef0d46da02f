/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Rows that came from the daemon column by column, as they are in the message: very many of them
 * are looked at without a value being made of each. */
typedef struct _LvsctlPage LvsctlPage;

/* One of them. */
typedef struct
{
  LvsctlPage *page;
  guint index;
} LvsctlRow;

typedef enum
{
  LVSCTL_CELL_TEXT,
  LVSCTL_CELL_UINT32,
  LVSCTL_CELL_UINT64,
} LvsctlCellType;

/* What the daemon calls a column, and what its values are. */
typedef struct
{
  const char *name;
  LvsctlCellType type;
} LvsctlCell;

LvsctlPage *
lvsctl_page_new (GVariant *columns, const LvsctlCell *cells, guint n_cells, GError **error);
LvsctlPage *lvsctl_page_ref (LvsctlPage *page);
void lvsctl_page_unref (LvsctlPage *page);
guint lvsctl_page_n_rows (const LvsctlPage *page);

/* Borrowed from the page. */
const LvsctlRow *lvsctl_page_row (const LvsctlPage *page, guint index);

/* By the index of its column among the cells; "" and 0 where that was not asked for. */
const char *lvsctl_row_text (const LvsctlRow *row, guint cell);
guint64 lvsctl_row_number (const LvsctlRow *row, guint cell);

/* Floating, of the cell's type. */
GVariant *lvsctl_row_get (const LvsctlRow *row, guint cell);

/* A field that is not at its preset, or NULL. */
GVariant *lvsctl_row_find_field (const LvsctlRow *row, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlPage, lvsctl_page_unref)

G_END_DECLS
