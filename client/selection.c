/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "selection.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "exit-status.h"
#include "json.h"
#include "reader.h"
#include "record.h"
#include "terminal.h"

const char *
lvsctl_selection_columns (const LvsctlArguments *arguments)
{
  const char *columns = NULL;

  g_variant_lookup (arguments->options, "columns", "&s", &columns);
  return columns;
}

const char *
lvsctl_selection_order (const LvsctlArguments *arguments)
{
  const char *sort = NULL;

  g_variant_lookup (arguments->options, "sort", "&s", &sort);
  return sort;
}

static gboolean
has_name (const LvsctlListing *listing, const char *name)
{
  g_autoptr (GPtrArray) names = lvsctl_listing_names (listing);

  return g_strv_contains ((const char *const *) names->pdata, name);
}

static gboolean
refuse_name (const LvsctlListing *listing, const char *option, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = lvsctl_listing_names (listing);
  g_autofree char *all = g_strjoinv (", ", (char **) names->pdata);

  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("--%s: '%s' is not a column here; there are %s"), option, name, all);
  return FALSE;
}

/* "-active" sorts by active. */
static const char *
order_name (const char *sort)
{
  return sort[0] == '-' ? sort + 1 : sort;
}

gboolean
lvsctl_selection_check_order (const LvsctlListing *listing, const char *sort, GError **error)
{
  return sort == NULL || has_name (listing, order_name (sort))
         || refuse_name (listing, "sort", order_name (sort), error);
}

gboolean
lvsctl_selection_check (const LvsctlArguments *arguments,
                        const LvsctlListing *listing,
                        GError **error)
{
  const char *columns = lvsctl_selection_columns (arguments);
  g_auto (GStrv) names = columns != NULL ? g_strsplit (columns, ",", -1) : NULL;

  if (names != NULL && names[0] == NULL)
    return refuse_name (listing, "columns", "", error);
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    if (!has_name (listing, names[i]))
      return refuse_name (listing, "columns", names[i], error);
  return lvsctl_selection_check_order (listing, lvsctl_selection_order (arguments), error);
}

/* What is shown of each row. */
typedef struct
{
  char *name;
  const LvsctlColumn *column; /* NULL: a field that no column shows */
} Chosen;

static void
clear_chosen (gpointer data)
{
  g_free (((Chosen *) data)->name);
}

/* Those that were asked for, or those with a title. */
static GArray *
choose (const LvsctlListing *listing, const char *columns)
{
  g_auto (GStrv) names = columns != NULL ? g_strsplit (columns, ",", -1) : NULL;
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (Chosen));

  g_array_set_clear_func (chosen, clear_chosen);
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      Chosen one = { g_strdup (names[i]), lvsctl_listing_find_column (listing, names[i]) };

      g_array_append_val (chosen, one);
    }
  for (gsize i = 0; names == NULL && i < listing->n_columns; i++)
    if (listing->columns[i].title != NULL)
      {
        Chosen one = { g_strdup (listing->columns[i].name), &listing->columns[i] };

        g_array_append_val (chosen, one);
      }
  return chosen;
}

static const struct
{
  LvsctlColumnFlags column;
  LvsctlTableFlags table;
} flags_of_columns[] = {
  { LVSCTL_COLUMN_NUMBER, LVSCTL_ALIGN_RIGHT },
  { LVSCTL_COLUMN_HIDE_EMPTY, LVSCTL_HIDE_EMPTY },
  { LVSCTL_COLUMN_KEEP, LVSCTL_KEEP },
  { LVSCTL_COLUMN_WRAP, LVSCTL_WRAP },
};

/* What was asked for by name is there, be it empty. */
static void
add_column (LvsctlTable *table, const Chosen *chosen, gboolean named)
{
  const LvsctlColumn *column = chosen->column;
  g_autofree char *upper = g_ascii_strup (chosen->name, -1);
  const char *title = g_intern_string (upper);
  LvsctlTableFlags flags = LVSCTL_ALIGN_LEFT;

  if (column != NULL && column->title != NULL)
    title = _ (column->title);
  for (gsize i = 0; column != NULL && i < G_N_ELEMENTS (flags_of_columns); i++)
    if ((column->flags & flags_of_columns[i].column) != 0)
      flags |= flags_of_columns[i].table;
  if (named)
    flags &= ~(LVSCTL_HIDE_EMPTY | LVSCTL_WRAP);
  lvsctl_table_add_column (table, title, flags);
}

static LvsctlTable *
new_table (const GArray *chosen, gboolean named)
{
  LvsctlTable *table = lvsctl_table_new ();

  for (guint i = 0; i < chosen->len; i++)
    add_column (table, &g_array_index (chosen, Chosen, i), named);
  return table;
}

