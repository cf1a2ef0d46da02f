/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compaction.h"

#include "journal.h"

LvsdCompaction *
lvsd_compaction_new (const LvsdDirectory *directory, guint64 sequence, GPtrArray *items)
{
  LvsdCompaction *compaction = g_new0 (LvsdCompaction, 1);

  compaction->directory = directory;
  compaction->sequence = sequence;
  compaction->items = g_ptr_array_ref (items);
  return compaction;
}

void
lvsd_compaction_free (LvsdCompaction *compaction)
{
  g_ptr_array_unref (compaction->items);
  g_clear_error (&compaction->error);
  g_free (compaction);
}

static void
remove_number (const LvsdDirectory *directory, const char *prefix, guint64 number)
{
  g_autofree char *name = lvsd_directory_name (prefix, number);

  lvsd_directory_remove (directory, name);
}

/* Returns the number of the checkpoint before the newest, 0 where there is none. */
static guint64
prune_checkpoints (const LvsdDirectory *directory)
{
  g_autoptr (GArray) numbers = lvsd_directory_list (directory, LVSD_CHECKPOINT_PREFIX, NULL);

  if (numbers == NULL || numbers->len < 2)
    return 0;
  for (guint i = 0; i + 2 < numbers->len; i++)
    remove_number (directory, LVSD_CHECKPOINT_PREFIX, g_array_index (numbers, guint64, i));
  return g_array_index (numbers, guint64, numbers->len - 2);
}

/* What the checkpoint before the newest needs to be rolled forward is kept as well, so that damage
 * to the newest one loses nothing. */
static void
prune (const LvsdDirectory *directory)
{
  guint64 oldest = prune_checkpoints (directory);
  g_autoptr (GArray) numbers = lvsd_directory_list (directory, LVSD_JOURNAL_PREFIX, NULL);

  for (guint i = 0; numbers != NULL && i + 1 < numbers->len; i++)
    if (g_array_index (numbers, guint64, i + 1) <= oldest)
      remove_number (directory, LVSD_JOURNAL_PREFIX, g_array_index (numbers, guint64, i));
}

/* May be called from a worker thread: items that were shared never change. */
void
lvsd_compaction_write (LvsdCompaction *compaction)
{
  g_autoptr (GString) text = lvsd_checkpoint_format (compaction->sequence, compaction->items);

  if (lvsd_checkpoint_write (compaction->directory, compaction->sequence, text, &compaction->error))
    prune (compaction->directory);
  compaction->size = text->len;
}
