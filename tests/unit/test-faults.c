/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

#include "store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A script of changes is run in a process of its own, in which one of the calls that write to the
 * disk fails, or is the last one before the process or the power is gone: each call in turn. What
 * was acknowledged must be there afterwards. The functions of the C library are replaced by those
 * below, since the store is linked statically. */

typedef enum
{
  MODE_NONE,
  MODE_FAULT,  /* the call fails */
  MODE_BROKEN, /* it fails, and all that come after it */
  MODE_CRASH,  /* the process ends; what was written is there */
  MODE_POWER,  /* the machine ends; what was not synced is not there */
} Mode;

enum
{
  STATUS_NOT_REACHED = 0,
  STATUS_ENDED = 42,
  STATUS_FAILED = 43,
};

static struct
{
  GMutex lock;
  Mode mode;
  guint at;
  guint n_calls;
  const char *path;
  GHashTable *contents; /* inode -> GBytes, as of its last sync */
  GHashTable *names;    /* name -> inode, as of the last sync of the directory */
} disk;

/* The disk */

static void
note_sync (int fd)
{
  struct stat status;
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);

  if (disk.contents == NULL || fstat (fd, &status) != 0)
    return;
  if (!S_ISDIR (status.st_mode))
    {
      g_hash_table_insert (disk.contents, GSIZE_TO_POINTER (status.st_ino), read_file (link));
      return;
    }
  g_hash_table_remove_all (disk.names);
  {
    g_autoptr (GPtrArray) names = list_files (disk.path);

    for (guint i = 0; i < names->len; i++)
      {
        g_autofree char *path = g_build_filename (disk.path, g_ptr_array_index (names, i), NULL);

        if (stat (path, &status) == 0)
          g_hash_table_insert (disk.names, g_strdup (g_ptr_array_index (names, i)),
                               GSIZE_TO_POINTER (status.st_ino));
      }
  }
}

static void
lose_what_is_not_synced (void)
{
  GHashTableIter iter;
  gpointer name;
  gpointer inode;

  empty_directory (disk.path);
  g_hash_table_iter_init (&iter, disk.names);
  while (g_hash_table_iter_next (&iter, &name, &inode))
    {
      GBytes *content = g_hash_table_lookup (disk.contents, inode);
      g_autofree char *path = g_build_filename (disk.path, name, NULL);

      write_file (path, content != NULL ? g_bytes_get_data (content, NULL) : "",
                  content != NULL ? g_bytes_get_size (content) : 0);
    }
}

/* Called with the lock held, which it keeps when the process ends. */
static gboolean
is_struck (void)
{
  disk.n_calls++;
  if (disk.mode == MODE_NONE || disk.n_calls < disk.at
      || (disk.n_calls > disk.at && disk.mode != MODE_BROKEN))
    return FALSE;
  if (disk.mode == MODE_POWER)
    {
      disk.mode = MODE_NONE;
      lose_what_is_not_synced ();
      _exit (STATUS_ENDED);
    }
  errno = EIO;
  return TRUE;
}

static void
end_if_crash (void)
{
  if (disk.mode == MODE_CRASH)
    _exit (STATUS_ENDED);
}

ssize_t
pwrite (int fd, const void *data, size_t length, off_t offset)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&disk.lock);

  if (is_struck ())
    {
      syscall (SYS_pwrite64, fd, data, length / 2, offset);
      end_if_crash ();
      errno = ENOSPC;
      return -1;
    }
  return syscall (SYS_pwrite64, fd, data, length, offset);
}

int
ftruncate (int fd, off_t length)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&disk.lock);

  if (is_struck ())
    {
      end_if_crash ();
      return -1;
    }
  return (int) syscall (SYS_ftruncate, fd, length);
}

static int
sync_one (int fd)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&disk.lock);

  if (is_struck ())
    {
      end_if_crash ();
      return -1;
    }
  note_sync (fd);
  return 0;
}

int
fsync (int fd)
{
  return sync_one (fd);
}

int
fdatasync (int fd)
{
  return sync_one (fd);
}

int
renameat (int from_fd, const char *from, int to_fd, const char *to)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&disk.lock);

  if (is_struck ())
    {
      end_if_crash ();
      return -1;
    }
  return (int) syscall (SYS_renameat2, from_fd, from, to_fd, to, 0);
}

