/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

#include <unistd.h>

#include "store/journal.h"

/* Damage to a journal, as loading it finds it. Thousands of stores are opened here, so nothing is
 * synced; test-faults sees to that. */

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

static void
append_edits (Fixture *fixture)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (service);
  g_autoptr (LvsdChange) added = lvsd_change_new ();
  g_autoptr (LvsdChange) changed = lvsd_change_new ();

  edited->persistence = 60;
  lvsd_change_add (added, NULL, service);
  lvsd_change_add (changed, service, edited);
  lvsd_store_settle (fixture->store, must_append (fixture, added));
  must_append (fixture, changed);
}

/* The journal as bytes, and where each of its records begins. */
static GBytes *
take_journal (Fixture *fixture, GArray *offsets)
{
  g_autofree char *path = file_path (fixture, "journal", 0);
  GBytes *content;
  gsize offset = LVSD_HEAD_SIZE;

  close_store (fixture);
  content = read_file (path);
  for (;;)
    {
      g_autoptr (LvsdRecord) record = NULL;

      g_array_append_val (offsets, offset);
      record = lvsd_record_decode (content, &offset);
      if (record == NULL)
        break;
    }
  g_assert_cmpuint (g_array_index (offsets, gsize, offsets->len - 1), ==,
                    g_bytes_get_size (content));
  return content;
}

static void
put_journal (const Fixture *fixture, GBytes *content, gsize length)
{
  g_autofree char *path = file_path (fixture, "journal", 0);

  empty_directory (fixture->path);
  write_file (path, g_bytes_get_data (content, NULL), length);
}

static void
test_a_torn_tail_is_cut_at_every_length (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GBytes) content = NULL;
  gsize last;

  append_additions (fixture, 1, 3);
  content = take_journal (fixture, offsets);
  last = g_array_index (offsets, gsize, 2);
  for (gsize length = last; length < g_bytes_get_size (content); length++)
    {
      put_journal (fixture, content, length);
      must_open (fixture);
      assert_state (fixture, 2);
      assert_condition (fixture, LVSD_STORE_SOUND);
      g_ptr_array_set_size (fixture->states, 3);
      append_addition (fixture, 4);
      reopen (fixture);
      assert_state (fixture, 3);
      assert_condition (fixture, LVSD_STORE_SOUND);
      close_store (fixture);
    }
}

/* After a power cut any part of the last group may be missing, and not just its end. */
static void
test_a_hole_in_the_last_group_is_cut (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_record_unref);
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autoptr (LvsdJournal) journal = NULL;
  g_autoptr (LvsdDirectory) directory = NULL;
  gsize hole;

  append_additions (fixture, 1, 2);
  close_store (fixture);
  directory = lvsd_directory_open (fixture->path, NULL);
  hole = file_size (path);
  journal = lvsd_journal_resume (directory, 0, LVSD_JOURNAL_VERSION, (goffset) hole, NULL);
  for (guint n = 3; n <= 5; n++)
    {
      g_autoptr (LvsdChange) change = addition (n);
      g_autoptr (GBytes) payload = lvsd_record_pack_change (change);

      g_ptr_array_add (records, lvsd_record_new (LVSD_RECORD_CHANGE, n, payload));
    }
  g_assert_true (lvsd_journal_append (journal, records, TRUE, NULL));
  g_clear_pointer (&directory, lvsd_directory_close);
  flip_byte (path, hole + 40);
  must_open (fixture);
  assert_state (fixture, 2);
  assert_condition (fixture, LVSD_STORE_SOUND);
}

static guint
count_aside (const Fixture *fixture)
{
  g_autoptr (GPtrArray) names = list_files (fixture->path);
  guint n = 0;

  for (guint i = 0; i < names->len; i++)
    n += strstr (g_ptr_array_index (names, i), ".damaged-") != NULL;
  return n;
}

