/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "destination.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "counters.h"
#include "dbus/names.h"
#include "model/address.h"
#include "model/error.h"
#include "selection.h"

const LvsctlCell lvsctl_destination_cells[] = {
  [LVSCTL_DESTINATION_SERVICE] = { "service", LVSCTL_CELL_TEXT },
  [LVSCTL_DESTINATION_ENDPOINT] = { "endpoint", LVSCTL_CELL_TEXT },
  [LVSCTL_DESTINATION_METHOD] = { "method", LVSCTL_CELL_TEXT },
  [LVSCTL_DESTINATION_WEIGHT] = { "weight", LVSCTL_CELL_UINT32 },
  [LVSCTL_DESTINATION_EFFECTIVE_WEIGHT] = { "effective-weight", LVSCTL_CELL_UINT32 },
  [LVSCTL_DESTINATION_STATE] = { "state", LVSCTL_CELL_TEXT },
  [LVSCTL_DESTINATION_ACTIVE] = { "active", LVSCTL_CELL_UINT32 },
  [LVSCTL_DESTINATION_INACTIVE] = { "inactive", LVSCTL_CELL_UINT32 },
  [LVSCTL_DESTINATION_PERSISTENT] = { "persistent", LVSCTL_CELL_UINT32 },
  [LVSCTL_DESTINATION_COUNTERS] = LVSCTL_COUNTER_CELLS,
};

static GVariant *
get_runtime (gpointer row)
{
  GVariant *runtime = lvsctl_row_find_field (row, "runtime");

  return runtime != NULL ? runtime : g_variant_new_maybe (G_VARIANT_TYPE_VARDICT, NULL);
}

/* "0, set by root since 2026-01-31 12:00:00: disk is being replaced" */
static char *
format_runtime (gpointer row)
{
  g_autoptr (GVariant) runtime = lvsctl_row_find_field (row, "runtime");
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *since_text = NULL;
  const char *owner = "";
  const char *reason = "";
  guint32 weight = 0;
  gint64 since = 0;

  if (runtime == NULL)
    return g_strdup ("");
  g_variant_lookup (runtime, "weight", "u", &weight);
  g_variant_lookup (runtime, "owner", "&s", &owner);
  g_variant_lookup (runtime, "reason", "&s", &reason);
  g_variant_lookup (runtime, "since", "x", &since);
  date = g_date_time_new_from_unix_local (since);
  since_text = date != NULL ? g_date_time_format (date, "%F %T") : NULL;
  return g_strdup_printf (_ ("%u, set by %s since %s%s%s"), weight, owner,
                          since_text != NULL ? since_text : "?", reason[0] != '\0' ? ": " : "",
                          reason);
}

static char *
format_weight (gpointer row)
{
  guint32 weight = (guint32) lvsctl_row_number (row, LVSCTL_DESTINATION_WEIGHT);
  guint32 effective = (guint32) lvsctl_row_number (row, LVSCTL_DESTINATION_EFFECTIVE_WEIGHT);
  g_autoptr (GVariant) runtime = NULL;

  if (weight == effective)
    return lvsctl_number_to_text (weight);
  runtime = lvsctl_row_find_field (row, "runtime");
  if (runtime != NULL)
    return g_strdup_printf (_ ("%u (runtime %u)"), weight, effective);
  return g_strdup_printf (_ ("%u (in effect %u)"), weight, effective);
}

/* "192.0.2.11" of "192.0.2.11:80", "2001:db8::1" of "[2001:db8::1]:80". */
static GVariant *
get_address (gpointer row)
{
  const char *endpoint = lvsctl_row_text (row, LVSCTL_DESTINATION_ENDPOINT);
  gsize bracket = endpoint[0] == '[' ? 1 : 0;
  const char *colon = strrchr (endpoint, ':');

  if (colon == NULL)
    return g_variant_new_string (endpoint);
  return g_variant_new_take_string (
      g_strndup (endpoint + bracket, (gsize) (colon - endpoint) - 2 * bracket));
}

static GVariant *
get_port (gpointer row)
{
  const char *colon = strrchr (lvsctl_row_text (row, LVSCTL_DESTINATION_ENDPOINT), ':');

  return g_variant_new_uint32 (colon != NULL ? (guint32) g_ascii_strtoull (colon + 1, NULL, 10)
                                             : 0);
}

#define CELL(cell) LVSCTL_DESTINATION_##cell, 0, NULL, NULL

