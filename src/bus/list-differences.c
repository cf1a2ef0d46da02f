/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/change-rows.h"
#include "bus/differences.h"
#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/options.h"
#include "engine/discard.h"

/* "weight 3, in the kernel 1; ..." for people. */
static char *
describe_pairs (GVariant *pairs)
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

  lvsd_listing_pack_row (rows, g_variant_new ("(ssss@a{sv})", lvsd_change_kind_name (item), id,
                                              difference, text, details));
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
      text = describe_pairs (pairs);
      add_row (rows, item, "changed", text, pairs);
      return;
    }
  g_assert_not_reached ();
}

typedef struct
{
  LvsdItem *item;
  LvsdDrift drift;
  LvsdItem *wanted; /* these two are the comparison's */
  LvsdItem *held;
} Difference;

/* What a thread puts into rows. */
typedef struct
{
  LvsdRequest *request;
  LvsdComparison *comparison;
  guint64 generation;
  GArray *differences; /* of Difference */
} Description;

static void
clear_difference (gpointer data)
{
  lvsd_item_unref (((Difference *) data)->item);
}

static void
free_description (gpointer data)
{
  Description *description = data;

  g_array_unref (description->differences);
  lvsd_comparison_free (description->comparison);
  g_free (description);
}

static void
discard_description (gpointer data)
{
  lvsd_discard (data, free_description);
}

static void
add_step (Description *description, const LvsdStep *step)
{
  gpointer subject = lvsd_comparison_find_subject (description->comparison, step);
  Difference difference = { .wanted = step->item, .held = step->held };

  if (subject == NULL || step->verb == LVSD_STEP_DELETE)
    return;
  difference.item = lvsd_item_ref (subject);
  difference.drift = step->verb == LVSD_STEP_NEW ? LVSD_DRIFT_MISSING : LVSD_DRIFT_CHANGED;
  g_array_append_val (description->differences, difference);
}

/* What somebody put into a service of ours. */
static void
add_extra (Description *description, LvsdItem *item)
{
  const LvsdTable *table = lvsd_request_table (description->request);
  const LvsdDestination *extra = (const LvsdDestination *) item;
  Difference difference = { .drift = LVSD_DRIFT_EXTRA, .held = item };
  const LvsdService *service;

  if (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION
      || lvsd_comparison_was_ours (description->comparison, item)
      || lvsd_table_find (table, item) != NULL)
    return;
  service = lvsd_table_find_service_by_key (table, &extra->identity->key);
  if (service == NULL)
    return;
  difference.item = (LvsdItem *) lvsd_destination_new (service->identity, &extra->endpoint);
  g_array_append_val (description->differences, difference);
}

static void
collect (Description *description)
{
  const LvsdPlan *plan = lvsd_comparison_plan (description->comparison);
  const GPtrArray *entries = lvsd_comparison_held (description->comparison);

  for (guint i = 0; i < plan->len; i++)
    add_step (description, lvsd_plan_step (plan, i));
  for (guint i = 0; i < entries->len; i++)
    add_extra (description, ((const LvsdActualEntry *) g_ptr_array_index (entries, i))->item);
}

static GVariant *
describe (gpointer data, G_GNUC_UNUSED GError **error)
{
  const Description *description = data;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssssa{sv})"));
  for (guint i = 0; i < description->differences->len; i++)
    {
      const Difference *difference = &g_array_index (description->differences, Difference, i);

      lvsd_differences_add (&rows, difference->item, difference->drift, difference->wanted,
                            difference->held);
    }
  return g_variant_new ("(tv)", description->generation,
                        lvsd_request_compress (description->request,
                                               g_variant_builder_end (&rows)));
}

gboolean
lvsd_call_manager_list_differences (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_request_take_compressed (request, options, error)
         && lvsd_options_finish (options, error);
}

/* Takes the comparison. */
static void
answer (LvsdRequest *request, LvsdComparison *comparison)
{
  Description *description = g_new0 (Description, 1);
  GError *error = NULL;

  description->request = request;
  description->comparison = comparison;
  description->generation = lvsd_engine_generation (request->engine);
  description->differences = g_array_new (FALSE, FALSE, sizeof (Difference));
  g_array_set_clear_func (description->differences, clear_difference);
  collect (description);
  if (lvsd_request_check_rows (request, description->differences->len, &error))
    {
      lvsd_request_answer_from_thread (request, describe, description, discard_description);
      return;
    }
  discard_description (description);
  lvsd_request_fail (request, error);
}

static void
on_compared (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  GError *error = NULL;
  LvsdComparison *comparison = lvsd_engine_compare_finish (request->engine, result, &error);

  if (comparison == NULL)
    lvsd_request_fail (request, error);
  else
    answer (request, comparison);
}

void
lvsd_call_manager_perform_list_differences (LvsdRequest *request)
{
  lvsd_engine_compare_async (request->engine, on_compared, request);
}
