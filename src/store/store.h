/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "directory.h"
#include "model/change.h"

G_BEGIN_DECLS

typedef enum
{
  LVSD_STORE_SOUND,
  LVSD_STORE_DAMAGED, /* something was kept aside; the last good state was loaded */
  LVSD_STORE_NEWER,   /* a newer lvsd wrote it: nothing was loaded, nothing is written */
} LvsdStoreCondition;

/* The desired state on disk: a checkpoint and, after it, a journal of changes. */
typedef struct _LvsdStore LvsdStore;

LvsdStore *lvsd_store_open (const char *directory,
                            LvsdTable *table,
                            GPtrArray **ret_unsettled,
                            GError **error);
void lvsd_store_close (LvsdStore *store);

LvsdStoreCondition lvsd_store_condition (const LvsdStore *store, const char **ret_explanation);
gboolean lvsd_store_is_writable (const LvsdStore *store, const char **ret_reason);
void lvsd_store_accept_damage (LvsdStore *store);
const LvsdDirectory *lvsd_store_directory (const LvsdStore *store);
guint64 lvsd_store_sequence (const LvsdStore *store);
guint lvsd_store_sync_count (const LvsdStore *store);
gboolean lvsd_store_is_idle (const LvsdStore *store);

void lvsd_store_append_async (LvsdStore *store,
                              LvsdChange *change,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean lvsd_store_append_finish (LvsdStore *store, GAsyncResult *result, GError **error);
void lvsd_store_settle (LvsdStore *store, guint64 sequence);

gboolean lvsd_store_wants_checkpoint (const LvsdStore *store);
void lvsd_store_checkpoint (LvsdStore *store, GPtrArray *items);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdStore, lvsd_store_close)

G_END_DECLS
