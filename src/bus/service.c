/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/object-path.h"
#include "bus/options.h"
#include "model/error.h"

#define MAX_DESTINATIONS_OF_CALL 10000

gboolean
lvsd_call_service_edit (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_request_edit_target (request, options, error);
}

gboolean
lvsd_call_service_delete (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  const LvsdService *service = (const LvsdService *) request->target;
  GPtrArray *destinations =
      lvsd_table_destinations (lvsd_request_table (request), service->identity);

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error))
    return FALSE;
  for (guint i = 0; i < destinations->len; i++)
    lvsd_request_add_edit (request, g_ptr_array_index (destinations, i), NULL);
  lvsd_request_add_edit (request, request->target, NULL);
  return TRUE;
}

/* The paths of what was added, in the order in which it was asked for, and what may keep it from
 * working. */
static GVariant *
reply_with_destinations (LvsdRequest *request)
{
  GVariantBuilder paths;
  GVariantBuilder warnings;

  g_variant_builder_init (&paths, G_VARIANT_TYPE_OBJECT_PATH_ARRAY);
  g_variant_builder_init (&warnings, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < request->added->len; i++)
    {
      gpointer destination = g_ptr_array_index (request->added, i);
      g_autofree char *path = lvsd_object_path_for_item (destination);
      g_autofree char *warning = lvsd_engine_warning (request->engine, destination);

      g_variant_builder_add (&paths, "o", path);
      if (warning != NULL)
        g_variant_builder_add (&warnings, "s", warning);
    }
  return g_variant_new ("(aoas)", &paths, &warnings);
}

static gboolean
refuse_destination (const LvsdDestination *destination, const char *message, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (destination);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS, _ ("destination %s: %s"), id, message);
  return FALSE;
}

/* Without a port it is the service's. */
static LvsdDestination *
parse_destination (const LvsdService *service, const char *text, GError **error)
{
  LvsdEndpoint endpoint;
  gboolean has_port;

  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return NULL;
    }
  if (!has_port)
    endpoint.port = service->identity->key.endpoint.port;
  return lvsd_destination_new (service->identity, &endpoint);
}

static gboolean
add_destination (LvsdRequest *request,
                 const char *text,
                 GVariant *options,
                 GHashTable *seen,
                 GError **error)
{
  g_auto (GVariantDict) left = G_VARIANT_DICT_INIT (options);
  g_autoptr (LvsdDestination) draft =
      parse_destination ((const LvsdService *) request->target, text, error);

  if (draft == NULL || !lvsd_options_fill (&left, draft, FALSE, error))
    return FALSE;
  if (lvsd_table_find (lvsd_request_table (request), draft) != NULL)
    return refuse_destination (draft, _ ("is there already"), error);
  if (!g_hash_table_add (seen, draft))
    return refuse_destination (draft, _ ("is named twice"), error);
  lvsd_request_add_edit (request, NULL, draft);
  g_ptr_array_add (request->added, lvsd_item_ref (draft));
  return TRUE;
}

gboolean
lvsd_call_service_add_destinations (LvsdRequest *request, GError **error)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  g_autofree const char **texts = NULL;
  g_autoptr (GVariant) named = NULL;
  g_autoptr (GVariant) options = NULL;
  gsize n_texts;

  g_variant_get (request->parameters, "(@as@a{sv})", &named, &options);
  if (!lvsd_options_check_count ("destinations", named, MAX_DESTINATIONS_OF_CALL, error))
    return FALSE;
  texts = g_variant_get_strv (named, &n_texts);
  if (n_texts == 0)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("destinations: name at least one"));
      return FALSE;
    }
  for (gsize i = 0; i < n_texts; i++)
    if (!add_destination (request, texts[i], options, seen, error))
      return FALSE;
  request->make_reply = reply_with_destinations;
  return TRUE;
}
