/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "announcement.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "announcement-frame.h"
#include "model/error.h"
#include "sysctl.h"

/* Switches and hosts that are busy just then miss some; those that come up later miss the first
 * burst. */
#define BURST 5
#define SECOND_BURST_SECONDS 5

struct _LvsdAnnouncer
{
  LvsdLinks *links;
  GHashTable *pending; /* id -> Pending, both owned */
};

typedef struct
{
  LvsdAnnouncer *announcer;
  LvsdVirtualAddress *address;
  guint source; /* of the second burst; 0: the link is down, and nobody has been told */
} Pending;

static void
free_pending (gpointer data)
{
  Pending *pending = data;

  g_clear_handle_id (&pending->source, g_source_remove);
  lvsd_item_unref (pending->address);
  g_free (pending);
}

/* links must outlive the announcer. */
LvsdAnnouncer *
lvsd_announcer_new (LvsdLinks *links)
{
  LvsdAnnouncer *announcer = g_new0 (LvsdAnnouncer, 1);

  announcer->links = links;
  announcer->pending =
      g_hash_table_new_full (lvsd_kernel_item_hash, lvsd_kernel_item_equal, NULL, free_pending);
  return announcer;
}

/* What is still to be told is given up. */
void
lvsd_announcer_free (LvsdAnnouncer *announcer)
{
  g_hash_table_unref (announcer->pending);
  g_free (announcer);
}

static gboolean
send_frame (int fd, const LvsdLink *link, guint16 protocol, const guint8 *frame, gsize size)
{
  struct sockaddr_ll to = { .sll_family = AF_PACKET,
                            .sll_protocol = htons (protocol),
                            .sll_ifindex = link->index,
                            .sll_halen = sizeof link->hardware_address };

  return sendto (fd, frame, size, 0, (const struct sockaddr *) &to, sizeof to) >= 0;
}

static gboolean
send_arp (int fd, const LvsdLink *link, const LvsdAddress *address)
{
  guint8 request[LVSD_ARP_FRAME_SIZE];
  guint8 reply[LVSD_ARP_FRAME_SIZE];

  lvsd_frame_make_arp (address, link->hardware_address, LVSD_ARP_REQUEST, request);
  lvsd_frame_make_arp (address, link->hardware_address, LVSD_ARP_REPLY, reply);
  for (guint i = 0; i < BURST; i++)
    if (!send_frame (fd, link, ETH_P_ARP, request, sizeof request)
        || !send_frame (fd, link, ETH_P_ARP, reply, sizeof reply))
      return FALSE;
  return TRUE;
}

/* A neighbour takes an advertisement without the router flag for the end of that router. */
static gboolean
forwards_ipv6 (const LvsdLink *link)
{
  g_autofree char *name = g_strdup_printf ("net/ipv6/conf/%s/forwarding", link->name);
  gint32 value;

  return lvsd_sysctl_read (name, &value, NULL) && value != 0;
}

static gboolean
send_advertisement (int fd, const LvsdLink *link, const LvsdAddress *address)
{
  guint8 frame[LVSD_ADVERTISEMENT_FRAME_SIZE];

  lvsd_frame_make_advertisement (address, link->hardware_address, forwards_ipv6 (link), frame);
  for (guint i = 0; i < BURST; i++)
    if (!send_frame (fd, link, ETH_P_IPV6, frame, sizeof frame))
      return FALSE;
  return TRUE;
}

/* The socket is for sending alone: with protocol 0 it is given no packets. */
static gboolean
send_burst (const LvsdLink *link, const LvsdAddress *address)
{
  int fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  gboolean sent;
  int failure;

  if (fd < 0)
    return FALSE;
  sent = address->family == AF_INET6 ? send_advertisement (fd, link, address)
                                     : send_arp (fd, link, address);
  failure = errno;
  close (fd);
  errno = failure;
  return sent;
}

/* ret_told is FALSE where the link is down: when it comes up is the time. One that speaks no ARP
 * has nobody to be told. */
static gboolean
announce_once (LvsdAnnouncer *announcer,
               const LvsdVirtualAddress *address,
               gboolean *ret_told,
               GError **error)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];
  LvsdLink link;

  if (!lvsd_links_find (announcer->links, address->interface, &link, error))
    return FALSE;
  *ret_told = !link.speaks_arp || (link.up && link.running);
  if (!link.speaks_arp || !*ret_told || send_burst (&link, &address->address))
    return TRUE;
  *ret_told = FALSE;
  if (errno == ENETDOWN)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
               errno == EPERM
                   ? _ ("address %s: cannot be announced on %s: %s; lvsd needs CAP_NET_RAW")
                   : _ ("address %s: cannot be announced on %s: %s"),
               lvsd_address_format (&address->address, text), address->interface,
               g_strerror (errno));
  return FALSE;
}

static gboolean
announce_again (gpointer user_data)
{
  Pending *pending = user_data;
  g_autoptr (GError) error = NULL;
  gboolean told = TRUE;

  pending->source = 0;
  if (!announce_once (pending->announcer, pending->address, &told, &error))
    g_debug ("%s", error->message);
  if (told || error != NULL)
    g_hash_table_remove (pending->announcer->pending, pending->address);
  return G_SOURCE_REMOVE;
}

/* Sends gratuitous ARP (IPv4) or unsolicited neighbour advertisements (IPv6) on the address's
 * interface: five at once, and five more after five seconds; where the link is down, as soon as it
 * is up. The address is not changed by this and should be on the interface already. Does nothing,
 * successfully, on a link without ARP and on lo. Fails with NotFound (no such interface) or
 * KernelRefused; needs CAP_NET_RAW and AF_PACKET sockets. */
gboolean
lvsd_announcer_announce (LvsdAnnouncer *announcer,
                         const LvsdVirtualAddress *address,
                         GError **error)
{
  Pending *pending;
  gboolean told;

  if (!announce_once (announcer, address, &told, error))
    return FALSE;
  pending = g_new0 (Pending, 1);
  pending->announcer = announcer;
  pending->address = lvsd_item_copy (address);
  if (told)
    pending->source = g_timeout_add_seconds (SECOND_BURST_SECONDS, announce_again, pending);
  g_hash_table_replace (announcer->pending, pending->address, pending);
  return TRUE;
}

/* Gives up what is still to be told of an address that is being taken from its interface. */
void
lvsd_announcer_cancel (LvsdAnnouncer *announcer, const LvsdVirtualAddress *address)
{
  g_hash_table_remove (announcer->pending, address);
}

/* Some link may have come up: tells of what waits for that. */
void
lvsd_announcer_links_changed (LvsdAnnouncer *announcer)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (lvsd_item_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, announcer->pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Pending *) value)->source == 0)
      g_ptr_array_add (waiting, lvsd_item_ref (((Pending *) value)->address));
  for (guint i = 0; i < waiting->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (lvsd_announcer_announce (announcer, g_ptr_array_index (waiting, i), &error))
        continue;
      g_debug ("%s", error->message);
      lvsd_announcer_cancel (announcer, g_ptr_array_index (waiting, i));
    }
}
