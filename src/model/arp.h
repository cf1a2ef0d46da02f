/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "actual.h"
#include "change.h"

G_BEGIN_DECLS

/* The settings of an interface as read, or of "all", which counts for every one of them: the kernel
 * acts on the greater of the two (net/ipv4/arp.c, net/ipv4/fib_frontend.c, IN_DEV_MAXCONF). */
typedef struct
{
  gint32 arp_ignore;
  gint32 arp_announce;
  gint32 rp_filter;
  char interface[LVSD_INTERFACE_MAX + 1];
} LvsdArpSettings;

#define LVSD_ARP_ALL "all"

/* Adds to change what has to become of the replaced settings in the table so that the roles hold:
 * records of settings to be written, and removals of records that no role needs any more.
 * settings is an array of LvsdArpSettings with "all" first; receivers has what was found of the
 * settings of receiver.h. boot_id marks new records; those of another boot are taken afresh. Fails
 * with Conflict where a setting stands in the way that may not be lowered. roles is an array of
 * LvsdRole. */
gboolean lvsd_arp_plan (const GPtrArray *roles,
                        const LvsdTable *table,
                        const GArray *settings,
                        const LvsdActual *receivers,
                        const char *boot_id,
                        LvsdChange *change,
                        GError **error);

G_END_DECLS
