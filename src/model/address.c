/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "address.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

/* Textual forms are those of inet_pton: four decimal numbers without leading zeros, or RFC 4291. */
gboolean
lvsd_address_parse (const char *text, LvsdAddress *ret_address, GError **error)
{
  LvsdAddress address = { .family = AF_INET };

  if (inet_pton (AF_INET, text, address.bytes) != 1)
    {
      address.family = AF_INET6;
      if (inet_pton (AF_INET6, text, address.bytes) != 1)
        {
          g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("'%s' is not an IP address; write it like 192.0.2.1 or 2001:db8::1"),
                       text);
          return FALSE;
        }
    }
  *ret_address = address;
  return TRUE;
}

/* A listing of 100,000 destinations has as many of these; inet_ntop goes through sprintf. */
static void
format_ipv4 (const guint8 bytes[4], char *at)
{
  for (guint i = 0; i < 4; i++)
    {
      if (bytes[i] >= 100)
        *at++ = (char) ('0' + bytes[i] / 100);
      if (bytes[i] >= 10)
        *at++ = (char) ('0' + bytes[i] / 10 % 10);
      *at++ = (char) ('0' + bytes[i] % 10);
      *at++ = i < 3 ? '.' : '\0';
    }
}

const char *
lvsd_address_format (const LvsdAddress *address, char buffer[LVSD_ADDRESS_TEXT_SIZE])
{
  buffer[0] = '\0';
  if (address->family == AF_INET)
    format_ipv4 (address->bytes, buffer);
  else if (address->family == AF_INET6)
    inet_ntop (AF_INET6, address->bytes, buffer, LVSD_ADDRESS_TEXT_SIZE);
  return buffer;
}

int
lvsd_address_compare (const LvsdAddress *a, const LvsdAddress *b)
{
  if (a->family != b->family)
    return a->family < b->family ? -1 : 1;
  return memcmp (a->bytes, b->bytes, sizeof a->bytes);
}

guint
lvsd_address_hash (const LvsdAddress *address)
{
  guint64 words[2];
  guint64 hash;

  G_STATIC_ASSERT (sizeof words == sizeof address->bytes);
  memcpy (words, address->bytes, sizeof words);
  hash = (words[0] ^ address->family) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  hash = (hash ^ hash >> 32 ^ words[1]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32 ^ hash >> 8);
}

/* The number of bits in an address of this family: the longest prefix. */
guint
lvsd_address_bits (const LvsdAddress *address)
{
  return address->family == AF_INET6 ? 128 : 32;
}

gboolean
lvsd_address_is_unspecified (const LvsdAddress *address)
{
  static const guint8 zero[16];

  return memcmp (address->bytes, zero, sizeof zero) == 0;
}

gboolean
lvsd_address_is_multicast (const LvsdAddress *address)
{
  return address->family == AF_INET6 ? address->bytes[0] == 0xff
                                     : (address->bytes[0] & 0xf0) == 0xe0;
}

gboolean
lvsd_address_is_broadcast (const LvsdAddress *address)
{
  return address->family == AF_INET && memcmp (address->bytes, "\xff\xff\xff\xff", 4) == 0;
}

gboolean
lvsd_address_is_loopback (const LvsdAddress *address)
{
  if (address->family == AF_INET6)
    return memcmp (address->bytes, &in6addr_loopback, sizeof in6addr_loopback) == 0;
  return address->bytes[0] == 127;
}

gboolean
lvsd_address_is_link_local (const LvsdAddress *address)
{
  if (address->family == AF_INET6)
    return address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
  return address->bytes[0] == 169 && address->bytes[1] == 254;
}

gboolean
lvsd_address_same_network (const LvsdAddress *a, const LvsdAddress *b, guint prefix_length)
{
  guint whole = prefix_length / 8;
  guint rest = prefix_length % 8;
  guint8 mask = (guint8) (0xff00 >> rest);

  if (a->family != b->family || memcmp (a->bytes, b->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || (a->bytes[whole] & mask) == (b->bytes[whole] & mask);
}

static gboolean
parse_number (const char *text, guint64 maximum, guint *ret_number)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, maximum, &number, NULL))
    return FALSE;
  *ret_number = (guint) number;
  return TRUE;
}

/* ADDRESS or ADDRESS/LENGTH; without a length it is the whole address. */
gboolean
lvsd_prefix_parse (const char *text,
                   LvsdAddress *ret_address,
                   guint *ret_prefix_length,
                   GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  LvsdAddress address;
  guint length;

  if (!lvsd_address_parse (parts[0] != NULL ? parts[0] : "", &address, error))
    return FALSE;
  length = lvsd_address_bits (&address);
  if (parts[1] != NULL && (!parse_number (parts[1], length, &length) || length == 0))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s': the prefix length must be a number from 1 to %u"), text,
                   lvsd_address_bits (&address));
      return FALSE;
    }
  *ret_address = address;
  *ret_prefix_length = length;
  return TRUE;
}

