/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-comparison.h"

#include <stdlib.h>

#include "ipvs-family.h"
#include "ipvs-message.h"
#include "ipvs-reply.h"
#include "model/destination.h"
#include "refusal.h"

static int
compare_endpoint (const void *endpoint, const void *element)
{
  const LvsdDestination *destination = *(LvsdDestination *const *) element;

  return lvsd_endpoint_compare (endpoint, &destination->endpoint);
}

static gboolean
is_wanted (struct nlmsghdr *reply, LvsdServiceIdentity *identity, const GPtrArray *wanted)
{
  g_autoptr (LvsdItem) held = NULL;
  LvsdDestination *const *found;
  LvsdActualEntry read;

  if (!lvsd_ipvs_reply_read_destination (reply, identity, &read))
    return FALSE;
  held = read.item;
  found = bsearch (&((LvsdDestination *) held)->endpoint, wanted->pdata, wanted->len,
                   sizeof *wanted->pdata, compare_endpoint);
  return found != NULL && lvsd_destination_kernel_equal (*found, (LvsdDestination *) held);
}

gboolean
lvsd_ipvs_compare_destinations (LvsdIpvs *ipvs,
                                LvsdServiceIdentity *identity,
                                const GPtrArray *wanted,
                                gboolean *ret_same,
                                GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = NULL;
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  if (!lvsd_ipvs_connect (ipvs, error))
    return FALSE;
  question = lvsd_ipvs_message_new_get_destinations (&identity->key);
  failure = lvsd_ipvs_family_ask (lvsd_ipvs_get_family (ipvs), question, &replies);
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  *ret_same = replies->len == wanted->len;
  for (guint i = 0; *ret_same && i < replies->len; i++)
    *ret_same = is_wanted (g_ptr_array_index (replies, i), identity, wanted);
  return TRUE;
}
