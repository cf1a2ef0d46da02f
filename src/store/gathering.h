/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a group of changes should wait a moment for those that callers who have just been at work
 * are about to make: several of them then share one wait for the disk. Who is alone never waits. */
typedef struct _LvsdGathering LvsdGathering;

LvsdGathering *lvsd_gathering_new (void);
void lvsd_gathering_free (LvsdGathering *gathering);

/* A change of this caller has come; 0 is nobody who would make another. */
void lvsd_gathering_note (LvsdGathering *gathering, guint caller);

/* How long, in milliseconds, the next group should still wait, in which so many changes are. */
guint lvsd_gathering_rest (LvsdGathering *gathering, guint n_waiting);

/* It waits no longer. */
void lvsd_gathering_end (LvsdGathering *gathering);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdGathering, lvsd_gathering_free)

G_END_DECLS
