/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sections.h"

#include <glib/gi18n-lib.h>

#include "compression.h"
#include "dbus/names.h"
#include "model/error.h"
#include "model/table.h"

/* What a destination takes in its serialized form, as a rule. */
#define BYTES_EACH 48

/* Whether a caller gives it: it is not at its preset. */
static gboolean
is_option (const LvsdField *field, gconstpointer item, const char *const *without)
{
  return !lvsd_field_is_preset (field, item) && (field->flags & LVSD_FIELD_INTERNAL) == 0
         && (without == NULL || !g_strv_contains (without, field->name));
}

static GVariant *
get_options (gconstpointer item, const char *const *without)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < class->n_fields; i++)
    if (is_option (&class->fields[i], item, without))
      g_variant_builder_add (&options, "{sv}", class->fields[i].name,
                             lvsd_field_get (&class->fields[i], item));
  return g_variant_builder_end (&options);
}

/* Items of a kind, borrowed. */
static GPtrArray *
filter (GPtrArray *items, LvsdKind kind)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_get_kind (items->pdata[i]) == kind)
      g_ptr_array_add (found, items->pdata[i]);
  return found;
}

/* Borrowed destinations by the key of their service. */
static GHashTable *
group_destinations (GPtrArray *items)
{
  g_autoptr (GPtrArray) destinations = filter (items, LVSD_KIND_DESTINATION);
  GHashTable *groups =
      g_hash_table_new_full ((GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal,
                             NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < destinations->len; i++)
    {
      LvsdDestination *destination = destinations->pdata[i];
      GPtrArray *group = g_hash_table_lookup (groups, &destination->identity->key);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, &destination->identity->key, group);
        }
      g_ptr_array_add (group, destination);
    }
  return groups;
}

/* As get_options, serialized. */
static void
append_options (GByteArray *bytes, gconstpointer item, const char *const *without)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  LvsdVardict dict;

  lvsd_vardict_begin (&dict, bytes);
  for (gsize i = 0; i < class->n_fields; i++)
    if (is_option (&class->fields[i], item, without))
      lvsd_vardict_add_value (&dict, class->fields[i].name,
                              lvsd_field_get (&class->fields[i], item));
  lvsd_vardict_end (&dict);
}

/* The ends are of endpoint and method, the last one's first. */
static void
append_destination (GByteArray *bytes, const LvsdDestination *destination)
{
  static const char *const without[] = { "method", "weight", NULL };
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];
  gsize ends[2];
  gsize start;

  lvsd_serial_align (bytes);
  start = bytes->len;
  lvsd_serial_add_string (bytes, lvsd_endpoint_format (&destination->endpoint, endpoint));
  ends[1] = bytes->len;
  lvsd_serial_add_string (bytes, lvsd_terms_format (lvsd_method_terms, destination->method));
  ends[0] = bytes->len;
  lvsd_serial_add_uint32 (bytes, destination->weight);
  append_options (bytes, destination, without);
  lvsd_serial_add_ends (bytes, start, ends, G_N_ELEMENTS (ends));
}

static void
append_destinations (GByteArray *bytes, const GPtrArray *destinations)
{
  guint n = destinations != NULL ? destinations->len : 0;
  g_autofree gsize *ends = g_new (gsize, n);
  gsize start;

  lvsd_serial_align (bytes);
  start = bytes->len;
  for (guint i = 0; i < n; i++)
    {
      append_destination (bytes, g_ptr_array_index (destinations, i));
      ends[i] = bytes->len;
    }
  lvsd_serial_add_ends (bytes, start, ends, n);
}

/* The ends are of name, key and options, the last one's first. */
static void
append_service (GByteArray *bytes, const LvsdService *service, const GPtrArray *destinations)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  gsize ends[3];
  gsize start;

  lvsd_serial_align (bytes);
  start = bytes->len;
  lvsd_serial_add_string (bytes, service->identity->name);
  ends[2] = bytes->len;
  lvsd_serial_add_string (bytes, lvsd_service_key_format (&service->identity->key, key));
  ends[1] = bytes->len;
  append_options (bytes, service, NULL);
  ends[0] = bytes->len;
  append_destinations (bytes, destinations);
  lvsd_serial_add_ends (bytes, start, ends, G_N_ELEMENTS (ends));
}

/* Serialized at once: a tree of values for each of very many destinations would cost more than all
 * else that a client does. */
static GVariant *
services_from_items (GPtrArray *items)
{
  g_autoptr (GHashTable) groups = group_destinations (items);
  g_autoptr (GPtrArray) services = filter (items, LVSD_KIND_SERVICE);
  g_autofree gsize *ends = g_new (gsize, services->len);
  GByteArray *bytes = g_byte_array_sized_new (BYTES_EACH * items->len);
  g_autoptr (GBytes) data = NULL;

  for (guint i = 0; i < services->len; i++)
    {
      const LvsdService *service = services->pdata[i];

      append_service (bytes, service, g_hash_table_lookup (groups, &service->identity->key));
      ends[i] = bytes->len;
    }
  lvsd_serial_add_ends (bytes, 0, ends, services->len);
  data = g_byte_array_free_to_bytes (bytes);
  return g_variant_new_from_bytes (G_VARIANT_TYPE (LVSD_SECTION_SERVICES_TYPE), data, TRUE);
}

