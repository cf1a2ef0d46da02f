/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/table.h"

static void
test_width_is_that_of_a_terminal (void)
{
  g_assert_cmpuint (lvsctl_terminal_width (""), ==, 0);
  g_assert_cmpuint (lvsctl_terminal_width ("web"), ==, 3);
  g_assert_cmpuint (lvsctl_terminal_width ("größe"), ==, 5);
  g_assert_cmpuint (lvsctl_terminal_width ("虚拟服务"), ==, 8);
  g_assert_cmpuint (lvsctl_terminal_width ("u\xcc\x88"), ==, 1);
}

static void
test_sanitized_text_commands_nothing (void)
{
  static const struct
  {
    const char *text;
    const char *clean;
  } cases[] = {
    { "eth0", "eth0" },
    { "a\033[31mb", "a [31mb" },
    { "a\nb\tc\x7f", "a b c " },
    { "a\xc2\x9b"
      "31m",
      "a\xc2\xa0"
      "31m" },
    { "w\xe4"
      "b",
      "w\xef\xbf\xbd"
      "b" },
    { "虚拟", "虚拟" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = lvsctl_terminal_sanitize (cases[i].text);

      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
}

static LvsctlTable *
make_table (void)
{
  LvsctlTable *table = lvsctl_table_new ();

  lvsctl_table_add_column (table, "名称", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "LABEL", LVSCTL_HIDE_EMPTY);
  lvsctl_table_add_column (table, "ACTIVE", LVSCTL_ALIGN_RIGHT);
  lvsctl_table_add_column (table, "STATE", LVSCTL_ALIGN_LEFT);
  return table;
}

static void
add_row (LvsctlTable *table, const char *name, const char *active, const char *state)
{
  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, name, LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 2, active, LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 3, state, LVSCTL_STYLE_BAD);
}

static void
test_columns_are_aligned (void)
{
  g_autoptr (LvsctlTable) table = make_table ();
  g_autofree char *with = NULL;
  g_autofree char *without = NULL;

  add_row (table, "虚拟服务", "1", "");
  add_row (table, "web", "12", "missing");
  add_row (table, "", "", "failed");
  with = lvsctl_table_format (table, TRUE, FALSE);
  without = lvsctl_table_format (table, FALSE, FALSE);
  g_assert_cmpstr (with, ==,
                   "名称      ACTIVE  STATE\n"
                   "虚拟服务       1\n"
                   "web           12  missing\n"
                   "                  failed\n");
  g_assert_cmpstr (without, ==,
                   "虚拟服务   1\n"
                   "web       12  missing\n"
                   "              failed\n");
}

static void
test_column_with_anything_is_shown (void)
{
  g_autoptr (LvsctlTable) table = make_table ();
  g_autofree char *text = NULL;

  add_row (table, "a", "1", "x");
  lvsctl_table_set (table, 1, "eth0:2", LVSCTL_STYLE_PLAIN);
  add_row (table, "b", "2", "y");
  text = lvsctl_table_format (table, TRUE, FALSE);
  g_assert_cmpstr (text, ==,
                   "名称  LABEL   ACTIVE  STATE\n"
                   "a     eth0:2       1  x\n"
                   "b                  2  y\n");
}

static void
test_color_does_not_count_as_width (void)
{
  g_autoptr (LvsctlTable) table = make_table ();
  g_autofree char *text = NULL;

  add_row (table, "a", "1", "failed");
  text = lvsctl_table_format (table, FALSE, TRUE);
  g_assert_cmpstr (text, ==, "a  1  \033[1;31mfailed\033[0m\n");
}

static void
test_long_texts_are_cut_to_the_width (void)
{
  g_autoptr (LvsctlTable) table = lvsctl_table_new ();
  g_autofree char *text = NULL;
  g_autofree char *narrower = NULL;

  lvsctl_table_add_column (table, "NAME", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "ACTIVE", LVSCTL_ALIGN_RIGHT);
  lvsctl_table_add_column (table, "RATE", LVSCTL_ALIGN_RIGHT | LVSCTL_DISPENSABLE);
  lvsctl_table_add_column (table, "REASON", LVSCTL_ALIGN_LEFT);
  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, "short", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 1, "1234567890123", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 2, "7", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 3, "eth9 has no 虚拟服务 address of this subnet yet",
                    LVSCTL_STYLE_PLAIN);
  lvsctl_table_set_width (table, 48);
  text = lvsctl_table_format (table, TRUE, FALSE);
  lvsctl_table_set_width (table, 10);
  narrower = lvsctl_table_format (table, FALSE, FALSE);
  g_assert_cmpstr (text, ==,
                   "NAME          ACTIVE  REASON\n"
                   "short  1234567890123  eth9 has no 虚拟服务 addr…\n");
  g_assert_cmpstr (narrower, ==, "short  1234567890123  eth9 ha…\n");
}

