/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/announcement-frame.h"
#include "kernel/announcement.h"
#include "model/error.h"
#include "namespace.h"

static const guint8 hardware_address[6] = { 0x02, 0, 0, 0, 0, 0x07 };

static LvsdVirtualAddress *
address (const char *text, const char *interface)
{
  LvsdAddress parsed;
  LvsdVirtualAddress *made;
  guint length;

  g_assert_true (lvsd_prefix_parse (text, &parsed, &length, NULL));
  made = lvsd_virtual_address_new (&parsed, length);
  g_strlcpy (made->interface, interface, sizeof made->interface);
  return made;
}

/* Until the carrier is noticed. */
static void
put_up (void)
{
  namespace_run ("sh -c 'ip link set eth0 up; until ip link show eth0 | grep -q \"state UP\"; "
                 "do sleep 0.02; done'");
}

static LvsdLinks *
enter (void)
{
  LvsdLinks *links;

  namespace_enter ();
  namespace_run ("ip link add eth0 address 02:00:00:00:00:07 type veth peer name far0");
  namespace_run ("sh -c 'for i in eth0 far0; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; "
                 "ip link set $i up; done'");
  put_up ();
  assert_ok ((links = lvsd_links_new (NULL, NULL, &unexpected)) != NULL);
  return links;
}

/* Hears what arrives at the other end of the cable. */
static int
listen_far (void)
{
  int fd = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr_ll own = { .sll_family = AF_PACKET,
                             .sll_protocol = htons (ETH_P_ALL),
                             .sll_ifindex = (int) if_nametoindex ("far0") };

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bind (fd, (const struct sockaddr *) &own, sizeof own), ==, 0);
  return fd;
}

/* How many frames equal to this one have come; others are an error. */
static guint
hear (int fd, const guint8 *first, const guint8 *second, gsize size)
{
  guint8 frame[256];
  guint heard = 0;
  ssize_t length;

  g_usleep (100000);
  while ((length = recv (fd, frame, sizeof frame, 0)) >= 0)
    {
      g_assert_cmpint (length, ==, size);
      g_assert_true (memcmp (frame, first, size) == 0 || memcmp (frame, second, size) == 0);
      heard++;
    }
  return heard;
}

static void
iterate_for (guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (20000);
    }
}

static void
test_arp_reaches_the_other_end_twice (void)
{
  g_autoptr (LvsdLinks) links = enter ();
  g_autoptr (LvsdAnnouncer) announcer = lvsd_announcer_new (links);
  g_autoptr (LvsdVirtualAddress) vip = address ("192.0.2.100/24", "eth0");
  guint8 request[LVSD_ARP_FRAME_SIZE];
  guint8 reply[LVSD_ARP_FRAME_SIZE];
  int fd = listen_far ();

  lvsd_frame_make_arp (&vip->address, hardware_address, LVSD_ARP_REQUEST, request);
  lvsd_frame_make_arp (&vip->address, hardware_address, LVSD_ARP_REPLY, reply);
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 10);
  iterate_for (7);
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 10);
  iterate_for (7);
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 0);

  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  lvsd_announcer_cancel (announcer, vip);
  iterate_for (7);
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 20);
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  close (fd);
}

static void
test_a_neighbour_believes_it (void)
{
  g_autoptr (LvsdLinks) links = enter ();
  g_autoptr (LvsdAnnouncer) announcer = lvsd_announcer_new (links);
  g_autoptr (LvsdVirtualAddress) vip = address ("192.0.2.100/24", "eth0");
  g_autoptr (LvsdVirtualAddress) vip6 = address ("2001:db8::64/128", "eth0");
  g_autofree char *neighbours = NULL;

  namespace_run ("ip address add 192.0.2.2/24 dev far0");
  namespace_run ("sh -c 'echo 0 > /proc/sys/net/ipv6/conf/far0/disable_ipv6'");
  namespace_run ("ip address add 2001:db8::2/64 dev far0 nodad");
  namespace_run ("ip neigh add 192.0.2.100 lladdr 02:00:00:00:00:99 nud stale dev far0");
  namespace_run ("ip neigh add 2001:db8::64 lladdr 02:00:00:00:00:99 nud stale dev far0");
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  assert_ok (lvsd_announcer_announce (announcer, vip6, &unexpected));
  g_usleep (300000);
  neighbours = namespace_output ("ip neigh show dev far0");
  g_test_message ("%s", neighbours);
  g_assert_nonnull (strstr (neighbours, "192.0.2.100 lladdr 02:00:00:00:00:07"));
  g_assert_nonnull (strstr (neighbours, "2001:db8::64 lladdr 02:00:00:00:00:07"));
}

