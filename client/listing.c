/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "listing.h"

#include <glib/gi18n-lib.h>

#include "exit-status.h"
#include "json.h"
#include "reader.h"

#define FETCH_TRIES 4

const LvsctlColumn *
lvsctl_listing_find_column (const LvsctlListing *listing, const char *name)
{
  for (gsize i = 0; i < listing->n_columns; i++)
    if (g_str_equal (listing->columns[i].name, name))
      return &listing->columns[i];
  return NULL;
}

static GVariant *
get_column (const LvsctlListing *listing, const LvsctlColumn *column, gpointer row)
{
  g_autoptr (GVariant) child = NULL;

  if (column->get != NULL)
    return column->get (row);
  if (listing->cells != NULL)
    return lvsctl_row_get (row, column->child);
  child = g_variant_get_child_value (row, column->child);
  if (g_variant_classify (child) == G_VARIANT_CLASS_TUPLE)
    return g_variant_get_child_value (child, column->member);
  return g_steal_pointer (&child);
}

GVariant *
lvsctl_listing_find_field (const LvsctlListing *listing, const char *name, gpointer row)
{
  g_autoptr (GVariant) fields = NULL;

  if (listing->cells != NULL)
    return lvsctl_row_find_field (row, name);
  fields = g_variant_get_child_value (row, listing->fields);
  return g_variant_lookup_value (fields, name, NULL);
}

/* A row has the fields that are not at their preset; what has no row here is at it. */
static GVariant *
get_field (const LvsctlListing *listing, const LvsdField *field, gpointer row)
{
  g_autoptr (GVariant) value = lvsctl_listing_find_field (listing, field->name, row);
  g_autofree gpointer preset = NULL;

  if (value != NULL)
    return g_steal_pointer (&value);
  preset = g_malloc0 (lvsd_item_class (listing->kind)->size);
  lvsd_field_reset (field, preset);
  return lvsd_field_get (field, preset);
}

/* The model's field of an index that no column shows, or NULL. */
static const LvsdField *
further_field (const LvsctlListing *listing, gsize index)
{
  const LvsdField *field = &lvsd_item_class (listing->kind)->fields[index];

  if ((field->flags & LVSD_FIELD_INTERNAL) != 0
      || lvsctl_listing_find_column (listing, field->name) != NULL)
    return NULL;
  return field;
}

static gsize
count_fields (const LvsctlListing *listing)
{
  return listing->fields != LVSCTL_NO_FIELDS ? lvsd_item_class (listing->kind)->n_fields : 0;
}

GPtrArray *
lvsctl_listing_names (const LvsctlListing *listing)
{
  GPtrArray *names = g_ptr_array_new ();

  for (gsize i = 0; i < listing->n_columns; i++)
    g_ptr_array_add (names, (gpointer) listing->columns[i].name);
  for (gsize i = 0; i < count_fields (listing); i++)
    {
      const LvsdField *field = further_field (listing, i);

      if (field != NULL)
        g_ptr_array_add (names, (gpointer) field->name);
    }
  g_ptr_array_add (names, NULL);
  return names;
}

GVariant *
lvsctl_listing_get (const LvsctlListing *listing, const char *name, gpointer row)
{
  const LvsctlColumn *column = lvsctl_listing_find_column (listing, name);

  if (column != NULL)
    return get_column (listing, column, row);
  return get_field (listing, lvsd_item_find_field (listing->kind, name), row);
}

static char *
join_words (GVariant *words)
{
  g_autofree const char **strings = g_variant_get_strv (words, NULL);

  return g_strjoinv (",", (char **) strings);
}

/* Most cells of a large table are numbers, and g_variant_print() makes much of each. */
char *
lvsctl_number_to_text (guint64 number)
{
  GString *text = g_string_new (NULL);

  lvsd_number_append (text, number);
  return g_string_free (text, FALSE);
}

char *
lvsctl_value_to_text (GVariant *value)
{
  switch ((int) g_variant_classify (value))
    {
    case G_VARIANT_CLASS_ARRAY:
      return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY)
                 ? join_words (value)
                 : g_variant_print (value, FALSE);
    case G_VARIANT_CLASS_UINT32:
      return lvsctl_number_to_text (g_variant_get_uint32 (value));
    case G_VARIANT_CLASS_UINT64:
      return lvsctl_number_to_text (g_variant_get_uint64 (value));
    case G_VARIANT_CLASS_STRING:
      return g_variant_dup_string (value, NULL);
    case G_VARIANT_CLASS_BOOLEAN:
      return g_strdup (g_variant_get_boolean (value) ? _ ("yes") : _ ("no"));
    case G_VARIANT_CLASS_MAYBE:
      return g_strdup ("");
    case G_VARIANT_CLASS_VARIANT:
      {
        g_autoptr (GVariant) inner = g_variant_get_variant (value);

        return lvsctl_value_to_text (inner);
      }
    default:
      return g_variant_print (value, FALSE);
    }
}

