/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connections.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "compression.h"
#include "connection-groups.h"
#include "exit-status.h"
#include "json.h"
#include "selection.h"

/* "14:59", minutes and seconds as ipvsadm has it. */
static char *
format_expiry (gpointer row)
{
  guint32 seconds;

  g_variant_get_child (row, 6, "u", &seconds);
  return g_strdup_printf ("%" G_GUINT32_FORMAT ":%02" G_GUINT32_FORMAT, seconds / 60, seconds % 60);
}

static const LvsctlColumn columns[] = {
  { "protocol", N_ ("PROTOCOL"), LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "client", N_ ("CLIENT"), LVSCTL_COLUMN_KEEP, 1, 0, NULL, NULL },
  { "virtual", N_ ("VIRTUAL"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, NULL },
  { "destination", N_ ("DESTINATION"), LVSCTL_COLUMN_KEEP, 3, 0, NULL, NULL },
  { "service", N_ ("SERVICE"), LVSCTL_COLUMN_HIDE_EMPTY, 4, 0, NULL, NULL },
  { "state", N_ ("STATE"), LVSCTL_COLUMN_PLAIN, 5, 0, NULL, NULL },
  { "expires", N_ ("EXPIRES"), LVSCTL_COLUMN_NUMBER, 6, 0, NULL, format_expiry },
};

const LvsctlListing lvsctl_connection_listing = {
  .name = "connections",
  .row_type = "(ssssssu)",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
};

/* All that the daemon gives at once, and all that are counted. */
#define LIMIT_MAX 100000

static void
print_json (const LvsctlListing *listing, gboolean truncated, GPtrArray *rows)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, "truncated", g_variant_new_boolean (truncated));
  lvsctl_json_add (&object, listing->name, lvsctl_listing_to_array (listing, rows));
  lvsctl_json_print (g_variant_builder_end (&object));
}

static void
warn_truncated (guint shown)
{
  fflush (stdout);
  if (shown == LIMIT_MAX)
    fputs (_ ("There are more connections than could be read; name a service, a destination or a "
              "client.\n"),
           stderr);
  else
    fprintf (stderr,
             ngettext ("Only %u connection is shown; --limit N shows more.\n",
                       "Only the first %u connections are shown; --limit N shows more.\n", shown),
             shown);
}

/* The daemon's options are called as ours are; of groups, it is the groups that are limited. */
static GVariant *
build_filter (const LvsctlArguments *arguments, gboolean grouped)
{
  static const char *const names[] = { "service", "destination", "client", "state", "limit", NULL };
  GVariantDict filter;

  g_variant_dict_init (&filter, NULL);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (arguments->options, names[i], NULL);

      if (value != NULL)
        g_variant_dict_insert_value (&filter, names[i], value);
    }
  if (grouped)
    g_variant_dict_insert (&filter, "limit", "u", LIMIT_MAX);
  g_variant_dict_insert (&filter, "compressed", "b", TRUE);
  return g_variant_dict_end (&filter);
}

static GPtrArray *
fetch (LvsctlClient *client, gboolean grouped, gboolean *ret_truncated, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "ListConnections",
                          g_variant_new ("(@a{sv})", build_filter (client->arguments, grouped)),
                          "(bv)", error);
  g_autoptr (GVariant) given = NULL;
  g_autoptr (GVariant) rows = NULL;
  GPtrArray *connections;

  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(bv)", ret_truncated, &given);
  rows = lvsctl_decompress (given, "a(ssssssu)", error);
  if (rows == NULL)
    return NULL;
  connections = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    g_ptr_array_add (connections, g_variant_get_child_value (rows, i));
  return connections;
}

/* Those that --group asks for, or the connections themselves; NULL on an error. */
static const LvsctlListing *
choose_listing (const LvsctlArguments *arguments, GError **error)
{
  const LvsctlListing *listing = &lvsctl_connection_listing;
  const char *by;

  if (g_variant_lookup (arguments->options, "group", "&s", &by))
    listing = lvsctl_connection_groups_find (by);
  if (listing == NULL)
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                   _ ("--group: '%s' is not one of client, destination, service, state"), by);
      return NULL;
    }
  return lvsctl_selection_check (arguments, listing, error) ? listing : NULL;
}

gboolean
lvsctl_connections (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  const LvsctlListing *listing = choose_listing (arguments, error);
  gboolean grouped = listing != &lvsctl_connection_listing;
  g_autoptr (GPtrArray) connections = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gboolean truncated;
  guint32 limit = 0;

  if (listing == NULL)
    return FALSE;
  connections = fetch (client, grouped, &truncated, error);
  if (connections == NULL)
    return FALSE;
  g_variant_lookup (arguments->options, "limit", "u", &limit);
  rows = grouped ? lvsctl_connection_groups_make (listing, connections, limit)
                 : g_ptr_array_ref (connections);
  if (arguments->json)
    {
      lvsctl_selection_sort (listing, lvsctl_selection_order (arguments), rows);
      print_json (listing, truncated, rows);
      return TRUE;
    }
  lvsctl_selection_print (client, listing, rows);
  if (truncated)
    warn_truncated (connections->len);
  return TRUE;
}
