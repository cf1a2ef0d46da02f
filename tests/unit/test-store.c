/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_begins_empty (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) names = list_files (fixture->path);
  const char *explanation;

  assert_state (fixture, 0);
  assert_condition (fixture, LVSD_STORE_SOUND);
  lvsd_store_condition (fixture->store, &explanation);
  g_assert_cmpstr (explanation, ==, "");
  g_assert_cmpuint (fixture->unsettled->len, ==, 0);
  g_assert_cmpuint (names->len, ==, 0);
}

static void
test_makes_a_private_directory (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->path, "made", NULL);
  g_autofree char *journal = g_build_filename (path, "journal-00000000000000000000", NULL);
  Fixture inner = { .path = path, .states = fixture->states };
  struct stat status;

  must_open (&inner);
  append_addition (&inner, 1);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);
  g_assert_cmpint (g_stat (journal, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  close_store (&inner);
  empty_directory (path);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* Adds, edits and removes an item of each kind. */
static void
append_varied_changes (Fixture *fixture)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/[2001:db8::1]:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (service);
  g_autoptr (LvsdDestination) first = sample_destination (service, "[2001:db8::2]:80");
  g_autoptr (LvsdDestination) second = sample_destination (service, "[2001:db8::3]:80");
  g_autoptr (LvsdDestination) drained = lvsd_item_copy (first);
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.9");
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/ipv4/conf/all/arp_ignore", "0", "1");
  g_autoptr (LvsdChange) added = lvsd_change_new ();
  g_autoptr (LvsdChange) changed = lvsd_change_new ();
  g_autoptr (LvsdChange) removed = lvsd_change_new ();

  edited->persistence = 300;
  drained->weight = 0;
  drained->runtime = g_new0 (LvsdOverride, 1);
  drained->runtime->weight = 7;
  drained->runtime->since = 1234567890;
  drained->runtime->owner = g_strdup ("root");
  drained->runtime->reason = g_strdup ("wärmt sich auf = 50%\n");
  drained->runtime->boot_id = g_strdup ("0b");
  lvsd_change_add (added, NULL, service);
  lvsd_change_add (added, NULL, first);
  lvsd_change_add (added, NULL, second);
  lvsd_change_add (added, NULL, address);
  lvsd_change_add (added, NULL, role);
  lvsd_change_add (added, NULL, replaced);
  must_append (fixture, added);
  lvsd_change_add (changed, service, edited);
  lvsd_change_add (changed, first, drained);
  must_append (fixture, changed);
  lvsd_change_add (removed, second, NULL);
  lvsd_change_add (removed, role, NULL);
  must_append (fixture, removed);
}

static void
test_loads_what_was_appended (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  append_varied_changes (fixture);
  for (guint i = 0; i < 3; i++)
    {
      reopen (fixture);
      assert_state (fixture, 3);
      assert_condition (fixture, LVSD_STORE_SOUND);
    }
  append_addition (fixture, 1);
  reopen (fixture);
  assert_state (fixture, 4);
}

static void
test_loads_from_a_checkpoint (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) items = NULL;

  append_varied_changes (fixture);
  items = lvsd_table_snapshot (fixture->table);
  lvsd_store_checkpoint (fixture->store, items);
  append_addition (fixture, 1);
  reopen (fixture);
  assert_state (fixture, 4);
  g_assert_true (has_file (fixture, "checkpoint", 3));
  g_assert_true (has_file (fixture, "journal", 3));
}

static void
test_refuses_a_second_store (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  Fixture second = { .path = fixture->path };
  g_autoptr (GError) error = NULL;

  g_assert_false (open_store (&second, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, "another"));
  append_addition (fixture, 1);
}

