/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib.h>

#include "store/gathering.h"

#define ENOUGH (10 * G_TIME_SPAN_SECOND)

static void
await_rest (LvsdGathering *gathering, guint n_waiting)
{
  gint64 end = g_get_monotonic_time () + ENOUGH;

  while (lvsd_gathering_rest (gathering, n_waiting) > 0)
    g_assert_cmpint (g_get_monotonic_time (), <, end);
}

static void
test_who_is_alone_never_waits (void)
{
  g_autoptr (LvsdGathering) gathering = lvsd_gathering_new ();

  for (guint i = 0; i < 3; i++)
    {
      lvsd_gathering_note (gathering, 1);
      g_assert_cmpuint (lvsd_gathering_rest (gathering, 1), ==, 0);
      lvsd_gathering_end (gathering);
    }
  lvsd_gathering_note (gathering, 0);
  g_assert_cmpuint (lvsd_gathering_rest (gathering, 1), ==, 0);
}

static void
test_all_who_were_there_are_waited_for (void)
{
  g_autoptr (LvsdGathering) gathering = lvsd_gathering_new ();

  for (guint caller = 1; caller <= 3; caller++)
    lvsd_gathering_note (gathering, caller);
  g_assert_cmpuint (lvsd_gathering_rest (gathering, 1), >, 0);
  g_assert_cmpuint (lvsd_gathering_rest (gathering, 2), >, 0);
  g_assert_cmpuint (lvsd_gathering_rest (gathering, 3), ==, 0);
}

/* One that does not come is waited for a moment, and soon forgotten. */
static void
test_nobody_is_waited_for_long (void)
{
  g_autoptr (LvsdGathering) gathering = lvsd_gathering_new ();

  lvsd_gathering_note (gathering, 1);
  lvsd_gathering_note (gathering, 2);
  g_assert_cmpuint (lvsd_gathering_rest (gathering, 1), >, 0);
  await_rest (gathering, 1);
  lvsd_gathering_end (gathering);
  g_assert_cmpuint (lvsd_gathering_rest (gathering, 1), >, 0);
  await_rest (gathering, 0);
  lvsd_gathering_end (gathering);
  for (gint64 end = g_get_monotonic_time () + ENOUGH; lvsd_gathering_rest (gathering, 1) > 0;)
    {
      lvsd_gathering_end (gathering);
      lvsd_gathering_note (gathering, 1);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
}

/* Waits for the second caller, which is not there, and returns for how long. */
static guint
wait_in_vain (LvsdGathering *gathering)
{
  guint rest;

  lvsd_gathering_note (gathering, 1);
  rest = lvsd_gathering_rest (gathering, 1);
  await_rest (gathering, 1);
  lvsd_gathering_end (gathering);
  return rest;
}

static void
come_together (LvsdGathering *gathering)
{
  lvsd_gathering_note (gathering, 2);
  lvsd_gathering_note (gathering, 1);
  lvsd_gathering_end (gathering);
}

/* One that comes a moment too late, time and again, is worth a longer wait. */
static void
test_who_comes_late_is_waited_for_longer (void)
{
  g_autoptr (LvsdGathering) gathering = lvsd_gathering_new ();
  gint64 end = g_get_monotonic_time () + ENOUGH;
  guint shortest = G_MAXUINT;
  guint last = 0;

  while (shortest > 2)
    {
      come_together (gathering);
      for (guint rest; (rest = wait_in_vain (gathering)) > 0;)
        shortest = MIN (shortest, rest);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  while (last < 15)
    {
      come_together (gathering);
      last = wait_in_vain (gathering);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gathering/alone", test_who_is_alone_never_waits);
  g_test_add_func ("/gathering/all", test_all_who_were_there_are_waited_for);
  g_test_add_func ("/gathering/not-long", test_nobody_is_waited_for_long);
  g_test_add_func ("/gathering/late", test_who_comes_late_is_waited_for_longer);
  return g_test_run ();
}