/* Of most cells of a large table nothing needs to be copied. Returns NULL where something does. */
static const char *
peek_text (const LvsctlListing *listing,
           const LvsctlColumn *column,
           const LvsctlRow *row,
           GString *scratch)
{
  if (listing->cells == NULL || column == NULL || column->get != NULL)
    return NULL;
  if (listing->cells[column->child].type == LVSCTL_CELL_TEXT)
    return lvsctl_row_text (row, column->child);
  g_string_truncate (scratch, 0);
  lvsd_number_append (scratch, lvsctl_row_number (row, column->child));
  return scratch->str;
}

static void
add_row (LvsctlTable *table, const LvsctlListing *listing, const GArray *chosen, gpointer row)
{
  g_autoptr (GString) scratch = g_string_new (NULL);

  lvsctl_table_begin_row (table);
  for (guint i = 0; i < chosen->len; i++)
    {
      const Chosen *one = &g_array_index (chosen, Chosen, i);
      const LvsctlColumn *column = one->column;
      gboolean is_state = column != NULL && (column->flags & LVSCTL_COLUMN_STATE) != 0;
      const char *text =
          column != NULL && column->text != NULL ? NULL : peek_text (listing, column, row, scratch);
      g_autofree char *made = text == NULL ? lvsctl_listing_text (listing, one->name, row) : NULL;

      if (text == NULL)
        text = made;
      lvsctl_table_set (table, i, text,
                        is_state ? lvsctl_style_of_state (text) : LVSCTL_STYLE_PLAIN);
    }
}

LvsctlTable *
lvsctl_selection_to_table (const LvsctlListing *listing, const char *columns, GPtrArray *rows)
{
  g_autoptr (GArray) chosen = choose (listing, columns);
  LvsctlTable *table = new_table (chosen, columns != NULL);

  for (guint i = 0; i < rows->len; i++)
    add_row (table, listing, chosen, rows->pdata[i]);
  return table;
}

/* The same in every language. */
static char *
plain_text (const LvsctlListing *listing, const char *name, gpointer row)
{
  g_autoptr (GVariant) value = g_variant_take_ref (lvsctl_listing_get (listing, name, row));

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? "yes" : "no");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY)
      || g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}")))
    return g_variant_n_children (value) > 0 ? lvsctl_json_format_line (value) : g_strdup ("");
  return lvsctl_value_to_text (value);
}

static void
append_line (GString *output,
             const LvsctlListing *listing,
             const GArray *chosen,
             const char *kind,
             gpointer row)
{
  g_autoptr (GString) scratch = g_string_new (NULL);

  g_string_append (output, kind != NULL ? kind : "");
  for (guint i = 0; i < chosen->len; i++)
    {
      const Chosen *one = &g_array_index (chosen, Chosen, i);
      const char *text = peek_text (listing, one->column, row, scratch);
      g_autofree char *made = text == NULL ? plain_text (listing, one->name, row) : NULL;
      g_autofree char *clean = lvsctl_terminal_sanitize (text != NULL ? text : made);

      if (i > 0 || kind != NULL)
        g_string_append_c (output, '\t');
      g_string_append (output, clean);
    }
  g_string_append_c (output, '\n');
}

void
lvsctl_selection_append_lines (GString *output,
                               const LvsctlListing *listing,
                               const char *columns,
                               const char *kind,
                               GPtrArray *rows)
{
  g_autoptr (GArray) chosen = choose (listing, columns);

  for (guint i = 0; i < rows->len; i++)
    append_line (output, listing, chosen, kind, rows->pdata[i]);
}

/* What a row is sorted by: text so that 192.0.2.9 is before 192.0.2.10. */
typedef struct
{
  gpointer row; /* borrowed */
  GVariant *number;
  char *text;
} SortKey;

static void
clear_key (gpointer data)
{
  SortKey *key = data;

  g_clear_pointer (&key->number, g_variant_unref);
  g_clear_pointer (&key->text, g_free);
}

static gboolean
is_number (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32)
         || g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64)
         || g_variant_is_of_type (value, G_VARIANT_TYPE_INT64);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const SortKey *first = a;
  const SortKey *second = b;

  if (first->number != NULL && second->number != NULL)
    return g_variant_compare (first->number, second->number);
  return g_strcmp0 (first->text, second->text);
}

static int
compare_reversed (gconstpointer a, gconstpointer b)
{
  return compare_keys (b, a);
}

