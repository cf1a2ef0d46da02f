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

/* A configuration while it is read. A row describes the whole of an item: what it does not name
 * gets the value of a new item, as the text that people apply leaves those values out. A weight
 * that was set for now stays. */
typedef struct
{
  LvsdRequest *request;
  const LvsdTable *table;
  gboolean replace;
  guint whole;       /* bits of the kinds of which nothing else is to stay */
  GPtrArray *drafts; /* services before their destinations */
} Reading;

static gboolean
add_draft (Reading *reading, gpointer draft, GVariant *options, GError **error)
{
  g_auto (GVariantDict) left = G_VARIANT_DICT_INIT (options);

  if (!lvsd_options_fill (&left, draft, FALSE, error))
    return FALSE;
  g_ptr_array_add (reading->drafts, lvsd_item_ref (draft));
  return TRUE;
}

static gboolean
read_destination (Reading *reading, LvsdServiceIdentity *identity, GVariant *row, GError **error)
{
  g_autoptr (LvsdDestination) draft = NULL;
  g_autoptr (GVariant) method = g_variant_get_child_value (row, 1);
  g_autoptr (GVariant) weight = g_variant_get_child_value (row, 2);
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 3);
  const char *text;
  LvsdEndpoint endpoint;
  gboolean has_port;

  g_variant_get_child (row, 0, "&s", &text);
  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return FALSE;
    }
  if (!has_port)
    endpoint.port = identity->key.endpoint.port;
  draft = lvsd_destination_new (identity, &endpoint);
  if (!lvsd_field_set (lvsd_item_find_field (LVSD_KIND_DESTINATION, "method"), draft, method, error)
      || !lvsd_field_set (lvsd_item_find_field (LVSD_KIND_DESTINATION, "weight"), draft, weight,
                          error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return FALSE;
    }
  return add_draft (reading, draft, options, error);
}

/* The identity of the service that a row is about: the table's, or a new one. */
static LvsdServiceIdentity *
identify_service (Reading *reading, const char *name, const char *key_text, GError **error)
{
  g_autofree char *derived = NULL;
  LvsdService *before;
  LvsdServiceKey key;

  if (!lvsd_service_key_parse (key_text, &key, error))
    return NULL;
  before = lvsd_table_find_service_by_key (reading->table, &key);
  if (before != NULL && (name[0] == '\0' || g_str_equal (before->identity->name, name)))
    {
      lvsd_request_require (reading->request, before);
      return lvsd_service_identity_ref (before->identity);
    }
  if (name[0] == '\0')
    {
      derived = lvsd_service_key_derive_name (&key);
      name = derived;
    }
  if (!lvsd_service_name_check (name, &key, error)
      || (!reading->replace && !lvsd_lookup_check_free (reading->table, name, &key, error)))
    return NULL;
  return lvsd_service_identity_new (name, &key);
}

static gboolean
read_destinations (Reading *reading, LvsdServiceIdentity *identity, GVariant *rows, GError **error)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (!read_destination (reading, identity, row, error))
        {
          g_prefix_error (error, _ ("service %s: "), identity->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_service (Reading *reading, GVariant *row, GError **error)
{
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdService) draft = NULL;
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 2);
  g_autoptr (GVariant) destinations = g_variant_get_child_value (row, 3);
  const char *name;
  const char *key;

  g_variant_get_child (row, 0, "&s", &name);
  g_variant_get_child (row, 1, "&s", &key);
  identity = identify_service (reading, name, key, error);
  if (identity == NULL)
    return FALSE;
  draft = lvsd_service_new (identity);
  g_strlcpy (draft->scheduler, LVSD_SCHEDULER_PRESET, sizeof draft->scheduler);
  return add_draft (reading, draft, options, error)
         && read_destinations (reading, identity, destinations, error);
}

static gboolean
read_address (Reading *reading, GVariant *row, GError **error)
{
  g_autoptr (LvsdVirtualAddress) draft = NULL;
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  const char *text;
  LvsdAddress address;
  guint prefix_length;

  g_variant_get_child (row, 0, "&s", &text);
  if (!lvsd_prefix_parse (text, &address, &prefix_length, error))
    {
      g_prefix_error (error, _ ("address %s: "), text);
      return FALSE;
    }
  draft = lvsd_virtual_address_new (&address, prefix_length);
  return add_draft (reading, draft, options, error);
}

