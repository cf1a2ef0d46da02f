/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>

#include "fuzz.h"
#include "model/connection.h"

/* The kernel's connection table, line by line. */

static void
append_endpoint (GString *line, const LvsdEndpoint *endpoint)
{
  const guint8 *bytes = endpoint->address.bytes;
  gboolean wide = endpoint->address.family == AF_INET6;

  g_string_append_c (line, ' ');
  for (guint i = 0; i < (wide ? 16u : 4u); i++)
    g_string_append_printf (line, "%s%02X", wide && i > 0 && i % 2 == 0 ? ":" : "", bytes[i]);
  g_string_append_printf (line, " %04X", endpoint->port);
}

/* As ip_vs_conn_seq_show writes it. */
static char *
write_line (const LvsdConnection *connection)
{
  const char *word = lvsd_terms_format (lvsd_protocol_terms, connection->protocol);
  GString *line = g_string_new (NULL);
  g_autofree char *upper = word != NULL ? g_ascii_strup (word, -1) : NULL;

  if (connection->protocol == LVSD_PROTOCOL_NONE)
    g_string_append (line, "IP");
  else if (upper != NULL)
    g_string_append (line, upper);
  else
    g_string_append_printf (line, "IP_%u", connection->protocol);
  append_endpoint (line, &connection->client);
  append_endpoint (line, &connection->virtual_address);
  append_endpoint (line, &connection->destination);
  g_string_append_printf (line, " %-11s %7u\n", connection->state, connection->expires);
  return g_string_free (line, FALSE);
}

static void
assert_same_endpoint (const LvsdEndpoint *a, const LvsdEndpoint *b)
{
  g_assert_cmpint (lvsd_endpoint_compare (a, b), ==, 0);
}

static void
read_line (const char *line)
{
  g_autofree char *written = NULL;
  LvsdConnectionFilter filter = { .limit = 1 };
  LvsdConnection connection;
  LvsdConnection again;

  if (!lvsd_connection_parse (line, &connection))
    return;
  written = write_line (&connection);
  g_assert_true (lvsd_connection_parse (written, &again));
  assert_same_endpoint (&connection.client, &again.client);
  assert_same_endpoint (&connection.virtual_address, &again.virtual_address);
  assert_same_endpoint (&connection.destination, &again.destination);
  g_assert_cmpstr (connection.state, ==, again.state);
  g_assert_cmpuint (connection.protocol, ==, again.protocol);
  g_assert_cmpuint (connection.expires, ==, again.expires);
  g_assert_true (lvsd_connection_filter_matches (&filter, &connection));
  filter.of_service = TRUE;
  filter.service.protocol = connection.protocol;
  filter.service.endpoint = connection.virtual_address;
  filter.destination = connection.destination;
  g_assert_true (lvsd_connection_filter_matches (&filter, &connection));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = fuzz_dup_text (data, size);
  g_auto (GStrv) lines = NULL;

  fuzz_begin ();
  if (text == NULL)
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (lines[i]);
  return 0;
}
