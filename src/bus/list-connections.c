/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/lookup.h"
#include "bus/options.h"
#include "model/error.h"

#define ROW_TYPE "a(ssssssu)"
#define PRESET_LIMIT 1000
#define MAX_LIMIT 100000
#define MAX_TEXT 256

static gboolean
filter_by_service (LvsdRequest *request, const char *name, GError **error)
{
  LvsdConnectionFilter *filter = &request->connections;
  const LvsdService *service = lvsd_lookup_service (lvsd_request_table (request), name, error);

  if (service == NULL)
    return FALSE;
  if (service->identity->key.fwmark != 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
                   _ ("service %s: the kernel's connection table does not tell which firewall mark "
                      "a connection came by; name a destination instead"),
                   service->identity->name);
      return FALSE;
    }
  filter->of_service = TRUE;
  filter->service = service->identity->key;
  return TRUE;
}

static gboolean
filter_by_destination (LvsdRequest *request, const char *text, GError **error)
{
  gboolean has_port;

  return lvsd_endpoint_parse (text, &request->connections.destination, &has_port, error);
}

static gboolean
filter_by_client (LvsdRequest *request, const char *text, GError **error)
{
  LvsdConnectionFilter *filter = &request->connections;

  return lvsd_prefix_parse (text, &filter->client, &filter->client_prefix, error);
}

gboolean
lvsd_call_manager_list_connections (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autofree char *service = NULL;
  g_autofree char *destination = NULL;
  g_autofree char *client = NULL;
  g_autofree char *state = NULL;
  guint32 limit = PRESET_LIMIT;

  if (!lvsd_options_take_text (options, "service", MAX_TEXT, &service, error)
      || !lvsd_options_take_text (options, "destination", MAX_TEXT, &destination, error)
      || !lvsd_options_take_text (options, "client", MAX_TEXT, &client, error)
      || !lvsd_options_take_text (options, "state", sizeof request->connections.state - 1, &state,
                                  error)
      || !lvsd_options_take_number (options, "limit", 1, MAX_LIMIT, &limit, error)
      || !lvsd_request_take_compressed (request, options, error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  request->connections.limit = limit;
  g_strlcpy (request->connections.state, state != NULL ? state : "",
             sizeof request->connections.state);
  return (service == NULL || filter_by_service (request, service, error))
         && (destination == NULL || filter_by_destination (request, destination, error))
         && (client == NULL || filter_by_client (request, client, error));
}

/* What a thread puts into rows. */
typedef struct
{
  LvsdRequest *request;
  GArray *connections; /* of LvsdConnection */
  gboolean truncated;
  GPtrArray *services; /* references */
} Description;

static void
free_description (gpointer data)
{
  Description *description = data;

  g_array_unref (description->connections);
  g_ptr_array_unref (description->services);
  g_free (description);
}

/* Borrowed, by their keys. */
static GHashTable *
index_services (const GPtrArray *services)
{
  GHashTable *index =
      g_hash_table_new ((GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal);

  for (guint i = 0; i < services->len; i++)
    {
      LvsdServiceIdentity *identity = ((LvsdService *) g_ptr_array_index (services, i))->identity;

      g_hash_table_insert (index, &identity->key, identity);
    }
  return index;
}

/* A service of port 0 takes what no other service does. Nothing tells a fwmark service's. */
static const char *
name_service (GHashTable *services, const LvsdConnection *connection)
{
  LvsdServiceKey key = { .endpoint = connection->virtual_address,
                         .protocol = connection->protocol };
  const LvsdServiceIdentity *identity = g_hash_table_lookup (services, &key);

  if (identity == NULL)
    {
      key.endpoint.port = 0;
      identity = g_hash_table_lookup (services, &key);
    }
  return identity != NULL ? identity->name : "";
}

static void
add_row (GVariantBuilder *rows, GHashTable *services, const LvsdConnection *connection)
{
  const char *protocol = lvsd_terms_format (lvsd_protocol_terms, connection->protocol);
  char client[LVSD_ENDPOINT_TEXT_SIZE];
  char virtual_address[LVSD_ENDPOINT_TEXT_SIZE];
  char destination[LVSD_ENDPOINT_TEXT_SIZE];

  lvsd_listing_pack_row (
      rows,
      g_variant_new ("(ssssssu)", protocol != NULL ? protocol : "",
                     lvsd_endpoint_format (&connection->client, client),
                     lvsd_endpoint_format (&connection->virtual_address, virtual_address),
                     lvsd_endpoint_format (&connection->destination, destination),
                     name_service (services, connection), connection->state, connection->expires));
}

static GVariant *
describe (gpointer data, G_GNUC_UNUSED GError **error)
{
  const Description *description = data;
  const GArray *connections = description->connections;
  g_autoptr (GHashTable) services = index_services (description->services);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (ROW_TYPE));
  for (guint i = 0; i < connections->len; i++)
    add_row (&rows, services, &g_array_index (connections, LvsdConnection, i));
  return g_variant_new ("(bv)", description->truncated,
                        lvsd_request_compress (description->request,
                                               g_variant_builder_end (&rows)));
}

/* Takes the connections. */
static void
answer (LvsdRequest *request, GArray *connections, gboolean truncated)
{
  Description *description = g_new0 (Description, 1);

  description->request = request;
  description->connections = connections;
  description->truncated = truncated;
  description->services = g_ptr_array_new_with_free_func (lvsd_item_unref);
  lvsd_table_collect (lvsd_request_table (request), LVSD_KIND_SERVICE, description->services);
  lvsd_request_answer_from_thread (request, describe, description, free_description);
}

static void
on_listed (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  LvsdRequest *request = user_data;
  g_autoptr (GArray) connections = NULL;
  gboolean truncated;
  GError *error = NULL;

  connections = lvsd_engine_list_connections_finish (request->engine, result, &truncated, &error);
  if (connections != NULL && lvsd_request_check_rows (request, connections->len, &error))
    answer (request, g_steal_pointer (&connections), truncated);
  else
    lvsd_request_fail (request, error);
}

void
lvsd_call_manager_perform_list_connections (LvsdRequest *request)
{
  lvsd_engine_list_connections_async (request->engine, &request->connections, on_listed, request);
}
