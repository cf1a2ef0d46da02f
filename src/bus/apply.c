/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/options.h"
#include "dbus/names.h"
#include "model/error.h"

/* A configuration while it is read. A row describes the whole of an item: what it does not name
 * gets the value of a new item, as the text that people apply leaves those values out. A weight
 * that was set for now stays. */
typedef struct
{
  LvsdRequest *request;
  const LvsdTable *table;
  GHashTable *seen;  /* items, by identity: the drafts, kept alive by drafts */
  GHashTable *names; /* of services */
  GPtrArray *drafts;
  guint32 added;
  guint32 changed;
  guint32 unchanged;
} Reading;

static gboolean
refuse_item (gconstpointer item, LvsdError code, const char *message, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_set_error (error, LVSD_ERROR, code, "%s %s: %s",
               lvsd_item_class (lvsd_item_get_kind (item))->name, id, message);
  return FALSE;
}

static gboolean
check_fixed (gconstpointer before, gconstpointer draft, GError **error)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (draft));
  g_autofree char *message = NULL;

  for (gsize i = 0; i < class->n_fields; i++)
    if ((class->fields[i].flags & LVSD_FIELD_FIXED) != 0
        && !lvsd_field_equal (&class->fields[i], before, draft))
      {
        message = g_strdup_printf (_ ("%s: cannot be changed; delete it and add it anew"),
                                   class->fields[i].name);
        return refuse_item (draft, LVSD_ERROR_CONFLICT, message, error);
      }
  return TRUE;
}

/* before is what the table has, NULL where it has none. */
static gboolean
add_draft (Reading *reading, gpointer before, gpointer draft, GVariant *options, GError **error)
{
  g_auto (GVariantDict) left = G_VARIANT_DICT_INIT (options);

  if (!lvsd_options_fill (&left, draft, FALSE, error)
      || (before != NULL && !check_fixed (before, draft, error)))
    return FALSE;
  if (!g_hash_table_add (reading->seen, draft))
    return refuse_item (draft, LVSD_ERROR_INVALID_ARGUMENT, _ ("is named twice"), error);
  g_ptr_array_add (reading->drafts, lvsd_item_ref (draft));

  if (before != NULL && lvsd_item_fields_equal (before, draft))
    {
      reading->unchanged++;
      return TRUE;
    }
  if (before == NULL)
    reading->added++;
  else
    reading->changed++;
  lvsd_request_add_edit (reading->request, before, draft);
  return TRUE;
}

static gboolean
read_destination (Reading *reading, LvsdServiceIdentity *identity, GVariant *row, GError **error)
{
  g_autoptr (LvsdDestination) draft = NULL;
  g_autoptr (GVariant) method = g_variant_get_child_value (row, 1);
  g_autoptr (GVariant) weight = g_variant_get_child_value (row, 2);
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 3);
  const LvsdDestination *before;
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
  before = lvsd_table_find (reading->table, draft);
  if (before != NULL)
    draft->runtime = lvsd_override_copy (before->runtime);
  if (!lvsd_field_set (lvsd_item_find_field (LVSD_KIND_DESTINATION, "method"), draft, method, error)
      || !lvsd_field_set (lvsd_item_find_field (LVSD_KIND_DESTINATION, "weight"), draft, weight,
                          error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return FALSE;
    }
  return add_draft (reading, (gpointer) before, draft, options, error);
}