static GVariant *
address_to_row (const LvsdVirtualAddress *address)
{
  static const char *const without[] = { "prefix-length", NULL };
  char text[LVSD_ADDRESS_TEXT_SIZE];
  g_autofree char *prefix = g_strdup_printf ("%s/%u", lvsd_address_format (&address->address, text),
                                             address->prefix_length);

  return g_variant_new ("(s@a{sv})", prefix, get_options (address, without));
}

static GVariant *
role_to_row (const LvsdRole *role)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_variant_new ("(s@a{sv})", lvsd_address_format (&role->address, text),
                        get_options (role, NULL));
}

static GVariant *
setting_to_row (const LvsdSetting *setting)
{
  g_autofree char *name = lvsd_setting_format_name (setting->name);

  return g_variant_new ("(ss)", name, setting->value);
}

static GVariant *
sync_to_row (const LvsdSyncDaemon *daemon)
{
  return g_variant_new ("(s@a{sv})", lvsd_terms_format (lvsd_sync_state_terms, daemon->state),
                        get_options (daemon, NULL));
}

/* Returns a floating a{sv} with every section, be it empty. */
GVariant *
lvsctl_sections_from_items (GPtrArray *items)
{
  g_auto (GVariantBuilder) addresses =
      G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (LVSD_SECTION_ADDRESSES_TYPE));
  g_auto (GVariantBuilder) roles =
      G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (LVSD_SECTION_ROLES_TYPE));
  g_auto (GVariantBuilder) settings =
      G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (LVSD_SECTION_SETTINGS_TYPE));
  g_auto (GVariantBuilder) sync = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (LVSD_SECTION_SYNC_TYPE));
  g_auto (GVariantBuilder) sections = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < items->len; i++)
    switch (lvsd_item_get_kind (items->pdata[i]))
      {
      case LVSD_KIND_ADDRESS:
        g_variant_builder_add_value (&addresses, address_to_row (items->pdata[i]));
        break;
      case LVSD_KIND_ROLE:
        g_variant_builder_add_value (&roles, role_to_row (items->pdata[i]));
        break;
      case LVSD_KIND_SETTING:
        g_variant_builder_add_value (&settings, setting_to_row (items->pdata[i]));
        break;
      case LVSD_KIND_SYNC:
        g_variant_builder_add_value (&sync, sync_to_row (items->pdata[i]));
        break;
      case LVSD_KIND_SERVICE: /* with their destinations, below */
      case LVSD_KIND_DESTINATION:
      case LVSD_KIND_REPLACED: /* the daemon's own */
      case LVSD_KIND_GENERATION:
      case LVSD_KIND_HOLD:
        break;
      }
  g_variant_builder_add (&sections, "{sv}", LVSD_SECTION_SERVICES, services_from_items (items));
  g_variant_builder_add (&sections, "{sv}", LVSD_SECTION_ADDRESSES,
                         g_variant_builder_end (&addresses));
  g_variant_builder_add (&sections, "{sv}", LVSD_SECTION_ROLES, g_variant_builder_end (&roles));
  g_variant_builder_add (&sections, "{sv}", LVSD_SECTION_SETTINGS,
                         g_variant_builder_end (&settings));
  g_variant_builder_add (&sections, "{sv}", LVSD_SECTION_SYNC, g_variant_builder_end (&sync));
  return g_variant_builder_end (&sections);
}

/* Returns a floating a{sv} in which the services are bytes, as Apply takes them. */
GVariant *
lvsctl_sections_pack (GVariant *sections)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (sections);
  g_autoptr (GVariant) services = g_variant_lookup_value (owned, LVSD_SECTION_SERVICES, NULL);
  GVariantDict packed;

  g_variant_dict_init (&packed, owned);
  if (services != NULL)
    g_variant_dict_insert_value (&packed, LVSD_SECTION_SERVICES, lvsd_serial_pack (services));
  return g_variant_dict_end (&packed);
}

/* Takes the dictionary. */
static gboolean
take_item (GPtrArray *items, LvsdKind kind, GVariantDict *dict, GError **error)
{
  g_autoptr (GVariant) whole = g_variant_ref_sink (g_variant_dict_end (dict));
  gpointer item = lvsd_item_from_variant (kind, whole, error);

  if (item == NULL)
    return FALSE;
  g_ptr_array_add (items, item);
  return TRUE;
}

