/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"
#include "key.h"

G_BEGIN_DECLS

/* Statistics of a service or destination as the kernel counts them (IPVS_STATS_ATTR_*). Rates are
 * per second; bytes and their rates are bytes, not bits. */
typedef struct
{
  guint64 connections;
  guint64 packets_in;
  guint64 packets_out;
  guint64 bytes_in;
  guint64 bytes_out;
  guint64 connection_rate;
  guint64 packet_rate_in;
  guint64 packet_rate_out;
  guint64 byte_rate_in;
  guint64 byte_rate_out;
} LvsdCounters;

#define LVSD_N_COUNTERS 10

typedef struct
{
  guint32 active;
  guint32 inactive;
  guint32 persistent;
} LvsdConnections;

/* What the kernel was found to hold, as items, so that it compares with what is desired. Services
 * and destinations carry their numbers; addresses are LvsdVirtualAddress as found on an interface
 * (the role's on lo as well), settings are LvsdReplaced with the present value in written; of those
 * that can vanish, only the ones that are there. */
typedef struct
{
  LvsdItem *item;
  LvsdCounters counters;
  LvsdConnections connections; /* of a destination; a service: the sum */
} LvsdActualEntry;

/* Found by what the kernel tells things apart by: a service by key, a destination by key and
 * endpoint, an address by interface, address and prefix length, a setting by name. */
typedef struct _LvsdActual LvsdActual;

/* The item as the kernel would hold it: a role's VIP on lo or on the tunnel's device, and NULL for
 * an address that is down, for a role that binds none, for a generation, a hold, and for a setting,
 * which its LvsdReplaced is about. Returns a reference. */
gpointer lvsd_item_to_kernel (gpointer item);
guint lvsd_kernel_item_hash (gconstpointer item);
gboolean lvsd_kernel_item_equal (gconstpointer a, gconstpointer b);

LvsdActual *lvsd_actual_new (void);
void lvsd_actual_free (LvsdActual *actual);
LvsdActualEntry *lvsd_actual_add (LvsdActual *actual, gpointer item);
const LvsdActualEntry *lvsd_actual_find (const LvsdActual *actual, gconstpointer like);

/* In the order of adding, in which a service comes before its destinations; of LvsdActualEntry. */
const GPtrArray *lvsd_actual_entries (const LvsdActual *actual);

/* Of LvsdActualEntry: the destinations that the kernel has in a service; NULL where it has none. */
const GPtrArray *lvsd_actual_destinations (const LvsdActual *actual, const LvsdServiceKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdActual, lvsd_actual_free)

G_END_DECLS
