/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/lookup.h"

#include <glib/gi18n-lib.h>

#include "bus/object-path.h"
#include "model/error.h"

LvsdService *
lvsd_lookup_service (const LvsdTable *table, const char *name_or_key, GError **error)
{
  LvsdService *service = lvsd_table_find_service (table, name_or_key);

  if (service == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service '%s': there is none"),
                 name_or_key);
  return service;
}

/* The one destination at an address, whatever its port. */
static LvsdDestination *
find_at_address (const GPtrArray *destinations,
                 const LvsdService *service,
                 const LvsdEndpoint *endpoint,
                 GError **error)
{
  LvsdDestination *only = NULL;
  char text[LVSD_ADDRESS_TEXT_SIZE];

  for (guint i = 0; i < destinations->len; i++)
    {
      LvsdDestination *candidate = g_ptr_array_index (destinations, i);

      if (lvsd_address_compare (&candidate->endpoint.address, &endpoint->address) != 0)
        continue;
      if (only != NULL)
        {
          g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("destination %s: service %s has several there; say the port as well"),
                       lvsd_address_format (&endpoint->address, text), service->identity->name);
          return NULL;
        }
      only = candidate;
    }
  if (only == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("destination %s: service %s has none there"),
                 lvsd_address_format (&endpoint->address, text), service->identity->name);
  return only;
}

LvsdDestination *
lvsd_lookup_destination (const LvsdTable *table,
                         const LvsdService *service,
                         const char *endpoint,
                         GError **error)
{
  g_autoptr (LvsdDestination) like = NULL;
  LvsdDestination *destination;
  LvsdEndpoint parsed;
  gboolean has_port;

  if (!lvsd_endpoint_parse (endpoint, &parsed, &has_port, error))
    {
      g_prefix_error (error, _ ("destination %s: "), endpoint);
      return NULL;
    }
  if (!has_port)
    return find_at_address (lvsd_table_destinations (table, service->identity), service, &parsed,
                            error);
  like = lvsd_destination_new (service->identity, &parsed);
  destination = lvsd_table_find (table, like);
  if (destination == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("destination %s: service %s has none there"), endpoint,
                 service->identity->name);
  return destination;
}

LvsdVirtualAddress *
lvsd_lookup_address (const LvsdTable *table, const char *address, GError **error)
{
  LvsdVirtualAddress *found;
  LvsdAddress parsed;
  guint prefix_length;

  if (!lvsd_prefix_parse (address, &parsed, &prefix_length, error))
    {
      g_prefix_error (error, _ ("address %s: "), address);
      return NULL;
    }
  found = lvsd_table_find_address (table, &parsed);
  if (found == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("address %s: there is none"), address);
  return found;
}

LvsdRole *
lvsd_lookup_role (const LvsdTable *table, const char *address, GError **error)
{
  LvsdAddress parsed;
  LvsdRole *found;

  if (!lvsd_address_parse (address, &parsed, error))
    {
      g_prefix_error (error, _ ("role %s: "), address);
      return NULL;
    }
  found = lvsd_table_find_role (table, &parsed);
  if (found == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("role %s: this machine has none for this address"), address);
  return found;
}

/* Addresses and ports can be written in several ways; only one of them is the object's. */
gpointer
lvsd_lookup_object (const LvsdTable *table, LvsdKind kind, const char *label)
{
  g_autofree char *id = lvsd_object_path_unescape (label);
  g_autofree char *found_id = NULL;
  LvsdItem *found = id != NULL ? lvsd_table_find_by_id (table, kind, id) : NULL;

  if (found == NULL)
    return NULL;
  found_id = lvsd_item_dup_id (found);
  return g_str_equal (found_id, id) ? found : NULL;
}

gboolean
lvsd_lookup_check_free (const LvsdTable *table,
                        const char *name,
                        const LvsdServiceKey *key,
                        GError **error)
{
  const LvsdService *by_key = lvsd_table_find_service_by_key (table, key);
  const LvsdService *by_name = lvsd_table_find_by_id (table, LVSD_KIND_SERVICE, name);
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (by_key != NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS,
                   _ ("service %s: there is one already, and its name is '%s'"),
                   lvsd_service_key_format (key, text), by_key->identity->name);
      return FALSE;
    }
  if (by_name != NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS,
                   _ ("service %s: the name is taken by the service of %s"), name,
                   lvsd_service_key_format (&by_name->identity->key, text));
      return FALSE;
    }
  return TRUE;
}

LvsdSyncDaemon *
lvsd_lookup_sync (const LvsdTable *table, LvsdSyncState state, GError **error)
{
  LvsdSyncDaemon *found = lvsd_table_find_sync (table, state);

  if (found == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("sync %s: lvsd runs none; 'lvsctl sync list' shows what there is"),
                 lvsd_terms_format (lvsd_sync_state_terms, state));
  return found;
}

gboolean
lvsd_lookup_check_absent (const LvsdTable *table, gconstpointer draft, GError **error)
{
  g_autofree char *id = NULL;

  if (lvsd_table_find (table, draft) == NULL)
    return TRUE;
  id = lvsd_item_dup_id (draft);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS, _ ("%s %s: is there already"),
               lvsd_item_class (lvsd_item_get_kind (draft))->name, id);
  return FALSE;
}
