/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/vardict.h"

#define FIELDS "fields"

typedef struct
{
  GVariant *values; /* what the rest points into; NULL: the column was not asked for */
  GVariant *indexes;
  const char **texts;
  const guint16 *narrow; /* numbers, or which of the texts each row has; else medium, or wide */
  const guint32 *medium;
  const guint64 *wide;
} Column;

typedef struct
{
  guint16 row;
  const char *name;
  GVariant *value;
} Field;

struct _LvsctlPage
{
  guint references;
  const LvsctlCell *cells;
  guint n_cells;
  guint n_rows;
  LvsctlRow *rows;
  GVariant *values; /* what fields point into */
  GArray *fields;   /* in order of rows */
  Column columns[];
};

static gconstpointer
numbers_of (GVariant *values, gsize size, gsize *ret_n)
{
  return g_variant_get_fixed_array (values, ret_n, size);
}

/* g_variant_get_strv() would serialize the array, and takes the longer for each of them then the
 * more there are. They live as long as the array. */
static const char **
borrow_texts (GVariant *array, gsize *ret_n)
{
  const char **texts;

  *ret_n = g_variant_n_children (array);
  texts = g_new (const char *, *ret_n + 1);
  for (gsize i = 0; i < *ret_n; i++)
    {
      g_autoptr (GVariant) text = g_variant_get_child_value (array, i);

      texts[i] = g_variant_get_string (text, NULL);
    }
  return texts;
}

/* One behind the other, in what was an array of texts. */
static gsize
take_packed (Column *column, GVariant *packed)
{
  gsize n;
  const char *text;

  column->values = lvsd_serial_unpack (packed, G_VARIANT_TYPE_STRING_ARRAY);
  if (column->values == NULL)
    return 0;
  n = g_variant_n_children (column->values);
  text = g_variant_get_data (column->values);
  column->texts = g_new (const char *, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      column->texts[i] = text;
      text += strlen (text) + 1;
    }
  return n;
}

/* How many rows the column has, be its type none that is known: then it is left empty. */
static gsize
take_values (Column *column, GVariant *values)
{
  gsize n = 0;

  if (g_variant_is_of_type (values, G_VARIANT_TYPE_BYTESTRING))
    return take_packed (column, values);
  column->values = g_variant_ref (values);
  if (g_variant_is_of_type (values, G_VARIANT_TYPE ("aq")))
    column->narrow = numbers_of (values, sizeof *column->narrow, &n);
  else if (g_variant_is_of_type (values, G_VARIANT_TYPE ("au")))
    column->medium = numbers_of (values, sizeof *column->medium, &n);
  else if (g_variant_is_of_type (values, G_VARIANT_TYPE ("at")))
    column->wide = numbers_of (values, sizeof *column->wide, &n);
  else if (g_variant_is_of_type (values, G_VARIANT_TYPE_STRING_ARRAY))
    column->texts = borrow_texts (values, &n);
  return n;
}

/* Texts of which there are few. An index that leads nowhere would be the daemon's mistake. */
static gsize
take_words (Column *column, GVariant *values)
{
  gsize n_words = 0;
  gsize n;

  column->values = g_variant_get_child_value (values, 0);
  column->indexes = g_variant_get_child_value (values, 1);
  column->texts = borrow_texts (column->values, &n_words);
  column->narrow = numbers_of (column->indexes, sizeof *column->narrow, &n);
  for (gsize i = 0; i < n; i++)
    if (column->narrow[i] >= n_words)
      return 0;
  return n;
}

static gboolean
fits (const Column *column, LvsctlCellType type)
{
  return type == LVSCTL_CELL_TEXT ? column->texts != NULL : column->texts == NULL;
}

static gboolean
take_column (LvsctlPage *page, guint cell, GVariant *values, gboolean first)
{
  Column *column = &page->columns[cell];
  gsize n = g_variant_is_of_type (values, G_VARIANT_TYPE ("(asaq)")) ? take_words (column, values)
                                                                     : take_values (column, values);

  if (first)
    page->n_rows = (guint) n;
  return n == page->n_rows && fits (column, page->cells[cell].type);
}

static void
take_fields (LvsctlPage *page, GVariant *fields)
{
  page->values = g_variant_ref (fields);
  g_variant_get_data (fields); /* so that the names stay where they are */
  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      Field field;

      g_variant_get_child (fields, i, "(q&sv)", &field.row, &field.name, &field.value);
      g_array_append_val (page->fields, field);
    }
}

