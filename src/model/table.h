/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "destination.h"
#include "generation.h"
#include "hold.h"
#include "replaced.h"
#include "role.h"
#include "service.h"
#include "setting.h"
#include "sync-daemon.h"
#include "virtual-address.h"

G_BEGIN_DECLS

/* The desired state: every item, found by identity and walked in order. A look-up or an edit costs
 * the same, but for a logarithm, at ten and at ten thousand services. */
typedef struct _LvsdTable LvsdTable;

LvsdTable *lvsd_table_new (void);
void lvsd_table_free (LvsdTable *table);

/* Puts after in the place of before; either may be NULL. before must be in the table. A
 * destination's service must be there already, and is removed after its destinations. */
void lvsd_table_replace (LvsdTable *table, gpointer before, gpointer after);

gpointer lvsd_table_find (const LvsdTable *table, gconstpointer like);
gpointer lvsd_table_find_by_id (const LvsdTable *table, LvsdKind kind, const char *id);
LvsdService *lvsd_table_find_service (const LvsdTable *table, const char *name_or_key);
LvsdService *lvsd_table_find_service_by_key (const LvsdTable *table, const LvsdServiceKey *key);
LvsdVirtualAddress *lvsd_table_find_address (const LvsdTable *table, const LvsdAddress *address);
LvsdRole *lvsd_table_find_role (const LvsdTable *table, const LvsdAddress *address);
LvsdSyncDaemon *lvsd_table_find_sync (const LvsdTable *table, LvsdSyncState state);
LvsdGeneration *lvsd_table_find_generation (const LvsdTable *table, guint32 number);
LvsdHold *lvsd_table_find_hold (const LvsdTable *table, const char *name);

guint lvsd_table_count (const LvsdTable *table, LvsdKind kind);

/* The destinations of a service, ordered by address and port; borrowed, of LvsdDestination. */
GPtrArray *lvsd_table_destinations (const LvsdTable *table, const LvsdServiceIdentity *identity);

/* In order of name or address; the items of a kind other than destination. A function that returns
 * FALSE ends the walk; the table must not be changed during it. after_id: begin behind it. */
typedef gboolean (*LvsdTableFunc) (gpointer item, gpointer user_data);
void lvsd_table_walk (const LvsdTable *table,
                      LvsdKind kind,
                      const char *after_id,
                      LvsdTableFunc function,
                      gpointer user_data);

/* Adds references to the items of a kind other than destination, in that order. */
void lvsd_table_collect (const LvsdTable *table, LvsdKind kind, GPtrArray *into);

/* References to all items, services before their destinations, as for a checkpoint. */
GPtrArray *lvsd_table_snapshot (const LvsdTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdTable, lvsd_table_free)

G_END_DECLS
