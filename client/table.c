/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <string.h>

#define GAP 2

/* Nothing that was longer is cut to less than this, or wrapped into less than that. */
#define LEAST_WIDTH 8
#define LEAST_WRAPPED 24

typedef struct
{
  const char *title;
  const char *above; /* a second title, or NULL */
  LvsctlTableFlags flags;
  guint width; /* of the widest cell that has to fit; 0: there is none */
} Column;

/* Small, since a large table has very many. */
typedef struct
{
  guint32 at;     /* in the texts, which has a NUL behind each */
  guint32 length; /* 0: empty */
  guint32 width;
  guint8 style; /* LvsctlStyle */
} Cell;

struct _LvsctlTable
{
  GArray *columns;
  GArray *cells; /* row by row */
  GString *texts;
  guint width;  /* of a line; 0: any */
  guint *shown; /* how wide each column was in the lines before; NULL: there are none */
};

LvsctlTable *
lvsctl_table_new (void)
{
  LvsctlTable *table = g_new0 (LvsctlTable, 1);

  table->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  table->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  table->texts = g_string_new (NULL);
  return table;
}

void
lvsctl_table_free (LvsctlTable *table)
{
  g_array_unref (table->columns);
  g_array_unref (table->cells);
  g_string_free (table->texts, TRUE);
  g_free (table->shown);
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
lvsctl_table_set_title_above (LvsctlTable *table, const char *title)
{
  g_array_index (table->columns, Column, table->columns->len - 1).above = title;
}

void
lvsctl_table_begin_row (LvsctlTable *table)
{
  g_array_set_size (table->cells, table->cells->len + table->columns->len);
}

/* Whether each character takes one column and does nothing else, as nearly all of a large table. */
static gboolean
is_plain (const char *text, gsize *ret_length)
{
  const char *at = text;

  while (*at >= 0x20 && *at < 0x7f)
    at++;
  *ret_length = (gsize) (at - text);
  return *at == '\0';
}

static void
take_text (LvsctlTable *table, Cell *cell, const char *text)
{
  g_autofree char *clean = NULL;
  gsize length;

  cell->at = (guint32) table->texts->len;
  if (is_plain (text, &length))
    cell->width = (guint) length;
  else
    {
      clean = lvsctl_terminal_sanitize (text);
      text = clean;
      length = strlen (text);
      cell->width = lvsctl_terminal_width (text);
    }
  cell->length = (guint) length;
  g_string_append_len (table->texts, text, (gssize) length + 1);
}

void
lvsctl_table_set (LvsctlTable *table, guint column, const char *text, LvsctlStyle style)
{
  Column *of = &g_array_index (table->columns, Column, column);
  Cell *cell =
      &g_array_index (table->cells, Cell, table->cells->len - table->columns->len + column);

  if (text[0] == '\0')
    return;
  take_text (table, cell, text);
  cell->style = (guint8) style;
  if ((of->flags & LVSCTL_OVERFLOW) == 0)
    of->width = MAX (of->width, cell->width);
}

/* Room at the end of the output: a call of GLib's for each of very many cells and gaps took more
 * than all else that makes a line. */
static char *
extend (GString *output, gsize n)
{
  gsize at = output->len;

  if (n < output->allocated_len - at)
    output->len += n;
  else
    g_string_set_size (output, at + n);
  return output->str + at;
}

static void
append_spaces (GString *output, guint n)
{
  memset (extend (output, n), ' ', n);
}

static void
append_styled (GString *output, const char *text, gsize length, const char *sequence)
{
  if (sequence[0] != '\0')
    g_string_append (output, sequence);
  memcpy (extend (output, length), text, length);
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
  if (!legend)
    return column->width;
  return MAX (column->width,
              MAX (lvsctl_terminal_width (column->title),
                   column->above != NULL ? lvsctl_terminal_width (column->above) : 0));
}

/* How much a text has that may go on over the empty cells behind it; G_MAXUINT: nothing follows. */
static guint
find_room (const LvsctlTable *table, const Cell *row, const guint *widths, guint column)
{
  guint room = widths[column];

  for (guint i = column + 1; i < table->columns->len; i++)
    {
      if (row[i].length > 0 && widths[i] > 0)
        return room;
      room += widths[i] > 0 ? widths[i] + GAP : 0;
    }
  return G_MAXUINT;
}

/* Where something follows that has to stay in its column, the text gets the room it needs. */
static void
make_room (const LvsctlTable *table, guint *widths, guint column)
{
  for (guint at = 0; at < table->cells->len; at += table->columns->len)
    {
      const Cell *row = &g_array_index (table->cells, Cell, at);
      guint room = find_room (table, row, widths, column);

      if (row[column].width > room)
        widths[column] += row[column].width - room;
    }
}

/* The column with such flags, and without such, that has most to give, or -1 where none has any. */
static int
find_widest (const LvsctlTable *table,
             const guint *widths,
             LvsctlTableFlags with,
             LvsctlTableFlags without,
             guint least)
{
  int widest = -1;

  for (guint i = 0; i < table->columns->len; i++)
    {
      LvsctlTableFlags flags = g_array_index (table->columns, Column, i).flags;

      if ((flags & with) == with && (flags & without) == 0 && widths[i] > least
          && (widest < 0 || widths[i] > widths[widest]))
        widest = (int) i;
    }
  return widest;
}

/* Numbers are never cut. */
static int
find_widest_to_cut (const LvsctlTable *table, const guint *widths)
{
  int widest = find_widest (table, widths, LVSCTL_WRAP, LVSCTL_ALIGN_RIGHT, LEAST_WRAPPED);

  if (widest < 0)
    widest = find_widest (table, widths, LVSCTL_ALIGN_LEFT,
                          LVSCTL_ALIGN_RIGHT | LVSCTL_KEEP | LVSCTL_WRAP, LEAST_WIDTH);
  if (widest < 0)
    widest = find_widest (table, widths, LVSCTL_ALIGN_LEFT, LVSCTL_ALIGN_RIGHT, LEAST_WIDTH);
  return widest;
}

/* Makes the lines fit the terminal: first without what can be done without, then by cutting. */
static void
shrink (const LvsctlTable *table, guint *widths, guint total)
{
  for (guint i = table->columns->len; i > 0 && total > table->width; i--)
    if (widths[i - 1] > 0
        && (g_array_index (table->columns, Column, i - 1).flags & LVSCTL_DISPENSABLE) != 0)
      {
        total -= widths[i - 1] + GAP;
        widths[i - 1] = 0;
      }
  for (; total > table->width; total--)
    {
      int widest = find_widest_to_cut (table, widths);

      if (widest < 0)
        return;
      widths[widest]--;
    }
}

/* How wide each column becomes; 0: it is left out. */
static guint *
plan_widths (const LvsctlTable *table, gboolean legend)
{
  guint *widths = g_new0 (guint, table->columns->len);
  guint total = 0;

  for (guint i = 0; i < table->columns->len; i++)
    widths[i] = column_width (&g_array_index (table->columns, Column, i), legend);
  for (guint i = 0; i < table->columns->len; i++)
    if ((g_array_index (table->columns, Column, i).flags & LVSCTL_OVERFLOW) != 0)
      make_room (table, widths, i);
  for (guint i = 0; i < table->columns->len; i++)
    if (widths[i] > 0)
      total += widths[i] + (total > 0 ? GAP : 0);
  if (table->width > 0)
    shrink (table, widths, total);
  return widths;
}

/* A line while it is written. Spaces are written when something follows them, so that none ends in
 * one. */
typedef struct
{
  GString *output;
  const char *texts; /* of the cells */
  gboolean color;
  guint at; /* where the next cell begins */
  guint written;
} Line;

static void
append_text (Line *line, const char *text, gsize length, guint width, LvsctlStyle style)
{
  append_spaces (line->output, line->at - line->written);
  append_styled (line->output, text, length, line->color ? lvsctl_style_sequence (style) : "");
  line->written = line->at + width;
}

static void
append_whole (Line *line, const Cell *cell)
{
  append_text (line, line->texts + cell->at, cell->length, cell->width, cell->style);
}

/* What has no room in the line of the others goes on below, in its own column. */
static void
append_wrapped (Line *line, const Cell *cell, guint width)
{
  g_auto (GStrv) parts = lvsctl_terminal_wrap (line->texts + cell->at, width);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (i > 0)
        {
          g_string_append_c (line->output, '\n');
          line->written = 0;
        }
      append_text (line, parts[i], strlen (parts[i]), lvsctl_terminal_width (parts[i]),
                   cell->style);
    }
}

