/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/declared.h"

#include <glib/gi18n-lib.h>

#include "bus/options.h"
#include "bus/parcel.h"
#include "dbus/names.h"
#include "model/declaration.h"
#include "model/error.h"

/* options: NULL for none. */
static gboolean
add_draft (LvsdDeclared *declared, gpointer draft, GVariant *options, GError **error)
{
  if (options != NULL ? !lvsd_options_fill_all (options, draft, FALSE, error)
                      : !lvsd_item_validate (draft, error))
    return FALSE;
  g_ptr_array_add (declared->drafts, lvsd_item_ref (draft));
  return TRUE;
}

/* The text of a row, borrowed. Without a format, which would be read anew for each of very many. */
static const char *
text_of (GVariant *row, gsize index)
{
  g_autoptr (GVariant) text = g_variant_get_child_value (row, index);

  return g_variant_get_string (text, NULL);
}

static gboolean
add_row (LvsdDeclared *declared, gpointer draft, const LvsdSerial *options, GError **error)
{
  g_autoptr (GVariant) value = NULL;

  if (options->size == 0) /* as of most */
    return add_draft (declared, draft, NULL, error);
  value = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE_VARDICT, options->data,
                                                       options->size, TRUE, NULL, NULL));
  return add_draft (declared, draft, value, error);
}

static gboolean
set_row (LvsdDestination *draft, const char *method, guint32 weight, GError **error)
{
  return lvsd_field_parse (lvsd_item_find_field (LVSD_KIND_DESTINATION, "method"), draft, method,
                           error)
         && lvsd_field_set_number (lvsd_item_find_field (LVSD_KIND_DESTINATION, "weight"), draft,
                                   weight, error);
}

static gboolean
read_destination (LvsdDeclared *declared,
                  LvsdServiceIdentity *identity,
                  const LvsdSerial *row,
                  GError **error)
{
  gsize at = 0;
  const char *text = lvsd_serial_take_string (row, &at);
  const char *method = lvsd_serial_take_string (row, &at);
  guint32 weight = lvsd_serial_take_uint32 (row, &at);
  LvsdSerial options = lvsd_serial_take_last (row, at, 2);
  g_autoptr (LvsdDestination) draft = NULL;
  LvsdEndpoint endpoint;
  gboolean has_port;

  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return FALSE;
    }
  if (!has_port)
    endpoint.port = identity->key.endpoint.port;
  draft = lvsd_destination_new (identity, &endpoint);
  if (!set_row (draft, method, weight, error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return FALSE;
    }
  return add_row (declared, draft, &options, error);
}

/* One that was not named gets the name that comes of its key, for as long as nobody has looked for
 * another one in the table. */
static LvsdServiceIdentity *
identify_service (LvsdDeclared *declared, const char *name, const char *key_text, GError **error)
{
  g_autofree char *derived = NULL;
  LvsdServiceIdentity *identity;
  LvsdServiceKey key;

  if (!lvsd_service_key_parse (key_text, &key, error))
    return NULL;
  if (name[0] == '\0')
    derived = lvsd_service_key_derive_name (&key);
  if (!lvsd_service_name_check (derived != NULL ? derived : name, &key, error))
    return NULL;
  identity = lvsd_service_identity_new (derived != NULL ? derived : name, &key);
  if (derived != NULL)
    g_hash_table_add (declared->unnamed, identity);
  return identity;
}

/* There may be a hundred thousand of them, so they are read without a value for each part. */
static gboolean
read_destinations (LvsdDeclared *declared,
                   LvsdServiceIdentity *identity,
                   GVariant *rows,
                   GError **error)
{
  LvsdSerial all = { g_variant_get_data (rows), g_variant_get_size (rows) };
  guint n = lvsd_serial_count (&all);

  for (guint i = 0; i < n; i++)
    {
      LvsdSerial row = lvsd_serial_child (&all, i);

      if (!read_destination (declared, identity, &row, error))
        {
          g_prefix_error (error, _ ("service %s: "), identity->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_service (LvsdDeclared *declared, GVariant *row, GError **error)
{
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdService) draft = NULL;
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 2);
  g_autoptr (GVariant) destinations = g_variant_get_child_value (row, 3);

  identity = identify_service (declared, text_of (row, 0), text_of (row, 1), error);
  if (identity == NULL)
    return FALSE;
  draft = lvsd_service_new (identity);
  g_strlcpy (draft->scheduler, LVSD_SCHEDULER_PRESET, sizeof draft->scheduler);
  return add_draft (declared, draft, options, error)
         && read_destinations (declared, identity, destinations, error);
}

static gboolean
read_address (LvsdDeclared *declared, GVariant *row, GError **error)
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
  return add_draft (declared, draft, options, error);
}

static gboolean
read_role (LvsdDeclared *declared, GVariant *row, GError **error)
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
  return add_draft (declared, draft, options, error);
}

static gboolean
read_setting (LvsdDeclared *declared, GVariant *row, GError **error)
{
  g_autoptr (LvsdSetting) draft = NULL;
  const char *name;
  const char *value;

  g_variant_get (row, "(&s&s)", &name, &value);
  draft = lvsd_setting_new (name, value, error);
  return draft != NULL && add_draft (declared, draft, NULL, error);
}