/* The netmask of an IPv4 prefix: 255.255.255.0 has a length of 24. */
gboolean
lvsd_netmask_parse (const char *text, guint *ret_prefix_length, GError **error)
{
  LvsdAddress mask = { 0 };
  guint length = 0;

  if (lvsd_address_parse (text, &mask, NULL) && mask.family == AF_INET)
    while (length < 32 && (mask.bytes[length / 8] & 0x80 >> length % 8) != 0)
      {
        mask.bytes[length / 8] ^= (guint8) (0x80 >> length % 8);
        length++;
      }
  if (length == 0 || !lvsd_address_is_unspecified (&mask))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s' is not a netmask of leading ones, like 255.255.255.0"), text);
      return FALSE;
    }
  *ret_prefix_length = length;
  return TRUE;
}

/* Makes it the next address; FALSE, and the first one, behind the last. */
gboolean
lvsd_address_advance (LvsdAddress *address)
{
  gsize at = lvsd_address_bits (address) / 8;

  while (at-- > 0)
    if (++address->bytes[at] != 0)
      return TRUE;
  return FALSE;
}

static gboolean
parse_port (const char *whole, const char *text, guint16 *ret_port, GError **error)
{
  guint port;

  if (!parse_number (text, G_MAXUINT16, &port))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s': the port must be a number from 1 to 65535"), whole);
      return FALSE;
    }
  *ret_port = (guint16) port;
  return TRUE;
}

/* A colon separates a port only where there is one colon or the address stands in brackets: an
 * IPv6 address written without them has no port. Returns where the address begins. */
static const char *
split_endpoint (const char *text, gsize *ret_length, const char **ret_port)
{
  const char *closing = text[0] == '[' ? strchr (text, ']') : NULL;
  const char *colon = strchr (text, ':');

  *ret_port = NULL;
  *ret_length = strlen (text);
  if (closing != NULL && (closing[1] == ':' || closing[1] == '\0'))
    {
      *ret_port = closing[1] == ':' ? closing + 2 : NULL;
      *ret_length = (gsize) (closing - text - 1);
      return text + 1;
    }
  if (closing == NULL && colon != NULL && strchr (colon + 1, ':') == NULL)
    {
      *ret_port = colon + 1;
      *ret_length = (gsize) (colon - text);
    }
  return text;
}

static gboolean
parse_part (const char *text, gsize length, LvsdAddress *ret_address, GError **error)
{
  char buffer[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *longer = NULL;

  if (length >= sizeof buffer)
    {
      longer = g_strndup (text, length);
      return lvsd_address_parse (longer, ret_address, error);
    }
  memcpy (buffer, text, length);
  buffer[length] = '\0';
  return lvsd_address_parse (buffer, ret_address, error);
}

/* ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT. Where ret_has_port is NULL a port must be there. */
gboolean
lvsd_endpoint_parse (const char *text,
                     LvsdEndpoint *ret_endpoint,
                     gboolean *ret_has_port,
                     GError **error)
{
  gsize length;
  const char *port_text;
  const char *address_text = split_endpoint (text, &length, &port_text);
  LvsdEndpoint endpoint = { 0 };

  if (!parse_part (address_text, length, &endpoint.address, error))
    return FALSE;
  if (port_text != NULL && !parse_port (text, port_text, &endpoint.port, error))
    return FALSE;
  if (port_text == NULL && ret_has_port == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("'%s': a port is missing; write ADDRESS:PORT, or [ADDRESS]:PORT for IPv6"),
                   text);
      return FALSE;
    }
  if (ret_has_port != NULL)
    *ret_has_port = port_text != NULL;
  *ret_endpoint = endpoint;
  return TRUE;
}

/* Not by printf, for the same reason. */
void
lvsd_port_format (guint16 port, char at[LVSD_PORT_TEXT_SIZE])
{
  char digits[LVSD_PORT_TEXT_SIZE - 1];
  gsize begin = sizeof digits;

  do
    digits[--begin] = (char) ('0' + port % 10);
  while ((port /= 10) != 0);
  memcpy (at, digits + begin, sizeof digits - begin);
  at[sizeof digits - begin] = '\0';
}

const char *
lvsd_endpoint_format (const LvsdEndpoint *endpoint, char buffer[LVSD_ENDPOINT_TEXT_SIZE])
{
  char *at = buffer;

  if (endpoint->address.family == AF_INET6)
    *at++ = '[';
  lvsd_address_format (&endpoint->address, at);
  at += strlen (at);
  if (endpoint->address.family == AF_INET6)
    *at++ = ']';
  *at++ = ':';
  lvsd_port_format (endpoint->port, at);
  return buffer;
}

int
lvsd_endpoint_compare (const LvsdEndpoint *a, const LvsdEndpoint *b)
{
  int order = lvsd_address_compare (&a->address, &b->address);

  if (order != 0)
    return order;
  return (int) a->port - (int) b->port;
}