static void
add_key (GArray *keys, const LvsctlListing *listing, const char *name, gpointer row)
{
  g_autoptr (GVariant) value = g_variant_take_ref (lvsctl_listing_get (listing, name, row));
  g_autofree char *text = lvsctl_value_to_text (value);
  SortKey key = { .row = row };

  if (is_number (value))
    key.number = g_variant_ref (value);
  else
    key.text = g_utf8_collate_key_for_filename (text, -1);
  g_array_append_val (keys, key);
}

void
lvsctl_selection_sort (const LvsctlListing *listing, const char *sort, GPtrArray *rows)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (SortKey));

  if (sort == NULL || !has_name (listing, order_name (sort)))
    return;
  g_array_set_clear_func (keys, clear_key);
  for (guint i = 0; i < rows->len; i++)
    add_key (keys, listing, order_name (sort), rows->pdata[i]);
  g_array_sort (keys, sort[0] == '-' ? compare_reversed : compare_keys);
  for (guint i = 0; i < rows->len; i++)
    rows->pdata[i] = g_array_index (keys, SortKey, i).row;
}

char *
lvsctl_selection_format_table (const LvsctlArguments *arguments, LvsctlTable *table)
{
  lvsctl_table_set_width (table, lvsctl_terminal_columns ());
  return lvsctl_table_format (table, !arguments->no_legend, lvsctl_terminal_has_color ());
}

/* Nothing at all would leave a person wondering; whatever reads it elsewhere wants nothing. */
static void
note_empty (const LvsctlArguments *arguments)
{
  if (!arguments->terse && !arguments->no_legend && lvsctl_terminal_columns () > 0)
    lvsctl_terminal_print (_ ("There are none.\n"));
}

void
lvsctl_selection_print (LvsctlClient *client, const LvsctlListing *listing, GPtrArray *rows)
{
  const LvsctlArguments *arguments = client->arguments;
  const char *columns = lvsctl_selection_columns (arguments);
  g_autoptr (LvsctlTable) table = NULL;
  g_autofree char *text = NULL;

  lvsctl_selection_sort (listing, lvsctl_selection_order (arguments), rows);
  if (rows->len == 0)
    note_empty (arguments);
  if (arguments->terse)
    {
      GString *lines = g_string_new (NULL);

      lvsctl_selection_append_lines (lines, listing, columns, NULL, rows);
      text = g_string_free (lines, FALSE);
    }
  else
    {
      table = lvsctl_selection_to_table (listing, columns, rows);
      text = lvsctl_selection_format_table (arguments, table);
    }
  lvsctl_terminal_print (text);
}

static void
begin_json (LvsctlJsonWriter *writer, const LvsctlListing *listing, guint64 generation)
{
  lvsctl_json_begin_document (writer, TRUE);
  lvsctl_json_member (writer, "generation");
  lvsctl_json_number (writer, generation);
  lvsctl_json_member (writer, listing->name);
  lvsctl_json_begin (writer, '[');
}

static void
end_json (LvsctlJsonWriter *writer)
{
  lvsctl_json_end (writer, ']');
  lvsctl_json_end_document (writer);
}

void
lvsctl_selection_print_all (LvsctlClient *client,
                            const LvsctlListing *listing,
                            GPtrArray *rows,
                            guint64 generation)
{
  g_autoptr (LvsctlRecord) record = NULL;
  g_auto (LvsctlJsonWriter) writer = { NULL };

  if (!client->arguments->json)
    {
      lvsctl_selection_print (client, listing, rows);
      return;
    }
  lvsctl_selection_sort (listing, lvsctl_selection_order (client->arguments), rows);
  record = lvsctl_record_new (listing);
  begin_json (&writer, listing, generation);
  lvsctl_record_write_rows (record, &writer, rows);
  end_json (&writer);
}

/* A listing that is printed while it comes in. */

#define FIRST_ROWS 128 /* more than fits a screen, and there at once */

typedef struct
{
  const LvsctlArguments *arguments;
  const LvsctlListing *listing;
  GArray *chosen;
  LvsctlTable *table;
  LvsctlRecord *record;
  LvsctlJsonWriter writer;
  guint n_rows;
} Output;

