/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include "engine/contention.h"

static void
count (G_GNUC_UNUSED gpointer item, guint times, gint64 seconds, gpointer user_data)
{
  g_assert_cmpuint (times, ==, 3);
  g_assert_cmpint (seconds, >, 0);
  ++*(guint *) user_data;
}

static guint
count_conflicts (const LvsdContention *contention)
{
  guint n = 0;

  lvsd_contention_walk (contention, count, &n);
  return n;
}

static void
test_what_is_undone_again_and_again_waits (void)
{
  g_autoptr (LvsdContention) contention = lvsd_contention_new ();
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) other = sample_service ("dns", "udp/192.0.2.1:53");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdDestination) another = sample_destination (other, "198.51.100.1:53");

  for (guint i = 0; i < 2; i++)
    {
      lvsd_contention_note (contention, service);
      g_assert_true (lvsd_contention_allows (contention, service));
    }
  g_assert_cmpuint (count_conflicts (contention), ==, 0);
  g_assert_cmpint (lvsd_contention_next (contention), ==, -1);
  lvsd_contention_note (contention, service);
  g_assert_false (lvsd_contention_allows (contention, service));
  g_assert_false (lvsd_contention_allows (contention, destination));
  g_assert_true (lvsd_contention_allows (contention, other));
  g_assert_true (lvsd_contention_allows (contention, another));
  g_assert_cmpuint (count_conflicts (contention), ==, 1);
  g_assert_cmpint (lvsd_contention_next (contention), >, 0);
  lvsd_contention_forget (contention);
  g_assert_cmpuint (count_conflicts (contention), ==, 1);
  lvsd_contention_drop (contention, service);
  g_assert_true (lvsd_contention_allows (contention, destination));
  g_assert_cmpuint (count_conflicts (contention), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contention/waits", test_what_is_undone_again_and_again_waits);
  return g_test_run ();
}
