/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/field.h"

#include <string.h>

#include "model/error.h"

typedef struct
{
  guint8 small;
  guint8 flag;
  guint8 choice;
  guint8 bits;
  guint16 medium;
  guint32 large;
  gint32 number;
  char word[5];
} Record;

static const LvsdTerm colours[] = { { "red", 1 }, { "blue", 2 }, { "azure", 2 }, { NULL, 0 } };

enum
{
  SMALL,
  MEDIUM,
  LARGE,
  NUMBER,
  FLAG,
  CHOICE,
  WORD,
  BITS,
};

static const LvsdTerm bits[] = {
  { "bit-1", 1 }, { "bit-2", 2 }, { "ab-low", 1 }, { "ab-high", 2 }, { "abc-low", 1 }, { NULL, 0 },
};

static const LvsdField fields[] = {
  [SMALL] = { "small", LVSD_FIELD_UINT8, G_STRUCT_OFFSET (Record, small), 1, 100, 7, NULL, 0 },
  [MEDIUM] = { "medium", LVSD_FIELD_UINT16, G_STRUCT_OFFSET (Record, medium), 0, 65535, 9, NULL,
               0 },
  [LARGE] = { "large", LVSD_FIELD_UINT32, G_STRUCT_OFFSET (Record, large), 0, 2147483647, 1, NULL,
              0 },
  [NUMBER] = { "number", LVSD_FIELD_INT32, G_STRUCT_OFFSET (Record, number), 0, 0, 0, NULL, 0 },
  [FLAG] = { "flag", LVSD_FIELD_BOOLEAN, G_STRUCT_OFFSET (Record, flag), 0, 1, 1, NULL, 0 },
  [CHOICE] = { "choice", LVSD_FIELD_TERM, G_STRUCT_OFFSET (Record, choice), 1, 2, 1, colours, 0 },
  [WORD] = { "word", LVSD_FIELD_WORD, G_STRUCT_OFFSET (Record, word), 2, 4, 0, NULL, 0 },
  [BITS] = { "bits", LVSD_FIELD_FLAGS, G_STRUCT_OFFSET (Record, bits),
             G_STRUCT_OFFSET (Record, word), 3, 0, bits, 0 },
};

static Record
new_record (void)
{
  Record record = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    lvsd_field_reset (&fields[i], &record);
  return record;
}

static char *
format (guint i, const Record *record)
{
  GString *text = g_string_new (NULL);

  lvsd_field_format (&fields[i], record, text);
  return g_string_free (text, FALSE);
}

static void
test_reset_gives_the_preset (void)
{
  Record record;

  memset (&record, 'x', sizeof record);
  record.word[4] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_assert_false (lvsd_field_is_preset (&fields[i], &record));
      lvsd_field_reset (&fields[i], &record);
      g_assert_true (lvsd_field_is_preset (&fields[i], &record));
    }
  g_assert_cmpuint (record.small, ==, 7);
  g_assert_cmpuint (record.flag, ==, 1);
  g_assert_cmpstr (record.word, ==, "");
}

