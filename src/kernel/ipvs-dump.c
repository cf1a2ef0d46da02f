/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-dump.h"

#include "ipvs-family.h"
#include "ipvs-message.h"
#include "ipvs-reply.h"
#include "refusal.h"

struct _LvsdIpvsDump
{
  LvsdIpvsFamily *family;
  GHashTable *keys;
  LvsdActual *into;
  LvsdExchange exchange;
  int failure;
  gboolean begun;
};

/* What lvsd has no words for is passed over, as elsewhere. */
static void
take_service (struct nlmsghdr *reply, gpointer user_data)
{
  LvsdIpvsDump *dump = user_data;
  LvsdActualEntry read;

  if (!lvsd_ipvs_reply_read_service (reply, &read))
    return;
  if (dump->keys == NULL
      || g_hash_table_contains (dump->keys, &((LvsdService *) read.item)->identity->key))
    lvsd_actual_add (dump->into, read.item)->counters = read.counters;
  else
    lvsd_item_unref (read.item);
}

/* Of the services of these keys (LvsdServiceKey, a set), or of all where it is NULL. Both must
 * outlive it. */
LvsdIpvsDump *
lvsd_ipvs_dump_new (GHashTable *keys, LvsdActual *into)
{
  LvsdIpvsDump *dump = g_new0 (LvsdIpvsDump, 1);

  dump->family = lvsd_ipvs_family_new ();
  dump->keys = keys;
  dump->into = into;
  dump->exchange =
      (LvsdExchange){ .n = 1, .errnos = &dump->failure, .take = take_service, .take_data = dump };
  return dump;
}

void
lvsd_ipvs_dump_free (LvsdIpvsDump *dump)
{
  lvsd_ipvs_family_free (dump->family);
  g_free (dump->exchange.explanation);
  g_free (dump);
}

static int
begin (LvsdIpvsDump *dump)
{
  g_autoptr (LvsdNetlinkMessage) question = lvsd_ipvs_message_new_get_services ();

  dump->begun = TRUE;
  return lvsd_ipvs_family_begin_dump (dump->family, question, &dump->exchange);
}

/* Reads some more; no more is to be asked for once it is complete. The kernel marks no change
 * between two parts (ip_vs_genl_dump_services in net/netfilter/ipvs/ip_vs_ctl.c), so under changes
 * one may be missing: ask for it alone before concluding that it is gone. Fails with
 * KernelUnavailable or KernelRefused; into may then hold a part. */
gboolean
lvsd_ipvs_dump_go_on (LvsdIpvsDump *dump, gboolean *ret_complete, GError **error)
{
  int failure;

  *ret_complete = FALSE;
  if (!dump->begun && !lvsd_ipvs_family_connect (dump->family, error))
    return FALSE;
  failure = dump->begun ? lvsd_ipvs_family_go_on (dump->family, &dump->exchange) : begin (dump);
  if (failure != 0)
    {
      lvsd_refusal_set_unreadable (failure, error);
      return FALSE;
    }
  *ret_complete = dump->exchange.complete;
  return TRUE;
}
