/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#define GAP 2

/* Nothing that was longer is cut to less than this. */
#define LEAST_WIDTH 8

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
  guint width;   /* of a line; 0: any */
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

void
lvsctl_table_set_width (LvsctlTable *table, guint width)
{
  table->width = width;
}

static guint
column_width (const Column *column, gboolean legend)
{
  if (column->width == 0 && (column->flags & LVSCTL_HIDE_EMPTY) != 0)
    return 0;
  return legend ? MAX (column->width, lvsctl_terminal_width (column->title)) : column->width;
}

/* The column that has most to give, or -1 where none has any. Numbers are never cut. */
static int
find_widest (const LvsctlTable *table, const guint *widths)
{
  int widest = -1;

  for (guint i = 0; i < table->columns->len; i++)
    if ((g_array_index (table->columns, Column, i).flags & LVSCTL_ALIGN_RIGHT) == 0
        && widths[i] > LEAST_WIDTH && (widest < 0 || widths[i] > widths[widest]))
      widest = (int) i;
  return widest;
}

/* How wide each column becomes; 0: it is left out. */
static guint *
plan_widths (const LvsctlTable *table, gboolean legend)
{
  guint *widths = g_new0 (guint, table->columns->len);
  guint total = 0;

  for (guint i = 0; i < table->columns->len; i++)
    {
      widths[i] = column_width (&g_array_index (table->columns, Column, i), legend);
      if (widths[i] > 0)
        total += widths[i] + (total > 0 ? GAP : 0);
    }
  for (guint i = table->columns->len; i > 0 && table->width > 0 && total > table->width; i--)
    if (widths[i - 1] > 0
        && (g_array_index (table->columns, Column, i - 1).flags & LVSCTL_DISPENSABLE) != 0)
      {
        total -= widths[i - 1] + GAP;
        widths[i - 1] = 0;
      }
  while (table->width > 0 && total > table->width)
    {
      int widest = find_widest (table, widths);

      if (widest < 0)
        break;
      widths[widest]--;
      total--;
    }
  return widths;
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
  g_autofree char *cut = NULL;
  guint fill = width - MIN (cell->width, width);
  gboolean right = (column->flags & LVSCTL_ALIGN_RIGHT) != 0;

  if (cell->text == NULL)
    {
      *pending += width + GAP;
      return;
    }
  cut = lvsctl_terminal_cut (cell->text, width);
  append_spaces (output, *pending + (right ? fill : 0));
  append_styled (output, cut, cell->style, color);
  *pending = GAP + (right ? 0 : width - lvsctl_terminal_width (cut));
}

static void
append_row (const LvsctlTable *table,
            GString *output,
            const Cell *cells,
            const guint *widths,
            gboolean color)
{
  guint pending = 0;

  for (guint i = 0; i < table->columns->len; i++)
    if (widths[i] > 0)
      append_cell (output, &g_array_index (table->columns, Column, i), &cells[i], widths[i],
                   &pending, color);
  g_string_append_c (output, '\n');
}

static void
append_legend (const LvsctlTable *table, GString *output, const guint *widths, gboolean color)
{
  g_autofree Cell *cells = g_new0 (Cell, table->columns->len);

  for (guint i = 0; i < table->columns->len; i++)
    {
      const char *title = g_array_index (table->columns, Column, i).title;

      cells[i] = (Cell){ (char *) title, lvsctl_terminal_width (title), LVSCTL_STYLE_HEADING };
    }
  append_row (table, output, cells, widths, color);
}

char *
lvsctl_table_format (const LvsctlTable *table, gboolean legend, gboolean color)
{
  g_autofree guint *widths = plan_widths (table, legend);
  GString *output = g_string_new (NULL);

  if (legend && table->cells->len > 0)
    append_legend (table, output, widths, color);
  for (guint row = 0; row < table->cells->len; row += table->columns->len)
    append_row (table, output, &g_array_index (table->cells, Cell, row), widths, color);
  return g_string_free (output, FALSE);
}
