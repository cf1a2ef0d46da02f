/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "statistics.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "counters.h"
#include "destination.h"
#include "json.h"
#include "model/error.h"
#include "selection.h"
#include "service.h"

#define N_COUNTERS 5 /* totals, and as many rates behind them */

static const LvsctlColumn service_columns[] = {
  { "name", NULL, LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "key", NULL, LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "state", NULL, LVSCTL_COLUMN_STATE, 3, 0, NULL, NULL },
  LVSCTL_COUNTERS (5),
};

static const LvsctlListing service_statistics = {
  .name = "services",
  .columns = service_columns,
  .n_columns = G_N_ELEMENTS (service_columns),
  .fields = LVSCTL_NO_FIELDS,
};

static const LvsctlColumn destination_columns[] = {
  { "endpoint", NULL, LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "state", NULL, LVSCTL_COLUMN_STATE, 5, 0, NULL, NULL },
  LVSCTL_COUNTERS (8),
};

static const LvsctlListing destination_statistics = {
  .name = "destinations",
  .columns = destination_columns,
  .n_columns = G_N_ELEMENTS (destination_columns),
  .fields = LVSCTL_NO_FIELDS,
};

/* As ipvsadm has them with --stats and --rate, by their whole names. Bytes are bytes, not bits. */
static const struct
{
  const char *name;
  const char *title;
} counters[2 * N_COUNTERS] = {
  { "connections", N_ ("CONNS") },        { "packets-in", N_ ("PKTS-IN") },
  { "packets-out", N_ ("PKTS-OUT") },     { "bytes-in", N_ ("BYTES-IN") },
  { "bytes-out", N_ ("BYTES-OUT") },      { "connection-rate", N_ ("CONN/S") },
  { "packet-rate-in", N_ ("PKTS-IN/S") }, { "packet-rate-out", N_ ("PKTS-OUT/S") },
  { "byte-rate-in", N_ ("IN/S") },        { "byte-rate-out", N_ ("OUT/S") },
};

static void
set_counters (LvsctlTable *table, const LvsctlListing *listing, GVariant *row, gboolean rate)
{
  for (guint i = 0; i < N_COUNTERS; i++)
    {
      const char *name = counters[rate ? N_COUNTERS + i : i].name;
      g_autofree char *text = lvsctl_listing_text (listing, name, row);

      lvsctl_table_set (table, 2 + i, text, LVSCTL_STYLE_PLAIN);
    }
}

static void
add_service (LvsctlTable *table, GVariant *row, gboolean rate)
{
  g_autofree char *name = lvsctl_listing_text (&lvsctl_service_listing, "name", row);
  g_autofree char *key = lvsctl_listing_text (&service_statistics, "key", row);

  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, name, LVSCTL_STYLE_HEADING);
  lvsctl_table_set (table, 1, key, LVSCTL_STYLE_PLAIN);
  set_counters (table, &service_statistics, row, rate);
}

static void
add_destination (LvsctlTable *table, GVariant *row, gboolean rate)
{
  g_autofree char *endpoint = lvsctl_listing_text (&destination_statistics, "endpoint", row);
  g_autofree char *indented = g_strconcat ("-> ", endpoint, NULL);

  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 1, indented, LVSCTL_STYLE_PLAIN);
  set_counters (table, &destination_statistics, row, rate);
}

/* Where bytes are, packets can be done without. */
static gboolean
is_of_packets (guint counter)
{
  return g_str_has_prefix (counters[counter].name, "packets-");
}

LvsctlTable *
lvsctl_statistics_to_table (const LvsctlOverview *overview, gboolean rate)
{
  g_autoptr (GHashTable) groups = lvsctl_overview_group_destinations (overview);
  LvsctlTable *table = lvsctl_table_new ();

  lvsctl_table_add_column (table, _ ("NAME"), LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, _ ("KEY"), LVSCTL_KEEP);
  for (guint i = 0; i < N_COUNTERS; i++)
    lvsctl_table_add_column (table, _ (counters[rate ? N_COUNTERS + i : i].title),
                             LVSCTL_ALIGN_RIGHT | (is_of_packets (i) ? LVSCTL_DISPENSABLE : 0));
  for (guint i = 0; i < overview->services->len; i++)
    {
      GVariant *row = overview->services->pdata[i];
      g_autoptr (GPtrArray) group = lvsctl_overview_take_destinations (groups, row);

      add_service (table, row, rate);
      for (guint j = 0; group != NULL && j < group->len; j++)
        add_destination (table, group->pdata[j], rate);
    }
  return table;
}