static guint
record_of (const GArray *offsets, gsize position)
{
  guint i = 0;

  while (i + 1 < offsets->len && g_array_index (offsets, gsize, i + 1) <= position)
    i++;
  return i;
}

static void
test_a_flipped_byte_loses_nothing_before_it (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autoptr (GBytes) content = NULL;
  guint n_records;

  append_additions (fixture, 1, 2);
  append_edits (fixture);
  append_addition (fixture, 3);
  content = take_journal (fixture, offsets);
  n_records = offsets->len - 1;
  g_assert_cmpuint (n_records, ==, 6);
  for (gsize position = 0; position < g_bytes_get_size (content); position++)
    {
      guint hit = record_of (offsets, position);
      gboolean is_tail = position >= LVSD_HEAD_SIZE && hit == n_records - 1;
      guint64 sequence = position < LVSD_HEAD_SIZE ? 0 : hit - (hit > 3);

      put_journal (fixture, content, g_bytes_get_size (content));
      flip_byte (path, position);
      must_open (fixture);
      assert_state (fixture, sequence);
      assert_condition (fixture, is_tail ? LVSD_STORE_SOUND : LVSD_STORE_DAMAGED);
      g_assert_cmpuint (count_aside (fixture), ==, is_tail ? 0 : 1);
      reopen (fixture);
      assert_state (fixture, sequence);
      assert_condition (fixture, is_tail ? LVSD_STORE_SOUND : LVSD_STORE_DAMAGED);
      close_store (fixture);
    }
}

static void
test_every_truncation_gives_a_prefix (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GBytes) content = NULL;

  append_additions (fixture, 1, 3);
  content = take_journal (fixture, offsets);
  for (gsize length = 0; length < g_bytes_get_size (content); length++)
    {
      put_journal (fixture, content, length);
      must_open (fixture);
      assert_state (fixture, length < LVSD_HEAD_SIZE ? 0 : record_of (offsets, length));
      close_store (fixture);
    }
}

static void
damage_second_record (Fixture *fixture)
{
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autoptr (GBytes) content = take_journal (fixture, offsets);

  g_assert_cmpuint (g_bytes_get_size (content), >, 0);
  flip_byte (path, g_array_index (offsets, gsize, 1) + 50);
}

static void
test_damage_is_kept_and_remembered (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autofree char *aside = g_strconcat (path, ".damaged-1", NULL);
  g_autoptr (GBytes) damaged = NULL;
  g_autoptr (GBytes) kept = NULL;
  const char *explanation;

  append_additions (fixture, 1, 4);
  damage_second_record (fixture);
  damaged = read_file (path);
  must_open (fixture);
  assert_state (fixture, 1);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  lvsd_store_condition (fixture->store, &explanation);
  g_assert_nonnull (strstr (explanation, path));
  g_assert_cmpuint (fixture->unsettled->len, ==, 1);

  g_ptr_array_set_size (fixture->states, 2);
  append_additions (fixture, 5, 6);
  reopen (fixture);
  assert_state (fixture, 3);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  lvsd_store_condition (fixture->store, &explanation);
  g_assert_nonnull (strstr (explanation, path));
  kept = read_file (aside);
  g_assert_true (g_bytes_equal (kept, damaged));

  lvsd_store_accept_damage (fixture->store);
  assert_condition (fixture, LVSD_STORE_SOUND);
  reopen (fixture);
  assert_state (fixture, 3);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_assert_cmpuint (count_aside (fixture), ==, 1);
}

static void
test_damage_at_the_first_record_is_kept (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "journal", 0);

  append_additions (fixture, 1, 2);
  close_store (fixture);
  flip_byte (path, LVSD_HEAD_SIZE + 50);
  must_open (fixture);
  assert_state (fixture, 0);
  g_assert_cmpuint (count_aside (fixture), ==, 1);
  g_ptr_array_set_size (fixture->states, 1);
  append_addition (fixture, 7);
  reopen (fixture);
  assert_state (fixture, 1);
  g_assert_cmpuint (count_aside (fixture), ==, 1);
}

