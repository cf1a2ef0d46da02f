/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"
#include "key.h"

G_BEGIN_DECLS

#define LVSD_SCHEDULER_MAX 15       /* IP_VS_SCHEDNAME_MAXLEN less the NUL */
#define LVSD_SCHEDULER_PRESET "wlc" /* of a service that was not given one */
#define LVSD_ENGINE_MAX 15          /* IP_VS_PENAME_MAXLEN less the NUL */
#define LVSD_PERSISTENCE_MAX 2678400

typedef struct
{
  LvsdItem item;
  guint8 one_packet;
  guint8 persistence_prefix; /* client addresses that count as one; 0: the whole address */
  guint8 scheduler_flags;    /* bits 0 to 2: the kernel's scheduler flags 1 to 3 */
  guint32 persistence;       /* seconds; 0: not persistent */
  LvsdServiceIdentity *identity;
  char scheduler[LVSD_SCHEDULER_MAX + 1];
  char engine[LVSD_ENGINE_MAX + 1]; /* persistence engine, or "" */
} LvsdService;

extern const LvsdItemClass lvsd_service_class;

LvsdService *lvsd_service_new (LvsdServiceIdentity *identity);
guint lvsd_service_prefix_length (const LvsdService *service);
gboolean lvsd_service_kernel_equal (const LvsdService *wanted, const LvsdService *held);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdService, lvsd_item_unref)

G_END_DECLS
