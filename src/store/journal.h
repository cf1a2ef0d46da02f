/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "directory.h"
#include "record.h"

G_BEGIN_DECLS

#define LVSD_JOURNAL_PREFIX "journal"

/* The file that changes are appended to. It belongs to one thread at a time. */
typedef struct
{
  const LvsdDirectory *directory;
  char *name;
  int fd;
  guint32 version; /* its records are of */
  guint64 base;    /* it holds what came after this change */
  goffset length;  /* where the next record goes */
  goffset durable; /* up to where a sync has covered it */
  gboolean broken; /* what is on the disk is not known any more: nothing may be appended */
} LvsdJournal;

LvsdJournal *lvsd_journal_begin (const LvsdDirectory *directory,
                                 guint64 base,
                                 const GPtrArray *carried,
                                 GError **error);
LvsdJournal *lvsd_journal_resume (const LvsdDirectory *directory,
                                  guint64 base,
                                  guint32 version,
                                  goffset length,
                                  GError **error);
void lvsd_journal_free (LvsdJournal *journal);

gboolean
lvsd_journal_append (LvsdJournal *journal, const GPtrArray *records, gboolean sync, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdJournal, lvsd_journal_free)

G_END_DECLS
