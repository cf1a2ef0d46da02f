/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/client.h"
#include "model/destination.h"
#include "model/service.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 connections;
  guint64 packets_in;
  guint64 packets_out;
  guint64 bytes_in;
  guint64 bytes_out;
} LvsctlCounters;

/* A destination as the kernel has it: the item's weight is the one in effect. */
typedef struct
{
  LvsdDestination *item;
  guint32 configured; /* the weight without an override */
  gboolean is_foreign;
  gboolean is_changed; /* somebody changed it by hand, not by lvsd */
  guint32 active;
  guint32 inactive;
  guint32 persistent;
  LvsctlCounters totals;
  LvsctlCounters rates; /* per second */
} LvsctlKernelDestination;

typedef struct
{
  LvsdService *item;
  gboolean is_foreign;
  gboolean is_changed;
  LvsctlCounters totals;
  LvsctlCounters rates;
  GPtrArray *destinations; /* of LvsctlKernelDestination */
} LvsctlKernelService;

/* Fetches what the kernel holds, of lvsd and of others, in the order in which ipvsadm sorts it; of
 * one service only where key is not NULL, and then it may be empty. Of LvsctlKernelService. */
GPtrArray *
lvsctl_kernel_table_fetch (LvsctlClient *client, const LvsdServiceKey *key, GError **error);

/* In the first service; NULL where it is not there. */
const LvsctlKernelDestination *
lvsctl_kernel_table_find (GPtrArray *table, const LvsdDestination *destination);

/* For g_ptr_array_sort. */
int lvsctl_kernel_service_compare (gconstpointer a, gconstpointer b);
int lvsctl_kernel_destination_compare (gconstpointer a, gconstpointer b);

G_END_DECLS
