/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connection.h"

#include <string.h>

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

static gboolean
endpoint_matches (const LvsdEndpoint *wanted, const LvsdEndpoint *found)
{
  return lvsd_address_compare (&wanted->address, &found->address) == 0
         && (wanted->port == 0 || wanted->port == found->port);
}

gboolean
lvsd_connection_filter_matches (const LvsdConnectionFilter *filter,
                                const LvsdConnection *connection)
{
  if (filter->of_service
      && (filter->service.protocol != connection->protocol
          || !endpoint_matches (&filter->service.endpoint, &connection->virtual_address)))
    return FALSE;
  if (filter->destination.address.family != AF_UNSPEC
      && !endpoint_matches (&filter->destination, &connection->destination))
    return FALSE;
  if (filter->state[0] != '\0' && g_ascii_strcasecmp (filter->state, connection->state) != 0)
    return FALSE;
  return filter->client.family == AF_UNSPEC
         || lvsd_address_same_network (&filter->client, &connection->client.address,
                                       filter->client_prefix);
}
