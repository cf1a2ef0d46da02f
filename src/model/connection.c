/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connection.h"

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
  return filter->destination.address.family == AF_UNSPEC
         || endpoint_matches (&filter->destination, &connection->destination);
}
