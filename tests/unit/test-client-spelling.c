/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/command.h"
#include "client/spelling.h"

static void
test_abbreviation_is_the_first_in_order (void)
{
  static const struct
  {
    const char *noun; /* NULL: the first word */
    const char *typed;
    const char *meant;
  } cases[] = {
    { NULL, "s", "service" },
    { NULL, "se", "service" },
    { NULL, "serv", "service" },
    { NULL, "server", "destination" },
    { NULL, "serve", "destination" },
    { NULL, "st", "status" },
    { NULL, "d", "destination" },
    { NULL, "dest", "destination" },
    { NULL, "rs", "destination" },
    { NULL, "real", "destination" },
    { NULL, "realserver", "destination" },
    { NULL, "a", "address" },
    { NULL, "addr", "address" },
    { NULL, "vip", "address" },
    { NULL, "ap", "apply" },
    { NULL, "r", "role" },
    { NULL, "l", "list" },
    { NULL, "ls", "list" },
    { NULL, "c", "connections" },
    { NULL, "cl", "clear" },
    { NULL, "e", "export" },
    { NULL, "h", "help" },
    { "service", "l", "list" },
    { "service", "ls", "list" },
    { "service", "s", "show" },
    { "service", "se", "edit" },
    { "service", "set", "edit" },
    { "service", "change", "edit" },
    { "service", "modify", "edit" },
    { "service", "a", "add" },
    { "service", "new", "add" },
    { "service", "d", "delete" },
    { "service", "del", "delete" },
    { "service", "rm", "delete" },
    { "service", "remove", "delete" },
    { "address", "an", "announce" },
    { "address", "do", "down" },
    { "address", "u", "up" },
    { "service", "up", NULL },
    { "service", "", NULL },
    { NULL, "", NULL },
    { NULL, "x", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (lvsctl_spelling_match (cases[i].noun != NULL
                                                ? lvsctl_command_verbs (cases[i].noun)
                                                : lvsctl_first_words,
                                            cases[i].typed),
                     ==, cases[i].meant);
}

static void
test_distance_counts_slips (void)
{
  g_assert_cmpuint (lvsctl_spelling_distance ("weight", "weight"), ==, 0);
  g_assert_cmpuint (lvsctl_spelling_distance ("weight", "wieght"), ==, 1);
  g_assert_cmpuint (lvsctl_spelling_distance ("weight", "weigt"), ==, 1);
  g_assert_cmpuint (lvsctl_spelling_distance ("weight", "weightt"), ==, 1);
  g_assert_cmpuint (lvsctl_spelling_distance ("weight", "waight"), ==, 1);
  g_assert_cmpuint (lvsctl_spelling_distance ("", "abc"), ==, 3);
  g_assert_cmpuint (lvsctl_spelling_distance ("abc", ""), ==, 3);
}

static void
test_distance_of_endless_words (void)
{
  g_autofree char *word = g_strnfill (100000, 'a');

  g_assert_cmpuint (lvsctl_spelling_distance (word, "add"), ==, G_MAXUINT);
  g_assert_null (lvsctl_spelling_suggest (lvsctl_first_words, word));
  g_assert_null (lvsctl_spelling_match (lvsctl_first_words, word));
}

static void
test_suggestion_is_near (void)
{
  g_assert_cmpstr (lvsctl_spelling_suggest (lvsctl_first_words, "sevrice"), ==, "service");
  g_assert_cmpstr (lvsctl_spelling_suggest (lvsctl_first_words, "realsever"), ==, "destination");
  g_assert_cmpstr (lvsctl_spelling_suggest (lvsctl_first_words, "stauts"), ==, "status");
  g_assert_null (lvsctl_spelling_suggest (lvsctl_first_words, "frobnicate"));
}

static void
test_list_has_whole_words (void)
{
  g_assert_true (lvsctl_spelling_lists ("runtime no-runtime reason", "no-runtime"));
  g_assert_true (lvsctl_spelling_lists ("reason", "reason"));
  g_assert_false (lvsctl_spelling_lists ("no-runtime", "runtime"));
  g_assert_false (lvsctl_spelling_lists ("reason", "reas"));
  g_assert_false (lvsctl_spelling_lists (NULL, "reason"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spelling/abbreviation-is-the-first-in-order",
                   test_abbreviation_is_the_first_in_order);
  g_test_add_func ("/spelling/distance-counts-slips", test_distance_counts_slips);
  g_test_add_func ("/spelling/distance-of-endless-words", test_distance_of_endless_words);
  g_test_add_func ("/spelling/suggestion-is-near", test_suggestion_is_near);
  g_test_add_func ("/spelling/list-has-whole-words", test_list_has_whole_words);
  return g_test_run ();
}
