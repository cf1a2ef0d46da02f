/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "overview.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "arguments.h"
#include "destination.h"
#include "json.h"
#include "role.h"
#include "selection.h"
#include "service.h"
#include "sync.h"
#include "sysctl.h"
#include "tree.h"

#define FETCH_TRIES 3

void
lvsctl_overview_clear (LvsctlOverview *overview)
{
  g_clear_pointer (&overview->services, g_ptr_array_unref);
  g_clear_pointer (&overview->destinations, g_ptr_array_unref);
  g_clear_pointer (&overview->addresses, g_ptr_array_unref);
  g_clear_pointer (&overview->roles, g_ptr_array_unref);
  g_clear_pointer (&overview->settings, g_ptr_array_unref);
  g_clear_pointer (&overview->sync, g_ptr_array_unref);
  lvsctl_condition_clear (&overview->condition);
}

static GPtrArray *
fetch_next (LvsctlClient *client,
            const LvsctlListing *listing,
            GVariant *options,
            gboolean first,
            guint64 *generation,
            gboolean *consistent,
            GError **error)
{
  guint64 of_rows = 0;
  GPtrArray *rows = lvsctl_listing_fetch (client, listing, options, &of_rows, error);

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
      fetch_next (client, &lvsctl_service_listing, NULL, TRUE, generation, consistent, error);
  if (overview->services == NULL)
    return FALSE;
  overview->destinations =
      fetch_next (client, &lvsctl_destination_listing, NULL, FALSE, generation, consistent, error);
  if (overview->destinations == NULL)
    return FALSE;
  overview->addresses =
      fetch_next (client, &lvsctl_address_listing, NULL, FALSE, generation, consistent, error);
  if (overview->addresses == NULL)
    return FALSE;
  overview->roles =
      fetch_next (client, &lvsctl_role_listing, NULL, FALSE, generation, consistent, error);
  if (overview->roles == NULL)
    return FALSE;
  overview->settings = fetch_next (client, &lvsctl_setting_listing, lvsctl_sysctl_own_options (),
                                   FALSE, generation, consistent, error);
  if (overview->settings == NULL)
    return FALSE;
  overview->sync =
      fetch_next (client, &lvsctl_sync_listing, NULL, FALSE, generation, consistent, error);
  return overview->sync != NULL;
}

GHashTable *
lvsctl_overview_group_destinations (const LvsctlOverview *overview)
{
  GHashTable *groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < overview->destinations->len; i++)
    {
      GVariant *row = overview->destinations->pdata[i];
      g_autoptr (GVariant) id = g_variant_get_child_value (row, 0);
      const char *service = g_variant_get_string (id, NULL);
      GPtrArray *group = g_hash_table_lookup (groups, service);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, g_strdup (service), group);
        }
      g_ptr_array_add (group, row);
    }
  return groups;
}

GPtrArray *
lvsctl_overview_take_destinations (GHashTable *groups, GVariant *row)
{
  g_autofree char *id = lvsctl_service_row_id (row);
  GPtrArray *group = g_hash_table_lookup (groups, id);

  if (group != NULL)
    g_ptr_array_ref (group);
  g_hash_table_remove (groups, id);
  return group;
}

static void
append_section (GString *output, const LvsctlArguments *arguments, LvsctlTable *table)
{
  g_autoptr (LvsctlTable) owned = table;
  g_autofree char *text = lvsctl_selection_format_table (arguments, owned);

  if (output->len > 0 && text[0] != '\0')
    g_string_append_c (output, '\n');
  g_string_append (output, text);
}

/* What there is besides services and destinations. */
static const struct
{
  const LvsctlListing *listing;
  gsize member;
  const char *kind;
} sections[] = {
  { &lvsctl_address_listing, G_STRUCT_OFFSET (LvsctlOverview, addresses), "address" },
  { &lvsctl_role_listing, G_STRUCT_OFFSET (LvsctlOverview, roles), "role" },
  { &lvsctl_setting_listing, G_STRUCT_OFFSET (LvsctlOverview, settings), "setting" },
  { &lvsctl_sync_listing, G_STRUCT_OFFSET (LvsctlOverview, sync), "sync" },
};

static GPtrArray *
section_rows (const LvsctlOverview *overview, gsize index)
{
  return G_STRUCT_MEMBER (GPtrArray *, overview, sections[index].member);
}