static char *
column_text (const LvsctlListing *listing, const LvsctlColumn *column, gpointer row)
{
  g_autoptr (GVariant) value = NULL;

  if (column->text != NULL)
    return column->text (row);
  value = g_variant_take_ref (get_column (listing, column, row));
  return lvsctl_value_to_text (value);
}

char *
lvsctl_listing_text (const LvsctlListing *listing, const char *name, gpointer row)
{
  const LvsctlColumn *column = lvsctl_listing_find_column (listing, name);
  g_autoptr (GVariant) value = NULL;

  if (column != NULL)
    return column_text (listing, column, row);
  value = g_variant_take_ref (lvsctl_listing_get (listing, name, row));
  return lvsctl_value_to_text (value);
}

GVariant *
lvsctl_listing_to_object (const LvsctlListing *listing, gpointer row)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < listing->n_columns; i++)
    {
      g_autoptr (GVariant) value =
          g_variant_take_ref (get_column (listing, &listing->columns[i], row));

      lvsctl_json_add (&object, listing->columns[i].name, value);
    }
  for (gsize i = 0; i < count_fields (listing); i++)
    {
      const LvsdField *field = further_field (listing, i);

      if (field != NULL)
        lvsctl_json_add (&object, field->name, get_field (listing, field, row));
    }
  return g_variant_builder_end (&object);
}

GVariant *
lvsctl_listing_to_array (const LvsctlListing *listing, GPtrArray *rows)
{
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (GVariant) object =
          g_variant_ref_sink (lvsctl_listing_to_object (listing, rows->pdata[i]));

      /* As with a page: what stays until the end is small. */
      g_variant_get_data (object);
      g_variant_builder_add_value (&array, object);
    }
  return g_variant_builder_end (&array);
}

static void
describe_line (GString *output, const char *name, const char *text, LvsctlStyle style)
{
  g_autofree char *shown = lvsctl_terminal_sanitize (text);
  const char *sequence = lvsctl_style_sequence (style);

  if (text[0] == '\0')
    g_string_append_printf (output, "%s:\n", name);
  else
    g_string_append_printf (output, "%s: %s%s%s\n", name, sequence, shown,
                            sequence[0] != '\0' ? "\033[0m" : "");
}

/* A text that is empty in a table, so as not to distract, gives way to the value itself. */
static char *
describe_column (const LvsctlListing *listing, const LvsctlColumn *column, gpointer row)
{
  g_autofree char *text = column_text (listing, column, row);
  g_autoptr (GVariant) value = NULL;

  if (text[0] != '\0')
    return g_steal_pointer (&text);
  value = g_variant_take_ref (get_column (listing, column, row));
  return lvsctl_value_to_text (value);
}

/* A line for each property: its name, which is that of its option, and its value. */
char *
lvsctl_listing_describe (const LvsctlListing *listing, gpointer row, gboolean color)
{
  GString *output = g_string_new (NULL);

  for (gsize i = 0; i < listing->n_columns; i++)
    {
      const LvsctlColumn *column = &listing->columns[i];
      g_autofree char *text = describe_column (listing, column, row);
      gboolean styled = color && (column->flags & LVSCTL_COLUMN_STATE) != 0;

      describe_line (output, column->name, text,
                     styled ? lvsctl_style_of_state (text) : LVSCTL_STYLE_PLAIN);
    }
  for (gsize i = 0; i < count_fields (listing); i++)
    {
      const LvsdField *field = further_field (listing, i);
      g_autofree char *text =
          field != NULL ? lvsctl_listing_text (listing, field->name, row) : NULL;

      if (field != NULL)
        describe_line (output, field->name, text, LVSCTL_STYLE_PLAIN);
    }
  return g_string_free (output, FALSE);
}

/* Of rows that are tuples. Returns FALSE on an error; ret_after is NULL where it was the last page.
 */
