/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connections.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "json.h"

/* "14:59", minutes and seconds as ipvsadm has it. */
static char *
format_expiry (GVariant *row)
{
  guint32 seconds;

  g_variant_get_child (row, 6, "u", &seconds);
  return g_strdup_printf ("%" G_GUINT32_FORMAT ":%02" G_GUINT32_FORMAT, seconds / 60, seconds % 60);
}

static const LvsctlColumn columns[] = {
  { "protocol", N_ ("PROTOCOL"), LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "client", N_ ("CLIENT"), LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "virtual", N_ ("VIRTUAL"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, NULL },
  { "destination", N_ ("DESTINATION"), LVSCTL_COLUMN_PLAIN, 3, 0, NULL, NULL },
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

static void
print_json (gboolean truncated, GPtrArray *rows)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, "truncated", g_variant_new_boolean (truncated));
  lvsctl_json_add (&object, lvsctl_connection_listing.name,
                   lvsctl_listing_to_array (&lvsctl_connection_listing, rows));
  lvsctl_json_print (g_variant_builder_end (&object));
}

static void
print_text (LvsctlClient *client, gboolean truncated, GPtrArray *rows)
{
  const LvsctlArguments *arguments = client->arguments;
  g_autoptr (LvsctlTable) table = lvsctl_listing_to_table (&lvsctl_connection_listing, rows);
  g_autofree char *text =
      lvsctl_table_format (table, !arguments->no_legend, lvsctl_terminal_has_color ());

  lvsctl_terminal_print (text);
  if (!truncated)
    return;
  fflush (stdout);
  fprintf (stderr,
           ngettext ("Only %u connection is shown; --limit N shows more.\n",
                     "Only the first %u connections are shown; --limit N shows more.\n", rows->len),
           rows->len);
}

gboolean
lvsctl_connections (LvsctlClient *client, GError **error)
{
  /* The options are called as the daemon calls them. */
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "ListConnections",
                          g_variant_new ("(@a{sv})", client->arguments->options), "(ba(ssssssu))",
                          error);
  g_autoptr (GPtrArray) connections =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) rows = NULL;
  gboolean truncated;

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(b@a(ssssssu))", &truncated, &rows);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    g_ptr_array_add (connections, g_variant_get_child_value (rows, i));
  if (client->arguments->json)
    print_json (truncated, connections);
  else
    print_text (client, truncated, connections);
  return TRUE;
}