/* Returns a floating reference: totals and rates, of each service and of each destination. */
GVariant *
lvsctl_statistics_to_json (const LvsctlOverview *overview)
{
  g_autoptr (GHashTable) groups = lvsctl_overview_group_destinations (overview);
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < overview->services->len; i++)
    {
      GVariant *row = overview->services->pdata[i];
      g_autoptr (GPtrArray) group = lvsctl_overview_take_destinations (groups, row);
      g_autoptr (GVariant) service =
          g_variant_ref_sink (lvsctl_listing_to_object (&service_statistics, row));

      g_variant_builder_add_value (
          &array, lvsctl_json_extend (service, destination_statistics.name,
                                      lvsctl_listing_to_array (&destination_statistics,
                                                               group != NULL ? group : nobody)));
    }
  lvsctl_json_add (&object, "generation", g_variant_new_uint64 (overview->generation));
  lvsctl_json_add (&object, service_statistics.name, g_variant_builder_end (&array));
  return g_variant_builder_end (&object);
}

static GVariant *
only_service (const char *service)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (service != NULL)
    g_variant_dict_insert (&options, "service", "s", service);
  return g_variant_dict_end (&options);
}

static gboolean
fetch (LvsctlClient *client, LvsctlOverview *overview, GError **error)
{
  const char *service = lvsctl_arguments_operand (client->arguments, 0);

  overview->services = lvsctl_listing_fetch (client, &lvsctl_service_listing,
                                             only_service (service), &overview->generation, error);
  if (overview->services == NULL)
    return FALSE;
  if (service != NULL && overview->services->len == 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service '%s': there is none"),
                   service);
      return FALSE;
    }
  overview->destinations = lvsctl_listing_fetch (client, &lvsctl_destination_listing,
                                                 only_service (service), NULL, error);
  return overview->destinations != NULL;
}

void
lvsctl_statistics_print_tersely (const LvsctlOverview *overview)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *of_services = NULL;
  g_autofree char *of_destinations = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (counters); i++)
    g_string_append_printf (names, ",%s", counters[i].name);
  of_services = g_strconcat ("name,key", names->str, NULL);
  of_destinations = g_strconcat ("service,endpoint", names->str, NULL);
  lvsctl_selection_append_lines (lines, &lvsctl_service_listing, of_services, "service",
                                 overview->services);
  lvsctl_selection_append_lines (lines, &lvsctl_destination_listing, of_destinations, "destination",
                                 overview->destinations);
  lvsctl_terminal_print (lines->str);
}

static void
print_text (const LvsctlArguments *arguments, const LvsctlOverview *overview)
{
  gboolean rate = g_variant_lookup (arguments->options, "rate", "b", NULL);
  g_autoptr (LvsctlTable) table = lvsctl_statistics_to_table (overview, rate);
  g_autofree char *text = lvsctl_selection_format_table (arguments, table);

  lvsctl_terminal_print (text);
}

gboolean
lvsctl_statistics (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  const char *order = lvsctl_selection_order (arguments);
  g_auto (LvsctlOverview) overview = { 0 };

  if (!lvsctl_selection_check_order (&service_statistics, order, error)
      || !fetch (client, &overview, error))
    return FALSE;
  lvsctl_selection_sort (&lvsctl_service_listing, order, overview.services);
  lvsctl_selection_sort (&lvsctl_destination_listing, order, overview.destinations);
  if (arguments->json)
    lvsctl_json_print (lvsctl_statistics_to_json (&overview));
  else if (arguments->terse)
    lvsctl_statistics_print_tersely (&overview);
  else
    print_text (arguments, &overview);
  return TRUE;
}

gboolean
lvsctl_zero (LvsctlClient *client, GError **error)
{
  static const char *const all[] = { NULL };
  const GStrv services = client->arguments->operands[0];
  g_autoptr (GVariant) reply = NULL;
  guint32 zeroed;

  reply = lvsctl_client_change (
      client, &lvsctl_manager, "Zero",
      g_variant_new ("(^as)", services != NULL ? (const char *const *) services : all), NULL, NULL,
      "(u)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(u)", &zeroed);
  lvsctl_client_say (client,
                     ngettext ("Set the counters of %u service to zero.",
                               "Set the counters of %u services to zero.", zeroed),
                     zeroed);
  return TRUE;
}