static gboolean
read_role (Reading *reading, GVariant *row, GError **error)
{
  g_autoptr (LvsdRole) draft = NULL;
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  const char *text;
  LvsdAddress address;

  g_variant_get_child (row, 0, "&s", &text);
  if (!lvsd_address_parse (text, &address, error))
    {
      g_prefix_error (error, _ ("role %s: "), text);
      return FALSE;
    }
  draft = lvsd_role_new (&address);
  return add_draft (reading, draft, options, error);
}

static gboolean
read_setting (Reading *reading, GVariant *row, GError **error)
{
  g_autoptr (LvsdSetting) draft = NULL;
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  const char *name;
  const char *value;

  g_variant_get (row, "(&s&s)", &name, &value);
  draft = lvsd_setting_new (name, value, error);
  return draft != NULL && add_draft (reading, draft, none, error);
}

static gboolean
read_sync (Reading *reading, GVariant *row, GError **error)
{
  g_autoptr (LvsdSyncDaemon) draft = NULL;
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  const char *word;
  guint state;

  g_variant_get_child (row, 0, "&s", &word);
  if (!lvsd_terms_parse (lvsd_sync_state_terms, "sync: state", word, &state, error))
    return FALSE;
  draft = lvsd_sync_daemon_new ((LvsdSyncState) state);
  return add_draft (reading, draft, options, error);
}

/* One row for each section that a configuration may have. */
static const struct
{
  const char *name;
  const char *type;
  guint kinds;
  gboolean (*read_row) (Reading *reading, GVariant *row, GError **error);
} section_types[] = {
  { LVSD_SECTION_SERVICES, LVSD_SECTION_SERVICES_TYPE,
    LVSD_KIND_BIT (LVSD_KIND_SERVICE) | LVSD_KIND_BIT (LVSD_KIND_DESTINATION), read_service },
  { LVSD_SECTION_ADDRESSES, LVSD_SECTION_ADDRESSES_TYPE, LVSD_KIND_BIT (LVSD_KIND_ADDRESS),
    read_address },
  { LVSD_SECTION_ROLES, LVSD_SECTION_ROLES_TYPE, LVSD_KIND_BIT (LVSD_KIND_ROLE), read_role },
  { LVSD_SECTION_SETTINGS, LVSD_SECTION_SETTINGS_TYPE, LVSD_KIND_BIT (LVSD_KIND_SETTING),
    read_setting },
  { LVSD_SECTION_SYNC, LVSD_SECTION_SYNC_TYPE, LVSD_KIND_BIT (LVSD_KIND_SYNC), read_sync },
};

static gboolean
read_section (Reading *reading, GVariantDict *sections, gsize type, GError **error)
{
  const char *name = section_types[type].name;
  g_autoptr (GVariant) rows = g_variant_dict_lookup_value (sections, name, NULL);

  if (rows == NULL)
    return TRUE;
  if (!g_variant_is_of_type (rows, G_VARIANT_TYPE (section_types[type].type)))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: a value of type '%s' is expected, not '%s'"), name,
                   section_types[type].type, g_variant_get_type_string (rows));
      return FALSE;
    }
  g_variant_dict_remove (sections, name);
  if (reading->replace)
    reading->whole |= section_types[type].kinds;
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (!section_types[type].read_row (reading, row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_sections (Reading *reading, GVariantDict *sections, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (section_types); i++)
    if (!read_section (reading, sections, i, error))
      return FALSE;
  return lvsd_options_finish (sections, error)
         && lvsd_declaration_compare (reading->table, reading->drafts, reading->whole,
                                      reading->request->change, &reading->request->counts, error);
}

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
    g_variant_dict_insert_value (&result, "plan", lvsd_change_rows (request->change));
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

gboolean
lvsd_call_manager_apply (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) given = g_variant_get_child_value (request->parameters, 0);
  g_auto (GVariantDict) sections = G_VARIANT_DICT_INIT (given);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (lvsd_item_unref);
  Reading reading = { .request = request, .table = lvsd_request_table (request), .drafts = drafts };
  LvsdCause cause;

  return take_mode (options, &reading.replace, error) && take_cause (options, &cause, error)
         && lvsd_apply_take_options (request, options, cause, error)
         && read_sections (&reading, &sections, error);
}