static gboolean
take_columns (LvsctlPage *page, GVariant *columns)
{
  gboolean first = TRUE;

  for (guint i = 0; i < page->n_cells; i++)
    {
      g_autoptr (GVariant) values = g_variant_lookup_value (columns, page->cells[i].name, NULL);

      if (values == NULL)
        continue;
      if (!take_column (page, i, values, first))
        return FALSE;
      first = FALSE;
    }
  return !first;
}

static void
clear_field (gpointer data)
{
  g_variant_unref (((Field *) data)->value);
}

/* columns is what the daemon has for a page, cells what is known of them and outlives the page. */
LvsctlPage *
lvsctl_page_new (GVariant *columns, const LvsctlCell *cells, guint n_cells, GError **error)
{
  g_autoptr (LvsctlPage) page = g_malloc0 (sizeof (LvsctlPage) + n_cells * sizeof (Column));
  g_autoptr (GVariant) fields = g_variant_lookup_value (columns, FIELDS, G_VARIANT_TYPE ("a(qsv)"));

  page->references = 1;
  page->cells = cells;
  page->n_cells = n_cells;
  page->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (page->fields, clear_field);
  if (!take_columns (page, columns))
    {
      g_set_error_literal (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_SIGNATURE,
                           _ ("lvsd's rows are of another kind than expected"));
      return NULL;
    }
  if (fields != NULL)
    take_fields (page, fields);
  page->rows = g_new (LvsctlRow, page->n_rows);
  for (guint i = 0; i < page->n_rows; i++)
    page->rows[i] = (LvsctlRow){ page, i };
  return g_steal_pointer (&page);
}

LvsctlPage *
lvsctl_page_ref (LvsctlPage *page)
{
  page->references++;
  return page;
}

void
lvsctl_page_unref (LvsctlPage *page)
{
  if (--page->references > 0)
    return;
  for (guint i = 0; i < page->n_cells; i++)
    {
      g_free (page->columns[i].texts);
      g_clear_pointer (&page->columns[i].values, g_variant_unref);
      g_clear_pointer (&page->columns[i].indexes, g_variant_unref);
    }
  g_array_unref (page->fields);
  g_clear_pointer (&page->values, g_variant_unref);
  g_free (page->rows);
  g_free (page);
}

guint
lvsctl_page_n_rows (const LvsctlPage *page)
{
  return page->n_rows;
}

const LvsctlRow *
lvsctl_page_row (const LvsctlPage *page, guint index)
{
  return &page->rows[index];
}

const char *
lvsctl_row_text (const LvsctlRow *row, guint cell)
{
  const Column *column = &row->page->columns[cell];

  if (column->texts == NULL)
    return "";
  return column->texts[column->narrow != NULL ? column->narrow[row->index] : row->index];
}

guint64
lvsctl_row_number (const LvsctlRow *row, guint cell)
{
  const Column *column = &row->page->columns[cell];

  if (column->narrow != NULL)
    return column->narrow[row->index];
  if (column->medium != NULL)
    return column->medium[row->index];
  return column->wide != NULL ? column->wide[row->index] : 0;
}

GVariant *
lvsctl_row_get (const LvsctlRow *row, guint cell)
{
  switch (row->page->cells[cell].type)
    {
    case LVSCTL_CELL_TEXT:
      return g_variant_new_string (lvsctl_row_text (row, cell));
    case LVSCTL_CELL_UINT32:
      return g_variant_new_uint32 ((guint32) lvsctl_row_number (row, cell));
    case LVSCTL_CELL_UINT64:
      return g_variant_new_uint64 (lvsctl_row_number (row, cell));
    }
  g_assert_not_reached ();
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return ((const Field *) a)->row - ((const Field *) b)->row;
}

GVariant *
lvsctl_row_find_field (const LvsctlRow *row, const char *name)
{
  const GArray *fields = row->page->fields;
  const Field wanted = { .row = (guint16) row->index };
  guint at;

  if (!g_array_binary_search ((GArray *) fields, &wanted, compare_rows, &at))
    return NULL;
  while (at > 0 && g_array_index (fields, Field, at - 1).row == row->index)
    at--;
  for (; at < fields->len && g_array_index (fields, Field, at).row == row->index; at++)
    if (g_str_equal (g_array_index (fields, Field, at).name, name))
      return g_variant_ref (g_array_index (fields, Field, at).value);
  return NULL;
}
