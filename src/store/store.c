/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store.h"

#include <glib/gi18n-lib.h>

#include "compaction.h"
#include "gathering.h"
#include "group.h"
#include "loading.h"
#include "model/error.h"
#include "packing.h"
#include "work.h"

/* A journal that is smaller is not worth a checkpoint. */
#define CHECKPOINT_FLOOR (1024 * 1024)

/* How long a settled mark may wait for a group that takes it along. */
#define SETTLE_SECONDS 1

/* A change that waits for its record to be durable. */
typedef struct
{
  GTask *task;
  LvsdRecord *record;
} Waiting;

struct _LvsdStore
{
  LvsdDirectory *directory;
  LvsdStoreCondition condition;
  char *explanation;
  char *refusal; /* why nothing can be written; NULL where it can */

  guint64 sequence;     /* of the last change that was appended, durable or on its way */
  guint64 durable;      /* of the last durable one */
  GPtrArray *packings;  /* of LvsdPacking: without a number yet */
  GPtrArray *waiting;   /* of Waiting: for the next group */
  GPtrArray *under_way; /* of Waiting: in the group that is being written */
  GPtrArray *unsettled; /* of LvsdRecord: durable, and not known to be in the kernel */
  GArray *settled;      /* guint64: marks for the next group */
  guint settle_timer;

  LvsdGathering *gathering;
  guint gather_timer;

  LvsdJournal *journal; /* NULL while a group has it, and where another one must be begun */
  LvsdGroup *group;     /* being written, or NULL */
  LvsdWork *group_work;
  gboolean rotate; /* begin another journal with the next group */
  guint n_syncs;

  LvsdCompaction *compaction; /* being written, or NULL */
  LvsdWork *compaction_work;
  gboolean has_checkpoint;
  guint64 checkpoint;    /* the change after which the last one was taken */
  gsize checkpoint_size; /* bytes */
  gsize journal_size;    /* bytes of records since that one */
  gsize compacted_size; /* how many of them the checkpoint under way, or the last that failed, holds
                         */
};

static void
free_waiting (gpointer data)
{
  Waiting *waiting = data;

  g_clear_object (&waiting->task);
  g_clear_pointer (&waiting->record, lvsd_record_unref);
  g_free (waiting);
}

/* Opening and closing */

static GPtrArray *
unpack_unsettled (const GPtrArray *records)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_change_free);

  for (guint i = 0; i < records->len; i++)
    {
      const LvsdRecord *record = g_ptr_array_index (records, i);
      g_autoptr (GError) error = NULL;
      LvsdChange *change = lvsd_record_unpack_change (record->sequence, record->payload, &error);

      if (change != NULL)
        g_ptr_array_add (changes, change);
      else
        g_warning ("change %" G_GUINT64_FORMAT ": %s", record->sequence, error->message);
    }
  return changes;
}

static LvsdStore *
new_store (LvsdDirectory *directory, LvsdLoading *loading)
{
  LvsdStore *store = g_new0 (LvsdStore, 1);

  store->directory = directory;
  store->condition = loading->condition;
  store->refusal = g_strdup (loading->refusal != NULL ? loading->refusal : directory->refusal);
  store->explanation = g_strdup (loading->explanation->str);
  store->sequence = store->durable = loading->sequence;
  store->packings = g_ptr_array_new ();
  store->waiting = g_ptr_array_new_with_free_func (free_waiting);
  store->under_way = g_ptr_array_new_with_free_func (free_waiting);
  store->unsettled = g_ptr_array_ref (loading->unsettled);
  store->settled = g_array_new (FALSE, FALSE, sizeof (guint64));
  store->gathering = lvsd_gathering_new ();
  store->journal = g_steal_pointer (&loading->journal);
  store->has_checkpoint = loading->has_checkpoint;
  store->checkpoint = loading->checkpoint;
  store->checkpoint_size = loading->checkpoint_size;
  store->journal_size = loading->journal_size;
  return store;
}

/* Fills the table, which must be empty, with the last good state. ret_unsettled gets the changes
 * (LvsdChange, oldest first) of which it is not known whether the kernel has them. Fails only when
 * the directory cannot be used at all; lvsd_store_condition tells how it went otherwise. */
LvsdStore *
lvsd_store_open (const char *directory, LvsdTable *table, GPtrArray **ret_unsettled, GError **error)
{
  g_autoptr (LvsdDirectory) opened = lvsd_directory_open (directory, error);
  g_autoptr (LvsdLoading) loading = NULL;

  if (opened == NULL)
    return NULL;
  loading = lvsd_loading_run (opened, table, error);
  if (loading == NULL)
    return NULL;
  if (ret_unsettled != NULL)
    *ret_unsettled = unpack_unsettled (loading->unsettled);
  return new_store (g_steal_pointer (&opened), loading);
}

