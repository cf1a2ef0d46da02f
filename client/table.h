/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "terminal.h"

G_BEGIN_DECLS

typedef enum
{
  LVSCTL_ALIGN_LEFT = 0,
  LVSCTL_ALIGN_RIGHT = 1 << 0,
  LVSCTL_HIDE_EMPTY = 1 << 1,  /* leave the column out where no row has anything in it */
  LVSCTL_DISPENSABLE = 1 << 2, /* leave it out, the last of them first, where lines get too long */
  LVSCTL_KEEP = 1 << 3,        /* cut its texts only when no others are left to be cut */
  LVSCTL_OVERFLOW = 1 << 4,    /* its texts go on over the empty cells behind them */
  LVSCTL_WRAP = 1 << 5,        /* of the last column: go on in the next line instead of being cut */
} LvsctlTableFlags;

/* Text in columns as wide as what is in them. */
typedef struct _LvsctlTable LvsctlTable;

LvsctlTable *lvsctl_table_new (void);
void lvsctl_table_free (LvsctlTable *table);
void lvsctl_table_add_column (LvsctlTable *table, const char *title, LvsctlTableFlags flags);

/* Gives the column that was added last a second title, in a line above the others'. */
void lvsctl_table_set_title_above (LvsctlTable *table, const char *title);

void lvsctl_table_begin_row (LvsctlTable *table);

/* Fills in a cell of the row that was begun last. */
void lvsctl_table_set (LvsctlTable *table, guint column, const char *text, LvsctlStyle style);

/* Lines get no longer than this: the widest texts are cut. 0, as at first: nothing is cut. */
void lvsctl_table_set_width (LvsctlTable *table, guint width);

char *lvsctl_table_format (const LvsctlTable *table, gboolean legend, gboolean color);

/* The same of a table that is written while it still grows: appends the lines of the rows that are
 * there, and forgets those. Columns get no narrower; the titles stand above the first line, and
 * again where there is a column that was left out before. */
void lvsctl_table_flush (LvsctlTable *table, GString *output, gboolean legend, gboolean color);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlTable, lvsctl_table_free)

G_END_DECLS