int
unlinkat (int fd, const char *name, int flags)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&disk.lock);

  if (is_struck ())
    {
      end_if_crash ();
      return -1;
    }
  return (int) syscall (SYS_unlinkat, fd, name, flags);
}

/* The script, in the process that suffers */

static const char *acknowledged_path;

/* At one stroke: the process may end on the store's thread while this one writes. */
static void
note_acknowledged (const Fixture *fixture)
{
  g_autofree char *text = sample_text (fixture->table);
  g_autofree char *unfinished = g_strconcat (acknowledged_path, ".new", NULL);

  write_file (unfinished, text, strlen (text));
  g_assert_cmpint (rename (unfinished, acknowledged_path), ==, 0);
}

static void
try_addition (Fixture *fixture, guint n)
{
  g_autoptr (LvsdChange) change = addition (n);

  if (append (fixture, change, NULL))
    {
      note_acknowledged (fixture);
      if (n % 2 == 0)
        lvsd_store_settle (fixture->store, change->sequence);
    }
}

/* As the engine does it: the archive first, and then the record that there is a generation. */
static void
try_generation (Fixture *fixture, guint n)
{
  g_autoptr (LvsdChange) change = addition (n);
  g_autoptr (LvsdGeneration) generation = sample_generation (n);
  g_autoptr (LvsdArchiving) archiving = lvsd_archiving_new (
      lvsd_store_directory (fixture->store), lvsd_table_snapshot (fixture->table), change);

  archiving->number = n - 1;
  lvsd_archiving_run (archiving);
  if (archiving->error != NULL)
    return;
  g_strlcpy (generation->digest, archiving->after, sizeof generation->digest);
  lvsd_change_add (change, NULL, generation);
  if (append (fixture, change, NULL))
    note_acknowledged (fixture);
}

static void
try_checkpoint (Fixture *fixture, gboolean wait)
{
  g_autoptr (GPtrArray) items = lvsd_table_snapshot (fixture->table);

  lvsd_store_checkpoint (fixture->store, items);
  while (wait && !lvsd_store_is_idle (fixture->store))
    g_main_context_iteration (NULL, TRUE);
}

typedef struct
{
  Fixture *fixture;
  LvsdChange *change;
  guint *n_left;
} Pending;

static void
on_pending_answer (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pending *pending = user_data;

  if (lvsd_store_append_finish (NULL, result, NULL))
    {
      lvsd_change_commit (pending->change, pending->fixture->table);
      note_acknowledged (pending->fixture);
    }
  --*pending->n_left;
  lvsd_change_free (pending->change);
  g_free (pending);
}