static gboolean
read_sync (LvsdDeclared *declared, GVariant *row, GError **error)
{
  g_autoptr (LvsdSyncDaemon) draft = NULL;
  g_autoptr (GVariant) options = g_variant_get_child_value (row, 1);
  const char *word;
  guint state;

  g_variant_get_child (row, 0, "&s", &word);
  if (!lvsd_terms_parse (lvsd_sync_state_terms, "sync: state", word, &state, error))
    return FALSE;
  draft = lvsd_sync_daemon_new ((LvsdSyncState) state);
  return add_draft (declared, draft, options, error);
}

/* One row for each section that a configuration may have. */
static const struct
{
  const char *name;
  const char *type;
  guint kinds;
  gboolean (*read_row) (LvsdDeclared *declared, GVariant *row, GError **error);
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

static GVariant *
read_bytes (GVariant *handle, GUnixFDList *files, const char *name, GError **error)
{
  g_autoptr (GBytes) bytes = lvsd_parcel_read (handle, files, name, error);

  if (bytes == NULL)
    return NULL;
  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
}

static GVariant *
unpack_bytes (GVariant *bytes, const char *name, const char *type, GError **error)
{
  GVariant *rows = lvsd_serial_unpack (bytes, G_VARIANT_TYPE (type));

  if (rows == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                 _ ("%s: the bytes are no serialized value of type '%s'"), name, type);
  return rows;
}

/* The rows, which may have been packed. */
static GVariant *
unpack_rows (GVariant *given,
             GUnixFDList *files,
             const char *name,
             const char *type,
             GError **error)
{
  g_autoptr (GVariant) bytes = NULL;

  if (g_variant_is_of_type (given, G_VARIANT_TYPE (type)))
    return g_variant_ref (given);
  if (g_variant_is_of_type (given, G_VARIANT_TYPE_BYTESTRING))
    return unpack_bytes (given, name, type, error);
  if (g_variant_is_of_type (given, G_VARIANT_TYPE_HANDLE))
    {
      bytes = read_bytes (given, files, name, error);
      return bytes != NULL ? unpack_bytes (bytes, name, type, error) : NULL;
    }
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("%s: a value of type '%s' is expected, not '%s'"), name, type,
               g_variant_get_type_string (given));
  return NULL;
}

static gboolean
read_section (LvsdDeclared *declared,
              GVariantDict *sections,
              GUnixFDList *files,
              gsize type,
              GError **error)
{
  const char *name = section_types[type].name;
  g_autoptr (GVariant) given = g_variant_dict_lookup_value (sections, name, NULL);
  g_autoptr (GVariant) rows = NULL;

  if (given == NULL)
    return TRUE;
  rows = unpack_rows (given, files, name, section_types[type].type, error);
  if (rows == NULL)
    return FALSE;
  g_variant_dict_remove (sections, name);
  declared->kinds |= section_types[type].kinds;
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (!section_types[type].read_row (declared, row, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_sections (LvsdDeclared *declared, GVariantDict *sections, GUnixFDList *files, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (section_types); i++)
    if (!read_section (declared, sections, files, i, error))
      return FALSE;
  return lvsd_options_finish (sections, error);
}

LvsdDeclared *
lvsd_declared_read (GVariant *sections, GUnixFDList *files, GError **error)
{
  g_autoptr (LvsdDeclared) declared = g_new0 (LvsdDeclared, 1);
  g_auto (GVariantDict) left = G_VARIANT_DICT_INIT (sections);

  declared->drafts = g_ptr_array_new_with_free_func (lvsd_item_unref);
  declared->unnamed = g_hash_table_new (NULL, NULL);
  if (!read_sections (declared, &left, files, error))
    return NULL;
  declared->index = lvsd_declaration_index (declared->drafts, error);
  return declared->index != NULL ? g_steal_pointer (&declared) : NULL;
}

void
lvsd_declared_free (LvsdDeclared *declared)
{
  g_clear_pointer (&declared->index, g_hash_table_unref);
  g_ptr_array_unref (declared->drafts);
  g_hash_table_unref (declared->unnamed);
  g_free (declared);
}

typedef struct
{
  GVariant *sections;
  GUnixFDList *files;
} Sections;

static void
free_sections (gpointer data)
{
  Sections *sections = data;

  g_variant_unref (sections->sections);
  g_clear_object (&sections->files);
  g_free (sections);
}

static void
read_in_thread (GTask *task,
                G_GNUC_UNUSED gpointer source,
                gpointer data,
                G_GNUC_UNUSED GCancellable *cancellable)
{
  const Sections *sections = data;
  GError *error = NULL;
  LvsdDeclared *declared = lvsd_declared_read (sections->sections, sections->files, &error);

  if (declared != NULL)
    g_task_return_pointer (task, declared, (GDestroyNotify) lvsd_declared_free);
  else
    g_task_return_error (task, error);
}

/* The same in a thread. */
void
lvsd_declared_read_async (GVariant *sections,
                          GUnixFDList *files,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Sections *given = g_new0 (Sections, 1);

  g_task_set_source_tag (task, lvsd_declared_read_async);
  given->sections = g_variant_ref (sections);
  g_set_object (&given->files, files);
  g_task_set_task_data (task, given, free_sections);
  g_task_run_in_thread (task, read_in_thread);
}

LvsdDeclared *
lvsd_declared_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
