/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "address.h"

#include <glib/gi18n-lib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static void
copy_address (const struct sockaddr *from, LvsdAddress *to)
{
  *to = (LvsdAddress){ .family = (guint8) from->sa_family };
  if (from->sa_family == AF_INET6)
    memcpy (to->bytes, &((const struct sockaddr_in6 *) (gconstpointer) from)->sin6_addr, 16);
  else
    memcpy (to->bytes, &((const struct sockaddr_in *) (gconstpointer) from)->sin_addr, 4);
}

/* A name may mean another address tomorrow; lvsd keeps the one of today. */
static gboolean
look_up_host (LvsctlReading *reading,
              const char *name,
              int family,
              const LvsctlPlace *place,
              LvsdAddress *ret_address,
              GError **error)
{
  const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
  struct addrinfo *found = NULL;
  char shown[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *why = NULL;
  int status = getaddrinfo (name, NULL, &hints, &found);

  if (status != 0)
    return lvsctl_place_refuse (place, error,
                                family == AF_INET6 ? _ ("'%.80s' has no IPv6 address: %s")
                                                   : _ ("'%.80s' has no IPv4 address: %s"),
                                name, gai_strerror (status));
  copy_address (found->ai_addr, ret_address);
  freeaddrinfo (found);
  why = g_strdup_printf (_ ("is %s now, and stays that"), lvsd_address_format (ret_address, shown));
  lvsctl_reading_note (reading, place, name, why);
  return TRUE;
}

static gboolean
parse_host (LvsctlReading *reading,
            const char *text,
            int family,
            const LvsctlPlace *place,
            LvsdAddress *ret_address,
            GError **error)
{
  if (!lvsd_address_parse (text, ret_address, NULL))
    {
      if (text[0] == '\0' || strspn (text, "0123456789.") == strlen (text)
          || strchr (text, ':') != NULL)
        return lvsctl_place_refuse (place, error, _ ("'%.80s' is not an IP address"), text);
      return look_up_host (reading, text, family, place, ret_address, error);
    }
  if (ret_address->family == family)
    return TRUE;
  return lvsctl_place_refuse (place, error,
                              family == AF_INET6
                                  ? _ ("'%.80s' is no IPv6 address; virtual6, real6 and fallback6 "
                                       "take those alone")
                                  : _ ("'%.80s' is no IPv4 address; write virtual6, real6 or "
                                       "fallback6 for IPv6"),
                              text);
}

static gboolean
parse_port (const char *text, const LvsctlPlace *place, guint16 *ret_port, GError **error)
{
  const struct servent *service;
  guint64 port;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &port, NULL))
    {
      *ret_port = (guint16) port;
      return TRUE;
    }
  service = getservbyname (text, NULL);
  if (service == NULL)
    return lvsctl_place_refuse (place, error,
                                _ ("port '%.40s' is no number from 1 to 65535 and no service of "
                                   "/etc/services"),
                                text);
  *ret_port = ntohs ((guint16) service->s_port);
  return TRUE;
}

/* Cuts the host off, which an IPv6 address is only in brackets. Returns what follows. */
static const char *
split_host (const char *text, char **ret_host)
{
  const char *end = text[0] == '[' ? strchr (text, ']') : NULL;
  gsize length;

  if (end != NULL)
    {
      *ret_host = g_strndup (text + 1, (gsize) (end - text - 1));
      return end + 1;
    }
  length = strcspn (text, ":");
  for (const char *arrow = strstr (text, "->"); arrow != NULL; arrow = NULL)
    length = MIN (length, (gsize) (arrow - text));
  *ret_host = g_strndup (text, length);
  return text + length;
}

gboolean
lvsctl_ldirectord_parse_address (LvsctlReading *reading,
                                 const char *text,
                                 int family,
                                 const LvsctlPlace *place,
                                 LvsdEndpoint *ret_first,
                                 LvsdAddress *ret_last,
                                 GError **error)
{
  g_autofree char *host = NULL;
  g_autofree char *last = NULL;
  const char *rest = split_host (text, &host);

  *ret_first = (LvsdEndpoint){ 0 };
  if (!parse_host (reading, host, family, place, &ret_first->address, error))
    return FALSE;
  *ret_last = ret_first->address;
  if (g_str_has_prefix (rest, "->"))
    {
      rest = split_host (rest + 2, &last);
      if (family == AF_INET6)
        return lvsctl_place_refuse (place, error, _ ("'%.80s': a range is for IPv4 alone"), text);
      if (!parse_host (reading, last, family, place, ret_last, error))
        return FALSE;
    }
  /* ldirectord's own example has two colons. */
  if (g_str_has_prefix (rest, "::"))
    rest++;
  if (rest[0] != '\0' && rest[0] != ':')
    return lvsctl_place_refuse (place, error, _ ("'%.80s': write ADDRESS:PORT"), text);
  return rest[0] == '\0' || parse_port (rest + 1, place, &ret_first->port, error);
}
