/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/rtnetlink.h>

#include "fuzz.h"
#include "kernel/ipvs-message.h"
#include "kernel/ipvs-reply.h"
#include "kernel/ipvs-timeouts.h"
#include "kernel/link-message.h"
#include "kernel/netlink-reply.h"
#include "kernel/routes.h"

/* What the kernel answers. The first byte says which decoder reads the rest. */

#define FIRST_SEQUENCE 1
#define N_MESSAGES 4

/* A message of this type with a payload, in memory of its own so that nothing behind it is read. */
static struct nlmsghdr *
wrap (guint16 type, const guint8 *payload, gsize size)
{
  struct nlmsghdr *message = g_malloc0 (NLMSG_HDRLEN + size);

  message->nlmsg_len = (guint32) (NLMSG_HDRLEN + size);
  message->nlmsg_type = type;
  if (size > 0)
    memcpy (nlmsg_data (message), payload, size);
  return message;
}

/* What the kernel would answer of what we tell it to have is that again. */
static struct nlmsghdr *
echo (gpointer item, guint8 command)
{
  struct nl_msg *message = lvsd_ipvs_message_new_step (LVSD_STEP_NEW, item);
  struct nlmsghdr *header = nlmsg_hdr (message);
  struct nlmsghdr *copy;

  copy = g_memdup2 (header, header->nlmsg_len);
  ((struct genlmsghdr *) nlmsg_data (copy))->cmd = command;
  nlmsg_free (message);
  return copy;
}

static void
read_service (struct nlmsghdr *message)
{
  g_autofree struct nlmsghdr *again = NULL;
  g_autoptr (LvsdItem) item = NULL;
  g_autoptr (LvsdItem) same = NULL;
  LvsdActualEntry entry;

  if (!lvsd_ipvs_reply_read_service (message, &entry))
    return;
  item = entry.item;
  if (!lvsd_item_validate (item, NULL))
    return;
  again = echo (item, IPVS_CMD_NEW_SERVICE);
  g_assert_true (lvsd_ipvs_reply_read_service (again, &entry));
  same = entry.item;
  g_assert_true (lvsd_service_key_equal (&((LvsdService *) item)->identity->key,
                                         &((LvsdService *) same)->identity->key));
  g_assert_true (lvsd_service_kernel_equal ((LvsdService *) item, (LvsdService *) same));
}

static void
read_destination (struct nlmsghdr *message)
{
  LvsdServiceKey key = { .protocol = LVSD_PROTOCOL_TCP, .endpoint.port = 80 };
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdItem) item = NULL;
  LvsdActualEntry entry;

  key.endpoint.address = (LvsdAddress){ .family = AF_INET, .bytes = { 192, 0, 2, 1 } };
  identity = lvsd_service_identity_new ("web", &key);
  if (!lvsd_ipvs_reply_read_destination (message, identity, &entry))
    return;
  item = entry.item;
  if (lvsd_item_validate (item, NULL))
    {
      g_autofree struct nlmsghdr *again = echo (item, IPVS_CMD_NEW_DEST);
      g_autoptr (LvsdItem) same = NULL;

      g_assert_true (lvsd_ipvs_reply_read_destination (again, identity, &entry));
      same = entry.item;
      fuzz_assert_same_item (item, same);
    }
}

static void
read_daemon (struct nlmsghdr *message)
{
  g_autoptr (LvsdSyncDaemon) daemon = lvsd_ipvs_reply_read_daemon (message);

  if (daemon != NULL)
    lvsd_item_validate (daemon, NULL);
}

static void
read_timeouts (struct nlmsghdr *message)
{
  LvsdIpvsTimeouts timeouts;

  lvsd_ipvs_timeouts_read_reply (message, &timeouts);
}

static void
read_family (struct nlmsghdr *message)
{
  g_autoptr (GPtrArray) replies = g_ptr_array_new ();

  g_ptr_array_add (replies, message);
  lvsd_netlink_reply_read_family (replies);
}

static void
read_link (struct nlmsghdr *message)
{
  LvsdLink link;

  if (lvsd_link_message_read_link (message, &link))
    g_assert_cmpuint (strlen (link.name), <=, LVSD_INTERFACE_MAX);
}

static void
read_address (struct nlmsghdr *message)
{
  char label[LVSD_INTERFACE_MAX + 1];
  struct nl_msg *restored;
  LvsdFoundAddress found;

  if (!lvsd_link_message_read_address (message, &found, label))
    return;
  g_assert_cmpuint (strlen (label), <=, LVSD_INTERFACE_MAX);
  restored = lvsd_link_message_new_restore (message);
  nlmsg_free (restored);
}

static void
read_route (struct nlmsghdr *message)
{
  LvsdDefaultRoute route;
  struct nl_msg *changed;
  LvsdDefaultRoute again;
  guint32 metric;

  if (!lvsd_routes_parse_default (message, &route, &metric))
    return;
  changed = lvsd_routes_new_message (&route, 1400);
  g_assert_true (lvsd_routes_parse_default (nlmsg_hdr (changed), &again, &metric));
  g_assert_cmpuint (again.advmss, ==, 1400);
  nlmsg_free (changed);
}

static const struct
{
  char letter;
  guint16 type;
  void (*read) (struct nlmsghdr *message);
} decoders[] = {
  { 's', GENL_MIN_ID, read_service }, { 'd', GENL_MIN_ID, read_destination },
  { 'm', GENL_MIN_ID, read_daemon },  { 't', GENL_MIN_ID, read_timeouts },
  { 'f', GENL_ID_CTRL, read_family }, { 'l', RTM_NEWLINK, read_link },
  { 'a', RTM_NEWADDR, read_address }, { 'r', RTM_NEWROUTE, read_route },
};

/* A datagram with answers to several messages. */
static void
take_datagram (const guint8 *data, gsize size)
{
  g_autofree guint8 *buffer = g_memdup2 (data, size);
  g_autoptr (GPtrArray) replies = g_ptr_array_new_with_free_func (g_free);
  int errnos[N_MESSAGES] = { 0 };
  LvsdExchange exchange = { .first = FIRST_SEQUENCE,
                            .n = N_MESSAGES,
                            .errnos = errnos,
                            .take = lvsd_reply_copy,
                            .take_data = replies };

  lvsd_exchange_take (&exchange, buffer, size);
  for (guint i = 0; i < N_MESSAGES; i++)
    g_assert_cmpint (errnos[i], >=, 0);
  g_free (exchange.explanation);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  fuzz_begin ();
  if (size > 0 && data[0] == 'x')
    take_datagram (data + 1, size - 1);
  for (gsize i = 0; size > 0 && i < G_N_ELEMENTS (decoders); i++)
    if (data[0] == decoders[i].letter)
      {
        g_autofree struct nlmsghdr *message = wrap (decoders[i].type, data + 1, size - 1);

        decoders[i].read (message);
      }
  return 0;
}