static void
test_advertisements_say_whether_it_routes (void)
{
  g_autoptr (LvsdLinks) links = enter ();
  g_autoptr (LvsdAnnouncer) announcer = lvsd_announcer_new (links);
  g_autoptr (LvsdVirtualAddress) vip = address ("2001:db8::64/128", "eth0");
  guint8 frame[LVSD_ADVERTISEMENT_FRAME_SIZE];
  int fd = listen_far ();

  lvsd_frame_make_advertisement (&vip->address, hardware_address, FALSE, frame);
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  g_assert_cmpuint (hear (fd, frame, frame, sizeof frame), ==, 5);
  namespace_run ("sh -c 'echo 1 > /proc/sys/net/ipv6/conf/eth0/forwarding'");
  lvsd_frame_make_advertisement (&vip->address, hardware_address, TRUE, frame);
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  g_assert_cmpuint (hear (fd, frame, frame, sizeof frame), ==, 5);
  close (fd);
}

static void
test_nobody_is_told_where_nobody_listens (void)
{
  g_autoptr (LvsdLinks) links = enter ();
  g_autoptr (LvsdAnnouncer) announcer = lvsd_announcer_new (links);
  g_autoptr (LvsdVirtualAddress) on_lo = address ("192.0.2.100/32", "lo");
  g_autoptr (LvsdVirtualAddress) nowhere = address ("192.0.2.100/32", "eth7");
  g_autoptr (LvsdVirtualAddress) deaf = address ("192.0.2.100/32", "eth0");
  g_autoptr (GError) error = NULL;
  int fd = listen_far ();

  assert_ok (lvsd_announcer_announce (announcer, on_lo, &unexpected));
  g_assert_false (lvsd_announcer_announce (announcer, nowhere, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND);
  namespace_run ("ip link set eth0 arp off");
  assert_ok (lvsd_announcer_announce (announcer, deaf, &unexpected));
  namespace_run ("ip link set eth0 arp on down");
  assert_ok (lvsd_announcer_announce (announcer, deaf, &unexpected));
  g_assert_cmpuint (hear (fd, (const guint8 *) "", (const guint8 *) "", 1), ==, 0);
  close (fd);
}

static void
test_what_is_told_to_a_link_that_is_down_is_told_when_it_is_up (void)
{
  g_autoptr (LvsdLinks) links = enter ();
  g_autoptr (LvsdAnnouncer) announcer = lvsd_announcer_new (links);
  g_autoptr (LvsdVirtualAddress) vip = address ("192.0.2.100/24", "eth0");
  guint8 request[LVSD_ARP_FRAME_SIZE];
  guint8 reply[LVSD_ARP_FRAME_SIZE];
  int fd = listen_far ();

  lvsd_frame_make_arp (&vip->address, hardware_address, LVSD_ARP_REQUEST, request);
  lvsd_frame_make_arp (&vip->address, hardware_address, LVSD_ARP_REPLY, reply);
  namespace_run ("ip link set eth0 down");
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  lvsd_announcer_links_changed (announcer);
  put_up ();
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 0);
  lvsd_announcer_links_changed (announcer);
  lvsd_announcer_links_changed (announcer);
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 10);

  namespace_run ("ip link set eth0 down");
  assert_ok (lvsd_announcer_announce (announcer, vip, &unexpected));
  lvsd_announcer_cancel (announcer, vip);
  put_up ();
  lvsd_announcer_links_changed (announcer);
  g_assert_cmpuint (hear (fd, request, reply, sizeof request), ==, 0);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/announcement/arp-reaches-the-other-end-twice",
                   test_arp_reaches_the_other_end_twice);
  g_test_add_func ("/announcement/a-neighbour-believes-it", test_a_neighbour_believes_it);
  g_test_add_func ("/announcement/advertisements-say-whether-it-routes",
                   test_advertisements_say_whether_it_routes);
  g_test_add_func ("/announcement/nobody-is-told-where-nobody-listens",
                   test_nobody_is_told_where_nobody_listens);
  g_test_add_func ("/announcement/what-is-told-to-a-link-that-is-down-is-told-when-it-is-up",
                   test_what_is_told_to_a_link_that_is_down_is_told_when_it_is_up);
  return g_test_run ();
}
