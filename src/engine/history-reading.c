/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "engine/history.h"
#include "model/error.h"
#include "store/archive.h"

/* What a thread needs to read a generation; nobody else changes any of it meanwhile. */
typedef struct
{
  const LvsdDirectory *directory;
  GPtrArray *candidates; /* of LvsdGeneration, the newest last */
  GPtrArray *now;        /* the state that the generation is not to be; NULL: any does */
  GHashTable *index;     /* of what was read, see lvsd_declaration_index */
} Reading;

static void
free_reading (gpointer data)
{
  Reading *reading = data;

  g_ptr_array_unref (reading->candidates);
  g_clear_pointer (&reading->now, g_ptr_array_unref);
  g_clear_pointer (&reading->index, g_hash_table_unref);
  g_free (reading);
}

/* After damage there may be a file whose record was lost: it says of itself whether it is whole. */
static LvsdGeneration *
find (const LvsdNode *node, guint32 number, GError **error)
{
  LvsdGeneration *generation = lvsd_table_find_generation (node->table, number);

  if (generation != NULL)
    return lvsd_item_ref (generation);
  if (lvsd_store_condition (node->store, NULL) == LVSD_STORE_DAMAGED)
    {
      generation = lvsd_generation_new (LVSD_CAUSE_EDITS);
      generation->number = number;
      return generation;
    }
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
               _ ("there is no generation %u; 'history' lists those that are kept"), number);
  return NULL;
}

GPtrArray *
lvsd_history_read (const LvsdNode *node, guint32 number, GError **error)
{
  g_autoptr (LvsdGeneration) generation = find (node, number, error);

  return generation != NULL ? lvsd_archive_read (lvsd_store_directory (node->store), number,
                                                 generation->digest, error)
                            : NULL;
}

static gboolean
add_candidate (gpointer item, gpointer user_data)
{
  g_ptr_array_add (user_data, lvsd_item_ref (item));
  return TRUE;
}

static gboolean
collect (const LvsdNode *node, guint32 number, Reading *reading, GError **error)
{
  LvsdGeneration *generation;

  if (number == 0)
    {
      lvsd_table_walk (node->table, LVSD_KIND_GENERATION, NULL, add_candidate, reading->candidates);
      reading->now = lvsd_table_snapshot (node->table);
      return TRUE;
    }
  generation = find (node, number, error);
  if (generation == NULL)
    return FALSE;
  g_ptr_array_add (reading->candidates, generation);
  return TRUE;
}

static const LvsdGeneration *
choose (const Reading *reading)
{
  g_autoptr (GString) now = reading->now != NULL ? lvsd_archive_format (reading->now) : NULL;

  for (guint i = reading->candidates->len; i > 0; i--)
    {
      const LvsdGeneration *candidate = g_ptr_array_index (reading->candidates, i - 1);

      if (now == NULL || !lvsd_seal_digest_fits (now, candidate->digest))
        return candidate;
    }
  return NULL;
}

static void
read_in_thread (GTask *task,
                G_GNUC_UNUSED gpointer source,
                gpointer data,
                G_GNUC_UNUSED GCancellable *cancellable)
{
  Reading *reading = data;
  const LvsdGeneration *chosen = choose (reading);
  GError *error = NULL;
  g_autoptr (GPtrArray) items = NULL;

  if (chosen == NULL)
    {
      g_task_return_new_error (task, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, "%s",
                               _ ("there is no other state to go back to: apply, clear and "
                                  "rollback keep the one they began with"));
      return;
    }
  items = lvsd_archive_read (reading->directory, chosen->number, chosen->digest, &error);
  if (items != NULL)
    reading->index = lvsd_declaration_index (items, &error);
  if (reading->index != NULL)
    g_task_return_pointer (task, g_steal_pointer (&items), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
lvsd_history_read_async (const LvsdNode *node,
                         guint32 number,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, lvsd_history_read_async);
  g_task_set_task_data (task, reading, free_reading);
  reading->directory = lvsd_store_directory (node->store);
  reading->candidates = g_ptr_array_new_with_free_func (lvsd_item_unref);
  if (collect (node, number, reading, &error))
    g_task_run_in_thread (task, read_in_thread);
  else
    g_task_return_error (task, error);
}

GPtrArray *
lvsd_history_read_finish (GAsyncResult *result, GHashTable **ret_index, GError **error)
{
  Reading *reading = g_task_get_task_data (G_TASK (result));
  GPtrArray *items = g_task_propagate_pointer (G_TASK (result), error);

  *ret_index = items != NULL ? g_steal_pointer (&reading->index) : NULL;
  return items;
}
