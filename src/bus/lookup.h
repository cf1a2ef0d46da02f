/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/table.h"

G_BEGIN_DECLS

/* Things by the names that callers give them; NotFound where there is none. Borrowed. */
LvsdService *lvsd_lookup_service (const LvsdTable *table, const char *name_or_key, GError **error);
LvsdDestination *lvsd_lookup_destination (const LvsdTable *table,
                                          const LvsdService *service,
                                          const char *endpoint,
                                          GError **error);
LvsdVirtualAddress *
lvsd_lookup_address (const LvsdTable *table, const char *address, GError **error);
LvsdRole *lvsd_lookup_role (const LvsdTable *table, const char *address, GError **error);

/* The item whose object has this path, or NULL. */
gpointer lvsd_lookup_object (const LvsdTable *table, LvsdKind kind, const char *label);

/* AlreadyExists or Conflict where the table's services stand in the way of a new one. */
gboolean lvsd_lookup_check_free (const LvsdTable *table,
                                 const char *name,
                                 const LvsdServiceKey *key,
                                 GError **error);

/* The sync daemon of this state that is ours; fails with NotFound. */
LvsdSyncDaemon *lvsd_lookup_sync (const LvsdTable *table, LvsdSyncState state, GError **error);

/* Fails with AlreadyExists where there is an item of this one's identity. */
gboolean lvsd_lookup_check_absent (const LvsdTable *table, gconstpointer draft, GError **error);

G_END_DECLS
