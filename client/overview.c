/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "overview.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "arguments.h"
#include "destination.h"
#include "json.h"
#include "role.h"
#include "service.h"

#define FETCH_TRIES 3

/* The tree has a service's columns and a destination's beside each other. */
enum
{
  COLUMN_NAME,
  COLUMN_KEY, /* of a destination: its address and port */
  COLUMN_SCHEDULER,
  COLUMN_METHOD,
  COLUMN_WEIGHT,
  COLUMN_ACTIVE,
  COLUMN_INACTIVE,
  COLUMN_STATE,
};

static const struct
{
  const char *title;
  LvsctlTableFlags flags;
} tree_columns[] = {
  { N_ ("NAME"), LVSCTL_ALIGN_LEFT },
  { N_ ("KEY"), LVSCTL_ALIGN_LEFT },
  { N_ ("SCHEDULER"), LVSCTL_ALIGN_LEFT },
  { N_ ("METHOD"), LVSCTL_HIDE_EMPTY },
  { N_ ("WEIGHT"), LVSCTL_HIDE_EMPTY },
  { N_ ("ACTIVE"), LVSCTL_ALIGN_RIGHT | LVSCTL_HIDE_EMPTY },
  { N_ ("INACTIVE"), LVSCTL_ALIGN_RIGHT | LVSCTL_HIDE_EMPTY },
  { N_ ("STATE"), LVSCTL_HIDE_EMPTY },
};

void
lvsctl_overview_clear (LvsctlOverview *overview)
{
  g_clear_pointer (&overview->services, g_ptr_array_unref);
  g_clear_pointer (&overview->destinations, g_ptr_array_unref);
  g_clear_pointer (&overview->addresses, g_ptr_array_unref);
  g_clear_pointer (&overview->roles, g_ptr_array_unref);
}

static GPtrArray *
fetch_next (LvsctlClient *client,
            const LvsctlListing *listing,
            gboolean first,
            guint64 *generation,
            gboolean *consistent,
            GError **error)
{
  guint64 of_rows = 0;
  GPtrArray *rows = lvsctl_listing_fetch (client, listing, NULL, &of_rows, error);

  if (first)
    *generation = of_rows;
  *consistent = (first || *consistent) && *generation == of_rows;
  return rows;
}

static gboolean
fetch_once (LvsctlClient *client, LvsctlOverview *overview, gboolean *consistent, GError **error)
{
  guint64 *generation = &overview->generation;

  lvsctl_overview_clear (overview);
  overview->services =
      fetch_next (client, &lvsctl_service_listing, TRUE, generation, consistent, error);
  if (overview->services == NULL)
    return FALSE;
  overview->destinations =
      fetch_next (client, &lvsctl_destination_listing, FALSE, generation, consistent, error);
  if (overview->destinations == NULL)
    return FALSE;
  overview->addresses =
      fetch_next (client, &lvsctl_address_listing, FALSE, generation, consistent, error);
  if (overview->addresses == NULL)
    return FALSE;
  overview->roles = fetch_next (client, &lvsctl_role_listing, FALSE, generation, consistent, error);
  return overview->roles != NULL;
}

/* Destinations by what their service is called: a table of borrowed rows. */
static GHashTable *
group_destinations (const LvsctlOverview *overview)
{
  GHashTable *groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < overview->destinations->len; i++)
    {
      GVariant *row = overview->destinations->pdata[i];
      const char *service;
      GPtrArray *group;

      g_variant_get_child (row, 0, "&s", &service);
      group = g_hash_table_lookup (groups, service);
      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, g_strdup (service), group);
        }
      g_ptr_array_add (group, row);
    }
  return groups;
}

/* Takes the destinations of a service's row out of the groups; NULL where it has none. */
static GPtrArray *
take_destinations (GHashTable *groups, GVariant *row)
{
  g_autofree char *id = lvsctl_service_row_id (row);
  GPtrArray *group = g_hash_table_lookup (groups, id);

  if (group != NULL)
    g_ptr_array_ref (group);
  g_hash_table_remove (groups, id);
  return group;
}

static void
set_cell (LvsctlTable *table,
          guint column,
          const LvsctlListing *listing,
          const char *name,
          GVariant *row)
{
  g_autofree char *text = lvsctl_listing_text (listing, name, row);

  lvsctl_table_set (table, column, text, LVSCTL_STYLE_PLAIN);
}

/* That something is as it is to be needs no word. */
static void
set_state (LvsctlTable *table, const LvsctlListing *listing, GVariant *row)
{
  g_autofree char *state = lvsctl_listing_text (listing, "state", row);

  if (!g_str_equal (state, "applied"))
    lvsctl_table_set (table, COLUMN_STATE, state, lvsctl_style_of_state (state));
}

/* "sh sh-port persistent 300", as ipvsadm has it. */
static char *
describe_scheduler (GVariant *row)
{
  const LvsctlListing *listing = &lvsctl_service_listing;
  g_autoptr (GVariant) persistence =
      g_variant_ref_sink (lvsctl_listing_get (listing, "persistence", row));
  g_autoptr (GVariant) one_packet =
      g_variant_ref_sink (lvsctl_listing_get (listing, "one-packet", row));
  g_autofree char *scheduler = lvsctl_listing_text (listing, "scheduler", row);
  g_autofree char *flags = lvsctl_listing_text (listing, "flags", row);
  GString *text = g_string_new (scheduler);

  if (flags[0] != '\0')
    g_string_append_printf (text, " %s", flags);
  if (g_variant_get_uint32 (persistence) > 0)
    g_string_append_printf (text, _ (" persistent %" G_GUINT32_FORMAT),
                            g_variant_get_uint32 (persistence));
  if (g_variant_is_of_type (one_packet, G_VARIANT_TYPE_BOOLEAN)
      && g_variant_get_boolean (one_packet))
    g_string_append (text, _ (" one-packet"));
  return g_string_free (text, FALSE);
}