/* A record that is whole, but that cannot come after the one before it. */
static void
put_foreign_record (Fixture *fixture, guint64 sequence, LvsdRecordType type, LvsdChange *change)
{
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_record_unref);
  g_autoptr (GBytes) payload =
      change != NULL ? lvsd_record_pack_change (change) : g_bytes_new_static ("nonsense!", 9);
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autoptr (GBytes) content = read_file (path);
  g_autoptr (LvsdDirectory) directory = lvsd_directory_open (fixture->path, NULL);
  g_autoptr (LvsdJournal) journal = lvsd_journal_resume (
      directory, 0, LVSD_JOURNAL_VERSION, (goffset) g_bytes_get_size (content), NULL);

  g_ptr_array_add (records, lvsd_record_new (type, sequence, payload));
  g_assert_true (lvsd_journal_append (journal, records, TRUE, NULL));
}

static void
assert_foreign_record_is_damage (Fixture *fixture,
                                 guint64 sequence,
                                 LvsdRecordType type,
                                 LvsdChange *change)
{
  close_store (fixture);
  put_foreign_record (fixture, sequence, type, change);
  must_open (fixture);
  assert_state (fixture, 1);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  lvsd_store_accept_damage (fixture->store);
}

static void
test_a_record_that_does_not_fit_is_damage (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdChange) next = addition (2);
  g_autoptr (LvsdChange) twice = addition (2);
  g_autoptr (LvsdChange) again = addition (1);
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autoptr (GBytes) content = NULL;

  append_addition (fixture, 1);
  close_store (fixture);
  content = read_file (path);
  lvsd_change_add (twice, lvsd_change_edit (again, 0)->after, NULL);
  for (guint i = 0; i < 7; i++)
    {
      put_journal (fixture, content, g_bytes_get_size (content));
      must_open (fixture);
      switch (i)
        {
        case 0: /* not the next number */
          assert_foreign_record_is_damage (fixture, 3, LVSD_RECORD_CHANGE, next);
          break;
        case 1: /* the number before */
          assert_foreign_record_is_damage (fixture, 1, LVSD_RECORD_CHANGE, next);
          break;
        case 2: /* what is there already */
          assert_foreign_record_is_damage (fixture, 2, LVSD_RECORD_CHANGE, again);
          break;
        case 3: /* fits at its beginning */
          assert_foreign_record_is_damage (fixture, 2, LVSD_RECORD_CHANGE, twice);
          break;
        case 4: /* no change at all */
          assert_foreign_record_is_damage (fixture, 2, LVSD_RECORD_CHANGE, NULL);
          break;
        case 5: /* no list of numbers */
          assert_foreign_record_is_damage (fixture, 1, LVSD_RECORD_SETTLED, NULL);
          break;
        default: /* not at the beginning of a journal */
          assert_foreign_record_is_damage (fixture, 0, LVSD_RECORD_CARRIED, next);
          break;
        }
      close_store (fixture);
    }
}

static void
assert_untouched (const Fixture *fixture, const char *path, GBytes *content)
{
  g_autoptr (GBytes) now = read_file (path);
  g_autoptr (GPtrArray) names = list_files (fixture->path);

  g_assert_true (g_bytes_equal (now, content));
  g_assert_cmpuint (names->len, ==, 1);
}

static void
put_head_of_version (const char *path, guint8 version)
{
  g_autoptr (GBytes) content = read_file (path);
  gsize length;
  g_autofree guint8 *copy = g_bytes_unref_to_data (g_steal_pointer (&content), &length);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_length = sizeof digest;

  copy[8] = version;
  g_checksum_update (sum, copy, 24);
  g_checksum_get_digest (sum, digest, &digest_length);
  memcpy (copy + 24, digest, 8);
  write_file (path, (const char *) copy, length);
}

