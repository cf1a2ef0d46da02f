/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/assessment.h"
#include "engine/comparing.h"
#include "engine/survey.h"
#include "store/work.h"

struct _LvsdComparison
{
  LvsdNode *node;
  GPtrArray *items; /* everything */
  LvsdChange *same; /* into itself */
  GHashTable *ours; /* the items of it, by identity */
  LvsdSurvey *survey;
  LvsdActual *actual;
  LvsdPlan *plan;
  GError *error;
  LvsdComparisonFunc done;
  gpointer user_data;
};

void
lvsd_comparison_free (LvsdComparison *comparison)
{
  g_clear_pointer (&comparison->survey, lvsd_survey_free);
  g_clear_pointer (&comparison->plan, g_array_unref);
  g_clear_pointer (&comparison->actual, lvsd_actual_free);
  g_clear_error (&comparison->error);
  g_hash_table_unref (comparison->ours);
  lvsd_change_free (comparison->same);
  g_ptr_array_unref (comparison->items);
  g_free (comparison);
}

static void
finish (LvsdComparison *comparison)
{
  LvsdComparisonFunc done = comparison->done;
  gpointer user_data = comparison->user_data;
  GError *error = g_steal_pointer (&comparison->error);

  g_clear_pointer (&comparison->survey, lvsd_survey_free);
  if (error != NULL)
    g_clear_pointer (&comparison, lvsd_comparison_free);
  done (comparison, error, user_data);
}

/* On items that nobody changes, and on what was read. */
static void
compare_in_thread (gpointer data)
{
  LvsdComparison *comparison = data;

  comparison->plan = lvsd_plan_compute (comparison->same, comparison->actual, &comparison->error);
}

static void
on_compared (gpointer data)
{
  finish (data);
}

static gboolean
go_on (gpointer user_data)
{
  LvsdComparison *comparison = user_data;

  if (!lvsd_survey_go_on (comparison->survey, &comparison->actual, &comparison->error))
    finish (comparison);
  else if (comparison->actual == NULL)
    return G_SOURCE_CONTINUE;
  else
    lvsd_work_start (compare_in_thread, on_compared, comparison);
  return G_SOURCE_REMOVE;
}

static void
prepare_in_thread (gpointer data)
{
  LvsdComparison *comparison = data;

  for (guint i = 0; i < comparison->items->len; i++)
    {
      gpointer item = g_ptr_array_index (comparison->items, i);

      lvsd_change_add (comparison->same, item, item);
      g_hash_table_add (comparison->ours, item);
    }
}

static void
on_prepared (gpointer data)
{
  LvsdComparison *comparison = data;

  comparison->survey = lvsd_survey_new (comparison->node, comparison->same);
  g_idle_add_full (G_PRIORITY_DEFAULT, go_on, comparison, NULL);
}

void
lvsd_comparison_start (LvsdNode *node, LvsdComparisonFunc done, gpointer user_data)
{
  LvsdComparison *comparison = g_new0 (LvsdComparison, 1);

  comparison->node = node;
  comparison->done = done;
  comparison->user_data = user_data;
  comparison->ours = g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  comparison->same = lvsd_change_new ();
  comparison->items = lvsd_table_snapshot (node->table);
  lvsd_work_start (prepare_in_thread, on_prepared, comparison);
}

const LvsdPlan *
lvsd_comparison_plan (const LvsdComparison *comparison)
{
  return comparison->plan;
}

const GPtrArray *
lvsd_comparison_held (const LvsdComparison *comparison)
{
  return lvsd_actual_entries (comparison->actual);
}

gpointer
lvsd_comparison_find_subject (const LvsdComparison *comparison, const LvsdStep *step)
{
  gpointer subject = lvsd_assessment_find_subject (comparison->node, step);

  return subject != NULL && g_hash_table_lookup (comparison->ours, subject) == subject ? subject
                                                                                       : NULL;
}

gboolean
lvsd_comparison_was_ours (const LvsdComparison *comparison, gconstpointer item)
{
  return g_hash_table_contains (comparison->ours, item);
}
