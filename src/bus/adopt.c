/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/options.h"
#include "model/error.h"

/* Who wants more of them reconciles everything. */
#define MAX_SERVICES_OF_CALL 1000

#define MAX_TEXT 256

/* ADDRESS[/LENGTH][@INTERFACE] */
static gboolean
parse_binding (const char *text, LvsdAdoptionScope *scope, GError **error)
{
  const char *at = strchrnul (text, '@');
  g_autofree char *prefix = g_strndup (text, (gsize) (at - text));
  guint length;

  if (!lvsd_prefix_parse (prefix, &scope->address, &length, error))
    {
      g_prefix_error (error, _ ("address %s: "), text);
      return FALSE;
    }
  scope->one = TRUE;
  scope->prefix_length = strchr (prefix, '/') != NULL ? length : 0;
  scope->interface = *at == '@' ? g_strdup (at + 1) : NULL;
  return TRUE;
}

static gboolean
read_scope (LvsdRequest *request, LvsdAdoptionScope *scope, gboolean *dry_run, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) what = g_variant_get_child_value (request->parameters, 0);
  g_autofree char *address = NULL;

  if (!lvsd_options_check_count ("what", what, LVSD_N_KINDS, error))
    return FALSE;
  scope->kinds = g_variant_dup_strv (what, NULL);
  if (!lvsd_options_take_boolean (options, "dry-run", dry_run, error)
      || !lvsd_options_take_text (options, "service", MAX_TEXT, &scope->service, error)
      || !lvsd_options_take_text (options, "address", MAX_TEXT, &address, error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  if (address == NULL)
    return TRUE;
  if (scope->service != NULL)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("address: does not go together with 'service'"));
      return FALSE;
    }
  return parse_binding (address, scope, error);
}

static char *
describe_service (const LvsdService *service)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  return g_strdup_printf ("%s %s", lvsd_service_key_format (&service->identity->key, key),
                          service->scheduler);
}

static char *
describe_role (const LvsdRole *role)
{
  if (role->address.family != AF_INET)
    return g_strdup ("");
  return g_strdup_printf (_ ("the ARP settings of %s stay when it is deleted"),
                          role->interface[0] != '\0' ? role->interface : "all");
}

static char *
describe (const LvsdItem *item)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;
  const LvsdVirtualAddress *address = (const LvsdVirtualAddress *) item;

  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return describe_service ((const LvsdService *) item);
    case LVSD_KIND_DESTINATION:
      return g_strdup_printf (_ ("%s, weight %u"),
                              lvsd_terms_format (lvsd_method_terms, destination->method),
                              lvsd_destination_effective_weight (destination));
    case LVSD_KIND_ADDRESS:
      return g_strdup_printf (_ ("/%u on %s"), address->prefix_length, address->interface);
    case LVSD_KIND_ROLE:
      return describe_role ((const LvsdRole *) item);
    case LVSD_KIND_SYNC:
      return g_strdup_printf (_ ("on %s, id %u"), ((const LvsdSyncDaemon *) item)->interface,
                              ((const LvsdSyncDaemon *) item)->id);
    case LVSD_KIND_SETTING:
      return g_strdup (((const LvsdSetting *) item)->value);
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  g_assert_not_reached ();
}

static GVariant *
describe_edit (const LvsdEdit *edit)
{
  g_autofree char *id = lvsd_item_dup_id (edit->after);
  g_autofree char *text = describe (edit->after);
  g_autofree char *note = edit->before != NULL
                              ? g_strdup_printf (_ ("as it was changed by hand: %s"), text)
                              : g_steal_pointer (&text);

  return g_variant_new ("(sss)", lvsd_item_class (lvsd_item_get_kind (edit->after))->name, id,
                        note);
}

static GVariant *
describe_adoption (const LvsdAdoption *adoption)
{
  GVariantBuilder rows;
  GVariantBuilder warnings;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sss)"));
  g_variant_builder_init (&warnings, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < adoption->change->edits->len; i++)
    g_variant_builder_add_value (&rows, describe_edit (lvsd_change_edit (adoption->change, i)));
  for (guint i = 0; i < adoption->refusals->len; i++)
    g_variant_builder_add (&warnings, "s", g_ptr_array_index (adoption->refusals, i));
  return g_variant_new ("(a(sss)as)", &rows, &warnings);
}

gboolean
lvsd_call_manager_adopt (LvsdRequest *request, GError **error)
{
  g_auto (LvsdAdoptionScope) scope = { 0 };
  g_autoptr (LvsdAdoption) adoption = NULL;
  gboolean dry_run = FALSE;

  if (!read_scope (request, &scope, &dry_run, error))
    return FALSE;
  adoption = lvsd_engine_propose_adoption (request->engine, &scope, error);
  if (adoption == NULL)
    return FALSE;
  lvsd_request_set_reply (request, describe_adoption (adoption));
  if (dry_run)
    {
      request->action = LVSD_FREE;
      return TRUE;
    }
  lvsd_change_free (request->change);
  request->change = g_steal_pointer (&adoption->change);
  request->flags |= LVSD_SUBMIT_ADOPT;
  request->anew = TRUE;
  return TRUE;
}

static gboolean
name_services (LvsdRequest *request, GVariant *names, GError **error)
{
  g_autofree const char **texts = g_variant_get_strv (names, NULL);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      LvsdService *service = lvsd_lookup_service (lvsd_request_table (request), texts[i], error);

      if (service == NULL)
        return FALSE;
      lvsd_request_require (request, service);
    }
  /* So that a rule of polkit's knows which one. */
  if (request->required->len == 1)
    request->target = lvsd_item_ref (g_ptr_array_index (request->required, 0));
  return TRUE;
}

static gboolean
check_not_all_held (LvsdRequest *request, GError **error)
{
  const LvsdHold *hold = lvsd_table_find_hold (lvsd_request_table (request), LVSD_HOLD_ALL);

  if (hold == NULL || !lvsd_engine_is_in_force (request->engine, hold))
    return TRUE;
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                       _ ("everything is held, and nothing is repaired; 'lvsctl release' ends "
                          "that"));
  return FALSE;
}

gboolean
lvsd_call_manager_reconcile (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) names =
      g_variant_dict_lookup_value (options, "services", G_VARIANT_TYPE_STRING_ARRAY);

  if (names != NULL)
    {
      g_variant_dict_remove (options, "services");
      if (!lvsd_options_check_count ("services", names, MAX_SERVICES_OF_CALL, error)
          || !name_services (request, names, error))
        return FALSE;
    }
  return lvsd_options_finish (options, error)
         && (request->required->len > 0 || check_not_all_held (request, error));
}

static void
on_reconciled (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  GError *error = NULL;
  guint writes;

  if (!lvsd_engine_reconcile_finish (request->engine, result, &writes, &error))
    {
      lvsd_request_fail (request, error);
      return;
    }
  lvsd_request_set_reply (request, g_variant_new ("(u)", writes));
  lvsd_request_answer (request);
}

void
lvsd_call_manager_perform_reconcile (LvsdRequest *request)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < request->required->len; i++)
    {
      const LvsdService *service = g_ptr_array_index (request->required, i);

      g_ptr_array_add (names, service->identity->name);
    }
  g_ptr_array_add (names, NULL);
  lvsd_engine_reconcile_async (request->engine,
                               names->len > 1 ? (const char *const *) names->pdata : NULL,
                               on_reconciled, request);
}
