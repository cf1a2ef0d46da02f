/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/address.h"

G_BEGIN_DECLS

/* Ethernet frames that tell neighbours which hardware address has an IP address. */

#define LVSD_ARP_FRAME_SIZE 42
#define LVSD_ADVERTISEMENT_FRAME_SIZE 86

typedef enum
{
  LVSD_ARP_REQUEST = 1,
  LVSD_ARP_REPLY = 2,
} LvsdArpOperation;

void lvsd_frame_make_arp (const LvsdAddress *address,
                          const guint8 hardware_address[6],
                          LvsdArpOperation operation,
                          guint8 frame[LVSD_ARP_FRAME_SIZE]);
void lvsd_frame_make_advertisement (const LvsdAddress *address,
                                    const guint8 hardware_address[6],
                                    gboolean is_router,
                                    guint8 frame[LVSD_ADVERTISEMENT_FRAME_SIZE]);

G_END_DECLS
