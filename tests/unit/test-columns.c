/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/columns.h"

#include "model/error.h"
#include "model/vardict.h"

enum
{
  NAME,
  STATE,
  WEIGHT,
  BYTES,
  FIELDS,
};

static const LvsdColumn table[] = {
  [NAME] = { "name", LVSD_COLUMN_TEXT },        [STATE] = { "state", LVSD_COLUMN_WORDS },
  [WEIGHT] = { "weight", LVSD_COLUMN_NUMBERS }, [BYTES] = { "bytes", LVSD_COLUMN_NUMBERS },
  [FIELDS] = { "fields", LVSD_COLUMN_FIELDS },
};

static void
add_row (LvsdColumns *columns, const char *name, const char *state, guint64 weight, guint64 bytes)
{
  lvsd_columns_add_text (columns, NAME, name);
  lvsd_columns_add_text (columns, STATE, state);
  lvsd_columns_add_number (columns, WEIGHT, weight);
  lvsd_columns_add_number (columns, BYTES, bytes);
}

static void
assert_end (LvsdColumns *columns, const char *expected)
{
  g_autoptr (GVariant) end = g_variant_ref_sink (lvsd_columns_end (columns));
  g_autofree char *text = g_variant_print (end, TRUE);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_words_are_said_once (void)
{
  g_autoptr (LvsdColumns) columns = lvsd_columns_new (table, G_N_ELEMENTS (table));

  add_row (columns, "a", "applied", 1, 0);
  add_row (columns, "b", "missing", 1, 0);
  add_row (columns, "c", "missing", 1, 0);
  add_row (columns, "d", "applied", 1, 0);
  lvsd_columns_add_field (columns, FIELDS, 2, "one-packet", g_variant_new_boolean (TRUE));
  assert_end (columns, "{'name': <['a', 'b', 'c', 'd']>,"
                       " 'state': <(['applied', 'missing'], [uint16 0, 1, 1, 0])>,"
                       " 'weight': <[uint16 1, 1, 1, 1]>, 'bytes': <[uint16 0, 0, 0, 0]>,"
                       " 'fields': <[(uint16 2, 'one-packet', <true>)]>}");
}

static void
test_numbers_are_as_wide_as_the_widest (void)
{
  g_autoptr (LvsdColumns) columns = lvsd_columns_new (table, G_N_ELEMENTS (table));
  static const char *const chosen[] = { "bytes", "weight", NULL };

  g_assert_true (lvsd_columns_choose (columns, chosen, NULL));
  add_row (columns, "a", "applied", 65535, 1);
  add_row (columns, "b", "applied", 65536, G_MAXUINT64);
  g_assert_false (lvsd_columns_has (columns, NAME));
  assert_end (columns, "{'weight': <[uint32 65535, 65536]>,"
                       " 'bytes': <[uint64 1, 18446744073709551615]>}");
}

static void
test_packed_texts_are_the_same_texts (void)
{
  g_autoptr (LvsdColumns) columns = lvsd_columns_new (table, G_N_ELEMENTS (table));
  static const char *const chosen[] = { "name", NULL };
  g_autoptr (GVariant) end = NULL;
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (GVariant) names = NULL;
  g_autofree char *text = NULL;

  g_assert_true (lvsd_columns_choose (columns, chosen, NULL));
  lvsd_columns_pack (columns);
  add_row (columns, "a", "applied", 1, 0);
  add_row (columns, "", "applied", 1, 0);
  add_row (columns, "name of ours", "applied", 1, 0);
  end = g_variant_ref_sink (lvsd_columns_end (columns));
  packed = g_variant_lookup_value (end, "name", G_VARIANT_TYPE_BYTESTRING);
  names = lvsd_serial_unpack (packed, G_VARIANT_TYPE_STRING_ARRAY);
  text = g_variant_print (names, TRUE);
  g_assert_cmpstr (text, ==, "['a', '', 'name of ours']");
}

static void
test_no_rows_are_columns_of_none (void)
{
  g_autoptr (LvsdColumns) columns = lvsd_columns_new (table, G_N_ELEMENTS (table));

  assert_end (columns, "{'name': <@as []>, 'state': <(@as [], @aq [])>, 'weight': <@aq []>,"
                       " 'bytes': <@aq []>, 'fields': <@a(qsv) []>}");
}

static void
test_a_column_that_is_not_there_is_named (void)
{
  g_autoptr (LvsdColumns) columns = lvsd_columns_new (table, G_N_ELEMENTS (table));
  static const char *const chosen[] = { "name", "colour", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_columns_choose (columns, chosen, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==,
                   "columns: there is no 'colour'; there are name, state, weight, bytes, fields");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/words-are-said-once", test_words_are_said_once);
  g_test_add_func ("/columns/numbers-are-as-wide-as-the-widest",
                   test_numbers_are_as_wide_as_the_widest);
  g_test_add_func ("/columns/packed-texts-are-the-same-texts",
                   test_packed_texts_are_the_same_texts);
  g_test_add_func ("/columns/no-rows-are-columns-of-none", test_no_rows_are_columns_of_none);
  g_test_add_func ("/columns/a-column-that-is-not-there-is-named",
                   test_a_column_that_is_not_there_is_named);
  return g_test_run ();
}
