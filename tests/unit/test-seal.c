/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/archive.h"
#include "store/journal.h"

#include "store-fixture.h"

/* Checksums, and what was written when all of them were SHA-256. */

static void
put_sum (guint8 *head, gsize payload_length)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_length = sizeof digest;

  g_checksum_update (sum, head, 24);
  g_checksum_update (sum, head + 32, (gssize) payload_length);
  g_checksum_get_digest (sum, digest, &digest_length);
  memcpy (head + 24, digest, 8);
}

static void
make_journal_older (const char *path)
{
  g_autoptr (GBytes) content = read_file (path);
  gsize size;
  g_autofree guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&content), &size);

  g_assert_cmpuint (data[8], ==, LVSD_JOURNAL_VERSION);
  data[8] = 1;
  put_sum (data, 0);
  for (gsize at = LVSD_HEAD_SIZE; at < size;)
    {
      gsize length = data[at] | (gsize) data[at + 1] << 8;

      g_assert_cmpuint (data[at + 2], ==, 0);
      put_sum (data + at, length);
      at += 32 + length;
    }
  write_file (path, (const char *) data, size);
}

static char *
seal_as_before (GString *text)
{
  char *digest;

  g_string_truncate (text, (gsize) (g_strrstr (text->str, "# crc64 ") - text->str));
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
  g_string_append_printf (text, "# sha256 %s\n", digest);
  return digest;
}

/* Returns the digest. */
static char *
make_text_older (const char *path)
{
  g_autoptr (GBytes) content = read_file (path);
  g_autoptr (GString) text =
      g_string_new_len (g_bytes_get_data (content, NULL), (gssize) g_bytes_get_size (content));
  char *digest;

  g_string_replace (text, "format=2", "format=1", 1);
  digest = seal_as_before (text);
  write_file (path, text->str, text->len);
  return digest;
}

/* Changes 1 to 4, with a checkpoint after 2, all of it as it was written before. */
static void
set_up_older (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *checkpoint = NULL;

  set_up (fixture, data);
  first = file_path (fixture, "journal", 0);
  second = file_path (fixture, "journal", 2);
  checkpoint = file_path (fixture, "checkpoint", 2);
  append_additions (fixture, 1, 2);
  checkpoint_now (fixture);
  append_additions (fixture, 3, 4);
  close_store (fixture);
  if (has_file (fixture, "journal", 0))
    make_journal_older (first);
  make_journal_older (second);
  g_free (make_text_older (checkpoint));
}

static guint8
version_of (const char *path)
{
  g_autoptr (GBytes) content = read_file (path);

  return ((const guint8 *) g_bytes_get_data (content, NULL))[8];
}

static void
test_an_older_store_goes_on (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *journal = file_path (fixture, "journal", 2);
  g_autofree char *next = file_path (fixture, "journal", 5);

  must_open (fixture);
  assert_state (fixture, 4);
  assert_condition (fixture, LVSD_STORE_SOUND);
  append_addition (fixture, 5);
  reopen (fixture);
  assert_state (fixture, 5);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_assert_cmpuint (version_of (journal), ==, 1);
  checkpoint_now (fixture);
  append_addition (fixture, 6);
  reopen (fixture);
  assert_state (fixture, 6);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_assert_cmpuint (version_of (next), ==, LVSD_JOURNAL_VERSION);
}

/* What is damage and what was never finished is told in it as well. */
static void
test_damage_to_an_older_store_is_noticed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *journal = file_path (fixture, "journal", 2);
  g_autofree char *checkpoint = file_path (fixture, "checkpoint", 2);
  g_autoptr (GBytes) content = read_file (journal);

  write_file (journal, g_bytes_get_data (content, NULL), g_bytes_get_size (content) - 1);
  must_open (fixture);
  assert_condition (fixture, LVSD_STORE_SOUND);
  g_assert_cmpuint (lvsd_store_sequence (fixture->store), <=, 4);
  close_store (fixture);
  write_file (journal, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  flip_byte (journal, LVSD_HEAD_SIZE + 40);
  must_open (fixture);
  assert_state (fixture, 2);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  close_store (fixture);
  flip_byte (checkpoint, 60);
  must_open (fixture);
  assert_condition (fixture, LVSD_STORE_DAMAGED);
  g_assert_cmpuint (lvsd_store_sequence (fixture->store), <, 4);
}

static LvsdArchiving *
keep (const LvsdDirectory *directory, GPtrArray *items, guint32 number, const char *newest)
{
  g_autoptr (LvsdChange) change = addition (9);
  LvsdArchiving *archiving = lvsd_archiving_new (directory, g_ptr_array_ref (items), change);

  archiving->number = number;
  g_strlcpy (archiving->newest, newest, sizeof archiving->newest);
  lvsd_archiving_run (archiving);
  g_assert_no_error (archiving->error);
  return archiving;
}

static void
test_an_older_generation_is_read (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = file_path (fixture, "generation", 1);
  g_autoptr (LvsdDirectory) directory = NULL;
  g_autoptr (LvsdArchiving) first = NULL;
  g_autoptr (LvsdArchiving) second = NULL;
  g_autoptr (GPtrArray) state = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) other = NULL;
  g_autofree char *digest = NULL;

  append_addition (fixture, 1);
  state = lvsd_table_snapshot (fixture->table);
  close_store (fixture);
  directory = lvsd_directory_open (fixture->path, NULL);
  first = keep (directory, state, 1, "");
  digest = make_text_older (path);
  items = lvsd_archive_read (directory, 1, digest, NULL);
  g_assert_cmpuint (items->len, ==, 2);
  other = lvsd_archive_read (directory, 1, first->before, NULL);
  g_assert_null (other);
  second = keep (directory, state, 2, digest);
  g_assert_cmpstr (second->before, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Damage is told as a warning. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
#define ADD(name, before, function)                                                                \
  g_test_add ("/seal/" name, Fixture, NULL, before, function, tear_down)
  ADD ("an-older-store-goes-on", set_up_older, test_an_older_store_goes_on);
  ADD ("damage-to-an-older-store-is-noticed", set_up_older,
       test_damage_to_an_older_store_is_noticed);
  ADD ("an-older-generation-is-read", set_up, test_an_older_generation_is_read);
  return g_test_run ();
}