static void write_group (LvsdStore *store);

static void
finish_groups (LvsdStore *store)
{
  while (store->group != NULL)
    lvsd_work_wait (store->group_work);
}

/* Waits for what is being written, writes the settled marks that wait, and lets go of the
 * directory. Callbacks of changes under way are called before this returns, or by the main context
 * where their calls are as recent as that. */
void
lvsd_store_close (LvsdStore *store)
{
  while (store->packings->len > 0)
    lvsd_packing_wait (g_ptr_array_index (store->packings, 0));
  finish_groups (store);
  if (store->settled->len > 0 || store->waiting->len > 0)
    write_group (store);
  finish_groups (store);
  if (store->compaction != NULL)
    lvsd_work_wait (store->compaction_work);
  g_clear_handle_id (&store->settle_timer, g_source_remove);
  g_clear_pointer (&store->journal, lvsd_journal_free);
  lvsd_gathering_free (store->gathering);
  g_array_unref (store->settled);
  g_ptr_array_unref (store->unsettled);
  g_ptr_array_unref (store->packings);
  g_ptr_array_unref (store->under_way);
  g_ptr_array_unref (store->waiting);
  lvsd_directory_close (store->directory);
  g_free (store->explanation);
  g_free (store->refusal);
  g_free (store);
}

/* ret_explanation gets what to tell people, "" when there is nothing; owned by the store. */
LvsdStoreCondition
lvsd_store_condition (const LvsdStore *store, const char **ret_explanation)
{
  if (ret_explanation != NULL)
    *ret_explanation = store->explanation[0] == '\0' && store->refusal != NULL ? store->refusal
                                                                               : store->explanation;
  return store->condition;
}

/* Whether appending can work as far as is known; ret_reason gets why not, owned by the store. */
gboolean
lvsd_store_is_writable (const LvsdStore *store, const char **ret_reason)
{
  const char *reason = store->condition == LVSD_STORE_NEWER ? store->explanation : store->refusal;

  if (ret_reason != NULL)
    *ret_reason = reason;
  return reason == NULL;
}

/* A person has looked at the damage and decided: until this is called, the store is damaged after
 * each restart again. The files that were kept aside stay. */
void
lvsd_store_accept_damage (LvsdStore *store)
{
  if (store->condition != LVSD_STORE_DAMAGED || store->refusal != NULL)
    return;
  lvsd_loading_forget_damage (store->directory);
  store->condition = LVSD_STORE_SOUND;
  store->explanation[0] = '\0';
}

/* Where the store is, for files beside it; borrowed. */
const LvsdDirectory *
lvsd_store_directory (const LvsdStore *store)
{
  return store->directory;
}

/* The number of the last durable change. */
guint64
lvsd_store_sequence (const LvsdStore *store)
{
  return store->durable;
}

/* How often a group was made durable: for tests and measurements. */
guint
lvsd_store_sync_count (const LvsdStore *store)
{
  return store->n_syncs;
}

/* Whether nothing is being written. */
gboolean
lvsd_store_is_idle (const LvsdStore *store)
{
  return store->packings->len == 0 && store->waiting->len == 0 && store->group == NULL
         && store->compaction == NULL;
}

/* Groups */

static void
take_tasks (GPtrArray *tasks, GPtrArray *waiting)
{
  for (guint i = 0; i < waiting->len; i++)
    {
      Waiting *one = g_ptr_array_index (waiting, i);

      g_ptr_array_add (tasks, g_steal_pointer (&one->task));
    }
  g_ptr_array_set_size (waiting, 0);
}

static void
answer (const GPtrArray *tasks, const GError *error)
{
  for (guint i = 0; i < tasks->len; i++)
    if (error != NULL)
      g_task_return_error (g_ptr_array_index (tasks, i), g_error_copy (error));
    else
      g_task_return_boolean (g_ptr_array_index (tasks, i), TRUE);
}

/* A change that waited behind one that failed may stand on it, so it fails as well. Settled marks
 * go with a later group. */
static void
group_failed (LvsdStore *store, const LvsdGroup *group, GPtrArray *tasks)
{
  take_tasks (tasks, store->under_way);
  take_tasks (tasks, store->waiting);
  store->sequence = store->durable;
  for (guint i = 0; i < group->records->len; i++)
    {
      const LvsdRecord *record = g_ptr_array_index (group->records, i);

      if (record->type == LVSD_RECORD_SETTLED)
        lvsd_record_unpack_settled (record->payload, store->settled);
    }
}

