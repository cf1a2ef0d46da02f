/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/engine.h"
#include "engine/history.h"

/* What callers ask about the generations that are kept. */

const LvsdGeneration *
lvsd_engine_pending (LvsdEngine *engine, gint64 *ret_seconds)
{
  return lvsd_history_pending (lvsd_engine_node (engine), ret_seconds);
}

LvsdChange *
lvsd_engine_confirm (LvsdEngine *engine, GError **error)
{
  return lvsd_history_confirm (lvsd_engine_node (engine), error);
}

void
lvsd_engine_read_generation_async (LvsdEngine *engine,
                                   guint32 number,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  lvsd_history_read_async (lvsd_engine_node (engine), number, callback, user_data);
}

GPtrArray *
lvsd_engine_read_generation_finish (G_GNUC_UNUSED LvsdEngine *engine,
                                    GAsyncResult *result,
                                    GHashTable **ret_index,
                                    GError **error)
{
  return lvsd_history_read_finish (result, ret_index, error);
}

LvsdChange *
lvsd_engine_return_to (LvsdEngine *engine,
                       GPtrArray *items,
                       GHashTable *index,
                       LvsdDeclarationCounts *ret_counts,
                       GError **error)
{
  return lvsd_history_compare (lvsd_engine_node (engine), items, index, ret_counts, error);
}