static void
try_group (Fixture *fixture, guint from, guint to)
{
  guint n_left = to - from + 1;

  for (guint n = from; n <= to; n++)
    {
      Pending *pending = g_new0 (Pending, 1);

      pending->fixture = fixture;
      pending->change = addition (n);
      pending->n_left = &n_left;
      lvsd_store_append_async (fixture->store, pending->change, on_pending_answer, pending);
    }
  while (n_left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
run_script (Fixture *fixture)
{
  must_open (fixture);
  note_acknowledged (fixture);
  for (guint n = 1; n <= 3; n++)
    try_addition (fixture, n);
  try_checkpoint (fixture, TRUE);
  try_addition (fixture, 4);
  try_group (fixture, 5, 8);
  try_checkpoint (fixture, FALSE);
  try_addition (fixture, 9);
  try_addition (fixture, 10);
  reopen (fixture);
  try_addition (fixture, 11);
  try_checkpoint (fixture, TRUE);
  try_addition (fixture, 12);
  try_generation (fixture, 14);
  close_store (fixture);
}

static int
suffer (char **argv)
{
  Fixture fixture = { .path = argv[4] };

  fixture.states = g_ptr_array_new_with_free_func (g_free);
  acknowledged_path = argv[5];
  disk.mode = (Mode) atoi (argv[2]);
  disk.at = (guint) atoi (argv[3]);
  disk.path = fixture.path;
  disk.contents = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  disk.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run_script (&fixture);
  g_ptr_array_unref (fixture.states);
  g_hash_table_unref (disk.contents);
  g_hash_table_unref (disk.names);
  return disk.n_calls < disk.at ? STATUS_NOT_REACHED : STATUS_FAILED;
}

/* The tests, in the process that looks at what is left */

static char *program;

static int
run_child (Mode mode, guint at, const char *path, const char *acknowledged)
{
  g_autofree char *mode_text = g_strdup_printf ("%d", mode);
  g_autofree char *at_text = g_strdup_printf ("%u", at);
  const char *const argv[] = { program, "--suffer", mode_text, at_text, path, acknowledged, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static guint
count_services (const char *text)
{
  guint n = 0;

  for (; (text = strstr (text, "[service ")) != NULL; text++)
    n++;
  return n;
}

/* All that was acknowledged, and of what was not at most the group that was under way; in a mode in
 * which the process lived on, nothing else at all. */
static void
assert_acknowledged (const Fixture *fixture, const char *acknowledged, Mode mode)
{
  g_autofree char *found = sample_text (fixture->table);
  g_autofree char *expected = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (acknowledged, &expected, NULL, NULL));
  if (mode == MODE_FAULT)
    {
      g_assert_cmpstr (found, ==, expected);
      return;
    }
  lines = g_strsplit (expected, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_nonnull (strstr (found, lines[i]));
  g_assert_cmpuint (count_services (found), <=, count_services (expected) + 4);
}

static gboolean
assert_readable (gpointer item, gpointer user_data)
{
  const LvsdGeneration *generation = item;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items =
      lvsd_archive_read (user_data, generation->number, generation->digest, &error);

  g_assert_no_error (error);
  return TRUE;
}

static void
assert_still_works (Fixture *fixture)
{
  guint64 sequence;

  sequence = append_addition (fixture, 99);
  reopen (fixture);
  g_assert_cmpuint (lvsd_store_sequence (fixture->store), ==, sequence);
  g_assert_nonnull (lvsd_table_find_service (fixture->table, "s99"));
  assert_condition (fixture, LVSD_STORE_SOUND);
}

static gboolean
try_point (Mode mode, guint at)
{
  g_autofree char *path = g_dir_make_tmp ("lvsd-test-XXXXXX", NULL);
  g_autofree char *acknowledged = g_strconcat (path, ".acknowledged", NULL);
  Fixture fixture = { .path = path };
  int status;

  fixture.states = g_ptr_array_new_with_free_func (g_free);
  write_file (acknowledged, "", 0);
  status = run_child (mode, at, path, acknowledged);
  g_assert_true (status == STATUS_NOT_REACHED || status == STATUS_ENDED || status == STATUS_FAILED);
  must_open (&fixture);
  assert_condition (&fixture, LVSD_STORE_SOUND);
  assert_acknowledged (&fixture, acknowledged, mode);
  lvsd_table_walk (fixture.table, LVSD_KIND_GENERATION, NULL, assert_readable,
                   (gpointer) lvsd_store_directory (fixture.store));
  assert_still_works (&fixture);
  close_store (&fixture);
  empty_directory (path);
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_cmpint (g_unlink (acknowledged), ==, 0);
  g_ptr_array_unref (fixture.states);
  return status != STATUS_NOT_REACHED;
}

static void
test_every_point (gconstpointer data)
{
  Mode mode = (Mode) GPOINTER_TO_INT (data);
  guint at = 1;

  while (try_point (mode, at))
    at++;
  g_test_message ("%u points", at - 1);
  g_assert_cmpuint (at, >, 40);
}

int
main (int argc, char **argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  if (argc == 6 && g_str_equal (argv[1], "--suffer"))
    return suffer (argv);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_test_add_data_func ("/faults/a-call-that-fails-fails-its-change-alone",
                        GINT_TO_POINTER (MODE_FAULT), test_every_point);
  g_test_add_data_func ("/faults/a-disk-that-breaks-loses-nothing", GINT_TO_POINTER (MODE_BROKEN),
                        test_every_point);
  g_test_add_data_func ("/faults/a-crash-loses-nothing", GINT_TO_POINTER (MODE_CRASH),
                        test_every_point);
  g_test_add_data_func ("/faults/a-power-cut-loses-nothing", GINT_TO_POINTER (MODE_POWER),
                        test_every_point);
  return g_test_run ();
}
