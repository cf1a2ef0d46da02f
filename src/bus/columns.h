/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Many rows, put together column by column: in a message an array of numbers costs as much as one
 * number, and a row with a value in each column as much as all of them. */
typedef struct _LvsdColumns LvsdColumns;

typedef enum
{
  LVSD_COLUMN_TEXT,    /* as; ay where they are packed: its serialized form, little endian */
  LVSD_COLUMN_WORDS,   /* (asaq): the different ones, and which of them each row has */
  LVSD_COLUMN_NUMBERS, /* aq, au or at: the narrowest that has room for all */
  LVSD_COLUMN_FIELDS,  /* a(qsv): a row, a name and a value, where there is something to say */
} LvsdColumnType;

typedef struct
{
  const char *name;
  LvsdColumnType type;
} LvsdColumn;

/* 'q' has to be able to count the rows. */
#define LVSD_COLUMNS_ROWS_MAX G_MAXUINT16

LvsdColumns *lvsd_columns_new (const LvsdColumn *table, guint n_columns);
void lvsd_columns_free (LvsdColumns *columns);
gboolean lvsd_columns_choose (LvsdColumns *columns, const char *const *names, GError **error);
void lvsd_columns_pack (LvsdColumns *columns);
gboolean lvsd_columns_has (const LvsdColumns *columns, guint column);

/* The next row's; nothing where the column was not chosen. */
void lvsd_columns_add_text (LvsdColumns *columns, guint column, const char *text);
void lvsd_columns_add_number (LvsdColumns *columns, guint column, guint64 number);
void lvsd_columns_add_field (LvsdColumns *columns,
                             guint column,
                             guint row,
                             const char *name,
                             GVariant *value);

GVariant *lvsd_columns_end (LvsdColumns *columns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdColumns, lvsd_columns_free)

G_END_DECLS
