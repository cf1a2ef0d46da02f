/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/change-rows.h"
#include "bus/differences.h"
#include "bus/handlers.h"
#include "bus/options.h"

/* "weight 3, in the kernel 1; ..." for people. */
static char *
describe (GVariant *pairs)
{
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *name;
  GVariant *pair;

  g_variant_iter_init (&iter, pairs);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &pair))
    {
      g_autoptr (GVariant) wanted = g_variant_get_child_value (pair, 0);
      g_autoptr (GVariant) held = g_variant_get_child_value (pair, 1);
      g_autofree char *wanted_text = g_variant_print (wanted, FALSE);
      g_autofree char *held_text = g_variant_print (held, FALSE);

      if (text->len > 0)
        g_string_append (text, "; ");
      g_string_append_printf (text, _ ("%s is to be %s, in the kernel it is %s"), name, wanted_text,
                              held_text);
    }
  return g_string_free (text, FALSE);
}

static void
add_row (GVariantBuilder *rows,
         gconstpointer item,
         const char *difference,
         const char *text,
         GVariant *details)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_variant_builder_add (rows, "(ssss@a{sv})", lvsd_change_kind_name (item), id, difference, text,
                         details);
}

/* The kernel holds a weight in effect, which is compared with the one in effect. */
static gpointer
as_in_effect (gpointer item)
{
  LvsdDestination *copy;

  if (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION
      || ((LvsdDestination *) item)->runtime == NULL)
    return lvsd_item_ref (item);
  copy = lvsd_item_copy (item);
  copy->weight = lvsd_destination_effective_weight (copy);
  return copy;
}

void
lvsd_differences_add (GVariantBuilder *rows,
                      gconstpointer item,
                      LvsdDrift drift,
                      gpointer wanted,
                      gpointer held)
{
  g_autoptr (LvsdItem) in_effect = NULL;
  g_autoptr (GVariant) pairs = NULL;
  g_autofree char *text = NULL;

  switch (drift)
    {
    case LVSD_DRIFT_MISSING:
    case LVSD_DRIFT_ADDRESS:
      add_row (rows, item, "missing", _ ("is not in the kernel"), g_variant_new ("a{sv}", NULL));
      return;
    case LVSD_DRIFT_EXTRA:
      add_row (rows, item, "extra", _ ("is in the kernel, and lvsd did not put it there"),
               g_variant_new ("a{sv}", NULL));
      return;
    case LVSD_DRIFT_CHANGED:
      in_effect = as_in_effect (wanted);
      pairs = g_variant_ref_sink (lvsd_change_pairs (in_effect, held));
      text = describe (pairs);
      add_row (rows, item, "changed", text, pairs);
      return;
    }
  g_assert_not_reached ();
}

static void
add_step (GVariantBuilder *rows, const LvsdComparison *comparison, const LvsdStep *step)
{
  gpointer subject = lvsd_comparison_find_subject (comparison, step);

  if (subject == NULL || step->verb == LVSD_STEP_DELETE)
    return;
  lvsd_differences_add (rows, subject,
                        step->verb == LVSD_STEP_NEW ? LVSD_DRIFT_MISSING : LVSD_DRIFT_CHANGED,
                        step->item, step->held);
}

/* What somebody put into a service of ours. */
static void
add_extra (GVariantBuilder *rows,
           const LvsdTable *table,
           const LvsdComparison *comparison,
           gpointer item)
{
  const LvsdService *service;
  g_autoptr (LvsdDestination) named = NULL;

  if (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION
      || lvsd_comparison_was_ours (comparison, item) || lvsd_table_find (table, item) != NULL)
    return;
  service = lvsd_table_find_service_by_key (table, &((LvsdDestination *) item)->identity->key);
  if (service == NULL)
    return;
  named = lvsd_destination_new (service->identity, &((LvsdDestination *) item)->endpoint);
  lvsd_differences_add (rows, named, LVSD_DRIFT_EXTRA, NULL, item);
}

static GVariant *
describe_comparison (const LvsdRequest *request, const LvsdComparison *comparison)
{
  const LvsdPlan *plan = lvsd_comparison_plan (comparison);
  const GPtrArray *entries = lvsd_comparison_held (comparison);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssssa{sv})"));
  for (guint i = 0; i < plan->len; i++)
    add_step (&rows, comparison, lvsd_plan_step (plan, i));
  for (guint i = 0; i < entries->len; i++)
    add_extra (&rows, lvsd_request_table (request), comparison,
               ((const LvsdActualEntry *) g_ptr_array_index (entries, i))->item);
  return g_variant_new ("(ta(ssssa{sv}))", lvsd_engine_generation (request->engine), &rows);
}

gboolean
lvsd_call_manager_list_differences (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_options_finish (options, error);
}

static void
on_compared (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  GError *error = NULL;
  g_autoptr (LvsdComparison) comparison =
      lvsd_engine_compare_finish (request->engine, result, &error);

  if (comparison == NULL)
    {
      lvsd_request_fail (request, error);
      return;
    }
  lvsd_request_set_reply (request, describe_comparison (request, comparison));
  lvsd_request_answer (request);
}

void
lvsd_call_manager_perform_list_differences (LvsdRequest *request)
{
  lvsd_engine_compare_async (request->engine, on_compared, request);
}
