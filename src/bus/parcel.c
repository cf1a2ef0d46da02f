/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/parcel.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/error.h"

#define MAX_SIZE (64 * 1024 * 1024)

/* Owned by the caller; -1: there is none. */
static int
find_file (GVariant *handle, GUnixFDList *files)
{
  gint32 index = g_variant_get_handle (handle);

  if (files == NULL || index < 0 || index >= g_unix_fd_list_get_length (files))
    return -1;
  return g_unix_fd_list_get (files, index, NULL);
}

/* Only files in memory have seals, be it none. Any other could keep its reader waiting for ever, as
 * a pipe or a file system of the caller's does. */
static gboolean
measure (int file, const char *name, gsize *ret_size, GError **error)
{
  struct stat status;

  if (fcntl (file, F_GET_SEALS) < 0 || fstat (file, &status) != 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: a file that is handed over must be one in memory; see memfd_create(2)"),
                   name);
      return FALSE;
    }
  if (status.st_size > MAX_SIZE)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
                   _ ("%s: the file is too large; at most %d bytes"), name, MAX_SIZE);
      return FALSE;
    }
  *ret_size = (gsize) status.st_size;
  return TRUE;
}

/* What is written to it meanwhile is looked at like any other bytes, and what is cut off is an
 * error; to map the file would be to die of that. */
static gboolean
read_all (int file, guint8 *data, gsize size, const char *name, GError **error)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = pread (file, data + at, size - at, (off_t) at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("%s: the file cannot be read: %s"), name,
                       n < 0 ? g_strerror (errno) : _ ("it became shorter"));
          return FALSE;
        }
      at += (gsize) n;
    }
  return TRUE;
}

static GBytes *
read_file (int file, const char *name, GError **error)
{
  g_autofree guint8 *data = NULL;
  gsize size;

  if (!measure (file, name, &size, error))
    return NULL;
  data = g_malloc (size);
  if (!read_all (file, data, size, name, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

GBytes *
lvsd_parcel_read (GVariant *handle, GUnixFDList *files, const char *name, GError **error)
{
  int file = find_file (handle, files);
  GBytes *bytes;

  if (file < 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: the file that it names did not come with the call"), name);
      return NULL;
    }
  bytes = read_file (file, name, error);
  close (file);
  return bytes;
}