static void
clear_output (Output *output)
{
  g_clear_pointer (&output->chosen, g_array_unref);
  g_clear_pointer (&output->table, lvsctl_table_free);
  g_clear_pointer (&output->record, lvsctl_record_free);
  lvsctl_json_writer_clear (&output->writer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, clear_output)

static void
print_page (Output *output, GPtrArray *rows)
{
  const LvsctlArguments *arguments = output->arguments;
  g_autoptr (GString) lines = g_string_new (NULL);

  output->n_rows += rows->len;
  if (arguments->json)
    {
      lvsctl_record_write_rows (output->record, &output->writer, rows);
      lvsctl_json_flush (&output->writer);
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    if (arguments->terse)
      append_line (lines, output->listing, output->chosen, NULL, rows->pdata[i]);
    else
      add_row (output->table, output->listing, output->chosen, rows->pdata[i]);
  lvsctl_table_flush (output->table, lines, !arguments->no_legend, lvsctl_terminal_has_color ());
  lvsctl_terminal_print (lines->str);
  fflush (stdout);
}

/* Numbers that nobody asked for are not sent; JSON has them all. */
static GVariant *
choose_cells (const Output *output, GVariant *options)
{
  const LvsctlListing *listing = output->listing;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);

  for (guint i = 0; i < listing->n_cells; i++)
    {
      gboolean needed = listing->cells[i].type != LVSCTL_CELL_UINT64;

      for (guint j = 0; j < output->chosen->len; j++)
        needed =
            needed
            || g_str_equal (g_array_index (output->chosen, Chosen, j).name, listing->cells[i].name);
      if (needed)
        g_ptr_array_add (names, (gpointer) listing->cells[i].name);
    }
  g_ptr_array_add (names, (gpointer) "fields");
  if (!output->arguments->json)
    g_variant_dict_insert_value (
        &dict, "columns", g_variant_new_strv ((const char *const *) names->pdata, names->len));
  return g_variant_dict_end (&dict);
}

static gboolean
print_pages (Output *output, LvsctlReader *reader, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean json = output->arguments->json;
  LvsctlPage *page;

  while ((page = lvsctl_reader_next (reader, &failure)) != NULL)
    {
      g_autoptr (LvsctlPage) owned = page;
      g_autoptr (GPtrArray) rows = lvsctl_listing_new_rows (output->listing);

      if (json && output->writer.text == NULL)
        begin_json (&output->writer, output->listing, lvsctl_reader_generation (reader));
      lvsctl_listing_add_page (rows, owned);
      print_page (output, rows);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (json)
    end_json (&output->writer);
  else if (output->n_rows == 0)
    note_empty (output->arguments);
  return TRUE;
}

static gboolean
run_by_page (LvsctlClient *client, const LvsctlListing *listing, GVariant *options, GError **error)
{
  const char *columns = lvsctl_selection_columns (client->arguments);
  g_auto (Output) output = { .arguments = client->arguments,
                             .listing = listing,
                             .chosen = choose (listing, columns),
                             .record = lvsctl_record_new (listing) };
  g_autoptr (LvsctlReader) reader = NULL;

  output.table = new_table (output.chosen, columns != NULL);
  lvsctl_table_set_width (output.table, lvsctl_terminal_columns ());
  reader = lvsctl_reader_new (client, listing, choose_cells (&output, options), FIRST_ROWS);
  return print_pages (&output, reader, error);
}

gboolean
lvsctl_selection_run (LvsctlClient *client,
                      const LvsctlListing *listing,
                      GVariant *options,
                      GError **error)
{
  g_autoptr (GVariant) owned = options != NULL ? g_variant_ref_sink (options) : NULL;
  g_autoptr (GPtrArray) rows = NULL;
  guint64 generation;

  if (!lvsctl_selection_check (client->arguments, listing, error))
    return FALSE;
  if (listing->cells != NULL && lvsctl_selection_order (client->arguments) == NULL)
    return run_by_page (client, listing, owned, error);
  rows = lvsctl_listing_fetch (client, listing, owned, &generation, error);
  if (rows == NULL)
    return FALSE;
  lvsctl_selection_print_all (client, listing, rows, generation);
  return TRUE;
}

static char *
describe_tersely (const LvsctlListing *listing, gpointer row)
{
  g_autoptr (GPtrArray) names = lvsctl_listing_names (listing);
  GString *output = g_string_new (NULL);

  for (guint i = 0; names->pdata[i] != NULL; i++)
    {
      g_autofree char *text = plain_text (listing, names->pdata[i], row);
      g_autofree char *clean = lvsctl_terminal_sanitize (text);

      g_string_append_printf (output, "%s\t%s\n", (const char *) names->pdata[i], clean);
    }
  return g_string_free (output, FALSE);
}

void
lvsctl_selection_print_one (LvsctlClient *client, const LvsctlListing *listing, gpointer row)
{
  g_autofree char *text = NULL;

  if (client->arguments->json)
    {
      lvsctl_json_print (lvsctl_listing_to_object (listing, row));
      return;
    }
  if (client->arguments->terse)
    text = describe_tersely (listing, row);
  else
    text = lvsctl_listing_describe (listing, row, lvsctl_terminal_has_color ());
  lvsctl_terminal_print (text);
}