static void
append_right (Line *line, const Cell *cell, guint width)
{
  guint fill = width - MIN (cell->width, width);

  line->at += fill;
  append_whole (line, cell);
  line->at -= fill;
}

static void
append_left (Line *line, const Cell *cell, guint room)
{
  g_autofree char *cut =
      cell->width > room ? lvsctl_terminal_cut (line->texts + cell->at, room) : NULL;

  if (cut != NULL)
    append_text (line, cut, strlen (cut), lvsctl_terminal_width (cut), cell->style);
  else
    append_whole (line, cell);
}

/* How far a text may reach: to the end of its column, or over what is empty behind it. */
static guint
measure_room (const LvsctlTable *table, const Cell *cells, const guint *widths, guint at, guint i)
{
  guint room = widths[i];

  if ((g_array_index (table->columns, Column, i).flags & LVSCTL_OVERFLOW) != 0)
    room = find_room (table, cells, widths, i);
  if (room == G_MAXUINT && table->width > 0)
    room = MAX (widths[i], table->width - MIN (at, table->width));
  return room;
}

static void
append_row (const LvsctlTable *table, Line line, const Cell *cells, const guint *widths)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      LvsctlTableFlags flags = g_array_index (table->columns, Column, i).flags;

      if (widths[i] == 0)
        continue;
      if (cells[i].length == 0)
        ;
      else if ((flags & LVSCTL_ALIGN_RIGHT) != 0)
        append_right (&line, &cells[i], widths[i]);
      else if ((flags & LVSCTL_WRAP) != 0)
        append_wrapped (&line, &cells[i], widths[i]);
      else
        append_left (&line, &cells[i], measure_room (table, cells, widths, line.at, i));
      line.at += widths[i] + GAP;
    }
  g_string_append_c (line.output, '\n');
}