static void
test_a_newer_journal_is_left_alone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "journal", 0);
  g_autoptr (LvsdChange) change = addition (9);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) error = NULL;

  append_additions (fixture, 1, 2);
  close_store (fixture);
  put_head_of_version (path, LVSD_JOURNAL_VERSION + 1);
  content = read_file (path);
  must_open (fixture);
  assert_state (fixture, 0);
  assert_condition (fixture, LVSD_STORE_NEWER);
  g_assert_false (append (fixture, change, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_READ_ONLY);
  g_assert_false (lvsd_store_wants_checkpoint (fixture->store));
  lvsd_store_checkpoint (fixture->store, items);
  lvsd_store_settle (fixture->store, 1);
  lvsd_store_accept_damage (fixture->store);
  close_store (fixture);
  assert_untouched (fixture, path, content);
}

static void
test_a_journal_takes_the_place_of_what_is_beyond_its_base (Fixture *fixture,
                                                           G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *first = file_path (fixture, "journal", 0);
  g_autofree char *second = file_path (fixture, "journal", 2);
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_record_unref);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (LvsdChange) change = addition (33);
  g_autoptr (GBytes) payload = lvsd_record_pack_change (change);
  g_autoptr (LvsdDirectory) directory = NULL;
  g_autoptr (LvsdJournal) journal = NULL;

  append_additions (fixture, 1, 4);
  close_store (fixture);
  directory = lvsd_directory_open (fixture->path, NULL);
  journal = lvsd_journal_begin (directory, 2, none, NULL);
  g_ptr_array_add (records, lvsd_record_new (LVSD_RECORD_CHANGE, 3, payload));
  g_assert_true (lvsd_journal_append (journal, records, TRUE, NULL));
  g_clear_pointer (&directory, lvsd_directory_close);
  must_open (fixture);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_assert_cmpuint (lvsd_store_sequence (fixture->store), ==, 3);
  g_assert_nonnull (lvsd_table_find_service (fixture->table, "s33"));
  g_assert_nonnull (lvsd_table_find_service (fixture->table, "s2"));
  g_assert_null (lvsd_table_find_service (fixture->table, "s3"));
  close_store (fixture);

  /* Without its end, but with all that is still asked of it, the older one is no damage. */
  flip_byte (first, file_size (first) - 1);
  must_open (fixture);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_assert_cmpuint (lvsd_store_sequence (fixture->store), ==, 3);
  close_store (fixture);

  /* Where the newer one goes on after changes that are lost, it cannot be used. */
  flip_byte (first, LVSD_HEAD_SIZE + 50);
  must_open (fixture);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  assert_state (fixture, 0);
  g_assert_cmpuint (count_aside (fixture), ==, 2);
  g_assert_false (g_file_test (second, G_FILE_TEST_EXISTS));
}

static void
add (const char *name, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/journal/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* What fails here is meant to, and warned about. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  add ("a-torn-tail-is-cut-at-every-length", test_a_torn_tail_is_cut_at_every_length);
  add ("a-hole-in-the-last-group-is-cut", test_a_hole_in_the_last_group_is_cut);
  add ("a-flipped-byte-loses-nothing-before-it", test_a_flipped_byte_loses_nothing_before_it);
  add ("every-truncation-gives-a-prefix", test_every_truncation_gives_a_prefix);
  add ("damage-is-kept-and-remembered", test_damage_is_kept_and_remembered);
  add ("damage-at-the-first-record-is-kept", test_damage_at_the_first_record_is_kept);
  add ("a-record-that-does-not-fit-is-damage", test_a_record_that_does_not_fit_is_damage);
  add ("a-newer-journal-is-left-alone", test_a_newer_journal_is_left_alone);
  add ("a-journal-takes-the-place-of-what-is-beyond-its-base",
       test_a_journal_takes_the_place_of_what_is_beyond_its_base);
  return g_test_run ();
}