/* The identity of the service that a row is about: the table's, or a new one. */
static LvsdServiceIdentity *
identify_service (Reading *reading,
                  const char *name,
                  const char *key_text,
                  LvsdService **ret_before,
                  GError **error)
{
  g_autofree char *derived = NULL;
  LvsdServiceKey key;

  if (!lvsd_service_key_parse (key_text, &key, error))
    return NULL;
  *ret_before = lvsd_table_find_service_by_key (reading->table, &key);
  if (*ret_before != NULL && (name[0] == '\0' || g_str_equal ((*ret_before)->identity->name, name)))
    return lvsd_service_identity_ref ((*ret_before)->identity);
  if (name[0] == '\0')
    {
      derived = lvsd_service_key_derive_name (&key);
      name = derived;
    }
  if (!lvsd_service_name_check (name, &key, error)
      || !lvsd_lookup_check_free (reading->table, name, &key, error))
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
  LvsdService *before;
  const char *name;
  const char *key;

  g_variant_get_child (row, 0, "&s", &name);
  g_variant_get_child (row, 1, "&s", &key);
  identity = identify_service (reading, name, key, &before, error);
  if (identity == NULL)
    return FALSE;
  draft = lvsd_service_new (identity);
  g_strlcpy (draft->scheduler, LVSD_SCHEDULER_PRESET, sizeof draft->scheduler);
  if (!add_draft (reading, before, draft, options, error))
    return FALSE;
  if (!g_hash_table_add (reading->names, identity->name))
    return refuse_item (draft, LVSD_ERROR_INVALID_ARGUMENT, _ ("is named twice"), error);
  if (before != NULL)
    lvsd_request_require (reading->request, before);
  return read_destinations (reading, identity, destinations, error);
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
  return add_draft (reading, lvsd_table_find (reading->table, draft), draft, options, error);
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
  return add_draft (reading, lvsd_table_find (reading->table, draft), draft, options, error);
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
  return draft != NULL
         && add_draft (reading, lvsd_table_find (reading->table, draft), draft, none, error);
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
  return add_draft (reading, lvsd_table_find (reading->table, draft), draft, options, error);
}

static gboolean
read_section (Reading *reading,
              GVariantDict *sections,
              const char *name,
              const char *type,
              gboolean (*read_row) (Reading *reading, GVariant *row, GError **error),
              GError **error)
{
  g_autoptr (GVariant) rows = g_variant_dict_lookup_value (sections, name, NULL);

  if (rows == NULL)
    return TRUE;
  if (!g_variant_is_of_type (rows, G_VARIANT_TYPE (type)))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: a value of type '%s' is expected, not '%s'"), name, type,
                   g_variant_get_type_string (rows));
      return FALSE;
    }
  g_variant_dict_remove (sections, name);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (!read_row (reading, row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_sections (Reading *reading, GVariantDict *sections, GError **error)
{
  return read_section (reading, sections, LVSD_SECTION_SERVICES, LVSD_SECTION_SERVICES_TYPE,
                       read_service, error)
         && read_section (reading, sections, LVSD_SECTION_ADDRESSES, LVSD_SECTION_ADDRESSES_TYPE,
                          read_address, error)
         && read_section (reading, sections, LVSD_SECTION_ROLES, LVSD_SECTION_ROLES_TYPE, read_role,
                          error)
         && read_section (reading, sections, LVSD_SECTION_SETTINGS, LVSD_SECTION_SETTINGS_TYPE,
                          read_setting, error)
         && read_section (reading, sections, LVSD_SECTION_SYNC, LVSD_SECTION_SYNC_TYPE, read_sync,
                          error)
         && lvsd_options_finish (sections, error);
}

static GVariant *
describe (const Reading *reading)
{
  GVariantDict result;

  g_variant_dict_init (&result, NULL);
  g_variant_dict_insert (&result, "added", "u", reading->added);
  g_variant_dict_insert (&result, "changed", "u", reading->changed);
  g_variant_dict_insert (&result, "unchanged", "u", reading->unchanged);
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&result));
}

gboolean
lvsd_call_manager_apply (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) given = g_variant_get_child_value (request->parameters, 0);
  g_auto (GVariantDict) sections = G_VARIANT_DICT_INIT (given);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (lvsd_item_unref);
  g_autoptr (GHashTable) seen =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  Reading reading = { .request = request,
                      .table = lvsd_request_table (request),
                      .seen = seen,
                      .names = names,
                      .drafts = drafts };

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error)
      || !read_sections (&reading, &sections, error))
    return FALSE;
  lvsd_request_set_reply (request, describe (&reading));
  return TRUE;
}
