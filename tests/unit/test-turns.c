/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/turns.h"

/* What one caller sent at once, and another behind it. */
#define MANY 100

static GString *served;

static void
serve (gpointer call)
{
  g_string_append (served, call);
}

static void
serve_and_ask (gpointer call)
{
  g_string_append (served, "r");
  lvsd_turns_wait (call, "root", serve, (gpointer) "R", NULL);
}

static void
destroy (G_GNUC_UNUSED gpointer call)
{
  g_string_append (served, "d");
}

static void
run (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_a_crowd_of_one_is_one (void)
{
  g_autoptr (LvsdTurns) turns = lvsd_turns_new ();

  served = g_string_new (NULL);
  for (guint i = 0; i < MANY; i++)
    lvsd_turns_wait (turns, "alice", serve, (gpointer) "a", destroy);
  lvsd_turns_wait (turns, "root", serve_and_ask, turns, destroy);
  lvsd_turns_wait (turns, "bob", serve, (gpointer) "b", destroy);
  g_assert_cmpuint (served->len, ==, 0);
  run ();
  g_assert_true (g_str_has_prefix (served->str, "arbaRaa"));
  g_assert_cmpuint (served->len, ==, MANY + 3);
  g_string_free (served, TRUE);
}

static void
test_each_keeps_its_order (void)
{
  g_autoptr (LvsdTurns) turns = lvsd_turns_new ();

  served = g_string_new (NULL);
  for (const char *const *each = (const char *const[]){ "1", "2", "3", NULL }; *each != NULL;
       each++)
    lvsd_turns_wait (turns, "alice", serve, (gpointer) *each, destroy);
  run ();
  g_assert_cmpstr (served->str, ==, "123");
  g_string_free (served, TRUE);
}

static void
test_what_still_waits_is_destroyed (void)
{
  LvsdTurns *turns = lvsd_turns_new ();

  served = g_string_new (NULL);
  lvsd_turns_wait (turns, "alice", serve, (gpointer) "a", destroy);
  lvsd_turns_wait (turns, "alice", serve, (gpointer) "a", destroy);
  lvsd_turns_free (turns);
  run ();
  g_assert_cmpstr (served->str, ==, "dd");
  g_string_free (served, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turns/crowd", test_a_crowd_of_one_is_one);
  g_test_add_func ("/turns/order", test_each_keeps_its_order);
  g_test_add_func ("/turns/end", test_what_still_waits_is_destroyed);
  return g_test_run ();
}
