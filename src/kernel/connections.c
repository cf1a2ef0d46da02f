/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connections.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/error.h"

#define TABLE "/proc/net/ip_vs_conn"

/* Protocol; address and port of client, virtual service and destination; state; expiry. After these
 * come the persistence engine's name and data, if there is one. */
#define N_COLUMNS 9

static gboolean
parse_hex (const char *text, gsize length, guint64 *ret_value)
{
  return strlen (text) == length
         && g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT32, ret_value, NULL);
}

/* IPv4 as %08X, IPv6 as %pI6: eight groups of four digits (ip_vs_conn_seq_show). */
static gboolean
parse_endpoint (const char *address, const char *port, LvsdEndpoint *endpoint)
{
  guint64 number;

  if (!parse_hex (port, 4, &number))
    return FALSE;
  endpoint->port = (guint16) number;
  if (strchr (address, ':') != NULL)
    return lvsd_address_parse (address, &endpoint->address, NULL);
  if (!parse_hex (address, 8, &number))
    return FALSE;
  endpoint->address.family = AF_INET;
  for (guint i = 0; i < 4; i++)
    endpoint->address.bytes[i] = (guint8) (number >> (24 - 8 * i));
  return TRUE;
}

/* As ip_vs_proto_name writes them. IP, which is none, is that of the persistence templates of a
 * service with a firewall mark. */
static gboolean
parse_protocol (const char *text, guint8 *ret_protocol)
{
  guint value;
  guint64 number;

  if (lvsd_terms_parse (lvsd_protocol_terms, "protocol", text, &value, NULL))
    *ret_protocol = (guint8) value;
  else if (g_str_equal (text, "IP"))
    *ret_protocol = LVSD_PROTOCOL_NONE;
  else if (g_str_has_prefix (text, "IP_")
           && g_ascii_string_to_unsigned (text + 3, 10, 0, G_MAXUINT8, &number, NULL))
    *ret_protocol = (guint8) number;
  else
    return FALSE;
  return TRUE;
}

static gboolean
split_columns (char *line, char *columns[N_COLUMNS])
{
  char *rest = NULL;

  for (guint i = 0; i < N_COLUMNS; i++)
    if ((columns[i] = strtok_r (i == 0 ? line : NULL, " \n", &rest)) == NULL)
      return FALSE;
  return TRUE;
}

/* One line of /proc/net/ip_vs_conn, all of whose numbers but the last are hexadecimal. Returns
 * FALSE for the heading and for whatever does not read like an entry. */
gboolean
lvsd_connection_parse (const char *line, LvsdConnection *ret_connection)
{
  g_autofree char *copy = g_strdup (line);
  LvsdConnection connection = { 0 };
  char *columns[N_COLUMNS];
  guint64 expires;

  if (!split_columns (copy, columns) || !parse_protocol (columns[0], &connection.protocol)
      || !parse_endpoint (columns[1], columns[2], &connection.client)
      || !parse_endpoint (columns[3], columns[4], &connection.virtual_address)
      || !parse_endpoint (columns[5], columns[6], &connection.destination)
      || !g_ascii_string_to_unsigned (columns[8], 10, 0, G_MAXUINT32, &expires, NULL))
    return FALSE;
  connection.expires = (guint32) expires;
  g_strlcpy (connection.state, columns[7], sizeof connection.state);
  *ret_connection = connection;
  return TRUE;
}

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
