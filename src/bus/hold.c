/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/options.h"
#include "model/error.h"

/* The name that a hold of the argument has: "" stands for everything. NULL with an error. */
static const char *
take_name (LvsdRequest *request, GError **error)
{
  const LvsdService *service;
  const char *text;

  g_variant_get_child (request->parameters, 0, "&s", &text);
  if (text[0] == '\0')
    return LVSD_HOLD_ALL;
  service = lvsd_lookup_service (lvsd_request_table (request), text, error);
  if (service == NULL)
    return NULL;
  lvsd_request_require (request, (gpointer) service);
  return service->identity->name;
}

gboolean
lvsd_call_manager_hold (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  const char *name = take_name (request, error);
  g_autoptr (LvsdHold) draft = NULL;

  if (name == NULL)
    return FALSE;
  draft = lvsd_hold_new (name);
  if (!lvsd_options_take_number (options, "seconds", 1, LVSD_HOLD_SECONDS_MAX, &draft->seconds,
                                 error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  lvsd_request_add_edit (request, lvsd_table_find_hold (lvsd_request_table (request), name), draft);
  return TRUE;
}

/* Its time begins when it was allowed. */
void
lvsd_call_manager_perform_hold (LvsdRequest *request)
{
  LvsdHold *draft = (LvsdHold *) lvsd_change_edit (request->change, 0)->after;

  draft->uid = request->caller.uid;
  lvsd_engine_begin_hold (request->engine, draft);
  lvsd_request_submit (request);
}

static gboolean
refuse_unheld (LvsdRequest *request, const char *name, GError **error)
{
  const LvsdHold *everything = lvsd_table_find_hold (lvsd_request_table (request), LVSD_HOLD_ALL);

  if (g_str_equal (name, LVSD_HOLD_ALL))
    g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("nothing is held"));
  else if (everything != NULL && lvsd_engine_is_in_force (request->engine, everything))
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("service %s: is not held by itself, but everything is; 'lvsctl release all' "
                    "ends that"),
                 name);
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service %s: is not held"), name);
  return FALSE;
}

static gboolean
add_end (gpointer item, gpointer user_data)
{
  lvsd_request_add_edit (user_data, item, NULL);
  return TRUE;
}

gboolean
lvsd_call_manager_release (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  const char *name = take_name (request, error);
  LvsdHold *hold;

  if (name == NULL || !lvsd_options_finish (options, error))
    return FALSE;
  hold = lvsd_table_find_hold (lvsd_request_table (request), name);
  if (g_str_equal (name, LVSD_HOLD_ALL))
    lvsd_table_walk (lvsd_request_table (request), LVSD_KIND_HOLD, NULL, add_end, request);
  else if (hold != NULL)
    lvsd_request_add_edit (request, hold, NULL);
  return request->change->edits->len > 0 || refuse_unheld (request, name, error);
}
