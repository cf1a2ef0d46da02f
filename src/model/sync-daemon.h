/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "address.h"
#include "item.h"
#include "virtual-address.h"

G_BEGIN_DECLS

/* Values are the kernel's: linux/ip_vs.h IP_VS_STATE_MASTER and _BACKUP. */
typedef enum
{
  LVSD_SYNC_MASTER = 1,
  LVSD_SYNC_BACKUP = 2,
} LvsdSyncState;

/* NULL-word terminated. */
extern const LvsdTerm lvsd_sync_state_terms[];

/* A kernel thread that sends this director's connections to others by multicast, or takes theirs.
 * There is at most one of each state. Presets are the kernel's own defaults, so that a daemon
 * with few options is found just as it was asked for. */
typedef struct
{
  LvsdItem item;
  guint8 state; /* LvsdSyncState */
  guint8 id;    /* what master and backup have in common; a backup with 0 takes all */
  guint8 ttl;
  gboolean deaf;      /* of one that was found: its interface is not the one it was started on */
  guint16 port;       /* UDP, host order; each further thread has the next one */
  guint16 max_length; /* bytes of a message without its IP and UDP headers; 0: from the MTU */
  LvsdAddress group;
  char interface[LVSD_INTERFACE_MAX + 1];
} LvsdSyncDaemon;

extern const LvsdItemClass lvsd_sync_daemon_class;

LvsdSyncDaemon *lvsd_sync_daemon_new (LvsdSyncState state);
gboolean lvsd_sync_daemon_kernel_equal (const LvsdSyncDaemon *wanted, const LvsdSyncDaemon *held);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdSyncDaemon, lvsd_item_unref)

G_END_DECLS
