/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/columns.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "model/vardict.h"

typedef struct
{
  gboolean chosen;
  GVariantBuilder values; /* of words and fields */
  GByteArray *texts;      /* serialized, and where each ends */
  GArray *ends;
  GHashTable *words; /* -> index + 1 */
  const char *last;  /* the word of the row before, which is often that of the next one */
  GArray *numbers;   /* guint64: the numbers, or indexes of words */
  guint64 all;       /* their bits */
} Column;

struct _LvsdColumns
{
  const LvsdColumn *table;
  gboolean packed;
  guint n_columns;
  Column columns[];
};

static const char *
element_type (LvsdColumnType type)
{
  return type == LVSD_COLUMN_FIELDS ? "a(qsv)" : "as";
}

/* The table is borrowed. All columns are chosen. */
LvsdColumns *
lvsd_columns_new (const LvsdColumn *table, guint n_columns)
{
  LvsdColumns *columns = g_malloc0 (sizeof (LvsdColumns) + n_columns * sizeof (Column));

  columns->table = table;
  columns->n_columns = n_columns;
  for (guint i = 0; i < n_columns; i++)
    {
      Column *column = &columns->columns[i];

      column->chosen = TRUE;
      column->texts = g_byte_array_new ();
      column->ends = g_array_new (FALSE, FALSE, sizeof (gsize));
      column->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
      column->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_variant_builder_init (&column->values, G_VARIANT_TYPE (element_type (table[i].type)));
    }
  return columns;
}

void
lvsd_columns_free (LvsdColumns *columns)
{
  for (guint i = 0; i < columns->n_columns; i++)
    {
      g_variant_builder_clear (&columns->columns[i].values);
      g_byte_array_unref (columns->columns[i].texts);
      g_array_unref (columns->columns[i].ends);
      g_hash_table_unref (columns->columns[i].words);
      g_array_unref (columns->columns[i].numbers);
    }
  g_free (columns);
}

static gboolean
refuse_name (const LvsdColumns *columns, const char *name, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < columns->n_columns; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? ", " : "", columns->table[i].name);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("columns: there is no '%s'; there are %s"), name, all->str);
  return FALSE;
}

/* Leaves out all columns but those that are named; to be called before the first row. */
gboolean
lvsd_columns_choose (LvsdColumns *columns, const char *const *names, GError **error)
{
  for (guint i = 0; i < columns->n_columns; i++)
    columns->columns[i].chosen = FALSE;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      guint at = 0;

      while (at < columns->n_columns && !g_str_equal (columns->table[at].name, names[i]))
        at++;
      if (at == columns->n_columns)
        return refuse_name (columns, names[i], error);
      columns->columns[at].chosen = TRUE;
    }
  return TRUE;
}

/* To be called before the first row. */
void
lvsd_columns_pack (LvsdColumns *columns)
{
  columns->packed = TRUE;
}

gboolean
lvsd_columns_has (const LvsdColumns *columns, guint column)
{
  return columns->columns[column].chosen;
}

static void
append_number (Column *column, guint64 number)
{
  g_array_append_val (column->numbers, number);
  column->all |= number;
}

static void
add_word (Column *column, const char *word)
{
  gpointer key;
  gpointer known;

  if (column->last != NULL && g_str_equal (column->last, word))
    {
      append_number (column, g_array_index (column->numbers, guint64, column->numbers->len - 1));
      return;
    }
  if (!g_hash_table_lookup_extended (column->words, word, &key, &known))
    {
      g_variant_builder_add_value (&column->values, g_variant_new_string (word));
      key = g_strdup (word);
      known = GUINT_TO_POINTER (g_hash_table_size (column->words));
      g_hash_table_insert (column->words, key, known);
    }
  column->last = key;
  append_number (column, GPOINTER_TO_UINT (known));
}

static void
append_text (Column *column, const char *text)
{
  gsize end;

  lvsd_serial_add_string (column->texts, text);
  end = column->texts->len;
  g_array_append_val (column->ends, end);
}

void
lvsd_columns_add_text (LvsdColumns *columns, guint column, const char *text)
{
  Column *of = &columns->columns[column];

  if (!of->chosen)
    return;
  if (columns->table[column].type == LVSD_COLUMN_WORDS)
    add_word (of, text);
  else
    append_text (of, text);
}

void
lvsd_columns_add_number (LvsdColumns *columns, guint column, guint64 number)
{
  if (columns->columns[column].chosen)
    append_number (&columns->columns[column], number);
}

/* Consumes the value if it is floating. */
void
lvsd_columns_add_field (LvsdColumns *columns,
                        guint column,
                        guint row,
                        const char *name,
                        GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  GVariant *members[] = { g_variant_new_uint16 ((guint16) row), g_variant_new_string (name),
                          g_variant_new_variant (owned) };

  g_variant_builder_add_value (&columns->columns[column].values,
                               g_variant_new_tuple (members, G_N_ELEMENTS (members)));
}

static GVariant *
take_array (const char *type, gpointer data, gsize size)
{
  return g_variant_new_from_data (G_VARIANT_TYPE (type), data, size, TRUE, g_free, data);
}

static GVariant *
end_numbers (const Column *column)
{
  const guint64 *numbers = (const guint64 *) (gconstpointer) column->numbers->data;
  guint n = column->numbers->len;

  if (column->all <= G_MAXUINT16)
    {
      guint16 *narrow = g_new (guint16, n);

      for (guint i = 0; i < n; i++)
        narrow[i] = (guint16) numbers[i];
      return take_array ("aq", narrow, n * sizeof *narrow);
    }
  if (column->all <= G_MAXUINT32)
    {
      guint32 *narrow = g_new (guint32, n);

      for (guint i = 0; i < n; i++)
        narrow[i] = (guint32) numbers[i];
      return take_array ("au", narrow, n * sizeof *narrow);
    }
  return take_array ("at", g_memdup2 (numbers, n * sizeof *numbers), n * sizeof *numbers);
}

static GVariant *
end_texts (Column *column, gboolean packed)
{
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GVariant) texts = NULL;

  lvsd_serial_add_ends (column->texts, 0, (const gsize *) (gconstpointer) column->ends->data,
                        column->ends->len);
  data = g_bytes_new (column->texts->data, column->texts->len);
  if (packed)
    return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, data, TRUE);
  texts = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_STRING_ARRAY, data, TRUE));
  return lvsd_serial_little_endian (texts);
}

/* Returns a reference, floating or not. */
static GVariant *
end_column (Column *column, LvsdColumnType type, gboolean packed)
{
  GVariant *members[2];

  if (type == LVSD_COLUMN_NUMBERS)
    return end_numbers (column);
  if (type == LVSD_COLUMN_TEXT)
    return end_texts (column, packed);
  members[0] = g_variant_builder_end (&column->values);
  if (type != LVSD_COLUMN_WORDS)
    return members[0];
  members[1] = end_numbers (column);
  return g_variant_new_tuple (members, G_N_ELEMENTS (members));
}

/* Returns a floating a{sv}: those that were chosen, by name, in the order of the table. No row can
 * be added any more. */
GVariant *
lvsd_columns_end (LvsdColumns *columns)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < columns->n_columns; i++)
    {
      g_autoptr (GVariant) column = NULL;

      if (!columns->columns[i].chosen)
        continue;
      column = g_variant_take_ref (
          end_column (&columns->columns[i], columns->table[i].type, columns->packed));
      g_variant_builder_add (&builder, "{sv}", columns->table[i].name, column);
    }
  return g_variant_builder_end (&builder);
}
