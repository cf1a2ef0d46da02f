/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/error.h"

#define UNFINISHED ".unfinished"
#define N_DIGITS 20

/* Read at once. */
#define BLOCK 65536

static const char *
advice (int code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return _ ("free some space there and try again");
    case EACCES:
    case EPERM:
    case EROFS:
      return _ ("make it writable for lvsd and try again");
    default:
      return _ ("check the disk and the kernel's log");
    }
}

/* One sentence for whatever goes wrong with a file: where, what the system said, what to do.
 * Returns FALSE. */
gboolean
lvsd_directory_fail (const LvsdDirectory *directory, const char *name, int code, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED, _ ("%s%s%s: %s; %s"), directory->path,
               name != NULL ? "/" : "", name != NULL ? name : "", g_strerror (code), advice (code));
  return FALSE;
}

/* flock goes with this descriptor, so it works on a read-only file system, needs no file of its own
 * and ends with the process however that ends. */
static gboolean
lock_directory (const LvsdDirectory *directory, GError **error)
{
  int result;

  do
    result = flock (directory->fd, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return lvsd_directory_fail (directory, NULL, errno, error);
  g_set_error (
      error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
      _ ("%s: another lvsd uses it; stop that one, or give this one a --state-directory of "
         "its own"),
      directory->path);
  return FALSE;
}

static char *
find_refusal (const LvsdDirectory *directory)
{
  if (faccessat (directory->fd, ".", W_OK | X_OK, AT_EACCESS) == 0)
    return NULL;
  return g_strdup_printf (_ ("%s: %s; make it writable for lvsd and restart it"), directory->path,
                          g_strerror (errno));
}

/* The directory is made where it is missing. One that can only be read is not an error. */
LvsdDirectory *
lvsd_directory_open (const char *path, GError **error)
{
  g_autoptr (LvsdDirectory) directory = g_new0 (LvsdDirectory, 1);

  directory->path = g_strdup (path);
  directory->fd = -1;
  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      lvsd_directory_fail (directory, NULL, errno, error);
      return NULL;
    }
  directory->fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory->fd < 0)
    {
      lvsd_directory_fail (directory, NULL, errno, error);
      return NULL;
    }
  if (!lock_directory (directory, error))
    return NULL;
  directory->refusal = find_refusal (directory);
  return g_steal_pointer (&directory);
}

void
lvsd_directory_close (LvsdDirectory *directory)
{
  if (directory->fd >= 0)
    close (directory->fd);
  g_free (directory->refusal);
  g_free (directory->path);
  g_free (directory);
}

char *
lvsd_directory_name (const char *prefix, guint64 number)
{
  return g_strdup_printf ("%s-%020" G_GUINT64_FORMAT, prefix, number);
}

static gboolean
parse_name (const char *name, const char *prefix, guint64 *ret_number)
{
  gsize length = strlen (prefix);

  return g_str_has_prefix (name, prefix) && name[length] == '-'
         && strlen (name + length + 1) == N_DIGITS
         && g_ascii_string_to_unsigned (name + length + 1, 10, 0, G_MAXUINT64, ret_number, NULL);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *) a;
  guint64 second = *(const guint64 *) b;

  return first < second ? -1 : first > second;
}

static DIR *
open_listing (const LvsdDirectory *directory, GError **error)
{
  int fd = openat (directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *listing = fd >= 0 ? fdopendir (fd) : NULL;

  if (listing != NULL)
    return listing;
  lvsd_directory_fail (directory, NULL, errno, error);
  if (fd >= 0)
    close (fd);
  return NULL;
}

/* Returns the numbers (guint64) of the files with this prefix, smallest first. */
GArray *
lvsd_directory_list (const LvsdDirectory *directory, const char *prefix, GError **error)
{
  GArray *numbers;
  struct dirent *entry;
  DIR *listing = open_listing (directory, error);
  guint64 number;

  if (listing == NULL)
    return NULL;
  numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  while ((entry = readdir (listing)) != NULL)
    if (parse_name (entry->d_name, prefix, &number))
      g_array_append_val (numbers, number);
  closedir (listing);
  g_array_sort (numbers, compare_numbers);
  return numbers;
}

gboolean
lvsd_directory_exists (const LvsdDirectory *directory, const char *name)
{
  return faccessat (directory->fd, name, F_OK, 0) == 0;
}

/* Not mapped: a disk that fails would then end the process instead of the read. */
static gboolean
read_all (int fd, gsize most, GByteArray *into)
{
  gssize n;

  do
    {
      guint length = into->len;

      g_byte_array_set_size (into, length + BLOCK);
      n = read (fd, into->data + length, MIN ((gsize) BLOCK, most - length));
      g_byte_array_set_size (into, length + (guint) MAX (n, 0));
    }
  while (n > 0 || (n < 0 && errno == EINTR));
  return n == 0;
}

/* Made large enough at once: memory that grows is moved about. */
static GByteArray *
new_content (int fd, gsize most)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return g_byte_array_new ();
  return g_byte_array_sized_new ((guint) MIN ((gsize) status.st_size, most) + BLOCK);
}