static void
test_refuses_what_is_no_directory (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->path, "file", NULL);
  Fixture other = { .path = path };
  g_autoptr (GError) error = NULL;

  write_file (path, "", 0);
  g_assert_false (open_store (&other, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_reads_a_directory_that_cannot_be_written (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdChange) change = addition (9);
  g_autoptr (GError) error = NULL;
  const char *explanation;

  append_additions (fixture, 1, 2);
  close_store (fixture);
  g_assert_cmpint (chmod (fixture->path, 0555), ==, 0);
  if (geteuid () == 0)
    {
      g_autofree char *journal = file_path (fixture, "journal", 0);

      g_assert_cmpint (chmod (journal, 0444), ==, 0);
      g_assert_cmpint (seteuid (65534), ==, 0);
    }
  must_open (fixture);
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  assert_state (fixture, 2);
  assert_condition (fixture, LVSD_STORE_SOUND);
  lvsd_store_condition (fixture->store, &explanation);
  g_assert_nonnull (strstr (explanation, fixture->path));
  g_assert_false (append (fixture, change, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED);
  g_assert_cmpint (chmod (fixture->path, 0700), ==, 0);
}

/* Writing fails */

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_a_full_disk_fails_the_change_and_nothing_else (Fixture *fixture,
                                                    G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *journal = file_path (fixture, "journal", 0);
  g_autoptr (LvsdChange) change = addition (3);
  g_autoptr (GError) error = NULL;
  gsize size;

  append_additions (fixture, 1, 2);
  size = file_size (journal);
  limit_file_size ((rlim_t) size + 40);
  g_assert_false (append (fixture, change, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, journal));
  g_assert_cmpuint (file_size (journal), ==, size);
  g_assert_cmpuint (lvsd_store_sequence (fixture->store), ==, 2);
  limit_file_size (RLIM_INFINITY);
  append_addition (fixture, 3);
  reopen (fixture);
  assert_state (fixture, 3);
  assert_condition (fixture, LVSD_STORE_SOUND);
}

static void
count_answer (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *n = user_data;

  *n += lvsd_store_append_finish (NULL, result, NULL) ? 1 : 1000;
}

static void
iterate_until (const guint *n, guint wanted)
{
  while (*n != wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_what_waits_behind_a_failure_fails_too (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *journal = file_path (fixture, "journal", 0);
  guint n = 0;

  append_addition (fixture, 1);
  limit_file_size ((rlim_t) file_size (journal) + 10);
  for (guint i = 2; i <= 5; i++)
    {
      g_autoptr (LvsdChange) change = addition (i);

      lvsd_store_append_async (fixture->store, change, count_answer, &n);
    }
  iterate_until (&n, 4000);
  limit_file_size (RLIM_INFINITY);
  g_assert_cmpuint (append_addition (fixture, 2), ==, 2);
  reopen (fixture);
  assert_state (fixture, 2);
}

static void
test_a_checkpoint_that_fails_leaves_everything (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) items = NULL;

  append_additions (fixture, 1, 5);
  items = lvsd_table_snapshot (fixture->table);
  limit_file_size (100);
  lvsd_store_checkpoint (fixture->store, items);
  while (!lvsd_store_is_idle (fixture->store))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (has_file (fixture, "checkpoint", 5));
  limit_file_size (RLIM_INFINITY);
  append_addition (fixture, 6);
  reopen (fixture);
  assert_state (fixture, 6);
  assert_condition (fixture, LVSD_STORE_SOUND);
}

/* Group commit */

typedef struct
{
  guint n;
  guint64 last;
} Order;

typedef struct
{
  Order *order;
  LvsdChange *change;
} Ordered;

static void
check_order (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ordered *one = user_data;

  g_assert_true (lvsd_store_append_finish (NULL, result, NULL));
  g_assert_cmpuint (one->change->sequence, ==, one->order->last + 1);
  one->order->last++;
  one->order->n++;
  lvsd_change_free (one->change);
  g_free (one);
}

static void
test_changes_share_a_sync (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  Order order = { 0 };
  guint before = lvsd_store_sync_count (fixture->store);

  for (guint i = 1; i <= 100; i++)
    {
      Ordered *one = g_new0 (Ordered, 1);

      one->order = &order;
      one->change = addition (i);
      lvsd_store_append_async (fixture->store, one->change, check_order, one);
      g_assert_cmpuint (one->change->sequence, ==, i);
    }
  iterate_until (&order.n, 100);
  g_assert_cmpuint (lvsd_store_sync_count (fixture->store) - before, ==, 2);
  reopen (fixture);
  g_assert_cmpuint (lvsd_table_count (fixture->table, LVSD_KIND_SERVICE), ==, 100);
}

/* Somebody who makes one change after the other. */
typedef struct
{
  Fixture *fixture;
  guint number;
  guint left;
  guint *done;
} Caller;

static void go_on (Caller *caller);

static void
on_appended (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Caller *caller = user_data;

  g_assert_true (lvsd_store_append_finish (NULL, result, NULL));
  ++*caller->done;
  if (--caller->left > 0)
    go_on (caller);
}

static void
go_on (Caller *caller)
{
  g_autoptr (LvsdChange) change = addition (100 * caller->number + caller->left);

  change->caller = caller->number;
  lvsd_store_append_async (caller->fixture->store, change, on_appended, caller);
}

static void
test_callers_who_take_turns_share_syncs (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  guint before = lvsd_store_sync_count (fixture->store);
  Caller callers[4];
  guint done = 0;

  for (guint i = 0; i < 4; i++)
    {
      callers[i] = (Caller){ .fixture = fixture, .number = i + 1, .left = 20, .done = &done };
      go_on (&callers[i]);
    }
  iterate_until (&done, 4 * 20);
  g_assert_cmpuint (lvsd_store_sync_count (fixture->store) - before, <=, 4 * 20 / 3);
}

static void
test_closing_finishes_what_is_under_way (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  guint n = 0;

  for (guint i = 1; i <= 10; i++)
    {
      g_autoptr (LvsdChange) change = addition (i);

      lvsd_store_append_async (fixture->store, change, count_answer, &n);
    }
  close_store (fixture);
  g_assert_cmpuint (n, ==, 10);
  must_open (fixture);
  g_assert_cmpuint (lvsd_table_count (fixture->table, LVSD_KIND_SERVICE), ==, 10);
}

/* Settling */

static guint64
unsettled_at (const Fixture *fixture, guint i)
{
  return ((const LvsdChange *) g_ptr_array_index (fixture->unsettled, i))->sequence;
}

static void
test_tells_what_was_not_settled (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  append_additions (fixture, 1, 5);
  lvsd_store_settle (fixture->store, 4);
  lvsd_store_settle (fixture->store, 1);
  lvsd_store_settle (fixture->store, 77);
  reopen (fixture);
  g_assert_cmpuint (fixture->unsettled->len, ==, 3);
  g_assert_cmpuint (unsettled_at (fixture, 0), ==, 2);
  g_assert_cmpuint (unsettled_at (fixture, 1), ==, 3);
  g_assert_cmpuint (unsettled_at (fixture, 2), ==, 5);
  lvsd_store_settle (fixture->store, 2);
  lvsd_store_settle (fixture->store, 5);
  append_addition (fixture, 6);
  reopen (fixture);
  g_assert_cmpuint (fixture->unsettled->len, ==, 2);
  g_assert_cmpuint (unsettled_at (fixture, 0), ==, 3);
}

static void
test_settling_costs_no_sync (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *journal = file_path (fixture, "journal", 0);
  guint syncs;
  gsize size;

  append_addition (fixture, 1);
  syncs = lvsd_store_sync_count (fixture->store);
  size = file_size (journal);
  lvsd_store_settle (fixture->store, 1);
  g_assert_cmpuint (file_size (journal), ==, size);
  for (gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
       file_size (journal) == size && g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (file_size (journal), >, size);
  g_assert_cmpuint (lvsd_store_sync_count (fixture->store), ==, syncs);
}

static void
test_checkpoints_carry_what_is_not_settled (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  append_additions (fixture, 1, 2);
  lvsd_store_settle (fixture->store, 1);
  for (guint n = 3; n <= 6; n++)
    {
      checkpoint_now (fixture);
      lvsd_store_settle (fixture->store, append_addition (fixture, n));
    }
  reopen (fixture);
  assert_state (fixture, 6);
  g_assert_cmpuint (fixture->unsettled->len, ==, 1);
  g_assert_cmpuint (unsettled_at (fixture, 0), ==, 2);
  lvsd_store_settle (fixture->store, 2);
  reopen (fixture);
  g_assert_cmpuint (fixture->unsettled->len, ==, 0);
}

/* Checkpoints */

static void
test_keeps_two_checkpoints_and_their_journals (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) names = NULL;

  for (guint n = 1; n <= 6; n++)
    {
      append_addition (fixture, n);
      checkpoint_now (fixture);
    }
  names = list_files (fixture->path);
  g_assert_cmpuint (names->len, ==, 4);
  g_assert_true (has_file (fixture, "checkpoint", 5));
  g_assert_true (has_file (fixture, "checkpoint", 6));
  g_assert_true (has_file (fixture, "journal", 5));
  g_assert_true (has_file (fixture, "journal", 6));
}

static void
test_wants_a_checkpoint_when_the_journal_has_grown (Fixture *fixture,
                                                    G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdChange) change = lvsd_change_new ();

  lvsd_change_add (change, NULL, service);
  for (guint i = 1; i < 32000; i++)
    {
      g_autofree char *endpoint = g_strdup_printf ("10.0.%u.%u:80", i / 250, i % 250 + 1);
      g_autoptr (LvsdDestination) destination = sample_destination (service, endpoint);

      lvsd_change_add (change, NULL, destination);
    }
  append_addition (fixture, 1);
  g_assert_false (lvsd_store_wants_checkpoint (fixture->store));
  must_append (fixture, change);
  g_assert_true (lvsd_store_wants_checkpoint (fixture->store));
  reopen (fixture);
  g_assert_true (lvsd_store_wants_checkpoint (fixture->store));
  checkpoint_now (fixture);
  g_assert_false (lvsd_store_wants_checkpoint (fixture->store));
  reopen (fixture);
  g_assert_false (lvsd_store_wants_checkpoint (fixture->store));
  assert_state (fixture, 2);
}

static void
test_changes_go_on_during_a_checkpoint (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  for (guint n = 1; n <= 20; n++)
    {
      g_autoptr (GPtrArray) items = lvsd_table_snapshot (fixture->table);

      lvsd_store_checkpoint (fixture->store, items);
      append_addition (fixture, n);
    }
  reopen (fixture);
  assert_state (fixture, 20);
  assert_condition (fixture, LVSD_STORE_SOUND);
}

static void
add (const char *name, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/store/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* What fails here is meant to, and warned about. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  add ("begins-empty", test_begins_empty);
  add ("makes-a-private-directory", test_makes_a_private_directory);
  add ("loads-what-was-appended", test_loads_what_was_appended);
  add ("loads-from-a-checkpoint", test_loads_from_a_checkpoint);
  add ("refuses-a-second-store", test_refuses_a_second_store);
  add ("refuses-what-is-no-directory", test_refuses_what_is_no_directory);
  add ("reads-a-directory-that-cannot-be-written", test_reads_a_directory_that_cannot_be_written);
  add ("a-full-disk-fails-the-change-and-nothing-else",
       test_a_full_disk_fails_the_change_and_nothing_else);
  add ("what-waits-behind-a-failure-fails-too", test_what_waits_behind_a_failure_fails_too);
  add ("a-checkpoint-that-fails-leaves-everything", test_a_checkpoint_that_fails_leaves_everything);
  add ("changes-share-a-sync", test_changes_share_a_sync);
  add ("callers-share-syncs", test_callers_who_take_turns_share_syncs);
  add ("closing-finishes-what-is-under-way", test_closing_finishes_what_is_under_way);
  add ("tells-what-was-not-settled", test_tells_what_was_not_settled);
  add ("settling-costs-no-sync", test_settling_costs_no_sync);
  add ("checkpoints-carry-what-is-not-settled", test_checkpoints_carry_what_is_not_settled);
  add ("keeps-two-checkpoints-and-their-journals", test_keeps_two_checkpoints_and_their_journals);
  add ("wants-a-checkpoint-when-the-journal-has-grown",
       test_wants_a_checkpoint_when_the_journal_has_grown);
  add ("changes-go-on-during-a-checkpoint", test_changes_go_on_during_a_checkpoint);
  return g_test_run ();
}
