/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connections.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/error.h"

#define TABLE "/proc/net/ip_vs_conn"
#define PAGE 4096

typedef struct
{
  LvsdConnectionFunc function;
  gpointer user_data;
  GDestroyNotify destroy;
} Reader;

static void
free_reader (gpointer data)
{
  Reader *reader = data;

  if (reader->destroy != NULL)
    reader->destroy (reader->user_data);
  g_free (reader);
}

static gboolean
read_lines (FILE *table, const Reader *reader, GCancellable *cancellable, GError **error)
{
  char *buffer = NULL;
  gsize size = 0;
  gboolean wanted = TRUE;
  int failure;

  /* The kernel hands out a page of memory at a time, and stdio would ask for a quarter of one. */
  setvbuf (table, NULL, _IOFBF, PAGE);
  errno = 0;
  while (wanted && !g_cancellable_is_cancelled (cancellable) && getline (&buffer, &size, table) > 0)
    {
      LvsdConnection connection;

      if (lvsd_connection_parse (buffer, &connection))
        wanted = reader->function (&connection, reader->user_data);
    }
  failure = ferror (table) ? errno : 0;
  free (buffer);
  if (failure == 0)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
               _ ("connections: reading %s failed: %s"), TABLE, g_strerror (failure));
  return FALSE;
}

static void
read_table (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FILE *table = fopen (TABLE, "re");
  GError *error = NULL;

  (void) source;
  if (table == NULL && errno == ENOENT)
    error = g_error_new (LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE,
                         _ ("connections: IPVS is not available in this kernel; load it with "
                            "'modprobe ip_vs'"));
  else if (table == NULL)
    error = g_error_new (LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                         _ ("connections: %s cannot be opened: %s"), TABLE, g_strerror (errno));
  else
    read_lines (table, data, cancellable, &error);
  if (table != NULL)
    fclose (table);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Calls function in a worker thread for each connection, as the kernel lists them, until it returns
 * FALSE. Nothing is kept: the table may hold millions. user_data is handed over whole, and destroy,
 * unless NULL, is called with it after the last use, in whichever thread that is. Fails with
 * KernelUnavailable, KernelRefused, or G_IO_ERROR_CANCELLED. */
void
lvsd_connections_read_async (LvsdConnectionFunc function,
                             gpointer user_data,
                             GDestroyNotify destroy,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer callback_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  Reader *reader = g_new0 (Reader, 1);

  reader->function = function;
  reader->user_data = user_data;
  reader->destroy = destroy;
  g_task_set_source_tag (task, lvsd_connections_read_async);
  g_task_set_task_data (task, reader, free_reader);
  g_task_run_in_thread (task, read_table);
}

gboolean
lvsd_connections_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