static gboolean
take_destination (GPtrArray *items,
                  const char *name,
                  const char *key,
                  GVariant *row,
                  GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 3);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  const char *endpoint;
  const char *method;
  guint32 weight;

  g_variant_get (row, "(&s&su@a{sv})", &endpoint, &method, &weight, NULL);
  g_variant_dict_insert (&dict, "service", "s", name);
  g_variant_dict_insert (&dict, "key", "s", key);
  g_variant_dict_insert (&dict, "endpoint", "s", endpoint);
  g_variant_dict_insert (&dict, "method", "s", method);
  g_variant_dict_insert (&dict, "weight", "u", weight);
  return take_item (items, LVSD_KIND_DESTINATION, &dict, error);
}

static gboolean
take_service (GPtrArray *items, GVariant *row, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 2);
  g_autoptr (GVariant) destinations = g_variant_get_child_value (row, 3);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  const char *name;
  const char *key;

  g_variant_get_child (row, 0, "&s", &name);
  g_variant_get_child (row, 1, "&s", &key);
  g_variant_dict_insert (&dict, "name", "s", name);
  g_variant_dict_insert (&dict, "key", "s", key);
  if (!take_item (items, LVSD_KIND_SERVICE, &dict, error))
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (destinations); i++)
    {
      g_autoptr (GVariant) destination = g_variant_get_child_value (destinations, i);

      if (!take_destination (items, name, key, destination, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_address (GPtrArray *items, GVariant *row, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  char buffer[LVSD_ADDRESS_TEXT_SIZE];
  LvsdAddress address;
  const char *text;
  guint length;

  g_variant_get_child (row, 0, "&s", &text);
  if (!lvsd_prefix_parse (text, &address, &length, error))
    return FALSE;
  g_variant_dict_insert (&dict, "address", "s", lvsd_address_format (&address, buffer));
  g_variant_dict_insert (&dict, "prefix-length", "u", length);
  return take_item (items, LVSD_KIND_ADDRESS, &dict, error);
}

static gboolean
take_role (GPtrArray *items, GVariant *row, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  const char *text;

  g_variant_get_child (row, 0, "&s", &text);
  g_variant_dict_insert (&dict, "address", "s", text);
  return take_item (items, LVSD_KIND_ROLE, &dict, error);
}

static gboolean
take_setting (GPtrArray *items, GVariant *row, GError **error)
{
  const char *name;
  const char *value;
  gpointer setting;

  g_variant_get (row, "(&s&s)", &name, &value);
  setting = lvsd_setting_new (name, value, error);
  if (setting == NULL)
    return FALSE;
  g_ptr_array_add (items, setting);
  return TRUE;
}

static gboolean
take_sync (GPtrArray *items, GVariant *row, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  const char *state;

  g_variant_get_child (row, 0, "&s", &state);
  g_variant_dict_insert (&dict, "state", "s", state);
  return take_item (items, LVSD_KIND_SYNC, &dict, error);
}

static const struct
{
  const char *name;
  const char *type;
  gboolean (*take) (GPtrArray *items, GVariant *row, GError **error);
} section_types[] = {
  { LVSD_SECTION_SERVICES, LVSD_SECTION_SERVICES_TYPE, take_service },
  { LVSD_SECTION_ADDRESSES, LVSD_SECTION_ADDRESSES_TYPE, take_address },
  { LVSD_SECTION_ROLES, LVSD_SECTION_ROLES_TYPE, take_role },
  { LVSD_SECTION_SETTINGS, LVSD_SECTION_SETTINGS_TYPE, take_setting },
  { LVSD_SECTION_SYNC, LVSD_SECTION_SYNC_TYPE, take_sync },
};

static gboolean
take_section (GPtrArray *items, const char *name, GVariant *given, GError **error)
{
  g_autoptr (GVariant) rows = NULL;
  gsize i = 0;

  while (i < G_N_ELEMENTS (section_types) && !g_str_equal (name, section_types[i].name))
    i++;
  if (i < G_N_ELEMENTS (section_types))
    rows = lvsctl_decompress (given, section_types[i].type, NULL);
  /* To leave out what is not understood would make an export that loses it. */
  if (rows == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
                   _ ("lvsd has a section '%s' of type '%s', which this lvsctl does not know; "
                      "upgrade lvsctl"),
                   name, g_variant_get_type_string (given));
      return FALSE;
    }
  for (gsize j = 0; j < g_variant_n_children (rows); j++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, j);

      if (!section_types[i].take (items, row, error))
        return FALSE;
    }
  return TRUE;
}

/* Returns references to items that passed validation. */
GPtrArray *
lvsctl_sections_to_items (GVariant *sections, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);

  for (gsize i = 0; i < g_variant_n_children (sections); i++)
    {
      g_autoptr (GVariant) rows = NULL;
      const char *name;

      g_variant_get_child (sections, i, "{&sv}", &name, &rows);
      if (!take_section (items, name, rows, error))
        return NULL;
    }
  return g_steal_pointer (&items);
}
