/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "bus/configuration.h"
#include "bus/handlers.h"
#include "bus/options.h"
#include "model/error.h"

static gboolean
take_number (const LvsdRequest *request, guint32 *ret_number, GError **error)
{
  guint64 number;

  g_variant_get_child (request->parameters, 0, "t", &number);
  if (number <= G_MAXUINT32)
    {
      *ret_number = (guint32) number;
      return TRUE;
    }
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
               _ ("there is no generation %" PRIu64 "; 'history' lists those that are kept"),
               number);
  return FALSE;
}

/* Whether the call is about a generation, whose file has to be read before it can be decoded. */
gboolean
lvsd_call_names_generation (const LvsdRequest *request, guint32 *ret_number)
{
  return (request->call->decode == lvsd_call_manager_rollback
          || request->call->decode == lvsd_call_manager_get_generation)
         && take_number (request, ret_number, NULL);
}

gboolean
lvsd_call_manager_confirm (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_options_finish (options, error);
}

void
lvsd_call_manager_perform_confirm (LvsdRequest *request)
{
  GError *error = NULL;
  LvsdChange *change = lvsd_engine_confirm (request->engine, &error);

  if (change == NULL)
    {
      lvsd_request_fail (request, error);
      return;
    }
  lvsd_change_free (request->change);
  request->change = change;
  lvsd_request_submit (request);
}

/* It ends a degraded state, and what waits to be confirmed, whatever its change is. */
static gboolean
ends_more (LvsdEngine *engine)
{
  const char *reason;
  gint64 seconds;

  return lvsd_engine_pending (engine, &seconds) != NULL
         || g_str_equal (lvsd_engine_state (engine, &reason), "degraded");
}

gboolean
lvsd_call_manager_rollback (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  LvsdChange *change;
  guint32 number;

  if (!take_number (request, &number, error)
      || !lvsd_apply_take_options (request, options, LVSD_CAUSE_ROLLBACK, error))
    return FALSE;
  change = lvsd_engine_return_to (request->engine, request->generation_items,
                                  request->generation_index, &request->counts, error);
  if (change == NULL)
    return FALSE;
  lvsd_change_free (request->change);
  request->change = change;
  request->flags |= LVSD_SUBMIT_RECOVER;
  request->divisible = request->divisible && !ends_more (request->engine);
  return TRUE;
}

typedef struct
{
  LvsdEngine *engine;
  GVariantBuilder rows;
} Listing;

static gboolean
add_generation (gpointer item, gpointer user_data)
{
  const LvsdGeneration *generation = item;
  Listing *listing = user_data;
  gint64 seconds;
  GVariantDict details;

  g_variant_dict_init (&details, NULL);
  g_variant_dict_insert (&details, "uid", "u", generation->uid);
  g_variant_dict_insert (&details, "added", "u", generation->added);
  g_variant_dict_insert (&details, "changed", "u", generation->changed);
  g_variant_dict_insert (&details, "removed", "u", generation->removed);
  if (lvsd_engine_pending (listing->engine, &seconds) == generation)
    g_variant_dict_insert (&details, "confirm-seconds", "u", (guint32) seconds);
  g_variant_builder_add (&listing->rows, "(txs@a{sv})", (guint64) generation->number,
                         (gint64) generation->time,
                         lvsd_terms_format (lvsd_cause_terms, generation->cause),
                         g_variant_dict_end (&details));
  return TRUE;
}

gboolean
lvsd_call_manager_list_generations (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  Listing listing = { .engine = request->engine };

  if (!lvsd_options_finish (options, error))
    return FALSE;
  g_variant_builder_init (&listing.rows, G_VARIANT_TYPE ("a(txsa{sv})"));
  lvsd_table_walk (lvsd_request_table (request), LVSD_KIND_GENERATION, NULL, add_generation,
                   &listing);
  lvsd_request_set_reply (request, g_variant_new ("(a(txsa{sv}))", &listing.rows));
  return TRUE;
}

gboolean
lvsd_call_manager_get_generation (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  guint32 number;

  return take_number (request, &number, error)
         && lvsd_request_take_compressed (request, options, error)
         && lvsd_options_finish (options, error)
         && lvsd_request_check_rows (request, request->generation_items->len, error);
}

/* In the order in which sections are made of them. */
static GPtrArray *
arrange (GPtrArray *items, GError **error)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();

  for (guint i = 0; i < items->len; i++)
    lvsd_change_add (change, NULL, g_ptr_array_index (items, i));
  return lvsd_change_replay (change, table, error) ? lvsd_table_snapshot (table) : NULL;
}

static GVariant *
describe (gpointer data, GError **error)
{
  const LvsdRequest *request = data;
  g_autoptr (GPtrArray) items = arrange (request->generation_items, error);

  if (items == NULL)
    return NULL;
  return g_variant_new ("(@a{sv})", lvsd_configuration_sections (items, request->compressed));
}

void
lvsd_call_manager_perform_get_generation (LvsdRequest *request)
{
  lvsd_request_answer_from_thread (request, describe, request, NULL);
}