/* Text that goes in, and what comes out. */
static void
test_text_comes_back (void)
{
  static const struct
  {
    guint field;
    const char *in;
    const char *out;
  } rows[] = {
    { SMALL, "1", "1" },
    { SMALL, "100", "100" },
    { MEDIUM, "65535", "65535" },
    { LARGE, "0", "0" },
    { LARGE, "2147483647", "2147483647" },
    { NUMBER, "-2147483648", "-2147483648" },
    { NUMBER, "2147483647", "2147483647" },
    { NUMBER, "0", "0" },
    { FLAG, "yes", "yes" },
    { FLAG, "0", "no" },
    { FLAG, "ON", "yes" },
    { FLAG, "false", "no" },
    { CHOICE, "blue", "blue" },
    { CHOICE, "Azure", "blue" },
    { WORD, "ab", "ab" },
    { WORD, "a#;%", "a#;%" },
    { BITS, "none", "none" },
    { BITS, "bit-2", "bit-2" },
    { BITS, "ab-high,ab-low", "bit-1,bit-2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LvsdField *field = &fields[rows[i].field];
      Record record = new_record ();
      Record other = new_record ();
      g_autoptr (GVariant) value = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      lvsd_field_parse (field, &record, rows[i].in, &error);
      g_assert_no_error (error);
      text = format (rows[i].field, &record);
      g_assert_cmpstr (text, ==, rows[i].out);
      value = g_variant_ref_sink (lvsd_field_get (field, &record));
      g_assert_true (g_variant_is_of_type (value, lvsd_field_variant_type (field)));
      lvsd_field_set (field, &other, value, &error);
      g_assert_no_error (error);
      g_assert_true (lvsd_field_equal (field, &record, &other));
    }
}

static GVariant *
parse_value (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return value;
}

static void
assert_refused (guint i, gboolean done, const Record *record, const GError *error)
{
  Record untouched = new_record ();

  g_assert_false (done);
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_true (g_str_has_prefix (error->message, fields[i].name));
  g_assert_cmpint (memcmp (record, &untouched, sizeof untouched), ==, 0);
}

static void
test_bad_text_is_refused_by_name (void)
{
  static const struct
  {
    guint field;
    const char *text;
  } rows[] = {
    { SMALL, "0" },
    { SMALL, "101" },
    { SMALL, "" },
    { SMALL, "x" },
    { SMALL, "-1" },
    { SMALL, "+5" },
    { SMALL, " 5" },
    { SMALL, "5 " },
    { MEDIUM, "65536" },
    { LARGE, "2147483648" },
    { LARGE, "1e3" },
    { LARGE, "99999999999999999999" },
    { NUMBER, "2147483648" },
    { NUMBER, "-2147483649" },
    { NUMBER, "" },
    { FLAG, "maybe" },
    { FLAG, "" },
    { CHOICE, "green" },
    { CHOICE, "" },
    { WORD, "a" },
    { WORD, "abcde" },
    { WORD, "" },
    { WORD, "a b" },
    { WORD, "a\tb" },
    { WORD, "\xc3\xa9" },
    { WORD, "a=b" },
    { WORD, "a]b" },
    { WORD, "a[b" },
    { WORD, "a\\b" },
    { WORD, "a\"b" },
    { WORD, "a'b" },
    { WORD, "a\n" },
    { BITS, "bit-3" },
    { BITS, "bit-1," },
    { BITS, "bit-1,none" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Record record = new_record ();
      g_autoptr (GError) error = NULL;
      gboolean done = lvsd_field_parse (&fields[rows[i].field], &record, rows[i].text, &error);

      assert_refused (rows[i].field, done, &record, error);
    }
}

static void
test_bad_values_are_refused_by_name (void)
{
  static const struct
  {
    guint field;
    const char *value;
  } rows[] = {
    { SMALL, "uint32 0" },
    { SMALL, "byte 0x65" },
    { SMALL, "int32 -1" },
    { SMALL, "uint64 4294967303" },
    { SMALL, "'7'" },
    { SMALL, "true" },
    { SMALL, "1.5" },
    { SMALL, "[1]" },
    { MEDIUM, "int64 65536" },
    { LARGE, "uint32 2147483648" },
    { LARGE, "int16 -1" },
    { NUMBER, "uint32 1" },
    { NUMBER, "int64 1" },
    { NUMBER, "'1'" },
    { FLAG, "1" },
    { FLAG, "'yes'" },
    { CHOICE, "'green'" },
    { CHOICE, "uint32 1" },
    { WORD, "'a'" },
    { WORD, "'abcde'" },
    { WORD, "'a b'" },
    { WORD, "['ab']" },
    { WORD, "uint32 1" },
    { BITS, "'bit-1'" },
    { BITS, "['bit-1', 'bit-3']" },
    { BITS, "uint32 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Record record = new_record ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) value = g_variant_take_ref (parse_value (rows[i].value));
      gboolean done = lvsd_field_set (&fields[rows[i].field], &record, value, &error);

      assert_refused (rows[i].field, done, &record, error);
    }
}

static void
test_any_type_of_number_is_taken (void)
{
  static const char *const values[] = { "byte 0x2a", "int16 42", "uint16 42", "42",
                                        "uint32 42", "int64 42", "uint64 42" };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GVariant) value = g_variant_take_ref (parse_value (values[i]));
      Record record = new_record ();

      g_assert_true (lvsd_field_set (&fields[SMALL], &record, value, NULL));
      g_assert_cmpuint (record.small, ==, 42);
    }
}

/* The kernel may know more than this lvsd. */
static void
test_a_value_without_a_word_is_shown_as_a_number (void)
{
  Record record = new_record ();
  g_autofree char *text = NULL;
  g_autoptr (GVariant) value = NULL;

  record.choice = 200;
  text = format (CHOICE, &record);
  value = g_variant_ref_sink (lvsd_field_get (&fields[CHOICE], &record));
  g_assert_cmpstr (text, ==, "200");
  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, "200");
}

static void
test_flags_are_called_as_the_word_beside_them_calls_them (void)
{
  static const char *const rows[][2] = {
    { "ab", "ab-low,ab-high" },
    { "abc", "abc-low,bit-2" },
    { "a", "bit-1,bit-2" },
    { "", "bit-1,bit-2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Record record = new_record ();
      g_autofree char *text = NULL;

      g_strlcpy (record.word, rows[i][0], sizeof record.word);
      record.bits = 3;
      text = format (BITS, &record);
      g_assert_cmpstr (text, ==, rows[i][1]);
    }
}

static void
test_numbers_are_appended_in_decimal (void)
{
  static const guint64 numbers[] = { 0, 9, 10, 4294967295, G_MAXUINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *expected = g_strdup_printf ("%" G_GUINT64_FORMAT, numbers[i]);

      lvsd_number_append (text, numbers[i]);
      g_assert_cmpstr (text->str, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field/reset-gives-the-preset", test_reset_gives_the_preset);
  g_test_add_func ("/field/text-comes-back", test_text_comes_back);
  g_test_add_func ("/field/bad-text-is-refused-by-name", test_bad_text_is_refused_by_name);
  g_test_add_func ("/field/bad-values-are-refused-by-name", test_bad_values_are_refused_by_name);
  g_test_add_func ("/field/any-type-of-number-is-taken", test_any_type_of_number_is_taken);
  g_test_add_func ("/field/a-value-without-a-word-is-shown-as-a-number",
                   test_a_value_without_a_word_is_shown_as_a_number);
  g_test_add_func ("/field/flags-are-called-as-the-word-beside-them-calls-them",
                   test_flags_are_called_as_the_word_beside_them_calls_them);
  g_test_add_func ("/field/numbers-are-appended-in-decimal", test_numbers_are_appended_in_decimal);
  return g_test_run ();
}
