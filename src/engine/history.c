/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/history.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "model/error.h"
#include "store/archive.h"
#include "store/work.h"

typedef struct
{
  LvsdNode *node;
  LvsdChange *change;
  LvsdArchiving *archiving;
  LvsdHistoryFunc done;
  gpointer user_data;
} Preparation;

static gboolean
take_generation (gpointer item, gpointer user_data)
{
  g_ptr_array_add (user_data, item);
  return TRUE;
}

/* Of LvsdGeneration, borrowed, the newest last. */
static GPtrArray *
list (const LvsdNode *node)
{
  GPtrArray *generations = g_ptr_array_new ();

  lvsd_table_walk (node->table, LVSD_KIND_GENERATION, NULL, take_generation, generations);
  return generations;
}

static LvsdGeneration *
last (const GPtrArray *generations)
{
  return generations->len > 0 ? g_ptr_array_index (generations, generations->len - 1) : NULL;
}

LvsdGeneration *
lvsd_history_draft (const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      LvsdGeneration *generation = (LvsdGeneration *) edit->after;

      if (edit->before == NULL && lvsd_item_get_kind (generation) == LVSD_KIND_GENERATION
          && generation->number == 0)
        return generation;
    }
  return NULL;
}

/* Confirming */

const LvsdGeneration *
lvsd_history_pending (const LvsdNode *node, gint64 *ret_seconds)
{
  g_autoptr (GPtrArray) generations = list (node);
  const LvsdGeneration *newest = last (generations);

  if (newest == NULL || newest->deadline == 0)
    return NULL;
  if (ret_seconds != NULL)
    *ret_seconds = g_str_equal (newest->boot_id, node->boot_id)
                       ? MAX (0, newest->deadline - lvsd_node_boot_seconds ())
                       : 0;
  return newest;
}

static gboolean
answers (const LvsdGeneration *draft)
{
  return draft != NULL
         && (draft->cause == LVSD_CAUSE_ROLLBACK || draft->cause == LVSD_CAUSE_EXPIRY);
}

gboolean
lvsd_history_allows (const LvsdNode *node, const LvsdChange *change, GError **error)
{
  gint64 seconds;
  const LvsdGeneration *pending = lvsd_history_pending (node, &seconds);

  if (pending == NULL || !lvsd_change_is_of_configuration (change)
      || answers (lvsd_history_draft (change)))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("generation %u waits to be confirmed, for another %" PRId64
                  " seconds; until then nothing else is changed: 'confirm' keeps it, 'rollback' "
                  "goes back at once"),
               pending->number, seconds);
  return FALSE;
}

static void
stand (LvsdChange *change, const LvsdGeneration *pending)
{
  g_autoptr (LvsdGeneration) standing = lvsd_item_copy (pending);

  standing->deadline = 0;
  lvsd_change_add (change, (gpointer) pending, standing);
}

LvsdChange *
lvsd_history_confirm (const LvsdNode *node, GError **error)
{
  const LvsdGeneration *pending = lvsd_history_pending (node, NULL);
  LvsdChange *change;

  if (pending == NULL)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                           _ ("nothing waits to be confirmed; 'history' shows what became of it"));
      return NULL;
    }
  change = lvsd_change_new ();
  stand (change, pending);
  return change;
}

/* Preparing */

static Preparation *
begin (LvsdNode *node, LvsdChange *change)
{
  g_autoptr (GPtrArray) generations = list (node);
  const LvsdGeneration *newest = last (generations);
  Preparation *preparation = g_new0 (Preparation, 1);
  LvsdArchiving *archiving = lvsd_archiving_new (lvsd_store_directory (node->store),
                                                 lvsd_table_snapshot (node->table), change);

  archiving->number = MAX (node->last_generation, newest != NULL ? newest->number : 0) + 1;
  if (newest != NULL)
    g_strlcpy (archiving->newest, newest->digest, sizeof archiving->newest);
  archiving->is_kept = newest != NULL && node->edits == node->edits_kept;
  node->edits_being_kept = node->edits;
  /* After damage a file that no generation is known of may be the way out. */
  if (lvsd_store_condition (node->store, NULL) == LVSD_STORE_SOUND)
    {
      archiving->kept = g_array_new (FALSE, FALSE, sizeof (guint32));
      for (guint i = 0; i < generations->len; i++)
        g_array_append_val (archiving->kept,
                            ((LvsdGeneration *) g_ptr_array_index (generations, i))->number);
    }
  preparation->node = node;
  preparation->change = change;
  preparation->archiving = archiving;
  return preparation;
}

