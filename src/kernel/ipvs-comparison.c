/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-comparison.h"

#include <errno.h>
#include <stdlib.h>

#include "ipvs-family.h"
#include "ipvs-message.h"
#include "ipvs-reply.h"
#include "refusal.h"

typedef struct
{
  const LvsdTable *table;
  GPtrArray *same;
  guint held;
} Services;

static void
compare_service (struct nlmsghdr *reply, gpointer user_data)
{
  Services *services = user_data;
  LvsdServiceIdentity identity = { 0 };
  LvsdService held = { .identity = &identity };
  LvsdService *wanted;

  services->held++;
  if (!lvsd_ipvs_reply_take_service (reply, &held))
    return;
  wanted = lvsd_table_find_service_by_key (services->table, &identity.key);
  if (wanted != NULL && lvsd_service_kernel_equal (wanted, &held))
    g_ptr_array_add (services->same, lvsd_item_ref (wanted));
}

gboolean
lvsd_ipvs_compare_services (LvsdIpvs *ipvs,
                            const LvsdTable *table,
                            GPtrArray *same,
                            guint *ret_held,
                            GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = NULL;
  Services services = { .table = table, .same = same };
  int failure = EINTR;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  question = lvsd_ipvs_message_new_get_services ();
  for (guint i = 0; i < LVSD_DUMP_ATTEMPTS && failure == EINTR; i++)
    {
      g_ptr_array_set_size (same, 0);
      services.held = 0;
      failure =
          lvsd_ipvs_family_dump (lvsd_ipvs_get_family (ipvs), question, compare_service, &services);
    }
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  *ret_held = services.held;
  return TRUE;
}

typedef struct
{
  LvsdServiceIdentity *identity;
  const GPtrArray *wanted;
  guint held;
  gboolean same;
} Destinations;

static int
compare_endpoint (const void *endpoint, const void *element)
{
  const LvsdDestination *destination = *(LvsdDestination *const *) element;

  return lvsd_endpoint_compare (endpoint, &destination->endpoint);
}

static void
compare_destination (struct nlmsghdr *reply, gpointer user_data)
{
  Destinations *destinations = user_data;
  const GPtrArray *wanted = destinations->wanted;
  LvsdDestination held = { .identity = destinations->identity };
  LvsdDestination *const *found;

  destinations->held++;
  if (!destinations->same)
    return;
  destinations->same = FALSE;
  if (wanted->len == 0 || !lvsd_ipvs_reply_take_destination (reply, &held))
    return;
  found =
      bsearch (&held.endpoint, wanted->pdata, wanted->len, sizeof *wanted->pdata, compare_endpoint);
  destinations->same = found != NULL && lvsd_destination_kernel_equal (*found, &held);
}

gboolean
lvsd_ipvs_compare_destinations (LvsdIpvs *ipvs,
                                LvsdServiceIdentity *identity,
                                const GPtrArray *wanted,
                                gboolean *ret_same,
                                GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = NULL;
  Destinations destinations = { .identity = identity, .wanted = wanted };
  int failure = EINTR;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  question = lvsd_ipvs_message_new_get_destinations (&identity->key);
  for (guint i = 0; i < LVSD_DUMP_ATTEMPTS && failure == EINTR; i++)
    {
      destinations.held = 0;
      destinations.same = TRUE;
      failure = lvsd_ipvs_family_dump (lvsd_ipvs_get_family (ipvs), question, compare_destination,
                                       &destinations);
    }
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  *ret_same = destinations.same && destinations.held == wanted->len;
  return TRUE;
}
