/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "naming.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <netdb.h>
#include <string.h>

/* ipvsadm cuts names to this, and the columns of its listings to less. */
#define LONGEST_TEXT 59

static const char *
protocol_name (guint protocol)
{
  return lvsd_terms_format (lvsd_protocol_terms, protocol);
}

static void
take_inet_address (GInetAddress *from, LvsdAddress *ret_address)
{
  memset (ret_address, 0, sizeof *ret_address);
  ret_address->family =
      g_inet_address_get_family (from) == G_SOCKET_FAMILY_IPV6 ? AF_INET6 : AF_INET;
  memcpy (ret_address->bytes, g_inet_address_to_bytes (from),
          g_inet_address_get_native_size (from));
}

/* Names stand for IPv4 addresses alone (host_to_addr in ipvsadm.c asks gethostbyname). */
static gboolean
look_up_host (const char *name, LvsdAddress *ret_address)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GList *found = g_resolver_lookup_by_name_with_flags (
      resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, NULL, NULL);

  if (found == NULL)
    return FALSE;
  take_inet_address (found->data, ret_address);
  g_resolver_free_addresses (found);
  return TRUE;
}

/* As inet_aton reads it, "10.1" and "0x0a000001" are addresses too. The usual form is read by
 * inet_pton, which takes a fifth of the time. */
static gboolean
parse_ipv4 (const char *text, LvsdAddress *ret_address)
{
  struct in_addr address;

  if (inet_pton (AF_INET, text, &address) != 1 && inet_aton (text, &address) == 0)
    return look_up_host (text, ret_address);
  *ret_address = (LvsdAddress){ .family = AF_INET };
  memcpy (ret_address->bytes, &address, sizeof address);
  return TRUE;
}

static gboolean
parse_ipv6 (const char *text, LvsdAddress *ret_address)
{
  LvsdAddress address = { .family = AF_INET6 };

  if (strchr (text, ':') == strrchr (text, ':')) /* an IPv4 address and a port, mostly */
    return FALSE;
  if (inet_pton (AF_INET6, text, address.bytes) != 1)
    return FALSE;
  *ret_address = address;
  return TRUE;
}

static gboolean
parse_port (const char *text, guint protocol, guint16 *ret_port)
{
  const char *name = protocol_name (protocol);
  struct servent *service;
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &number, NULL))
    {
      *ret_port = (guint16) number;
      return TRUE;
    }
  service = name != NULL ? getservbyname (text, name) : NULL;
  if (service == NULL)
    return FALSE;
  *ret_port = ntohs ((guint16) service->s_port);
  return TRUE;
}

LvsctlHasParts
lvsctl_naming_parse (const char *text, guint protocol, LvsdEndpoint *ret_endpoint)
{
  g_autofree char *copy = g_strdup (text);
  char *host = copy;
  char *port = NULL;

  if (strspn (text, "0123456789") == strlen (text))
    return LVSCTL_HAS_NEITHER;
  if (host[0] == '[')
    {
      port = strchr (++host, ']');
      if (port == NULL || port[1] != ':')
        return LVSCTL_HAS_NEITHER;
      *port++ = '\0';
    }
  if (!parse_ipv6 (host, &ret_endpoint->address))
    {
      port = strrchr (host, ':');
      if (port != NULL)
        *port = '\0';
      if (!parse_ipv4 (host, &ret_endpoint->address))
        return LVSCTL_HAS_NEITHER;
    }
  if (port == NULL)
    return LVSCTL_HAS_ADDRESS;
  if (!parse_port (port + 1, protocol, &ret_endpoint->port))
    return LVSCTL_HAS_NEITHER;
  return LVSCTL_HAS_ADDRESS | LVSCTL_HAS_PORT;
}

gboolean
lvsctl_naming_parse_mask (const char *text, guint32 *ret_mask)
{
  LvsdAddress address;

  if (!parse_ipv4 (text, &address))
    return FALSE;
  memcpy (ret_mask, address.bytes, sizeof *ret_mask);
  *ret_mask = g_ntohl (*ret_mask);
  return TRUE;
}

static char *
name_address (const LvsdAddress *address, gboolean numeric)
{
  char buffer[LVSD_ADDRESS_TEXT_SIZE];
  g_autoptr (GResolver) resolver = NULL;
  g_autoptr (GInetAddress) inet = NULL;
  char *name = NULL;

  if (!numeric)
    {
      resolver = g_resolver_get_default ();
      inet = g_inet_address_new_from_bytes (address->bytes, address->family == AF_INET6
                                                                ? G_SOCKET_FAMILY_IPV6
                                                                : G_SOCKET_FAMILY_IPV4);
      name = g_resolver_lookup_by_address (resolver, inet, NULL, NULL);
    }
  return name != NULL ? name : g_strdup (lvsd_address_format (address, buffer));
}

static char *
name_port (guint16 port, guint protocol, gboolean numeric)
{
  const char *protocol_word = numeric ? NULL : protocol_name (protocol);
  const struct servent *service =
      protocol_word != NULL ? getservbyport (htons (port), protocol_word) : NULL;

  return service != NULL ? g_strdup (service->s_name) : g_strdup_printf ("%u", port);
}

/* Without numeric, names where there are any. */
char *
lvsctl_naming_format (const LvsdEndpoint *endpoint, guint protocol, gboolean numeric)
{
  g_autofree char *host = name_address (&endpoint->address, numeric);
  g_autofree char *port = name_port (endpoint->port, protocol, numeric);
  gboolean bracketed = endpoint->address.family != AF_INET;
  g_autofree char *text = g_strdup_printf (bracketed ? "[%s]:%s" : "%s:%s", host, port);

  return g_strndup (text, LONGEST_TEXT);
}
