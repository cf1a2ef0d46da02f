/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/engine.h"
#include "kernel/connections.h"

/* Filled in the thread that reads the kernel's table, and handed over when it ends. */
typedef struct
{
  LvsdConnectionFilter filter;
  GArray *rows;
  gboolean truncated;
} Listing;

static void
free_listing (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->rows, g_array_unref);
  g_free (listing);
}

static gboolean
take_connection (const LvsdConnection *connection, gpointer user_data)
{
  Listing *listing = user_data;

  if (!lvsd_connection_filter_matches (&listing->filter, connection))
    return TRUE;
  listing->truncated = listing->rows->len == listing->filter.limit;
  if (!listing->truncated)
    g_array_append_val (listing->rows, *connection);
  return !listing->truncated;
}

static void
read_to_end (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (lvsd_connections_read_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
lvsd_engine_list_connections_async (G_GNUC_UNUSED LvsdEngine *engine,
                                    const LvsdConnectionFilter *filter,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  listing->filter = *filter;
  listing->rows = g_array_new (FALSE, FALSE, sizeof (LvsdConnection));
  g_task_set_task_data (task, listing, free_listing);
  lvsd_connections_read_async (take_connection, listing, NULL, NULL, read_to_end, task);
}

GArray *
lvsd_engine_list_connections_finish (G_GNUC_UNUSED LvsdEngine *engine,
                                     GAsyncResult *result,
                                     gboolean *ret_truncated,
                                     GError **error)
{
  Listing *listing = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *ret_truncated = listing->truncated;
  return g_steal_pointer (&listing->rows);
}
