/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "journal.h"

G_BEGIN_DECLS

/* Records that are written together and share one sync, and what the writing needs: all of it
 * belongs to the worker thread until it is done. */
typedef struct
{
  const LvsdDirectory *directory;
  LvsdJournal *journal; /* in and out; NULL: there is none that can be gone on with */
  guint64 base;         /* the last durable change, after which another journal begins */
  gboolean rotate;      /* begin another journal if that is possible */
  gboolean sync;        /* some of the records must be durable */
  GPtrArray *carried;   /* of LvsdRecord, for another journal */
  GPtrArray *records;   /* of LvsdRecord */
  GError *error;        /* out: why none of the records is there */
  guint n_syncs;        /* out */
} LvsdGroup;

LvsdGroup *lvsd_group_new (const LvsdDirectory *directory, LvsdJournal *journal, guint64 base);
void lvsd_group_free (LvsdGroup *group);
void lvsd_group_write (LvsdGroup *group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdGroup, lvsd_group_free)

G_END_DECLS
