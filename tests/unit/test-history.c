/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/history.h"

#include <time.h>

#include "model/error.h"
#include "samples.h"

#define BOOT "11111111-2222-3333-4444-555555555555"

/* A node that has a table and a boot, and one generation that waits to be confirmed. */
typedef struct
{
  LvsdNode node;
  LvsdService *service;
  LvsdGeneration *generation;
  LvsdChange *change;
} Fixture;

static guint32
boot_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (guint32) now.tv_sec;
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->node.table = lvsd_table_new ();
  g_strlcpy (fixture->node.boot_id, BOOT, sizeof fixture->node.boot_id);
  fixture->service = sample_service ("web", "tcp/192.0.2.1:80");
  fixture->generation = sample_generation (7);
  fixture->generation->deadline = boot_seconds () + 100;
  g_strlcpy (fixture->generation->boot_id, BOOT, sizeof fixture->generation->boot_id);
  fixture->change = lvsd_change_new ();
  lvsd_table_replace (fixture->node.table, NULL, fixture->service);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  lvsd_change_free (fixture->change);
  lvsd_item_unref (fixture->generation);
  lvsd_item_unref (fixture->service);
  lvsd_table_free (fixture->node.table);
}

static void
keep (Fixture *fixture)
{
  lvsd_table_replace (fixture->node.table, NULL, fixture->generation);
}

static gint64
seconds_left (Fixture *fixture)
{
  gint64 seconds = -1;

  g_assert_true (lvsd_history_pending (&fixture->node, &seconds) == fixture->generation);
  return seconds;
}

static void
test_the_rest_of_the_time_is_waited_for (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  keep (fixture);
  g_assert_cmpint (seconds_left (fixture), >, 90);
  g_assert_cmpint (seconds_left (fixture), <=, 100);
}

static void
test_what_is_over_is_over (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->generation->deadline = 1;
  keep (fixture);
  g_assert_cmpint (seconds_left (fixture), ==, 0);
}

static void
test_on_another_boot_the_time_is_over (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->generation->boot_id[0] = '2';
  keep (fixture);
  g_assert_cmpint (seconds_left (fixture), ==, 0);
}

static void
test_what_is_confirmed_waits_no_more (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdChange) confirmation = NULL;

  keep (fixture);
  confirmation = lvsd_history_confirm (&fixture->node, NULL);
  g_assert_nonnull (confirmation);
  g_assert_true (lvsd_history_allows (&fixture->node, confirmation, NULL));
  lvsd_change_commit (confirmation, fixture->node.table);
  g_assert_null (lvsd_history_pending (&fixture->node, NULL));
  g_assert_null (lvsd_history_confirm (&fixture->node, NULL));
}

static void
assert_refused (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_history_allows (&fixture->node, fixture->change, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "confirm"));
  g_assert_nonnull (strstr (error->message, "rollback"));
}

static void
test_nothing_else_is_changed_meanwhile (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  lvsd_change_add (fixture->change, fixture->service, NULL);
  g_assert_true (lvsd_history_allows (&fixture->node, fixture->change, NULL));
  keep (fixture);
  assert_refused (fixture);
}

static void
test_an_apply_is_no_way_out (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdGeneration) draft = lvsd_generation_new (LVSD_CAUSE_APPLY);

  keep (fixture);
  lvsd_change_add (fixture->change, fixture->service, NULL);
  lvsd_change_add (fixture->change, NULL, draft);
  assert_refused (fixture);
}

static void
test_going_back_is_one (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdGeneration) draft = lvsd_generation_new (LVSD_CAUSE_ROLLBACK);

  keep (fixture);
  lvsd_change_add (fixture->change, fixture->service, NULL);
  lvsd_change_add (fixture->change, NULL, draft);
  g_assert_true (lvsd_history_draft (fixture->change) == draft);
  g_assert_true (lvsd_history_allows (&fixture->node, fixture->change, NULL));
}

/* Weights that programs set all the time are not what waits to be confirmed. */
static void
test_a_weight_for_now_is_no_configuration (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdDestination) before = sample_destination (fixture->service, "198.51.100.1:80");
  g_autoptr (LvsdDestination) after = lvsd_item_copy (before);

  keep (fixture);
  after->runtime = g_new0 (LvsdOverride, 1);
  lvsd_change_add (fixture->change, before, after);
  g_assert_true (lvsd_history_allows (&fixture->node, fixture->change, NULL));
  after->weight = 9;
  assert_refused (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/history/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("the-rest-of-the-time-is-waited-for", test_the_rest_of_the_time_is_waited_for);
  ADD ("what-is-over-is-over", test_what_is_over_is_over);
  ADD ("on-another-boot-the-time-is-over", test_on_another_boot_the_time_is_over);
  ADD ("what-is-confirmed-waits-no-more", test_what_is_confirmed_waits_no_more);
  ADD ("nothing-else-is-changed-meanwhile", test_nothing_else_is_changed_meanwhile);
  ADD ("an-apply-is-no-way-out", test_an_apply_is_no_way_out);
  ADD ("going-back-is-one", test_going_back_is_one);
  ADD ("a-weight-for-now-is-no-configuration", test_a_weight_for_now_is_no_configuration);
  return g_test_run ();
}
