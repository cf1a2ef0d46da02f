/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "model/error.h"
#include "samples.h"
#include "store/store.h"

/* A store in a directory of its own, and what its table was after each change. */
typedef struct
{
  char *path;
  LvsdStore *store;
  LvsdTable *table;
  GPtrArray *unsettled;
  GPtrArray *states; /* char *, by sequence; what loading may come to */
} Fixture;

static inline gboolean
open_store (Fixture *fixture, GError **error)
{
  fixture->table = lvsd_table_new ();
  fixture->store = lvsd_store_open (fixture->path, fixture->table, &fixture->unsettled, error);
  if (fixture->store != NULL)
    return TRUE;
  g_clear_pointer (&fixture->table, lvsd_table_free);
  return FALSE;
}

static inline void
close_store (Fixture *fixture)
{
  g_clear_pointer (&fixture->store, lvsd_store_close);
  g_clear_pointer (&fixture->table, lvsd_table_free);
  g_clear_pointer (&fixture->unsettled, g_ptr_array_unref);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static inline void
must_open (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  open_store (fixture, &error);
  g_assert_no_error (error);
}

static inline void
reopen (Fixture *fixture)
{
  close_store (fixture);
  must_open (fixture);
}

static inline void
checkpoint_now (Fixture *fixture)
{
  g_autoptr (GPtrArray) items = lvsd_table_snapshot (fixture->table);

  lvsd_store_checkpoint (fixture->store, items);
  while (!lvsd_store_is_idle (fixture->store))
    g_main_context_iteration (NULL, TRUE);
}

static inline void
note_state (Fixture *fixture)
{
  g_ptr_array_add (fixture->states, sample_text (fixture->table));
}

static inline void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->path = g_dir_make_tmp ("lvsd-test-XXXXXX", NULL);
  fixture->states = g_ptr_array_new_with_free_func (g_free);
  must_open (fixture);
  note_state (fixture);
}

static inline GPtrArray *
list_files (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) listing = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (listing)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  return names;
}

static inline void
empty_directory (const char *path)
{
  g_autoptr (GPtrArray) names = list_files (path);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *file = g_build_filename (path, g_ptr_array_index (names, i), NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
}

static inline void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  close_store (fixture);
  empty_directory (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
  g_free (fixture->path);
  g_ptr_array_unref (fixture->states);
}

typedef struct
{
  gboolean done;
  GError *error;
} Answer;

static inline void
on_answer (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  lvsd_store_append_finish (NULL, result, &answer->error);
  answer->done = TRUE;
}

/* Appends, waits, and puts the change into the table when it is durable. */
static inline gboolean
append (Fixture *fixture, LvsdChange *change, GError **error)
{
  Answer answer = { 0 };

  lvsd_store_append_async (fixture->store, change, on_answer, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  if (answer.error != NULL)
    {
      g_propagate_error (error, answer.error);
      return FALSE;
    }
  lvsd_change_commit (change, fixture->table);
  note_state (fixture);
  return TRUE;
}

static inline guint64
must_append (Fixture *fixture, LvsdChange *change)
{
  g_autoptr (GError) error = NULL;

  append (fixture, change, &error);
  g_assert_no_error (error);
  return change->sequence;
}

/* A change that adds service s<N> with one destination. */
static inline LvsdChange *
addition (guint n)
{
  g_autofree char *name = g_strdup_printf ("s%u", n);
  g_autofree char *key = g_strdup_printf ("tcp/192.0.2.1:%u", 1000 + n);
  g_autofree char *endpoint = g_strdup_printf ("198.51.100.7:%u", 1000 + n);
  g_autoptr (LvsdService) service = sample_service (name, key);
  g_autoptr (LvsdDestination) destination = sample_destination (service, endpoint);
  LvsdChange *change = lvsd_change_new ();

  lvsd_change_add (change, NULL, service);
  lvsd_change_add (change, NULL, destination);
  return change;
}

static inline guint64
append_addition (Fixture *fixture, guint n)
{
  g_autoptr (LvsdChange) change = addition (n);

  return must_append (fixture, change);
}

static inline void
append_additions (Fixture *fixture, guint from, guint to)
{
  for (guint n = from; n <= to; n++)
    append_addition (fixture, n);
}

/* That the table is what it was after the change that the store says is its last. */
static inline void
assert_state (const Fixture *fixture, guint64 sequence)
{
  g_autofree char *text = sample_text (fixture->table);

  g_assert_cmpuint (lvsd_store_sequence (fixture->store), ==, sequence);
  g_assert_cmpuint (sequence, <, fixture->states->len);
  g_assert_cmpstr (text, ==, g_ptr_array_index (fixture->states, sequence));
}

static inline void
assert_condition (const Fixture *fixture, LvsdStoreCondition condition)
{
  const char *explanation;

  g_assert_cmpint (lvsd_store_condition (fixture->store, &explanation), ==, condition);
  if (condition != LVSD_STORE_SOUND)
    g_assert_cmpstr (explanation, !=, "");
}

static inline char *
file_path (const Fixture *fixture, const char *prefix, guint64 number)
{
  return g_strdup_printf ("%s/%s-%020" G_GUINT64_FORMAT, fixture->path, prefix, number);
}

static inline gboolean
has_file (const Fixture *fixture, const char *prefix, guint64 number)
{
  g_autofree char *path = file_path (fixture, prefix, number);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static inline GBytes *
read_file (const char *path)
{
  char *content;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_bytes_new_take (content, length);
}

/* A new file each time: the old one may have a second name. Without functions that sync, since a
 * test may have replaced those. */
static inline void
write_file (const char *path, const char *content, gsize length)
{
  FILE *file;

  g_unlink (path);
  file = g_fopen (path, "w");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (content, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

static inline void
flip_byte (const char *path, gsize position)
{
  g_autoptr (GBytes) content = read_file (path);
  gsize length;
  g_autofree char *copy = g_bytes_unref_to_data (g_steal_pointer (&content), &length);

  copy[position] = (char) (copy[position] ^ 0x20);
  write_file (path, copy, length);
}

static inline gsize
file_size (const char *path)
{
  g_autoptr (GBytes) content = read_file (path);

  return g_bytes_get_size (content);
}
