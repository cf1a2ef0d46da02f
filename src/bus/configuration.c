/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/configuration.h"

#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/options.h"
#include "dbus/names.h"

typedef struct
{
  const LvsdTable *table;
  GVariantBuilder rows;
} Section;

static GVariant *
describe_destination (const LvsdDestination *destination)
{
  static const char *const columns[] = { "method", "weight", NULL };
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (destination, columns);
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  return g_variant_new ("(ssu@a{sv})", lvsd_endpoint_format (&destination->endpoint, endpoint),
                        lvsd_terms_format (lvsd_method_terms, destination->method),
                        destination->weight, g_variant_dict_end (fields));
}

static gboolean
add_service (gpointer item, gpointer user_data)
{
  static const char *const columns[] = { NULL };
  const LvsdService *service = item;
  Section *section = user_data;
  const GPtrArray *destinations = lvsd_table_destinations (section->table, service->identity);
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (service, columns);
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssua{sv})"));
  for (guint i = 0; i < destinations->len; i++)
    g_variant_builder_add_value (&rows, describe_destination (g_ptr_array_index (destinations, i)));
  g_variant_builder_add (&section->rows, "(ss@a{sv}a(ssua{sv}))", service->identity->name,
                         lvsd_service_key_format (&service->identity->key, key),
                         g_variant_dict_end (fields), &rows);
  return TRUE;
}

static gboolean
add_address (gpointer item, gpointer user_data)
{
  static const char *const columns[] = { "prefix-length", NULL };
  const LvsdVirtualAddress *address = item;
  Section *section = user_data;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (address, columns);
  char text[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *prefix = g_strdup_printf ("%s/%u", lvsd_address_format (&address->address, text),
                                             address->prefix_length);

  g_variant_builder_add (&section->rows, "(s@a{sv})", prefix, g_variant_dict_end (fields));
  return TRUE;
}

static gboolean
add_role (gpointer item, gpointer user_data)
{
  static const char *const columns[] = { NULL };
  const LvsdRole *role = item;
  Section *section = user_data;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (role, columns);
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_variant_builder_add (&section->rows, "(s@a{sv})", lvsd_address_format (&role->address, text),
                         g_variant_dict_end (fields));
  return TRUE;
}

static gboolean
add_setting (gpointer item, gpointer user_data)
{
  const LvsdSetting *setting = item;
  Section *section = user_data;
  g_autofree char *name = lvsd_setting_format_name (setting->name);

  g_variant_builder_add (&section->rows, "(ss)", name, setting->value);
  return TRUE;
}

static gboolean
add_sync (gpointer item, gpointer user_data)
{
  static const char *const columns[] = { NULL };
  const LvsdSyncDaemon *daemon = item;
  Section *section = user_data;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (daemon, columns);

  g_variant_builder_add (&section->rows, "(s@a{sv})",
                         lvsd_terms_format (lvsd_sync_state_terms, daemon->state),
                         g_variant_dict_end (fields));
  return TRUE;
}

static void
add_section (GVariantDict *sections,
             const LvsdTable *table,
             LvsdKind kind,
             const char *name,
             const char *type,
             LvsdTableFunc add)
{
  Section section = { .table = table };

  g_variant_builder_init (&section.rows, G_VARIANT_TYPE (type));
  lvsd_table_walk (table, kind, NULL, add, &section);
  g_variant_dict_insert_value (sections, name, g_variant_builder_end (&section.rows));
}

/* Returns a floating a{sv} with every section. */
GVariant *
lvsd_configuration_sections (const LvsdTable *table)
{
  g_autoptr (GVariantDict) sections = g_variant_dict_new (NULL);

  add_section (sections, table, LVSD_KIND_SERVICE, LVSD_SECTION_SERVICES,
               LVSD_SECTION_SERVICES_TYPE, add_service);
  add_section (sections, table, LVSD_KIND_ADDRESS, LVSD_SECTION_ADDRESSES,
               LVSD_SECTION_ADDRESSES_TYPE, add_address);
  add_section (sections, table, LVSD_KIND_ROLE, LVSD_SECTION_ROLES, LVSD_SECTION_ROLES_TYPE,
               add_role);
  add_section (sections, table, LVSD_KIND_SETTING, LVSD_SECTION_SETTINGS,
               LVSD_SECTION_SETTINGS_TYPE, add_setting);
  add_section (sections, table, LVSD_KIND_SYNC, LVSD_SECTION_SYNC, LVSD_SECTION_SYNC_TYPE,
               add_sync);
  return g_variant_dict_end (sections);
}

gboolean
lvsd_call_manager_get_configuration (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_options_finish (options, error))
    return FALSE;
  lvsd_request_set_reply (
      request, g_variant_new ("(t@a{sv})", lvsd_engine_generation (request->engine),
                              lvsd_configuration_sections (lvsd_request_table (request))));
  return TRUE;
}

/* What roles and settings replaced is not in it: the engine puts it back with them. */
gboolean
lvsd_call_manager_clear (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error)
      || !lvsd_declaration_compare (lvsd_request_table (request), nothing,
                                    lvsd_declaration_all_kinds (), request->change,
                                    &request->counts, error))
    return FALSE;
  request->anew = TRUE;
  request->generation = lvsd_generation_new (LVSD_CAUSE_CLEAR);
  lvsd_request_set_reply (request, g_variant_new ("(u)", request->change->edits->len));
  return TRUE;
}