static void
group_written (LvsdStore *store, const LvsdGroup *group, GPtrArray *tasks)
{
  take_tasks (tasks, store->under_way);
  for (guint i = 0; i < group->records->len; i++)
    {
      const LvsdRecord *record = g_ptr_array_index (group->records, i);

      store->journal_size += g_bytes_get_size (record->payload) + LVSD_HEAD_SIZE;
      if (record->type != LVSD_RECORD_CHANGE)
        continue;
      store->durable = record->sequence;
      g_ptr_array_add (store->unsettled,
                       lvsd_record_new (LVSD_RECORD_CARRIED, record->sequence, record->payload));
    }
}

static gboolean
on_settle_timer (gpointer user_data)
{
  LvsdStore *store = user_data;

  store->settle_timer = 0;
  if (store->group == NULL && store->settled->len > 0)
    write_group (store);
  return G_SOURCE_REMOVE;
}

static void
arm_settle_timer (LvsdStore *store)
{
  if (store->settle_timer == 0)
    store->settle_timer = g_timeout_add_seconds (SETTLE_SECONDS, on_settle_timer, store);
}

static gboolean
on_gather_timer (gpointer user_data)
{
  LvsdStore *store = user_data;

  store->gather_timer = 0;
  write_group (store);
  return G_SOURCE_REMOVE;
}

/* At once, or when those who are expected have come, or not. */
static void
begin_group (LvsdStore *store)
{
  guint rest = lvsd_gathering_rest (store->gathering, store->waiting->len);

  if (rest == 0)
    write_group (store);
  else if (store->gather_timer == 0)
    store->gather_timer = g_timeout_add (rest, on_gather_timer, store);
}

/* The callbacks may do anything, closing the store included, so they come last. */
static void
on_group_done (gpointer data)
{
  LvsdStore *store = data;
  g_autoptr (LvsdGroup) group = g_steal_pointer (&store->group);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);

  store->group_work = NULL;
  store->journal = g_steal_pointer (&group->journal);
  store->n_syncs += group->n_syncs;
  if (group->error != NULL)
    group_failed (store, group, tasks);
  else
    group_written (store, group, tasks);
  if (store->rotate)
    write_group (store);
  else if (store->waiting->len > 0)
    begin_group (store);
  else if (store->settled->len > 0 && group->error == NULL)
    arm_settle_timer (store);
  answer (tasks, group->error);
}

static void
write_in_thread (gpointer data)
{
  lvsd_group_write (((LvsdStore *) data)->group);
}

static void
add_records (LvsdStore *store, LvsdGroup *group)
{
  if (store->settled->len > 0)
    {
      g_autoptr (GBytes) payload = lvsd_record_pack_settled (store->settled);

      g_ptr_array_add (group->records,
                       lvsd_record_new (LVSD_RECORD_SETTLED, store->durable, payload));
      g_array_set_size (store->settled, 0);
    }
  for (guint i = 0; i < store->waiting->len; i++)
    {
      Waiting *one = g_ptr_array_index (store->waiting, i);

      g_ptr_array_add (group->records, g_steal_pointer (&one->record));
      group->sync = TRUE;
    }
}

static void
copy_carried (const LvsdStore *store, LvsdGroup *group)
{
  for (guint i = 0; i < store->unsettled->len; i++)
    g_ptr_array_add (group->carried, lvsd_record_ref (g_ptr_array_index (store->unsettled, i)));
}

/* Hands all that waits to the worker thread. */
static void
write_group (LvsdStore *store)
{
  GPtrArray *empty = store->under_way;

  g_clear_handle_id (&store->settle_timer, g_source_remove);
  g_clear_handle_id (&store->gather_timer, g_source_remove);
  lvsd_gathering_end (store->gathering);
  store->group =
      lvsd_group_new (store->directory, g_steal_pointer (&store->journal), store->durable);
  store->group->rotate = store->rotate;
  store->rotate = FALSE;
  copy_carried (store, store->group);
  add_records (store, store->group);
  store->under_way = store->waiting;
  store->waiting = empty;
  store->group_work = lvsd_work_start (write_in_thread, on_group_done, store);
}

/* Appending */

static GError *
find_refusal (const LvsdStore *store)
{
  if (store->condition == LVSD_STORE_NEWER)
    return g_error_new_literal (LVSD_ERROR, LVSD_ERROR_READ_ONLY, store->explanation);
  if (store->refusal != NULL)
    return g_error_new_literal (LVSD_ERROR, LVSD_ERROR_STORE_FAILED, store->refusal);
  return NULL;
}