/* "" where there is nothing at all. */
char *
lvsctl_overview_format (const LvsctlOverview *overview, const LvsctlArguments *arguments)
{
  const char *columns = lvsctl_selection_columns (arguments);
  GString *output = g_string_new (NULL);

  if (overview->services->len > 0)
    append_section (output, arguments, lvsctl_tree_build (overview, columns));
  for (gsize i = 0; i < G_N_ELEMENTS (sections) && columns == NULL; i++)
    if (section_rows (overview, i)->len > 0)
      append_section (output, arguments,
                      lvsctl_selection_to_table (sections[i].listing, NULL,
                                                 section_rows (overview, i)));
  return g_string_free (output, FALSE);
}

/* A line for each thing, which begins with what kind of thing it is. */
static char *
format_tersely (const LvsctlOverview *overview)
{
  GString *output = g_string_new (NULL);

  g_string_append_printf (output, "state\t%s\n", overview->condition.state);
  lvsctl_selection_append_lines (output, &lvsctl_problem_listing, NULL, "problem",
                                 overview->condition.problems);
  lvsctl_selection_append_lines (output, &lvsctl_service_listing, NULL, "service",
                                 overview->services);
  lvsctl_selection_append_lines (output, &lvsctl_destination_listing, NULL, "destination",
                                 overview->destinations);
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    lvsctl_selection_append_lines (output, sections[i].listing, NULL, sections[i].kind,
                                   section_rows (overview, i));
  return g_string_free (output, FALSE);
}

/* Each kind of rows by the column of that name, where it has one. */
static void
sort (LvsctlOverview *overview, const char *order)
{
  lvsctl_selection_sort (&lvsctl_service_listing, order, overview->services);
  lvsctl_selection_sort (&lvsctl_destination_listing, order, overview->destinations);
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    lvsctl_selection_sort (sections[i].listing, order, section_rows (overview, i));
}

static GVariant *
services_to_json (const LvsctlOverview *overview)
{
  g_autoptr (GHashTable) groups = lvsctl_overview_group_destinations (overview);
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < overview->services->len; i++)
    {
      GVariant *row = overview->services->pdata[i];
      g_autoptr (GPtrArray) group = lvsctl_overview_take_destinations (groups, row);
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

  if (overview->condition.state != NULL)
    lvsctl_condition_to_json (&object, &overview->condition);
  lvsctl_json_add (&object, "generation", g_variant_new_uint64 (overview->generation));
  lvsctl_json_add (&object, lvsctl_service_listing.name, services_to_json (overview));
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    lvsctl_json_add (&object, sections[i].listing->name,
                     lvsctl_listing_to_array (sections[i].listing, section_rows (overview, i)));
  return g_variant_builder_end (&object);
}

static void
print (const LvsctlOverview *overview, const LvsctlArguments *arguments)
{
  g_autofree char *text = lvsctl_overview_format (overview, arguments);
  g_autofree char *state = arguments->no_legend || lvsctl_selection_columns (arguments) != NULL
                               ? g_strdup ("")
                               : lvsctl_condition_format (arguments, &overview->condition);

  lvsctl_terminal_print (state);
  if (state[0] != '\0' && text[0] != '\0')
    lvsctl_terminal_print ("\n");
  if (text[0] != '\0')
    lvsctl_terminal_print (text);
  else if (!arguments->no_legend)
    lvsctl_terminal_print (_ ("Nothing is configured. A director begins with 'lvsctl service add', "
                              "a real server with 'lvsctl role add'.\n"));
}

/* The order may be that of services or of destinations, and the columns are those of the tree. */
static gboolean
check (const LvsctlArguments *arguments, GError **error)
{
  const char *order = lvsctl_selection_order (arguments);

  if (!lvsctl_tree_check (lvsctl_selection_columns (arguments), error))
    return FALSE;
  return lvsctl_selection_check_order (&lvsctl_destination_listing, order, NULL)
         || lvsctl_selection_check_order (&lvsctl_service_listing, order, error);
}

gboolean
lvsctl_overview_list (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_auto (LvsctlOverview) overview = { 0 };
  gboolean consistent = FALSE;

  if (!check (arguments, error))
    return FALSE;
  /* Somebody who changes things all the time is no reason to show nothing. */
  for (guint i = 0; i < FETCH_TRIES && !consistent; i++)
    if (!fetch_once (client, &overview, &consistent, error))
      return FALSE;
  if (!lvsctl_condition_fetch (client, &overview.condition, error))
    return FALSE;
  sort (&overview, lvsctl_selection_order (arguments));
  if (arguments->json)
    lvsctl_json_print (lvsctl_overview_to_json (&overview));
  else if (arguments->terse)
    {
      g_autofree char *text = format_tersely (&overview);

      lvsctl_terminal_print (text);
    }
  else
    print (&overview, arguments);
  return TRUE;
}