static const LvsctlColumn columns[] = {
  { "service", N_ ("SERVICE"), LVSCTL_COLUMN_PLAIN, CELL (SERVICE) },
  { "endpoint", N_ ("DESTINATION"), LVSCTL_COLUMN_KEEP, CELL (ENDPOINT) },
  { "address", NULL, LVSCTL_COLUMN_PLAIN, 0, 0, get_address, NULL },
  { "port", NULL, LVSCTL_COLUMN_NUMBER, 0, 0, get_port, NULL },
  { "method", N_ ("METHOD"), LVSCTL_COLUMN_PLAIN, CELL (METHOD) },
  { "weight", N_ ("WEIGHT"), LVSCTL_COLUMN_KEEP, LVSCTL_DESTINATION_WEIGHT, 0, NULL,
    format_weight },
  { "effective-weight", NULL, LVSCTL_COLUMN_NUMBER, CELL (EFFECTIVE_WEIGHT) },
  { "runtime", NULL, LVSCTL_COLUMN_PLAIN, 0, 0, get_runtime, format_runtime },
  { "active", N_ ("ACTIVE"), LVSCTL_COLUMN_NUMBER, CELL (ACTIVE) },
  { "inactive", N_ ("INACTIVE"), LVSCTL_COLUMN_NUMBER, CELL (INACTIVE) },
  { "persistent", NULL, LVSCTL_COLUMN_NUMBER, CELL (PERSISTENT) },
  { "state", N_ ("STATE"), LVSCTL_COLUMN_STATE, CELL (STATE) },
  LVSCTL_COUNTERS (LVSCTL_DESTINATION_COUNTERS),
};

const LvsctlListing lvsctl_destination_listing = {
  .name = "destinations",
  .method = "ListDestinations",
  .cells = lvsctl_destination_cells,
  .n_cells = LVSCTL_DESTINATION_N_CELLS,
  .page_rows = 2000,
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_PAGE_FIELDS,
  .kind = LVSD_KIND_DESTINATION,
};

/* Those of the service that was named, or of all. */
static GVariant *
of_named_service (const LvsctlClient *client)
{
  const char *service = lvsctl_arguments_operand (client->arguments, 0);
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (service != NULL)
    g_variant_dict_insert (&options, "service", "s", service);
  return g_variant_dict_end (&options);
}

gboolean
lvsctl_destination_list (LvsctlClient *client, GError **error)
{
  return lvsctl_selection_run (client, &lvsctl_destination_listing, of_named_service (client),
                               error);
}

/* Whether the row is the one that was named, by address and port or by address alone. */
static gboolean
is_named (const LvsctlRow *row, const char *named)
{
  const char *text = lvsctl_row_text (row, LVSCTL_DESTINATION_ENDPOINT);
  LvsdEndpoint wanted;
  LvsdEndpoint found;
  gboolean has_port;

  return lvsd_endpoint_parse (named, &wanted, &has_port, NULL)
         && lvsd_endpoint_parse (text, &found, NULL, NULL)
         && lvsd_address_compare (&wanted.address, &found.address) == 0
         && (!has_port || wanted.port == found.port);
}

static gpointer
find_row (GPtrArray *rows, const char *service, const char *named, GError **error)
{
  gpointer found = NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      if (!is_named (rows->pdata[i], named))
        continue;
      if (found != NULL)
        {
          g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("destination %s of service %s: there are several there; name the port"),
                       named, service);
          return NULL;
        }
      found = rows->pdata[i];
    }
  if (found == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 _ ("destination %s of service %s: not found; 'lvsctl destination list %s' shows "
                    "all"),
                 named, service, service);
  return found;
}

gboolean
lvsctl_destination_show (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_autoptr (GPtrArray) rows = lvsctl_listing_fetch (client, &lvsctl_destination_listing,
                                                     of_named_service (client), NULL, error);
  gpointer row;

  if (rows == NULL)
    return FALSE;
  row = find_row (rows, lvsctl_arguments_operand (arguments, 0),
                  lvsctl_arguments_operand (arguments, 1), error);
  if (row == NULL)
    return FALSE;
  lvsctl_selection_print_one (client, &lvsctl_destination_listing, row);
  return TRUE;
}

/* One is shown as the daemon has it, since port, method and weight may be of its choosing. */
static void
say_added (LvsctlClient *client, const char *const *paths)
{
  guint n = g_strv_length ((GStrv) paths);
  const LvsctlObject object = { paths[0], LVSD_INTERFACE_DESTINATION };
  g_autoptr (GVariantDict) properties = NULL;
  const char *service;
  const char *endpoint;
  const char *method;
  guint32 weight;

  if (client->arguments->quiet || n == 0)
    return;
  properties = lvsctl_client_get_properties (client, &object, NULL);
  if (properties == NULL || !g_variant_dict_lookup (properties, "Service", "&s", &service)
      || !g_variant_dict_lookup (properties, "Endpoint", "&s", &endpoint)
      || !g_variant_dict_lookup (properties, "Method", "&s", &method)
      || !g_variant_dict_lookup (properties, "Weight", "u", &weight))
    lvsctl_client_say (client, ngettext ("Added %u destination.", "Added %u destinations.", n), n);
  else if (n == 1)
    lvsctl_client_say (client, _ ("Added destination %s to service %s (%s, weight %u)."), endpoint,
                       service, method, weight);
  else
    lvsctl_client_say (client, _ ("Added %u destinations to service %s (%s, weight %u)."), n,
                       service, method, weight);
}