static void
add_service (LvsctlTable *table, GVariant *row)
{
  const LvsctlListing *listing = &lvsctl_service_listing;
  g_autofree char *name = lvsctl_listing_text (listing, "name", row);
  g_autofree char *scheduler = describe_scheduler (row);

  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, COLUMN_NAME, name, LVSCTL_STYLE_HEADING);
  set_cell (table, COLUMN_KEY, listing, "key", row);
  lvsctl_table_set (table, COLUMN_SCHEDULER, scheduler, LVSCTL_STYLE_PLAIN);
  set_state (table, listing, row);
}

static void
add_destination (LvsctlTable *table, GVariant *row)
{
  const LvsctlListing *listing = &lvsctl_destination_listing;
  g_autofree char *endpoint = lvsctl_listing_text (listing, "endpoint", row);
  g_autofree char *indented = g_strconcat ("-> ", endpoint, NULL);

  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, COLUMN_KEY, indented, LVSCTL_STYLE_PLAIN);
  set_cell (table, COLUMN_METHOD, listing, "method", row);
  set_cell (table, COLUMN_WEIGHT, listing, "weight", row);
  set_cell (table, COLUMN_ACTIVE, listing, "active", row);
  set_cell (table, COLUMN_INACTIVE, listing, "inactive", row);
  set_state (table, listing, row);
}

static LvsctlTable *
build_tree (const LvsctlOverview *overview)
{
  g_autoptr (GHashTable) groups = group_destinations (overview);
  LvsctlTable *table = lvsctl_table_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (tree_columns); i++)
    lvsctl_table_add_column (table, _ (tree_columns[i].title), tree_columns[i].flags);
  for (guint i = 0; i < overview->services->len; i++)
    {
      g_autoptr (GPtrArray) group = take_destinations (groups, overview->services->pdata[i]);

      add_service (table, overview->services->pdata[i]);
      for (guint j = 0; group != NULL && j < group->len; j++)
        add_destination (table, group->pdata[j]);
    }
  return table;
}

static void
append_section (GString *output, LvsctlTable *table, gboolean legend, gboolean color)
{
  g_autoptr (LvsctlTable) owned = table;
  g_autofree char *text = lvsctl_table_format (owned, legend, color);

  if (output->len > 0 && text[0] != '\0')
    g_string_append_c (output, '\n');
  g_string_append (output, text);
}

/* "" where there is nothing at all. */
char *
lvsctl_overview_format (const LvsctlOverview *overview, gboolean legend, gboolean color)
{
  GString *output = g_string_new (NULL);

  if (overview->services->len > 0)
    append_section (output, build_tree (overview), legend, color);
  if (overview->addresses->len > 0)
    append_section (output, lvsctl_listing_to_table (&lvsctl_address_listing, overview->addresses),
                    legend, color);
  if (overview->roles->len > 0)
    append_section (output, lvsctl_listing_to_table (&lvsctl_role_listing, overview->roles), legend,
                    color);
  return g_string_free (output, FALSE);
}

static GVariant *
services_to_json (const LvsctlOverview *overview)
{
  g_autoptr (GHashTable) groups = group_destinations (overview);
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < overview->services->len; i++)
    {
      GVariant *row = overview->services->pdata[i];
      g_autoptr (GPtrArray) group = take_destinations (groups, row);
      g_autoptr (GVariant) service =
          g_variant_ref_sink (lvsctl_listing_to_object (&lvsctl_service_listing, row));

      g_variant_builder_add_value (
          &array, lvsctl_json_extend (service, "destinations",
                                      lvsctl_listing_to_array (&lvsctl_destination_listing,
                                                               group != NULL ? group : nobody)));
    }
  return g_variant_builder_end (&array);
}

/* Returns a floating reference. */
GVariant *
lvsctl_overview_to_json (const LvsctlOverview *overview)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, "generation", g_variant_new_uint64 (overview->generation));
  lvsctl_json_add (&object, lvsctl_service_listing.name, services_to_json (overview));
  lvsctl_json_add (&object, lvsctl_address_listing.name,
                   lvsctl_listing_to_array (&lvsctl_address_listing, overview->addresses));
  lvsctl_json_add (&object, lvsctl_role_listing.name,
                   lvsctl_listing_to_array (&lvsctl_role_listing, overview->roles));
  return g_variant_builder_end (&object);
}

gboolean
lvsctl_overview_list (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_auto (LvsctlOverview) overview = { 0 };
  g_autofree char *text = NULL;
  gboolean consistent = FALSE;

  /* Somebody who changes things all the time is no reason to show nothing. */
  for (guint i = 0; i < FETCH_TRIES && !consistent; i++)
    if (!fetch_once (client, &overview, &consistent, error))
      return FALSE;
  if (arguments->json)
    {
      lvsctl_json_print (lvsctl_overview_to_json (&overview));
      return TRUE;
    }
  text = lvsctl_overview_format (&overview, !arguments->no_legend, lvsctl_terminal_has_color ());
  if (text[0] != '\0')
    lvsctl_terminal_print (text);
  else if (!arguments->no_legend)
    lvsctl_terminal_print (_ ("Nothing is configured. A director begins with 'lvsctl service add', "
                              "a real server with 'lvsctl role add'.\n"));
  return TRUE;
}
