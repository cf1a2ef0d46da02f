/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "group.h"

/* Takes the journal over. */
LvsdGroup *
lvsd_group_new (const LvsdDirectory *directory, LvsdJournal *journal, guint64 base)
{
  LvsdGroup *group = g_new0 (LvsdGroup, 1);

  group->directory = directory;
  group->journal = journal;
  group->base = base;
  group->carried = g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_record_unref);
  group->records = g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_record_unref);
  return group;
}

void
lvsd_group_free (LvsdGroup *group)
{
  g_clear_pointer (&group->journal, lvsd_journal_free);
  g_ptr_array_unref (group->carried);
  g_ptr_array_unref (group->records);
  g_clear_error (&group->error);
  g_free (group);
}

static gboolean
begin_journal (LvsdGroup *group, GError **error)
{
  LvsdJournal *journal = lvsd_journal_begin (group->directory, group->base, group->carried, error);
  g_autofree char *name = NULL;

  if (journal != NULL)
    {
      g_clear_pointer (&group->journal, lvsd_journal_free);
      group->journal = journal;
      return TRUE;
    }
  /* If it came into being for all that, it would take the place of what the old one gets now. */
  name = lvsd_directory_name (LVSD_JOURNAL_PREFIX, group->base);
  if (lvsd_directory_exists (group->directory, name))
    g_clear_pointer (&group->journal, lvsd_journal_free);
  return FALSE;
}

static gboolean
prepare_journal (LvsdGroup *group)
{
  g_autoptr (GError) error = NULL;

  if (!group->rotate && group->journal != NULL)
    return TRUE;
  if (begin_journal (group, &error))
    return TRUE;
  if (group->journal != NULL)
    {
      g_message ("the journal goes on in its old file: %s", error->message);
      return TRUE;
    }
  group->error = g_steal_pointer (&error);
  return FALSE;
}

/* A record that failed could still be on the disk, and would come back after a power cut: so the
 * journal that takes its place is begun at once, or else before the next record. */
static void
replace_broken (LvsdGroup *group)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&group->journal, lvsd_journal_free);
  if (!begin_journal (group, &error))
    g_message ("another journal is tried for with the next change: %s", error->message);
}

void
lvsd_group_write (LvsdGroup *group)
{
  if (!prepare_journal (group) || group->records->len == 0)
    return;
  group->n_syncs += group->sync;
  if (!lvsd_journal_append (group->journal, group->records, group->sync, &group->error)
      && group->journal->broken)
    replace_broken (group);
}
