/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "announcement-frame.h"

#include <string.h>

#define ETHERNET_SIZE 14
#define IPV6_SIZE 40
#define ICMP_SIZE 32

static guint8 *
put (guint8 *at, const void *bytes, gsize size)
{
  memcpy (at, bytes, size);
  return at + size;
}

/* An announcement as of RFC 5227: sender and target are the address itself. Hosts differ in which
 * form they heed, so both are sent. The target's hardware address is zero in a request, and in a
 * reply the new one (RFC 5944, 4.6). */
void
lvsd_frame_make_arp (const LvsdAddress *address,
                     const guint8 hardware_address[6],
                     LvsdArpOperation operation,
                     guint8 frame[LVSD_ARP_FRAME_SIZE])
{
  static const guint8 everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
  static const guint8 nobody[6];
  /* Hardware Ethernet, protocol IPv4, their sizes, operation. */
  guint8 head[8] = { 0x00, 0x01, 0x08, 0x00, 6, 4, 0x00, (guint8) operation };
  guint8 *at = frame;

  at = put (at, everyone, 6);
  at = put (at, hardware_address, 6);
  at = put (at, "\x08\x06", 2);
  at = put (at, head, sizeof head);
  at = put (at, hardware_address, 6);
  at = put (at, address->bytes, 4);
  at = put (at, operation == LVSD_ARP_REPLY ? hardware_address : nobody, 6);
  put (at, address->bytes, 4);
}

static guint32
add_words (guint32 sum, const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i += 2)
    sum += (guint32) bytes[i] << 8 | bytes[i + 1];
  return sum;
}

/* RFC 4443, 2.3: over source, destination, length, the next header 58, and the message. */
static guint16
icmp_checksum (const guint8 *ipv6, const guint8 *icmp)
{
  guint32 sum = add_words (ICMP_SIZE + 58, ipv6 + 8, 32);

  sum = add_words (sum, icmp, ICMP_SIZE);
  while (sum > 0xffff)
    sum = (sum & 0xffff) + (sum >> 16);
  return (guint16) ~sum;
}

/* An unsolicited neighbour advertisement to all nodes (RFC 4861, 7.2.6), from the address itself,
 * with the flag that overrides what neighbours remember. */
void
lvsd_frame_make_advertisement (const LvsdAddress *address,
                               const guint8 hardware_address[6],
                               gboolean is_router,
                               guint8 frame[LVSD_ADVERTISEMENT_FRAME_SIZE])
{
  static const guint8 all_nodes_hardware[6] = { 0x33, 0x33, 0, 0, 0, 1 };
  static const guint8 all_nodes[16] = { 0xff, 0x02, [15] = 1 };
  /* Version 6, payload length, next header ICMPv6, hop limit 255 as receivers demand. */
  static const guint8 ipv6_head[8] = { 0x60, 0, 0, 0, 0, ICMP_SIZE, 58, 255 };
  /* Type 136, code, checksum to come, flags router and override. */
  guint8 icmp_head[8] = { 136, 0, 0, 0, is_router ? 0xa0 : 0x20 };
  guint8 *ipv6 = frame + ETHERNET_SIZE;
  guint8 *icmp = ipv6 + IPV6_SIZE;
  guint8 *at = frame;
  guint16 checksum;

  at = put (at, all_nodes_hardware, 6);
  at = put (at, hardware_address, 6);
  at = put (at, "\x86\xdd", 2);
  at = put (at, ipv6_head, sizeof ipv6_head);
  at = put (at, address->bytes, 16);
  at = put (at, all_nodes, 16);
  at = put (at, icmp_head, sizeof icmp_head);
  at = put (at, address->bytes, 16);
  at = put (at, "\x02\x01", 2); /* option: target link-layer address, 8 bytes */
  put (at, hardware_address, 6);

  checksum = icmp_checksum (ipv6, icmp);
  icmp[2] = (guint8) (checksum >> 8);
  icmp[3] = (guint8) checksum;
}
