/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "journal.h"
#include "store.h"

G_BEGIN_DECLS

/* What was found in a directory. */
typedef struct
{
  LvsdStoreCondition condition;
  GString *explanation;
  char *refusal;    /* why nothing may be written; NULL where it may */
  guint64 sequence; /* of the last change that is in the table */
  gboolean has_checkpoint;
  guint64 checkpoint;    /* the change that the table was filled after */
  gsize checkpoint_size; /* bytes */
  gsize journal_size;    /* bytes of what was replayed */
  GPtrArray *unsettled;  /* of LvsdRecord, in order */
  LvsdJournal *journal;  /* to go on with; NULL: begin another one */
} LvsdLoading;

LvsdLoading *lvsd_loading_run (const LvsdDirectory *directory, LvsdTable *table, GError **error);
void lvsd_loading_free (LvsdLoading *loading);

/* Says that a person has to look at what was found, until lvsd_loading_forget_damage. */
void lvsd_loading_forget_damage (const LvsdDirectory *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdLoading, lvsd_loading_free)

G_END_DECLS
