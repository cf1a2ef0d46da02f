/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "overview.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "arguments.h"
#include "destination.h"
#include "record.h"
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
fetch_sections (LvsctlClient *client,
                LvsctlOverview *overview,
                guint64 *generation,
                gboolean *consistent,
                GError **error)
{
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
  return overview->destinations != NULL
         && fetch_sections (client, overview, generation, consistent, error);
}

gboolean
lvsctl_overview_fetch (LvsctlClient *client, LvsctlOverview *overview, GError **error)
{
  gboolean consistent = FALSE;

  /* Somebody who changes things all the time is no reason to show nothing. */
  for (guint i = 0; i < FETCH_TRIES && !consistent; i++)
    if (!fetch_once (client, overview, &consistent, error))
      return FALSE;
  return TRUE;
}

gboolean
lvsctl_overview_fetch_sections (LvsctlClient *client, LvsctlOverview *overview, GError **error)
{
  gboolean consistent = TRUE;

  return fetch_sections (client, overview, &overview->generation, &consistent, error);
}

static void
append_section (GString *output, const LvsctlArguments *arguments, LvsctlTable *table)
{
  g_autofree char *text = lvsctl_selection_format_table (arguments, table);

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

void
lvsctl_overview_append_sections (const LvsctlOverview *overview,
                                 const LvsctlArguments *arguments,
                                 GString *output)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      GPtrArray *rows = section_rows (overview, i);
      g_autoptr (LvsctlTable) table =
          rows->len > 0 ? lvsctl_selection_to_table (sections[i].listing, NULL, rows) : NULL;

      if (table != NULL)
        append_section (output, arguments, table);
    }
}

/* "" where there is nothing at all. */
char *
lvsctl_overview_format (const LvsctlOverview *overview, const LvsctlArguments *arguments)
{
  const char *columns = lvsctl_selection_columns (arguments);
  g_autoptr (LvsctlTree) tree = lvsctl_tree_new (columns);
  g_autoptr (LvsctlRoster) roster =
      lvsctl_roster_new_of_rows (overview->services, overview->destinations, overview->generation);
  GString *output = g_string_new (NULL);

  lvsctl_tree_add_all (tree, roster, NULL);
  append_section (output, arguments, lvsctl_tree_table (tree));
  if (columns == NULL)
    lvsctl_overview_append_sections (overview, arguments, output);
  return g_string_free (output, FALSE);
}

/* A line for each thing, which begins with what kind of thing it is. */
char *
lvsctl_overview_format_tersely (const LvsctlOverview *overview)
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

void
lvsctl_overview_sort (LvsctlOverview *overview, const char *order)
{
  lvsctl_selection_sort (&lvsctl_service_listing, order, overview->services);
  lvsctl_selection_sort (&lvsctl_destination_listing, order, overview->destinations);
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    lvsctl_selection_sort (sections[i].listing, order, section_rows (overview, i));
}

typedef struct
{
  LvsctlJsonWriter *writer;
  LvsctlRecord *of_services;
  LvsctlRecord *of_destinations;
} Records;

static void
write_service (const Records *records, const LvsctlRow *service, GPtrArray *destinations)
{
  LvsctlJsonWriter *writer = records->writer;

  lvsctl_json_element (writer);
  lvsctl_json_begin (writer, '{');
  lvsctl_record_write (records->of_services, writer, (gpointer) service);
  lvsctl_json_member (writer, lvsctl_destination_listing.name);
  lvsctl_json_begin (writer, '[');
  lvsctl_record_write_rows (records->of_destinations, writer, destinations);
  lvsctl_json_end (writer, ']');
  lvsctl_json_end (writer, '}');
}

gboolean
lvsctl_overview_write_services (LvsctlJsonWriter *writer,
                                LvsctlRoster *roster,
                                const LvsctlListing *services,
                                const LvsctlListing *destinations,
                                GError **error)
{
  g_autoptr (LvsctlRecord) of_services = lvsctl_record_new (services);
  g_autoptr (LvsctlRecord) of_destinations = lvsctl_record_new (destinations);
  const Records records = { writer, of_services, of_destinations };
  g_autoptr (GError) failure = NULL;
  GPtrArray *group;
  const LvsctlRow *service = lvsctl_roster_next (roster, &group, &failure);

  lvsctl_json_member (writer, "generation");
  lvsctl_json_number (writer, lvsctl_roster_generation (roster));
  lvsctl_json_member (writer, services->name);
  lvsctl_json_begin (writer, '[');
  for (; service != NULL; service = lvsctl_roster_next (roster, &group, &failure))
    write_service (&records, service, group);
  lvsctl_json_end (writer, ']');
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
lvsctl_overview_write_condition (LvsctlJsonWriter *writer, const LvsctlOverview *overview)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) members = NULL;

  lvsctl_condition_to_json (&object, &overview->condition);
  members = g_variant_ref_sink (g_variant_builder_end (&object));
  lvsctl_json_members (writer, members);
}

void
lvsctl_overview_write_sections (LvsctlJsonWriter *writer, const LvsctlOverview *overview)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autoptr (LvsctlRecord) record = lvsctl_record_new (sections[i].listing);

      lvsctl_json_member (writer, sections[i].listing->name);
      lvsctl_json_begin (writer, '[');
      lvsctl_record_write_rows (record, writer, section_rows (overview, i));
      lvsctl_json_end (writer, ']');
    }
}
