/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "checkpoint.h"

G_BEGIN_DECLS

/* A checkpoint on its way to the disk, and the removal of the files that it makes superfluous. */
typedef struct
{
  const LvsdDirectory *directory;
  guint64 sequence;
  GPtrArray *items; /* the whole state */
  gsize size;       /* bytes */
  GError *error;
} LvsdCompaction;

LvsdCompaction *
lvsd_compaction_new (const LvsdDirectory *directory, guint64 sequence, GPtrArray *items);
void lvsd_compaction_free (LvsdCompaction *compaction);
void lvsd_compaction_write (LvsdCompaction *compaction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdCompaction, lvsd_compaction_free)

G_END_DECLS