gboolean
lvsctl_destination_add (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  const char *service = lvsctl_arguments_operand (arguments, 0);
  g_autofree char *path =
      lvsctl_client_find (client, "GetService", g_variant_new ("(s)", service), error);
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };
  g_autofree const char **paths = NULL;
  g_autofree const char **warnings = NULL;
  g_autoptr (GVariant) reply = NULL;

  if (path == NULL)
    return FALSE;
  reply = lvsctl_client_change (client, &object, "AddDestinations",
                                g_variant_new ("(^as)", arguments->operands[1]), arguments->fields,
                                NULL, "(aoas)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(^a&o^a&s)", &paths, &warnings);
  say_added (client, paths);
  lvsctl_client_warn (warnings);
  return TRUE;
}

static gboolean
set_runtime (LvsctlClient *client, const LvsctlObject *object, gboolean *changed, GError **error)
{
  GVariant *options = client->arguments->options;
  g_auto (GVariantDict) with = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) reply = NULL;
  const char *reason;
  guint32 weight;

  if (g_variant_lookup (options, "reason", "&s", &reason))
    g_variant_dict_insert (&with, "reason", "s", reason);
  if (g_variant_lookup (options, "runtime", "u", &weight))
    reply =
        lvsctl_client_change (client, object, "SetRuntimeWeight", g_variant_new ("(u)", weight),
                              g_variant_dict_end (&with), _ ("Set it all the same?"), "()", error);
  else if (g_variant_lookup (options, "no-runtime", "b", NULL))
    reply = lvsctl_client_change (client, object, "ClearRuntimeWeight", NULL, NULL,
                                  _ ("Set it all the same?"), "()", error);
  else
    return TRUE;
  *changed = TRUE;
  return reply != NULL;
}

static char *
describe_edit (const LvsctlArguments *arguments)
{
  g_autofree char *fields = lvsctl_arguments_describe_fields (arguments);
  const char *comma = fields[0] != '\0' ? ", " : "";
  guint32 weight;

  if (g_variant_lookup (arguments->options, "runtime", "u", &weight))
    return g_strdup_printf (_ ("%s%sweight %u for now"), fields, comma, weight);
  if (g_variant_lookup (arguments->options, "no-runtime", "b", NULL))
    return g_strdup_printf (_ ("%s%sweight as configured"), fields, comma);
  return g_steal_pointer (&fields);
}

static char *
find_destination (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;

  return lvsctl_client_find (client, "GetDestination",
                             g_variant_new ("(ss)", lvsctl_arguments_operand (arguments, 0),
                                            lvsctl_arguments_operand (arguments, 1)),
                             error);
}

gboolean
lvsctl_destination_edit (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_autofree char *path = find_destination (client, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_DESTINATION };
  g_autofree char *changes = describe_edit (arguments);
  g_autoptr (GVariant) reply = NULL;
  gboolean changed = FALSE;

  if (path == NULL)
    return FALSE;
  if (g_variant_n_children (arguments->fields) > 0)
    {
      reply = lvsctl_client_change (client, &object, "Edit", NULL, arguments->fields,
                                    _ ("Change it all the same?"), "(b)", error);
      if (reply == NULL)
        return FALSE;
      g_variant_get (reply, "(b)", &changed);
    }
  if (!set_runtime (client, &object, &changed, error))
    {
      if (reply != NULL)
        g_prefix_error (error, _ ("all was changed but the runtime weight: "));
      return FALSE;
    }
  lvsctl_client_say (
      client,
      changed ? _ ("Changed destination %s of service %s (%s).")
              : _ ("Nothing to change: destination %s of service %s is so already (%s)."),
      lvsctl_arguments_operand (arguments, 1), lvsctl_arguments_operand (arguments, 0), changes);
  return TRUE;
}

gboolean
lvsctl_destination_delete (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_autofree char *path = find_destination (client, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_DESTINATION };
  g_autoptr (GVariant) reply = NULL;

  if (path == NULL)
    return FALSE;
  reply = lvsctl_client_change (client, &object, "Delete", NULL, NULL,
                                _ ("Delete it all the same?"), "()", error);
  if (reply == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Deleted destination %s of service %s."),
                     lvsctl_arguments_operand (arguments, 1),
                     lvsctl_arguments_operand (arguments, 0));
  return TRUE;
}
