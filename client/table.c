/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#define GAP 2

typedef struct
{
  const char *title;
  LvsctlTableFlags flags;
  guint width; /* of the widest cell; 0: all are empty */
} Column;

typedef struct
{
  char *text; /* NULL: empty */
  guint width;
  LvsctlStyle style;
} Cell;

struct _LvsctlTable
{
  GArray *columns;
  GArray *cells; /* row by row */
};

static void
clear_cell (gpointer data)
{
  g_free (((Cell *) data)->text);
}

LvsctlTable *
lvsctl_table_new (void)
{
  LvsctlTable *table = g_new0 (LvsctlTable, 1);

  table->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  table->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  g_array_set_clear_func (table->cells, clear_cell);
  return table;
}

void
lvsctl_table_free (LvsctlTable *table)
{
  g_array_unref (table->columns);
  g_array_unref (table->cells);
  g_free (table);
}

/* All columns are added before the first row. */
void
lvsctl_table_add_column (LvsctlTable *table, const char *title, LvsctlTableFlags flags)
{
  Column column = { .title = title, .flags = flags };

  g_array_append_val (table->columns, column);
}

void
lvsctl_table_begin_row (LvsctlTable *table)
{
  g_array_set_size (table->cells, table->cells->len + table->columns->len);
}

void
lvsctl_table_set (LvsctlTable *table, guint column, const char *text, LvsctlStyle style)
{
  Column *of = &g_array_index (table->columns, Column, column);
  Cell *cell =
      &g_array_index (table->cells, Cell, table->cells->len - table->columns->len + column);

  if (text[0] == '\0')
    return;
  g_free (cell->text);
  cell->text = lvsctl_terminal_sanitize (text);
  cell->width = lvsctl_terminal_width (cell->text);
  cell->style = style;
  of->width = MAX (of->width, cell->width);
}

static void
append_spaces (GString *output, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_c (output, ' ');
}

static void
append_styled (GString *output, const char *text, LvsctlStyle style, gboolean color)
{
  const char *sequence = color ? lvsctl_style_sequence (style) : "";

  g_string_append (output, sequence);
  g_string_append (output, text);
  if (sequence[0] != '\0')
    g_string_append (output, "\033[0m");
}

static guint
column_width (const Column *column, gboolean legend)
{
  if (column->width == 0 && (column->flags & LVSCTL_HIDE_EMPTY) != 0)
    return 0;
  return legend ? MAX (column->width, lvsctl_terminal_width (column->title)) : column->width;
}

/* Spaces are written when something follows them, so that no line ends in one. */
static void
append_cell (GString *output,
             const Column *column,
             const Cell *cell,
             guint width,
             guint *pending,
             gboolean color)
{
  guint fill = width - cell->width;
  gboolean right = (column->flags & LVSCTL_ALIGN_RIGHT) != 0;

  if (cell->text == NULL)
    {
      *pending += width + GAP;
      return;
    }
  append_spaces (output, *pending + (right ? fill : 0));
  append_styled (output, cell->text, cell->style, color);
  *pending = GAP + (right ? 0 : fill);
}

static void
append_legend (const LvsctlTable *table, GString *output, gboolean color)
{
  guint pending = 0;

  for (guint i = 0; i < table->columns->len; i++)
    {
      const Column *column = &g_array_index (table->columns, Column, i);
      guint width = column_width (column, TRUE);
      Cell cell = { (char *) column->title, lvsctl_terminal_width (column->title),
                    LVSCTL_STYLE_HEADING };

      if (width > 0)
        append_cell (output, column, &cell, width, &pending, color);
    }
  g_string_append_c (output, '\n');
}

char *
lvsctl_table_format (const LvsctlTable *table, gboolean legend, gboolean color)
{
  GString *output = g_string_new (NULL);
  guint n_columns = table->columns->len;

  if (legend && table->cells->len > 0)
    append_legend (table, output, color);
  for (guint row = 0; row < table->cells->len; row += n_columns)
    {
      guint pending = 0;

      for (guint i = 0; i < n_columns; i++)
        {
          const Column *column = &g_array_index (table->columns, Column, i);
          guint width = column_width (column, legend);

          if (width > 0)
            append_cell (output, column, &g_array_index (table->cells, Cell, row + i), width,
                         &pending, color);
        }
      g_string_append_c (output, '\n');
    }
  return g_string_free (output, FALSE);
}
