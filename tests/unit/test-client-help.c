/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "client/arguments.h"
#include "client/exit-status.h"
#include "client/help.h"
#include "client/operand.h"
#include "client/terminal.h"
#include "model/error.h"

/* The order of the verb table is the one of the abbreviations, and neither forgets a row. */
static void
test_every_word_has_a_command (void)
{
  gsize n = 0;

  for (gsize i = 0; lvsctl_first_words[i] != NULL; i++)
    {
      const char *word = lvsctl_first_words[i];
      const char *const *verbs;

      if (!lvsctl_command_is_noun (word))
        {
          g_assert_nonnull (lvsctl_command_find ("", word));
          n++;
          continue;
        }
      verbs = lvsctl_command_verbs (word);
      for (gsize j = 0; verbs[j] != NULL; j++, n++)
        g_assert_nonnull (lvsctl_command_find (word, verbs[j]));
    }
  g_assert_cmpuint (n, ==, lvsctl_n_commands);
}

static void
test_rows_are_whole (void)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    {
      const LvsctlCommand *command = &lvsctl_commands[i];
      gboolean adds = (command->flags & LVSCTL_COMMAND_ADDS) != 0;
      gboolean edits = (command->flags & LVSCTL_COMMAND_EDITS) != 0;

      g_test_message ("%s %s", command->noun, command->verb);
      g_assert_nonnull (command->run);
      g_assert_nonnull (command->help);
      g_assert_cmpint (adds, ==,
                       g_str_equal (command->verb, "add") || g_str_equal (command->verb, "start"));
      g_assert_cmpint (edits, ==, command->noun[0] != '\0' && g_str_equal (command->verb, "edit"));
    }
}

/* What the help shows as an example has to be understood, and as that command. */
static void
test_examples_are_right (void)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    {
      const LvsctlCommand *command = &lvsctl_commands[i];
      g_auto (GStrv) words = NULL;
      g_autoptr (LvsctlArguments) arguments = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *line = g_strdup (command->example);

      g_assert_true (g_str_has_prefix (line, "lvsctl "));
      line[strcspn (line, "|>")] = '\0';
      g_assert_true (g_shell_parse_argv (line, NULL, &words, NULL));
      arguments = lvsctl_arguments_parse ((const char *const *) words + 1, &error);
      g_assert_no_error (error);
      g_assert_true (arguments->command == command);
    }
}

static void
test_help_of_a_command (void)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    {
      g_autofree char *help = lvsctl_help_of_command (&lvsctl_commands[i]);
      g_autofree char *usage = lvsctl_command_usage (&lvsctl_commands[i]);

      g_assert_true (g_str_has_prefix (help, usage));
      g_assert_nonnull (strstr (help, lvsctl_commands[i].example));
      g_assert_nonnull (strstr (help, "--json"));
    }
}

static void
test_help_lists_options (void)
{
  g_autofree char *help = lvsctl_help_of_command (lvsctl_command_find ("service", "edit"));

  g_assert_nonnull (strstr (help, "  --scheduler NAME "));
  g_assert_nonnull (strstr (help, "  --[no-]one-packet "));
  g_assert_nonnull (strstr (help, "  -t, --tcp-service ADDRESS:PORT\n"));
  g_assert_null (strstr (help, "--weight"));
}

/* As it was before it was put into lines. */
static char *
unwrap (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  GString *line = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);
  return g_string_free (line, FALSE);
}

static void
test_lines_fit_a_terminal (void)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    {
      g_autofree char *help = lvsctl_help_of_command (&lvsctl_commands[i]);
      g_auto (GStrv) lines = g_strsplit (help, "\n", -1);

      for (gsize j = 0; lines[j] != NULL; j++)
        if (lvsctl_terminal_width (lines[j]) > 80)
          g_assert_true (g_str_has_prefix (lines[j], "Usage: ")
                         || strstr (lvsctl_commands[i].example, lines[j] + 2) != NULL);
    }
}

static void
test_overview_has_words_and_exits (void)
{
  g_autofree char *help = lvsctl_help_overview ();
  g_autofree char *line = unwrap (help);

  for (gsize i = 0; lvsctl_first_words[i] != NULL; i++)
    {
      g_autofree char *entry = g_strdup_printf ("\n  %s", lvsctl_first_words[i]);

      g_assert_nonnull (strstr (help, entry));
    }
  for (guint i = 0; i < LVSCTL_N_EXITS; i++)
    g_assert_nonnull (strstr (line, lvsctl_exit_meaning ((LvsctlExit) i)));
}

static void
test_every_error_has_an_exit (void)
{
  static const LvsctlExit expected[LVSD_N_ERRORS] = {
    [LVSD_ERROR_INVALID_ARGUMENT] = LVSCTL_EXIT_USAGE,
    [LVSD_ERROR_NOT_FOUND] = LVSCTL_EXIT_NOT_FOUND,
    [LVSD_ERROR_ALREADY_EXISTS] = LVSCTL_EXIT_EXISTS,
    [LVSD_ERROR_NOT_SUPPORTED] = LVSCTL_EXIT_FAILURE,
    [LVSD_ERROR_CONFLICT] = LVSCTL_EXIT_CONFLICT,
    [LVSD_ERROR_IN_USE] = LVSCTL_EXIT_REFUSED,
    [LVSD_ERROR_KERNEL_UNAVAILABLE] = LVSCTL_EXIT_KERNEL,
    [LVSD_ERROR_KERNEL_REFUSED] = LVSCTL_EXIT_KERNEL,
    [LVSD_ERROR_STORE_FAILED] = LVSCTL_EXIT_FAILURE,
    [LVSD_ERROR_READ_ONLY] = LVSCTL_EXIT_FAILURE,
    [LVSD_ERROR_LIMITS_EXCEEDED] = LVSCTL_EXIT_FAILURE,
    [LVSD_ERROR_AUTHORIZATION_DISMISSED] = LVSCTL_EXIT_REFUSED,
    [LVSD_ERROR_AUTHORIZATION_UNAVAILABLE] = LVSCTL_EXIT_REFUSED,
    [LVSD_ERROR_INTERACTION_REQUIRED] = LVSCTL_EXIT_REFUSED,
  };
  g_autoptr (GError) denied = g_error_new (G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED, "no");

  for (int code = 0; code < LVSD_N_ERRORS; code++)
    {
      g_autoptr (GError) error = g_error_new (LVSD_ERROR, code, "x");

      g_assert_cmpint (lvsctl_exit_of_error (error), ==, expected[code]);
    }
  g_assert_cmpint (lvsctl_exit_of_error (denied), ==, LVSCTL_EXIT_REFUSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/help/every-word-has-a-command", test_every_word_has_a_command);
  g_test_add_func ("/help/rows-are-whole", test_rows_are_whole);
  g_test_add_func ("/help/examples-are-right", test_examples_are_right);
  g_test_add_func ("/help/help-of-a-command", test_help_of_a_command);
  g_test_add_func ("/help/help-lists-options", test_help_lists_options);
  g_test_add_func ("/help/lines-fit-a-terminal", test_lines_fit_a_terminal);
  g_test_add_func ("/help/overview-has-words-and-exits", test_overview_has_words_and_exits);
  g_test_add_func ("/help/every-error-has-an-exit", test_every_error_has_an_exit);
  return g_test_run ();
}