static void
test_addresses_are_cut_last (void)
{
  g_autoptr (LvsctlTable) table = lvsctl_table_new ();
  g_autofree char *text = NULL;

  lvsctl_table_add_column (table, "NAME", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "KEY", LVSCTL_KEEP);
  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, "tcp-192.0.2.100-80", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 1, "tcp/192.0.2.100:80", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set_width (table, 30);
  text = lvsctl_table_format (table, FALSE, FALSE);
  g_assert_cmpstr (text, ==, "tcp-192.0…  tcp/192.0.2.100:80\n");
}

/* A scheduler with its options does not make the destinations below it wider. */
static LvsctlTable *
make_tree (const char *state)
{
  LvsctlTable *table = lvsctl_table_new ();

  lvsctl_table_add_column (table, "KEY", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "SCHED", LVSCTL_OVERFLOW);
  lvsctl_table_add_column (table, "WEIGHT", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "STATE", LVSCTL_HIDE_EMPTY);
  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, "服务", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 1, "wlc persistent 300", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 3, state, LVSCTL_STYLE_PLAIN);
  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, "-> a", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 2, "1", LVSCTL_STYLE_PLAIN);
  return table;
}

static void
test_text_goes_on_over_empty_cells (void)
{
  g_autoptr (LvsctlTable) table = make_tree ("");
  g_autofree char *whole = lvsctl_table_format (table, TRUE, FALSE);
  g_autofree char *cut = NULL;

  lvsctl_table_set_width (table, 20);
  cut = lvsctl_table_format (table, TRUE, FALSE);
  g_assert_cmpstr (whole, ==,
                   "KEY   SCHED  WEIGHT\n"
                   "服务  wlc persistent 300\n"
                   "-> a         1\n");
  g_assert_cmpstr (cut, ==,
                   "KEY   SCHED  WEIGHT\n"
                   "服务  wlc persisten…\n"
                   "-> a         1\n");
}

static void
test_text_gets_room_before_what_follows (void)
{
  g_autoptr (LvsctlTable) table = make_tree ("foreign");
  g_autofree char *text = lvsctl_table_format (table, TRUE, FALSE);

  g_assert_cmpstr (text, ==,
                   "KEY   SCHED       WEIGHT  STATE\n"
                   "服务  wlc persistent 300  foreign\n"
                   "-> a              1\n");
}

static void
test_last_text_goes_on_below (void)
{
  g_autoptr (LvsctlTable) table = lvsctl_table_new ();
  g_autofree char *text = NULL;

  lvsctl_table_add_column (table, "STEP", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "DETAILS", LVSCTL_WRAP);
  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, "set", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set (table, 1, "scheduler wlc, was rr, persistence 300, was 0", LVSCTL_STYLE_PLAIN);
  lvsctl_table_set_width (table, 34);
  text = lvsctl_table_format (table, TRUE, FALSE);
  g_assert_cmpstr (text, ==,
                   "STEP  DETAILS\n"
                   "set   scheduler wlc, was rr,\n"
                   "      persistence 300, was 0\n");
}

static void
test_lines_end_between_words (void)
{
  static const char *const wrapped[] = { "one two",    "three",  "incomprehensible",
                                         "虚拟服务，", "见手册", NULL };
  g_auto (GStrv) lines =
      lvsctl_terminal_wrap ("one two three incomprehensible 虚拟服务，见手册", 10);
  g_auto (GStrv) none = lvsctl_terminal_wrap ("", 10);

  g_assert_cmpstrv (lines, wrapped);
  g_assert_cmpuint (g_strv_length (none), ==, 1);
}

