/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "local.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <string.h>

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
  return lvsd_address_compare (a, b) == 0;
}

static guint
hash_address (gconstpointer address)
{
  return lvsd_address_hash (address);
}

GHashTable *
lvsctl_local_addresses (void)
{
  GHashTable *local = g_hash_table_new_full (hash_address, equal_addresses, g_free, NULL);
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0)
    return local;
  for (struct ifaddrs *at = all; at != NULL; at = at->ifa_next)
    {
      LvsdAddress address = { 0 };

      if (at->ifa_addr == NULL)
        continue;
      address.family = (guint8) at->ifa_addr->sa_family;
      if (address.family == AF_INET)
        memcpy (address.bytes, &((struct sockaddr_in *) (void *) at->ifa_addr)->sin_addr, 4);
      else if (address.family == AF_INET6)
        memcpy (address.bytes, &((struct sockaddr_in6 *) (void *) at->ifa_addr)->sin6_addr, 16);
      g_hash_table_add (local, g_memdup2 (&address, sizeof address));
    }
  freeifaddrs (all);
  return local;
}

void
lvsctl_local_settle (GHashTable *local, LvsdDestination *destination)
{
  if (destination->method != LVSD_METHOD_MASQUERADE
      && g_hash_table_contains (local, &destination->endpoint.address))
    destination->method = LVSD_METHOD_LOCAL;
}
