/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/announcement-frame.h"

static const guint8 hardware_address[6] = { 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01 };

static LvsdAddress
address (const char *text)
{
  LvsdAddress parsed;

  g_assert_true (lvsd_address_parse (text, &parsed, NULL));
  return parsed;
}

static void
test_arp_request (void)
{
  static const guint8 expected[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 0x08, 0x06, /* head */
    0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01,            /* Ethernet, IPv4, request */
    0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 192,  0,    2,    100, /* sender */
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 192,  0,    2,    100, /* target */
  };
  LvsdAddress vip = address ("192.0.2.100");
  guint8 frame[LVSD_ARP_FRAME_SIZE];

  lvsd_frame_make_arp (&vip, hardware_address, LVSD_ARP_REQUEST, frame);
  g_assert_cmpmem (frame, sizeof frame, expected, sizeof expected);
}

static void
test_arp_reply (void)
{
  static const guint8 expected[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 0x08, 0x06, /* head */
    0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02,            /* Ethernet, IPv4, reply */
    0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 192,  0,    2,    100, /* sender */
    0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 192,  0,    2,    100, /* target */
  };
  LvsdAddress vip = address ("192.0.2.100");
  guint8 frame[LVSD_ARP_FRAME_SIZE];

  lvsd_frame_make_arp (&vip, hardware_address, LVSD_ARP_REPLY, frame);
  g_assert_cmpmem (frame, sizeof frame, expected, sizeof expected);
}

/* The checksum by hand, over 16-bit words. Pseudo header: 2001 + 0db8 + 0064 for the source, ff02 +
 * 0001 for all nodes, 0020 long, 003a for ICMPv6; message: 8800 2000 0000, the target 2001 0db8
 * 0064, the option 0201 0200 5e10 0001. Together 0002:65a9, folded 65ab, whose complement is 9a54.
 */
static void
test_advertisement (void)
{
  static const guint8 expected[] = {
    0x33, 0x33, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 0x86, 0xdd, /* head */
    0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff, /* IPv6: 32 bytes of ICMPv6, hop limit 255 */
    0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x64, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x01, 0x88, 0x00, 0x9a, 0x54, 0x20, 0x00, 0x00, 0x00, /* advertisement,
                                                                               checksum, override */
    0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x64, 0x02, 0x01, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, /* target link-layer address */
  };
  LvsdAddress vip = address ("2001:db8::64");
  guint8 frame[LVSD_ADVERTISEMENT_FRAME_SIZE];

  lvsd_frame_make_advertisement (&vip, hardware_address, FALSE, frame);
  g_assert_cmpmem (frame, sizeof frame, expected, sizeof expected);
}

static void
test_router_says_so (void)
{
  LvsdAddress vip = address ("2001:db8::64");
  guint8 frame[LVSD_ADVERTISEMENT_FRAME_SIZE];

  lvsd_frame_make_advertisement (&vip, hardware_address, TRUE, frame);
  g_assert_cmpuint (frame[58], ==, 0xa0);
  g_assert_cmpuint (frame[56], ==, 0x1a);
  g_assert_cmpuint (frame[57], ==, 0x54);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/announcement/arp-request", test_arp_request);
  g_test_add_func ("/announcement/arp-reply", test_arp_reply);
  g_test_add_func ("/announcement/advertisement", test_advertisement);
  g_test_add_func ("/announcement/router-says-so", test_router_says_so);
  return g_test_run ();
}
