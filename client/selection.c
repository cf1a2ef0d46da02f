/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "selection.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "json.h"
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

/* Those that were asked for, or those with a title. */
static GStrv
chosen_names (const LvsctlListing *listing, const char *columns)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (columns != NULL)
    return g_strsplit (columns, ",", -1);
  for (gsize i = 0; i < listing->n_columns; i++)
    if (listing->columns[i].title != NULL)
      g_strv_builder_add (names, listing->columns[i].name);
  return g_strv_builder_end (names);
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
add_column (LvsctlTable *table, const LvsctlListing *listing, const char *name, gboolean named)
{
  const LvsctlColumn *column = lvsctl_listing_find_column (listing, name);
  g_autofree char *upper = g_ascii_strup (name, -1);
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

static void
add_row (LvsctlTable *table, const LvsctlListing *listing, const GStrv names, GVariant *row)
{
  lvsctl_table_begin_row (table);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const LvsctlColumn *column = lvsctl_listing_find_column (listing, names[i]);
      g_autofree char *text = lvsctl_listing_text (listing, names[i], row);
      gboolean is_state = column != NULL && (column->flags & LVSCTL_COLUMN_STATE) != 0;

      lvsctl_table_set (table, i, text,
                        is_state ? lvsctl_style_of_state (text) : LVSCTL_STYLE_PLAIN);
    }
}

LvsctlTable *
lvsctl_selection_to_table (const LvsctlListing *listing, const char *columns, GPtrArray *rows)
{
  g_auto (GStrv) names = chosen_names (listing, columns);
  LvsctlTable *table = lvsctl_table_new ();

  for (gsize i = 0; names[i] != NULL; i++)
    add_column (table, listing, names[i], columns != NULL);
  for (guint i = 0; i < rows->len; i++)
    add_row (table, listing, names, rows->pdata[i]);
  return table;
}

/* The same in every language. */
static char *
plain_text (const LvsctlListing *listing, const char *name, GVariant *row)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (lvsctl_listing_get (listing, name, row));

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? "yes" : "no");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY)
      || g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}")))
    return g_variant_n_children (value) > 0 ? lvsctl_json_format_line (value) : g_strdup ("");
  return lvsctl_value_to_text (value);
}

void
lvsctl_selection_append_lines (GString *output,
                               const LvsctlListing *listing,
                               const char *columns,
                               const char *kind,
                               GPtrArray *rows)
{
  g_auto (GStrv) names = chosen_names (listing, columns);

  for (guint i = 0; i < rows->len; i++)
    {
      g_string_append (output, kind != NULL ? kind : "");
      for (gsize j = 0; names[j] != NULL; j++)
        {
          g_autofree char *text = plain_text (listing, names[j], rows->pdata[i]);
          g_autofree char *clean = lvsctl_terminal_sanitize (text);

          g_string_append_printf (output, "%s%s", j > 0 || kind != NULL ? "\t" : "", clean);
        }
      g_string_append_c (output, '\n');
    }
}

/* What a row is sorted by: text so that 192.0.2.9 is before 192.0.2.10. */
typedef struct
{
  GVariant *row; /* borrowed */
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
add_key (GArray *keys, const LvsctlListing *listing, const char *name, GVariant *row)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (lvsctl_listing_get (listing, name, row));
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

void
lvsctl_selection_print_all (LvsctlClient *client,
                            const LvsctlListing *listing,
                            GPtrArray *rows,
                            guint64 generation)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (!client->arguments->json)
    {
      lvsctl_selection_print (client, listing, rows);
      return;
    }
  lvsctl_selection_sort (listing, lvsctl_selection_order (client->arguments), rows);
  lvsctl_json_add (&object, "generation", g_variant_new_uint64 (generation));
  lvsctl_json_add (&object, listing->name, lvsctl_listing_to_array (listing, rows));
  lvsctl_json_print (g_variant_builder_end (&object));
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
  rows = lvsctl_listing_fetch (client, listing, owned, &generation, error);
  if (rows == NULL)
    return FALSE;
  lvsctl_selection_print_all (client, listing, rows, generation);
  return TRUE;
}

static char *
describe_tersely (const LvsctlListing *listing, GVariant *row)
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
lvsctl_selection_print_one (LvsctlClient *client, const LvsctlListing *listing, GVariant *row)
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
