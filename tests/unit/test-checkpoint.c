/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

#include <unistd.h>

/* Damage to checkpoints, and crashes around their writing. */

/* Changes 1 to 5, with checkpoints after 2 and 4. */
static void
set_up_checkpoints (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  append_additions (fixture, 1, 2);
  checkpoint_now (fixture);
  append_additions (fixture, 3, 4);
  checkpoint_now (fixture);
  append_addition (fixture, 5);
  close_store (fixture);
  g_assert_true (has_file (fixture, "checkpoint", 2));
  g_assert_true (has_file (fixture, "checkpoint", 4));
}

static void
assert_kept_aside (const Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->path, name, NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_the_one_before_takes_the_place_of_a_damaged_one (Fixture *fixture,
                                                      G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "checkpoint", 4);
  const char *explanation;

  flip_byte (path, 60);
  must_open (fixture);
  assert_state (fixture, 5);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  lvsd_store_condition (fixture->store, &explanation);
  g_assert_nonnull (strstr (explanation, path));
  assert_kept_aside (fixture, "checkpoint-00000000000000000004.damaged-1");
  append_addition (fixture, 6);
  reopen (fixture);
  assert_state (fixture, 6);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
}

static void
test_without_any_checkpoint_nothing_is_made_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "checkpoint", 4);
  g_autofree char *older = file_path (fixture, "checkpoint", 2);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (older), ==, 0);
  must_open (fixture);
  assert_state (fixture, 0);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  assert_kept_aside (fixture, "journal-00000000000000000002.damaged-1");
  assert_kept_aside (fixture, "journal-00000000000000000004.damaged-1");
  g_ptr_array_set_size (fixture->states, 1);
  append_addition (fixture, 1);
  reopen (fixture);
  assert_state (fixture, 1);
}

static void
test_every_flipped_byte_is_noticed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "checkpoint", 4);
  g_autofree char *mark = g_build_filename (fixture->path, "damaged", NULL);
  g_autofree char *aside = g_strconcat (path, ".damaged-1", NULL);
  g_autoptr (GBytes) content = read_file (path);

  for (gsize position = 0; position < g_bytes_get_size (content); position++)
    {
      flip_byte (path, position);
      must_open (fixture);
      assert_state (fixture, 5);
      assert_condition (fixture, LVSD_STORE_DAMAGED);
      close_store (fixture);
      g_assert_cmpint (g_unlink (aside), ==, 0);
      g_assert_cmpint (g_unlink (mark), ==, 0);
      write_file (path, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
    }
}

static void
test_every_truncation_is_noticed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "checkpoint", 4);
  g_autoptr (GBytes) content = read_file (path);

  for (gsize length = 0; length < g_bytes_get_size (content); length++)
    {
      write_file (path, g_bytes_get_data (content, NULL), length);
      must_open (fixture);
      assert_state (fixture, 5);
      assert_condition (fixture, LVSD_STORE_DAMAGED);
      lvsd_store_accept_damage (fixture->store);
      close_store (fixture);
    }
}

static void
test_one_under_another_name_is_damaged (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "checkpoint", 4);
  g_autofree char *other = file_path (fixture, "checkpoint", 5);

  g_assert_cmpint (g_rename (path, other), ==, 0);
  must_open (fixture);
  assert_state (fixture, 5);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
}

static void
test_a_newer_one_is_left_alone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const char text[] = "[lvsd]\nformat=3\nwhat is this?\n";
  g_autofree char *path = file_path (fixture, "checkpoint", 6);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (LvsdChange) change = addition (9);
  g_autoptr (GError) error = NULL;

  write_file (path, text, strlen (text));
  before = list_files (fixture->path);
  must_open (fixture);
  assert_state (fixture, 0);
  assert_condition (fixture, LVSD_STORE_NEWER);
  g_assert_false (append (fixture, change, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_READ_ONLY);
  close_store (fixture);
  after = list_files (fixture->path);
  g_assert_cmpuint (after->len, ==, before->len);
}

/* A crash while the temporary file is written, before the rename and after it. */
static void
test_a_crash_around_the_rename_loses_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "checkpoint", 4);
  g_autofree char *unfinished = g_strconcat (path, ".unfinished", NULL);
  g_autofree char *journal = file_path (fixture, "journal", 4);
  g_autoptr (GBytes) content = read_file (path);

  g_assert_cmpint (g_rename (path, unfinished), ==, 0);
  for (gsize length = g_bytes_get_size (content);; length /= 2)
    {
      write_file (unfinished, g_bytes_get_data (content, NULL), length);
      must_open (fixture);
      assert_state (fixture, 5);
      assert_condition (fixture, LVSD_STORE_SOUND);
      g_assert_false (g_file_test (unfinished, G_FILE_TEST_EXISTS));
      close_store (fixture);
      if (length == 0)
        break;
    }

  /* The checkpoint is there, and the journal that was to begin with it is not. */
  write_file (path, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  g_assert_cmpint (g_unlink (journal), ==, 0);
  must_open (fixture);
  assert_state (fixture, 4);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_ptr_array_set_size (fixture->states, 5);
  append_addition (fixture, 8);
  reopen (fixture);
  assert_state (fixture, 5);
}

static void
test_damage_in_what_is_not_needed_is_none (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "journal", 2);

  flip_byte (path, 70);
  must_open (fixture);
  assert_state (fixture, 5);
  assert_condition (fixture, LVSD_STORE_SOUND);
}

static void
add (const char *name, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/checkpoint/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up_checkpoints, test, tear_down);
}

/* Nothing is synced here; test-faults sees to that. */

int
fsync (G_GNUC_UNUSED int fd)
{
  return 0;
}

int
fdatasync (G_GNUC_UNUSED int fd)
{
  return 0;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* What fails here is meant to, and warned about. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  add ("the-one-before-takes-the-place-of-a-damaged-one",
       test_the_one_before_takes_the_place_of_a_damaged_one);
  add ("without-any-checkpoint-nothing-is-made-up", test_without_any_checkpoint_nothing_is_made_up);
  add ("every-flipped-byte-is-noticed", test_every_flipped_byte_is_noticed);
  add ("every-truncation-is-noticed", test_every_truncation_is_noticed);
  add ("one-under-another-name-is-damaged", test_one_under_another_name_is_damaged);
  add ("a-newer-one-is-left-alone", test_a_newer_one_is_left_alone);
  add ("a-crash-around-the-rename-loses-nothing", test_a_crash_around_the_rename_loses_nothing);
  add ("damage-in-what-is-not-needed-is-none", test_damage_in_what_is_not_needed_is_none);
  return g_test_run ();
}
