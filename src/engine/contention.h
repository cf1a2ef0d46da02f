/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/item.h"

G_BEGIN_DECLS

/* What is put back again and again because another program keeps undoing it: each item less and
 * less often, so that two programs do not wear the kernel out, and at once again when that has
 * ended. */
typedef struct _LvsdContention LvsdContention;

LvsdContention *lvsd_contention_new (void);
void lvsd_contention_free (LvsdContention *contention);

/* Whether it is time to put the item back, and what it stands on. */
gboolean lvsd_contention_allows (const LvsdContention *contention, gconstpointer item);
void lvsd_contention_note (LvsdContention *contention, gpointer item);

/* Forgets what has stayed as it was put back for long enough. */
void lvsd_contention_forget (LvsdContention *contention);

/* A caller has changed the item, or it is new: nothing of it has been undone yet. */
void lvsd_contention_drop (LvsdContention *contention, gconstpointer item);

/* The seconds until an item may be put back that may not be now; -1: there is none. */
gint64 lvsd_contention_next (const LvsdContention *contention);

/* Of those that were undone often enough to speak of: how often they were put back, and the seconds
 * until that may be again. */
typedef void (*LvsdContentionFunc) (gpointer item, guint times, gint64 seconds, gpointer user_data);
void lvsd_contention_walk (const LvsdContention *contention,
                           LvsdContentionFunc function,
                           gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdContention, lvsd_contention_free)

G_END_DECLS