/* Gives the change its number. */
static void
enqueue (LvsdStore *store, LvsdChange *change, GBytes *payload, GTask *task)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  change->sequence = ++store->sequence;
  waiting->task = g_object_ref (task);
  waiting->record = lvsd_record_new (LVSD_RECORD_CHANGE, change->sequence, payload);
  g_ptr_array_add (store->waiting, waiting);
  lvsd_gathering_note (store->gathering, change->caller);
  if (store->group == NULL)
    begin_group (store);
}

static void
on_packed (LvsdPacking *packing, GBytes *payload, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LvsdStore *store = g_task_get_task_data (task);

  g_ptr_array_remove_fast (store->packings, packing);
  if (payload != NULL)
    enqueue (store, lvsd_packing_change (packing), payload, task);
  else
    g_task_return_error (task, g_error_copy (error));
}

static void
pack_later (LvsdStore *store, LvsdChange *change, GTask *task)
{
  g_task_set_task_data (task, store, NULL);
  g_ptr_array_add (store->packings, lvsd_packing_start (change, on_packed, g_object_ref (task)));
}

/* Gives the change its number and makes it durable, together with those that come while another is
 * being written. Callbacks are called in the order of the numbers. */
void
lvsd_store_append_async (LvsdStore *store,
                         LvsdChange *change,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GBytes) payload = NULL;
  GError *error = find_refusal (store);

  g_task_set_source_tag (task, lvsd_store_append_async);
  if (error == NULL && lvsd_change_is_large (change))
    {
      pack_later (store, change, task);
      return;
    }
  if (error == NULL)
    payload = lvsd_packing_make (change, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    enqueue (store, change, payload, task);
}

/* The store may be closed by then, and is not looked at. */
gboolean
lvsd_store_append_finish (G_GNUC_UNUSED LvsdStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Settling */

/* The kernel has the durable change of this number. That is noted down with the next group, or
 * after a while: a crash before then costs a look at the kernel, no more. */
void
lvsd_store_settle (LvsdStore *store, guint64 sequence)
{
  for (guint i = 0; i < store->unsettled->len; i++)
    {
      const LvsdRecord *record = g_ptr_array_index (store->unsettled, i);

      if (record->sequence != sequence)
        continue;
      g_ptr_array_remove_index (store->unsettled, i);
      if (!lvsd_store_is_writable (store, NULL))
        return;
      g_array_append_val (store->settled, sequence);
      arm_settle_timer (store);
      return;
    }
}

/* Checkpoints */

/* Whether the journal has grown so far that a checkpoint is due. After one that failed, it has to
 * grow as much again. */
gboolean
lvsd_store_wants_checkpoint (const LvsdStore *store)
{
  return store->compaction == NULL && lvsd_store_is_writable (store, NULL)
         && store->journal_size - store->compacted_size
                > MAX ((gsize) CHECKPOINT_FLOOR, store->checkpoint_size);
}

static void
on_compaction_done (gpointer data)
{
  LvsdStore *store = data;
  g_autoptr (LvsdCompaction) compaction = g_steal_pointer (&store->compaction);

  store->compaction_work = NULL;
  if (compaction->error != NULL)
    {
      g_warning (_ ("the checkpoint could not be written and is tried again later: %s"),
                 compaction->error->message);
      return;
    }
  store->has_checkpoint = TRUE;
  store->checkpoint = compaction->sequence;
  store->checkpoint_size = compaction->size;
  store->journal_size -= store->compacted_size;
  store->compacted_size = 0;
}

static void
compact_in_thread (gpointer data)
{
  lvsd_compaction_write (((LvsdStore *) data)->compaction);
}

/* Begins another journal and writes the items, which must be the whole state after the last change,
 * services before their destinations, as the checkpoint that it stands on. No change may be on its
 * way when this is called; from then on they may come again. */
void
lvsd_store_checkpoint (LvsdStore *store, GPtrArray *items)
{
  g_return_if_fail (store->sequence == store->durable);

  if (store->compaction != NULL || !lvsd_store_is_writable (store, NULL)
      || (store->has_checkpoint && store->checkpoint == store->sequence))
    return;
  store->compacted_size = store->journal_size;
  store->rotate = TRUE;
  if (store->group == NULL)
    write_group (store);
  store->compaction = lvsd_compaction_new (store->directory, store->sequence, items);
  store->compaction_work = lvsd_work_start (compact_in_thread, on_compaction_done, store);
}