static void
test_cut_text_is_never_wider (void)
{
  const char *text = "a虚b拟u\xcc\x88z";

  for (guint width = 0; width <= 10; width++)
    {
      g_autofree char *cut = lvsctl_terminal_cut (text, width);

      g_assert_cmpuint (lvsctl_terminal_width (cut), <=, width);
      g_assert_true (g_utf8_validate (cut, -1, NULL));
      if (width >= lvsctl_terminal_width (text))
        g_assert_cmpstr (cut, ==, text);
    }
}

static void
test_table_without_rows_is_nothing (void)
{
  g_autoptr (LvsctlTable) table = make_table ();
  g_autofree char *text = lvsctl_table_format (table, TRUE, TRUE);

  g_assert_cmpstr (text, ==, "");
}

static void
test_cells_cannot_break_the_table (void)
{
  g_autoptr (LvsctlTable) table = make_table ();
  g_autofree char *text = NULL;

  add_row (table, "e\nt\033h", "1", "x");
  text = lvsctl_table_format (table, FALSE, FALSE);
  g_assert_cmpstr (text, ==, "e t h  1  x\n");
}

/* Widths are those of all so far, and a column that was not needed at first gets its title then. */
static void
test_lines_come_while_the_table_grows (void)
{
  g_autoptr (LvsctlTable) table = lvsctl_table_new ();
  g_autoptr (GString) output = g_string_new (NULL);

  lvsctl_table_add_column (table, "NAME", LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, "STATE", LVSCTL_HIDE_EMPTY);
  lvsctl_table_add_column (table, "RATE", LVSCTL_ALIGN_RIGHT);
  lvsctl_table_flush (table, output, TRUE, FALSE);
  g_assert_cmpstr (output->str, ==, "");
  for (guint i = 0; i < 4; i++)
    {
      static const char *const names[] = { "web", "a-longer-one", "dns", "mail" };

      lvsctl_table_begin_row (table);
      lvsctl_table_set (table, 0, names[i], LVSCTL_STYLE_PLAIN);
      lvsctl_table_set (table, 1, i == 2 ? "missing" : "", LVSCTL_STYLE_PLAIN);
      lvsctl_table_set (table, 2, "7", LVSCTL_STYLE_PLAIN);
      lvsctl_table_flush (table, output, TRUE, FALSE);
    }
  g_assert_cmpstr (output->str, ==,
                   "NAME  RATE\n"
                   "web      7\n"
                   "a-longer-one     7\n"
                   "NAME          STATE    RATE\n"
                   "dns           missing     7\n"
                   "mail                      7\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/width-is-that-of-a-terminal", test_width_is_that_of_a_terminal);
  g_test_add_func ("/table/sanitized-text-commands-nothing", test_sanitized_text_commands_nothing);
  g_test_add_func ("/table/columns-are-aligned", test_columns_are_aligned);
  g_test_add_func ("/table/column-with-anything-is-shown", test_column_with_anything_is_shown);
  g_test_add_func ("/table/color-does-not-count-as-width", test_color_does_not_count_as_width);
  g_test_add_func ("/table/long-texts-are-cut-to-the-width", test_long_texts_are_cut_to_the_width);
  g_test_add_func ("/table/addresses-are-cut-last", test_addresses_are_cut_last);
  g_test_add_func ("/table/text-goes-on-over-empty-cells", test_text_goes_on_over_empty_cells);
  g_test_add_func ("/table/text-gets-room-before-what-follows",
                   test_text_gets_room_before_what_follows);
  g_test_add_func ("/table/last-text-goes-on-below", test_last_text_goes_on_below);
  g_test_add_func ("/table/lines-end-between-words", test_lines_end_between_words);
  g_test_add_func ("/table/cut-text-is-never-wider", test_cut_text_is_never_wider);
  g_test_add_func ("/table/table-without-rows-is-nothing", test_table_without_rows_is_nothing);
  g_test_add_func ("/table/cells-cannot-break-the-table", test_cells_cannot_break_the_table);
  g_test_add_func ("/table/lines-come-while-it-grows", test_lines_come_while_the_table_grows);
  return g_test_run ();
}
