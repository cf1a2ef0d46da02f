/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/archive.h"

#include "store-fixture.h"

/* An archive, and the directory and table that it is of. */
typedef struct
{
  char *path;
  LvsdDirectory *directory;
  LvsdTable *table;
  LvsdChange *change;
  LvsdArchiving *archiving;
} Archive;

static void
begin (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (service);

  archive->path = g_dir_make_tmp ("lvsd-test-XXXXXX", NULL);
  archive->directory = lvsd_directory_open (archive->path, NULL);
  archive->table = lvsd_table_new ();
  archive->change = addition (1);
  lvsd_table_replace (archive->table, NULL, service);
  g_strlcpy (edited->scheduler, "wlc", sizeof edited->scheduler);
  lvsd_change_add (archive->change, service, edited);
  archive->archiving = lvsd_archiving_new (archive->directory, lvsd_table_snapshot (archive->table),
                                           archive->change);
  archive->archiving->number = 7;
}

static void
end (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  lvsd_archiving_free (archive->archiving);
  lvsd_change_free (archive->change);
  lvsd_table_free (archive->table);
  lvsd_directory_close (archive->directory);
  empty_directory (archive->path);
  g_assert_cmpint (g_rmdir (archive->path), ==, 0);
  g_free (archive->path);
}

static void
run (Archive *archive)
{
  lvsd_archiving_run (archive->archiving);
  g_assert_no_error (archive->archiving->error);
}

static char *
read_text (const Archive *archive, guint32 number, const char *digest)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = lvsd_archive_read (archive->directory, number, digest, &error);

  g_assert_no_error (error);
  return lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
}

static void
assert_unreadable (const Archive *archive, guint32 number, const char *digest)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsd_archive_read (archive->directory, number, digest, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED);
}

static void
test_the_state_before_and_after_is_kept (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *table = NULL;
  g_autoptr (GPtrArray) items = NULL;

  table = lvsd_document_format (archive->archiving->items, LVSD_DOCUMENT_EXPORT);
  run (archive);
  before = read_text (archive, 7, archive->archiving->before);
  after = read_text (archive, 8, archive->archiving->after);
  g_assert_cmpstr (before, ==, table);
  lvsd_change_commit (archive->change, archive->table);
  items = lvsd_table_snapshot (archive->table);
  g_free (table);
  table = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  g_assert_cmpstr (after, ==, table);
  g_assert_cmpuint (lvsd_archive_greatest (archive->directory), ==, 8);
}

/* Adds an edit and returns its after, borrowed. */
static LvsdService *
edit (LvsdChange *change, LvsdService *before, const char *scheduler)
{
  g_autoptr (LvsdService) after = lvsd_item_copy (before);

  g_strlcpy (after->scheduler, scheduler, sizeof after->scheduler);
  lvsd_change_add (change, before, after);
  return after;
}

/* What is kept of the change is what it makes of the table. */
static void
assert_kept_as_committed (Archive *archive, const LvsdChange *change)
{
  g_autoptr (LvsdArchiving) archiving =
      lvsd_archiving_new (archive->directory, lvsd_table_snapshot (archive->table), change);
  g_autofree char *kept = NULL;
  g_autofree char *committed = NULL;
  g_autoptr (GPtrArray) items = NULL;

  archiving->number = 20;
  archiving->is_kept = TRUE;
  lvsd_archiving_run (archiving);
  g_assert_no_error (archiving->error);
  kept = read_text (archive, 20, archiving->after);
  lvsd_change_commit (change, archive->table);
  items = lvsd_table_snapshot (archive->table);
  committed = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  g_assert_cmpstr (kept, ==, committed);
}

static void
test_edits_alone_are_kept (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdChange) each = lvsd_change_new ();
  g_autoptr (LvsdChange) twice = lvsd_change_new ();
  LvsdService *web;

  lvsd_change_commit (archive->change, archive->table);
  web = edit (each, lvsd_table_find_service (archive->table, "web"), "lc");
  edit (each, lvsd_table_find_service (archive->table, "s1"), "sed");
  assert_kept_as_committed (archive, each);
  g_assert_true (lvsd_table_find_service (archive->table, "web") == web);
  edit (twice, edit (twice, web, "nq"), "wrr");
  assert_kept_as_committed (archive, twice);
  g_assert_cmpstr (lvsd_table_find_service (archive->table, "web")->scheduler, ==, "wrr");
}

static void
test_what_is_the_newest_already_is_not_kept_again (Archive *archive,
                                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GString) text = lvsd_archive_format (archive->archiving->items);
  g_autofree char *digest = lvsd_seal_digest (text);

  g_strlcpy (archive->archiving->newest, digest, sizeof archive->archiving->newest);
  run (archive);
  g_assert_cmpstr (archive->archiving->before, ==, "");
  g_assert_cmpuint (lvsd_archive_greatest (archive->directory), ==, 7);
}

static gboolean
is_there (const Archive *archive, guint32 number)
{
  g_autofree char *name = lvsd_directory_name (LVSD_GENERATION_PREFIX, number);

  return lvsd_directory_exists (archive->directory, name);
}

static void
make_file (const Archive *archive, guint32 number)
{
  g_autofree char *name = lvsd_directory_name (LVSD_GENERATION_PREFIX, number);
  g_autofree char *path = g_build_filename (archive->path, name, NULL);

  write_file (path, "", 0);
}

static void
test_what_is_nobodys_goes (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  const guint32 kept = 3;

  make_file (archive, 3);
  make_file (archive, 5);
  archive->archiving->kept = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (archive->archiving->kept, kept);
  run (archive);
  g_assert_true (is_there (archive, 3));
  g_assert_false (is_there (archive, 5));
  g_assert_true (is_there (archive, 8));
}

static void
test_after_damage_nothing_goes (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  make_file (archive, 5);
  run (archive);
  g_assert_true (is_there (archive, 5));
}

static void
test_damage_is_found (Archive *archive, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *name = lvsd_directory_name (LVSD_GENERATION_PREFIX, 8);
  g_autofree char *path = g_build_filename (archive->path, name, NULL);
  gsize size;

  run (archive);
  assert_unreadable (archive, 8, archive->archiving->before);
  assert_unreadable (archive, 9, "");
  size = file_size (path);
  for (gsize i = 0; i + 1 < size; i++)
    {
      flip_byte (path, i);
      assert_unreadable (archive, 8, "");
      flip_byte (path, i);
    }
  g_free (read_text (archive, 8, ""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/archive/" name, Archive, NULL, begin, function, end)
  ADD ("the-state-before-and-after-is-kept", test_the_state_before_and_after_is_kept);
  ADD ("edits-alone-are-kept", test_edits_alone_are_kept);
  ADD ("what-is-the-newest-already-is-not-kept-again",
       test_what_is_the_newest_already_is_not_kept_again);
  ADD ("what-is-nobodys-goes", test_what_is_nobodys_goes);
  ADD ("after-damage-nothing-goes", test_after_damage_nothing_goes);
  ADD ("damage-is-found", test_damage_is_found);
  return g_test_run ();
}
