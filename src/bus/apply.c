/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/change-rows.h"
#include "bus/configuration.h"
#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/options.h"
#include "dbus/names.h"
#include "model/error.h"

#define LONGEST_CONFIRM_TIMEOUT (7 * 24 * 60 * 60) /* seconds */

GVariant *
lvsd_apply_result (LvsdRequest *request)
{
  const LvsdDeclarationCounts *counts = &request->counts;
  GVariantDict result;

  g_variant_dict_init (&result, NULL);
  g_variant_dict_insert (&result, "added", "u", counts->added);
  g_variant_dict_insert (&result, "changed", "u", counts->changed);
  g_variant_dict_insert (&result, "removed", "u", counts->removed);
  g_variant_dict_insert (&result, "unchanged", "u", counts->unchanged);
  if (request->dry_run)
    g_variant_dict_insert_value (
        &result, "plan", lvsd_request_compress (request, lvsd_change_rows (request->change)));
  else if (request->generation->number != 0)
    g_variant_dict_insert (&result, "generation", "t", (guint64) request->generation->number);
  if (request->in_use != NULL)
    g_variant_dict_insert (&result, "in-use", "s", request->in_use);
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&result));
}

gboolean
lvsd_apply_take_options (LvsdRequest *request,
                         GVariantDict *options,
                         LvsdCause cause,
                         GError **error)
{
  request->make_reply = lvsd_apply_result;
  request->generation = lvsd_generation_new (cause);
  if (!lvsd_request_take_force (request, options, error)
      || !lvsd_options_take_boolean (options, "dry-run", &request->dry_run, error)
      || !lvsd_request_take_compressed (request, options, error)
      || !lvsd_options_take_number (options, "confirm-timeout", 1, LONGEST_CONFIRM_TIMEOUT,
                                    &request->generation->deadline, error))
    return FALSE;
  if (request->dry_run)
    request->action = LVSD_FREE;
  request->anew = TRUE;
  /* Until it is confirmed, nobody else may change anything. */
  request->divisible = request->generation->deadline == 0;
  return lvsd_options_finish (options, error);
}

static gboolean
take_mode (GVariantDict *options, gboolean *ret_replace, GError **error)
{
  g_autofree char *mode = NULL;

  if (!lvsd_options_take_text (options, "mode", 16, &mode, error))
    return FALSE;
  *ret_replace = g_strcmp0 (mode, "replace") == 0;
  if (mode == NULL || *ret_replace || g_str_equal (mode, "merge"))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("mode: '%s' must be merge or replace"), mode);
  return FALSE;
}

/* What the history will say: the daemon cannot tell where a client has the sections from. */
static gboolean
take_cause (GVariantDict *options, LvsdCause *ret_cause, GError **error)
{
  g_autofree char *cause = NULL;

  if (!lvsd_options_take_text (options, "cause", 16, &cause, error))
    return FALSE;
  *ret_cause = g_strcmp0 (cause, "import") == 0 ? LVSD_CAUSE_IMPORT : LVSD_CAUSE_APPLY;
  if (cause == NULL || *ret_cause == LVSD_CAUSE_IMPORT || g_str_equal (cause, "apply"))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("cause: '%s' must be apply or import"), cause);
  return FALSE;
}

/* A service that was not named is the one of its key, whatever that is called. */
static gboolean
place_service (LvsdRequest *request,
               const LvsdDeclared *declared,
               const LvsdService *draft,
               gboolean replace,
               GError **error)
{
  const LvsdTable *table = lvsd_request_table (request);
  LvsdServiceIdentity *identity = draft->identity;
  LvsdService *before = lvsd_table_find_service_by_key (table, &identity->key);

  if (before != NULL && g_hash_table_contains (declared->unnamed, identity))
    g_strlcpy (identity->name, before->identity->name, sizeof identity->name);
  if (before == NULL || !g_str_equal (before->identity->name, identity->name))
    return replace || lvsd_lookup_check_free (table, identity->name, &identity->key, error);
  lvsd_request_require (request, before);
  return TRUE;
}

static gboolean
place_services (LvsdRequest *request,
                const LvsdDeclared *declared,
                gboolean replace,
                GError **error)
{
  for (guint i = 0; i < declared->drafts->len; i++)
    {
      const LvsdItem *draft = g_ptr_array_index (declared->drafts, i);

      if (lvsd_item_get_kind (draft) == LVSD_KIND_SERVICE
          && !place_service (request, declared, (const LvsdService *) draft, replace, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
lvsd_call_manager_apply (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) sections = g_variant_get_child_value (request->parameters, 0);
  g_autoptr (LvsdDeclared) declared = g_steal_pointer (&request->declared);
  gboolean replace;
  LvsdCause cause;

  if (!take_mode (options, &replace, error) || !take_cause (options, &cause, error)
      || !lvsd_apply_take_options (request, options, cause, error))
    return FALSE;
  if (declared == NULL)
    declared = lvsd_declared_read (sections, request->files, error);
  return declared != NULL && place_services (request, declared, replace, error)
         && lvsd_declaration_compare (lvsd_request_table (request), declared->drafts,
                                      declared->index, replace ? declared->kinds : 0,
                                      request->change, &request->counts, error);
}

/* The argument of a call that is read before it is decoded, where it is large; NULL: there is none.
 * Owned by the caller. */
GVariant *
lvsd_call_declares (const LvsdRequest *request)
{
  return request->call->decode == lvsd_call_manager_apply
             ? g_variant_get_child_value (request->parameters, 0)
             : NULL;
}
