/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"
#include "model/declaration.h"

G_BEGIN_DECLS

/* The generations: states that are kept, so that one can go back to them, and at most one of them
 * that goes by itself unless somebody confirms it in time. */

#define LVSD_HISTORY_LENGTH 20

/* The generation that a change makes, as long as it has no number; NULL for a change that makes
 * none. */
LvsdGeneration *lvsd_history_draft (const LvsdChange *change);

/* Gives the draft in the change its number, and writes its state, and the one before it, to the
 * archive. done is called when both are durable, or with what went wrong; not before this
 * returns. Nothing else may prepare meanwhile. */
typedef void (*LvsdHistoryFunc) (GError *error, gpointer user_data);
void
lvsd_history_prepare (LvsdNode *node, LvsdChange *change, LvsdHistoryFunc done, gpointer user_data);

/* The same at once, for the start, where nobody waits. */
gboolean lvsd_history_prepare_now (LvsdNode *node, LvsdChange *change, GError **error);

/* The generation that waits to be confirmed, or NULL; ret_seconds: how long it still may. */
const LvsdGeneration *lvsd_history_pending (const LvsdNode *node, gint64 *ret_seconds);

/* Conflict while another generation waits to be confirmed and the change is not what it waits for.
 */
gboolean lvsd_history_allows (const LvsdNode *node, const LvsdChange *change, GError **error);

/* A change that confirms the one that waits; NotFound where none does. */
LvsdChange *lvsd_history_confirm (const LvsdNode *node, GError **error);

/* The items of a generation; NotFound where there is none of that number. With _async a thread
 * reads them, and number 0 is the last generation that is not as the state is now. */
GPtrArray *lvsd_history_read (const LvsdNode *node, guint32 number, GError **error);
void lvsd_history_read_async (const LvsdNode *node,
                              guint32 number,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *lvsd_history_read_finish (GAsyncResult *result, GHashTable **ret_index, GError **error);

/* What goes back to the items of a generation, without a draft of the new one. index: theirs, or
 * NULL; ret_counts: may be NULL. */
LvsdChange *lvsd_history_compare (const LvsdNode *node,
                                  GPtrArray *items,
                                  GHashTable *index,
                                  LvsdDeclarationCounts *ret_counts,
                                  GError **error);

/* The same, of its number. */
LvsdChange *lvsd_history_return_to (const LvsdNode *node, guint32 number, GError **error);

G_END_DECLS
