/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/configuration.h"

#include "bus/compression.h"
#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/options.h"
#include "dbus/names.h"

/* The rows of each section, while they are being made. */
typedef struct
{
  GVariantBuilder services;
  GVariantBuilder addresses;
  GVariantBuilder roles;
  GVariantBuilder settings;
  GVariantBuilder sync;
  const LvsdService *service; /* the one whose destinations are being collected, or NULL */
  GVariantBuilder destinations;
} Sections;

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

static void
begin_service (Sections *sections, const LvsdService *service)
{
  sections->service = service;
  g_variant_builder_init (&sections->destinations, G_VARIANT_TYPE ("a(ssua{sv})"));
}

static void
end_service (Sections *sections)
{
  static const char *const columns[] = { NULL };
  const LvsdService *service = sections->service;
  g_autoptr (GVariantDict) fields = NULL;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (service == NULL)
    return;
  sections->service = NULL;
  fields = lvsd_listing_fields (service, columns);
  lvsd_listing_pack_row (&sections->services,
                         g_variant_new ("(ss@a{sv}a(ssua{sv}))", service->identity->name,
                                        lvsd_service_key_format (&service->identity->key, key),
                                        g_variant_dict_end (fields), &sections->destinations));
}

static void
add_address (Sections *sections, gconstpointer item)
{
  static const char *const columns[] = { "prefix-length", NULL };
  const LvsdVirtualAddress *address = item;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (address, columns);
  char text[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *prefix = g_strdup_printf ("%s/%u", lvsd_address_format (&address->address, text),
                                             address->prefix_length);

  g_variant_builder_add (&sections->addresses, "(s@a{sv})", prefix, g_variant_dict_end (fields));
}

static void
add_role (Sections *sections, gconstpointer item)
{
  static const char *const columns[] = { NULL };
  const LvsdRole *role = item;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (role, columns);
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_variant_builder_add (&sections->roles, "(s@a{sv})", lvsd_address_format (&role->address, text),
                         g_variant_dict_end (fields));
}

static void
add_setting (Sections *sections, gconstpointer item)
{
  const LvsdSetting *setting = item;
  g_autofree char *name = lvsd_setting_format_name (setting->name);

  g_variant_builder_add (&sections->settings, "(ss)", name, setting->value);
}

static void
add_sync (Sections *sections, gconstpointer item)
{
  static const char *const columns[] = { NULL };
  const LvsdSyncDaemon *daemon = item;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (daemon, columns);

  g_variant_builder_add (&sections->sync, "(s@a{sv})",
                         lvsd_terms_format (lvsd_sync_state_terms, daemon->state),
                         g_variant_dict_end (fields));
}

static void
add_item (Sections *sections, LvsdItem *item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      begin_service (sections, (const LvsdService *) item);
      return;
    case LVSD_KIND_DESTINATION:
      g_variant_builder_add_value (&sections->destinations,
                                   describe_destination ((const LvsdDestination *) item));
      return;
    case LVSD_KIND_ADDRESS:
      add_address (sections, item);
      return;
    case LVSD_KIND_ROLE:
      add_role (sections, item);
      return;
    case LVSD_KIND_SETTING:
      add_setting (sections, item);
      return;
    case LVSD_KIND_SYNC:
      add_sync (sections, item);
      return;
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return;
    }
}

static void
add_section (GVariantDict *dict, const char *name, GVariantBuilder *rows, gboolean compressed)
{
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (rows));

  g_variant_dict_insert_value (dict, name, compressed ? lvsd_compress (section) : section);
}

/* Returns a floating a{sv} with every section, compressed or not; of items as
 * lvsd_table_snapshot returns them. */
GVariant *
lvsd_configuration_sections (const GPtrArray *items, gboolean compressed)
{
  Sections sections = { .service = NULL };
  GVariantDict dict;

  g_variant_builder_init (&sections.services, G_VARIANT_TYPE (LVSD_SECTION_SERVICES_TYPE));
  g_variant_builder_init (&sections.addresses, G_VARIANT_TYPE (LVSD_SECTION_ADDRESSES_TYPE));
  g_variant_builder_init (&sections.roles, G_VARIANT_TYPE (LVSD_SECTION_ROLES_TYPE));
  g_variant_builder_init (&sections.settings, G_VARIANT_TYPE (LVSD_SECTION_SETTINGS_TYPE));
  g_variant_builder_init (&sections.sync, G_VARIANT_TYPE (LVSD_SECTION_SYNC_TYPE));
  for (guint i = 0; i < items->len; i++)
    {
      LvsdItem *item = g_ptr_array_index (items, i);

      if (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION)
        end_service (&sections);
      add_item (&sections, item);
    }
  end_service (&sections);
  g_variant_dict_init (&dict, NULL);
  add_section (&dict, LVSD_SECTION_SERVICES, &sections.services, compressed);
  add_section (&dict, LVSD_SECTION_ADDRESSES, &sections.addresses, compressed);
  add_section (&dict, LVSD_SECTION_ROLES, &sections.roles, compressed);
  add_section (&dict, LVSD_SECTION_SETTINGS, &sections.settings, compressed);
  add_section (&dict, LVSD_SECTION_SYNC, &sections.sync, compressed);
  return g_variant_dict_end (&dict);
}

gboolean
lvsd_call_manager_get_configuration (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_request_take_compressed (request, options, error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  request->configuration = lvsd_table_snapshot (lvsd_request_table (request));
  request->configuration_generation = lvsd_engine_generation (request->engine);
  return lvsd_request_check_rows (request, request->configuration->len, error);
}

static GVariant *
describe (gpointer data, G_GNUC_UNUSED GError **error)
{
  const LvsdRequest *request = data;

  return g_variant_new ("(t@a{sv})", request->configuration_generation,
                        lvsd_configuration_sections (request->configuration, request->compressed));
}

/* Items that were shared never change, so that a thread may read them while others edit theirs. */
void
lvsd_call_manager_perform_get_configuration (LvsdRequest *request)
{
  lvsd_request_answer_from_thread (request, describe, request, NULL);
}

/* What roles and settings replaced is not in it: the engine puts it back with them. */
gboolean
lvsd_call_manager_clear (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error)
      || !lvsd_declaration_compare (lvsd_request_table (request), nothing, NULL,
                                    lvsd_declaration_all_kinds (), request->change,
                                    &request->counts, error))
    return FALSE;
  request->anew = TRUE;
  request->generation = lvsd_generation_new (LVSD_CAUSE_CLEAR);
  lvsd_request_set_reply (request, g_variant_new ("(u)", request->change->edits->len));
  return TRUE;
}