static gboolean
fetch_page (LvsctlClient *client,
            const LvsctlListing *listing,
            GVariant *options,
            GPtrArray *rows,
            guint64 *ret_generation,
            char **after,
            GError **error)
{
  g_autofree char *reply_type = g_strdup_printf ("(ta%s)", listing->row_type);
  g_autofree char *begin = g_steal_pointer (after);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) page = NULL;
  gsize n_rows;

  if (begin != NULL)
    g_variant_dict_insert (&dict, "after", "s", begin);
  reply = lvsctl_client_call (client, &lvsctl_manager, listing->method,
                              g_variant_new ("(@a{sv})", g_variant_dict_end (&dict)), reply_type,
                              error);
  if (reply == NULL)
    return FALSE;
  g_variant_get_child (reply, 0, "t", ret_generation);
  page = g_variant_get_child_value (reply, 1);
  n_rows = g_variant_n_children (page);
  for (gsize i = 0; i < n_rows; i++)
    g_ptr_array_add (rows, g_variant_get_child_value (page, i));
  if (n_rows == LVSCTL_PAGE_ROWS)
    *after = listing->after (rows->pdata[rows->len - 1]);
  if (g_strcmp0 (begin, *after) == 0)
    g_clear_pointer (after, g_free);
  return TRUE;
}

static gboolean
fetch_tuples (LvsctlClient *client,
              const LvsctlListing *listing,
              GVariant *options,
              GPtrArray *rows,
              guint64 *ret_generation,
              gboolean *ret_consistent,
              GError **error)
{
  g_autofree char *after = NULL;
  guint64 first = 0;
  guint64 last = 0;

  do
    {
      gboolean is_first = rows->len == 0;

      if (!fetch_page (client, listing, options, rows, &last, &after, error))
        return FALSE;
      if (is_first)
        first = last;
    }
  while (after != NULL && first == last);
  *ret_generation = last;
  *ret_consistent = first == last;
  return TRUE;
}

static void
release_row (gpointer row)
{
  lvsctl_page_unref (((const LvsctlRow *) row)->page);
}

void
lvsctl_listing_add_page (GPtrArray *rows, LvsctlPage *page)
{
  for (guint i = 0; i < lvsctl_page_n_rows (page); i++)
    {
      lvsctl_page_ref (page);
      g_ptr_array_add (rows, (gpointer) lvsctl_page_row (page, i));
    }
}

static gboolean
fetch_columns (LvsctlClient *client,
               const LvsctlListing *listing,
               GVariant *options,
               GPtrArray *rows,
               guint64 *ret_generation,
               gboolean *ret_consistent,
               GError **error)
{
  g_autoptr (LvsctlReader) reader = lvsctl_reader_new (client, listing, options, LVSCTL_PAGE_ROWS);
  g_autoptr (GError) failure = NULL;
  LvsctlPage *page;

  while (lvsctl_reader_is_consistent (reader)
         && (page = lvsctl_reader_next (reader, &failure)) != NULL)
    {
      lvsctl_listing_add_page (rows, page);
      lvsctl_page_unref (page);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *ret_generation = lvsctl_reader_generation (reader);
  *ret_consistent = lvsctl_reader_is_consistent (reader);
  return TRUE;
}

GPtrArray *
lvsctl_listing_new_rows (const LvsctlListing *listing)
{
  return g_ptr_array_new_with_free_func (listing->cells != NULL ? release_row
                                                                : (GDestroyNotify) g_variant_unref);
}

GPtrArray *
lvsctl_listing_fetch (LvsctlClient *client,
                      const LvsctlListing *listing,
                      GVariant *options,
                      guint64 *ret_generation,
                      GError **error)
{
  g_autoptr (GVariant) given = options != NULL ? g_variant_ref_sink (options) : NULL;
  g_autoptr (GPtrArray) rows = lvsctl_listing_new_rows (listing);
  gboolean consistent = FALSE;
  guint64 generation = 0;

  for (guint i = 0; i < FETCH_TRIES && !consistent; i++)
    {
      g_ptr_array_set_size (rows, 0);
      if (!(listing->cells != NULL ? fetch_columns : fetch_tuples) (
              client, listing, given, rows, &generation, &consistent, error))
        return NULL;
    }
  if (!consistent)
    {
      g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED,
                           _ ("the configuration keeps changing while it is read; try again"));
      return NULL;
    }
  if (ret_generation != NULL)
    *ret_generation = generation;
  return g_steal_pointer (&rows);
}