static void
finish (Preparation *preparation)
{
  lvsd_archiving_free (preparation->archiving);
  g_free (preparation);
}

/* The single edits since the newest generation make one by themselves. */
static void
add_edits (Preparation *preparation)
{
  g_autoptr (LvsdGeneration) edits = lvsd_generation_new (LVSD_CAUSE_EDITS);

  edits->number = preparation->archiving->number;
  edits->time = (guint32) (g_get_real_time () / G_USEC_PER_SEC);
  g_strlcpy (edits->digest, preparation->archiving->before, sizeof edits->digest);
  lvsd_change_add (preparation->change, NULL, edits);
}

static void
fill_in (Preparation *preparation, LvsdGeneration *draft, guint32 newest)
{
  const LvsdArchiving *archiving = preparation->archiving;
  gboolean edited = archiving->before[0] != '\0';

  draft->number = archiving->number + (guint32) edited;
  draft->time = (guint32) (g_get_real_time () / G_USEC_PER_SEC);
  g_strlcpy (draft->digest, archiving->after, sizeof draft->digest);
  if (draft->deadline == 0)
    return;
  /* Until now it was how long; the second that has begun does not count. */
  draft->deadline += (guint32) lvsd_node_boot_seconds () + 1;
  draft->fallback = edited ? archiving->number : newest;
  g_strlcpy (draft->boot_id, preparation->node->boot_id, sizeof draft->boot_id);
}

static void
forget_oldest (LvsdChange *change, const GPtrArray *generations, guint n_new)
{
  for (guint i = 0; i + LVSD_HISTORY_LENGTH < generations->len + n_new; i++)
    lvsd_change_add (change, g_ptr_array_index (generations, i), NULL);
}

static void
complete (Preparation *preparation)
{
  LvsdNode *node = preparation->node;
  LvsdChange *change = preparation->change;
  LvsdGeneration *draft = lvsd_history_draft (change);
  const LvsdGeneration *pending = lvsd_history_pending (node, NULL);
  g_autoptr (GPtrArray) generations = list (node);
  const LvsdGeneration *newest = last (generations);
  gboolean edited = preparation->archiving->before[0] != '\0';

  fill_in (preparation, draft, newest != NULL ? newest->number : 0);
  node->last_generation = draft->number;
  if (pending != NULL)
    stand (change, pending);
  if (edited)
    add_edits (preparation);
  forget_oldest (change, generations, 1 + (guint) edited);
}

static void
run_in_thread (gpointer data)
{
  lvsd_archiving_run (((Preparation *) data)->archiving);
}

static void
on_archived (gpointer data)
{
  Preparation *preparation = data;
  LvsdHistoryFunc done = preparation->done;
  gpointer user_data = preparation->user_data;
  GError *error = g_steal_pointer (&preparation->archiving->error);

  if (error == NULL)
    complete (preparation);
  finish (preparation);
  done (error, user_data);
}

void
lvsd_history_prepare (LvsdNode *node, LvsdChange *change, LvsdHistoryFunc done, gpointer user_data)
{
  Preparation *preparation = begin (node, change);

  preparation->done = done;
  preparation->user_data = user_data;
  lvsd_work_start (run_in_thread, on_archived, preparation);
}

gboolean
lvsd_history_prepare_now (LvsdNode *node, LvsdChange *change, GError **error)
{
  Preparation *preparation = begin (node, change);
  gboolean ok;

  lvsd_archiving_run (preparation->archiving);
  ok = preparation->archiving->error == NULL;
  if (ok)
    complete (preparation);
  else
    g_propagate_error (error, g_steal_pointer (&preparation->archiving->error));
  finish (preparation);
  return ok;
}

/* Going back */

LvsdChange *
lvsd_history_compare (const LvsdNode *node,
                      GPtrArray *items,
                      GHashTable *index,
                      LvsdDeclarationCounts *ret_counts,
                      GError **error)
{
  g_autoptr (LvsdChange) change = lvsd_change_new ();

  if (!lvsd_declaration_compare (node->table, items, index, lvsd_declaration_all_kinds (), change,
                                 ret_counts, error))
    return NULL;
  return g_steal_pointer (&change);
}

LvsdChange *
lvsd_history_return_to (const LvsdNode *node, guint32 number, GError **error)
{
  g_autoptr (GPtrArray) items = lvsd_history_read (node, number, error);

  return items != NULL ? lvsd_history_compare (node, items, NULL, NULL, error) : NULL;
}