static void
append_titles (const LvsctlTable *table,
               GString *output,
               const guint *widths,
               gboolean above,
               gboolean color)
{
  g_autofree Cell *cells = g_new0 (Cell, table->columns->len);
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < table->columns->len; i++)
    {
      const Column *column = &g_array_index (table->columns, Column, i);
      const char *title = above ? column->above : column->title;

      if (title == NULL || title[0] == '\0')
        continue;
      cells[i] = (Cell){ (guint32) texts->len, (guint) strlen (title),
                         lvsctl_terminal_width (title), LVSCTL_STYLE_HEADING };
      g_string_append_len (texts, title, cells[i].length + 1);
    }
  if (texts->len > 0)
    append_row (table, (Line){ .output = output, .texts = texts->str, .color = color }, cells,
                widths);
}

/* Whether the lines have other columns than those before. */
static gboolean
differ (const LvsctlTable *table, const guint *widths)
{
  for (guint i = 0; table->shown != NULL && i < table->columns->len; i++)
    if ((table->shown[i] == 0) != (widths[i] == 0))
      return TRUE;
  return table->shown == NULL;
}

static void
append_lines (const LvsctlTable *table,
              GString *output,
              const guint *widths,
              gboolean legend,
              gboolean color)
{
  const Line line = { .output = output, .texts = table->texts->str, .color = color };

  if (legend && table->cells->len > 0 && differ (table, widths))
    {
      append_titles (table, output, widths, TRUE, color);
      append_titles (table, output, widths, FALSE, color);
    }
  for (guint row = 0; row < table->cells->len; row += table->columns->len)
    append_row (table, line, &g_array_index (table->cells, Cell, row), widths);
}

char *
lvsctl_table_format (const LvsctlTable *table, gboolean legend, gboolean color)
{
  g_autofree guint *widths = plan_widths (table, legend);
  GString *output = g_string_sized_new (2 * table->texts->len);

  append_lines (table, output, widths, legend, color);
  return g_string_free (output, FALSE);
}

/* What goes on over empty cells is not in the width of its column, but keeps what room it got. */
static void
keep_widths (LvsctlTable *table, guint *widths)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      Column *column = &g_array_index (table->columns, Column, i);

      if ((column->flags & LVSCTL_OVERFLOW) != 0)
        column->width = MAX (column->width, widths[i]);
    }
  g_free (table->shown);
  table->shown = widths;
}

void
lvsctl_table_flush (LvsctlTable *table, GString *output, gboolean legend, gboolean color)
{
  guint *widths;

  if (table->cells->len == 0)
    return;
  widths = plan_widths (table, legend);
  append_lines (table, output, widths, legend, color);
  keep_widths (table, widths);
  g_array_set_size (table->cells, 0);
  g_string_truncate (table->texts, 0);
}