/* most: no more of it than so many bytes. */
GBytes *
lvsd_directory_read_beginning (const LvsdDirectory *directory,
                               const char *name,
                               gsize most,
                               GError **error)
{
  int fd = openat (directory->fd, name, O_RDONLY | O_CLOEXEC);
  g_autoptr (GByteArray) content = NULL;
  gboolean complete;

  if (fd < 0)
    {
      lvsd_directory_fail (directory, name, errno, error);
      return NULL;
    }
  content = new_content (fd, most);
  complete = read_all (fd, most, content);
  if (!complete)
    lvsd_directory_fail (directory, name, errno, error);
  close (fd);
  return complete ? g_byte_array_free_to_bytes (g_steal_pointer (&content)) : NULL;
}

GBytes *
lvsd_directory_read (const LvsdDirectory *directory, const char *name, GError **error)
{
  return lvsd_directory_read_beginning (directory, name, G_MAXSIZE, error);
}

/* Returns FALSE with errno set. */
gboolean
lvsd_write_all (int fd, const char *data, gsize length, goffset offset)
{
  while (length > 0)
    {
      gssize n = pwrite (fd, data, length, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      offset += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
write_and_sync (const LvsdDirectory *directory, const char *name, const char *data, gsize length)
{
  int fd = openat (directory->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean written;
  int code;

  if (fd < 0)
    return FALSE;
  written = lvsd_write_all (fd, data, length, 0) && fsync (fd) == 0;
  code = errno;
  close (fd);
  errno = code;
  return written;
}

/* After this, name holds just this data, whatever happens to the machine; or what it held before.
 */
gboolean
lvsd_directory_write (const LvsdDirectory *directory,
                      const char *name,
                      const char *data,
                      gsize length,
                      GError **error)
{
  g_autofree char *unfinished = g_strconcat (name, UNFINISHED, NULL);
  int code;

  if (write_and_sync (directory, unfinished, data, length)
      && renameat (directory->fd, unfinished, directory->fd, name) == 0
      && fsync (directory->fd) == 0)
    return TRUE;
  code = errno;
  unlinkat (directory->fd, unfinished, 0);
  return lvsd_directory_fail (directory, name, code, error);
}

static gboolean
is_same_file (const LvsdDirectory *directory, const char *a, const char *b)
{
  struct stat first;
  struct stat second;

  return fstatat (directory->fd, a, &first, AT_SYMLINK_NOFOLLOW) == 0
         && fstatat (directory->fd, b, &second, AT_SYMLINK_NOFOLLOW) == 0
         && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* Gives the file a second name, NAME.damaged-N, that is never written to or removed by lvsd. It
 * costs no space, so that it works on a full disk as well. The first name stays. */
gboolean
lvsd_directory_keep_aside (const LvsdDirectory *directory, const char *name, GError **error)
{
  for (guint n = 1;; n++)
    {
      g_autofree char *aside = g_strdup_printf ("%s.damaged-%u", name, n);

      if (linkat (directory->fd, name, directory->fd, aside, 0) == 0)
        break;
      if (errno != EEXIST)
        return lvsd_directory_fail (directory, aside, errno, error);
      if (is_same_file (directory, name, aside))
        return TRUE;
    }
  return fsync (directory->fd) == 0 || lvsd_directory_fail (directory, NULL, errno, error);
}

/* For files that are no longer needed; one that stays does no harm. */
void
lvsd_directory_remove (const LvsdDirectory *directory, const char *name)
{
  if (unlinkat (directory->fd, name, 0) != 0 && errno != ENOENT)
    g_warning ("%s/%s: cannot be removed: %s", directory->path, name, g_strerror (errno));
}

/* What a crash in the middle of lvsd_directory_write left. */
void
lvsd_directory_remove_unfinished (const LvsdDirectory *directory)
{
  DIR *listing = open_listing (directory, NULL);
  struct dirent *entry;

  if (listing == NULL)
    return;
  while ((entry = readdir (listing)) != NULL)
    if (g_str_has_suffix (entry->d_name, UNFINISHED))
      lvsd_directory_remove (directory, entry->d_name);
  closedir (listing);
}
