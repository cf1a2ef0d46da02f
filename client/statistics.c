/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "statistics.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "counters.h"
#include "destination.h"
#include "json.h"
#include "model/error.h"
#include "selection.h"
#include "service.h"

#define N_COUNTERS 5 /* totals, and as many rates behind them */

static const LvsctlColumn service_columns[] = {
  { "name", NULL, LVSCTL_COLUMN_PLAIN, LVSCTL_SERVICE_NAME, 0, NULL, NULL },
  { "key", NULL, LVSCTL_COLUMN_PLAIN, LVSCTL_SERVICE_KEY, 0, NULL, NULL },
  { "state", NULL, LVSCTL_COLUMN_STATE, LVSCTL_SERVICE_STATE, 0, NULL, NULL },
  LVSCTL_COUNTERS (LVSCTL_SERVICE_COUNTERS),
};

static const LvsctlListing service_statistics = {
  .name = "services",
  .cells = lvsctl_service_cells,
  .n_cells = LVSCTL_SERVICE_N_CELLS,
  .columns = service_columns,
  .n_columns = G_N_ELEMENTS (service_columns),
  .fields = LVSCTL_NO_FIELDS,
};

static const LvsctlColumn destination_columns[] = {
  { "endpoint", NULL, LVSCTL_COLUMN_PLAIN, LVSCTL_DESTINATION_ENDPOINT, 0, NULL, NULL },
  { "state", NULL, LVSCTL_COLUMN_STATE, LVSCTL_DESTINATION_STATE, 0, NULL, NULL },
  LVSCTL_COUNTERS (LVSCTL_DESTINATION_COUNTERS),
};

static const LvsctlListing destination_statistics = {
  .name = "destinations",
  .cells = lvsctl_destination_cells,
  .n_cells = LVSCTL_DESTINATION_N_CELLS,
  .columns = destination_columns,
  .n_columns = G_N_ELEMENTS (destination_columns),
  .fields = LVSCTL_NO_FIELDS,
};

#define COUNTER_COLUMNS                                                                            \
  "connections", "packets-in", "packets-out", "bytes-in", "bytes-out", "connection-rate",          \
      "packet-rate-in", "packet-rate-out", "byte-rate-in", "byte-rate-out", NULL

static const char *const needed_of_services[] = { "name", "key", "state", COUNTER_COLUMNS };
static const char *const needed_of_destinations[] = { "service", "endpoint", "state",
                                                      COUNTER_COLUMNS };

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
set_counters (LvsctlTable *table, const LvsctlRow *row, guint first, gboolean rate)
{
  for (guint i = 0; i < N_COUNTERS; i++)
    {
      guint64 number = lvsctl_row_number (row, first + (rate ? N_COUNTERS : 0) + i);
      g_autofree char *text = lvsctl_number_to_text (number);

      lvsctl_table_set (table, 2 + i, text, LVSCTL_STYLE_PLAIN);
    }
}

static void
add_service (LvsctlTable *table, const LvsctlRow *row, gboolean rate)
{
  const char *name = lvsctl_row_text (row, LVSCTL_SERVICE_NAME);

  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 0, name[0] != '\0' ? name : "-", LVSCTL_STYLE_HEADING);
  lvsctl_table_set (table, 1, lvsctl_row_text (row, LVSCTL_SERVICE_KEY), LVSCTL_STYLE_PLAIN);
  set_counters (table, row, LVSCTL_SERVICE_COUNTERS, rate);
}

static void
add_destination (LvsctlTable *table, const LvsctlRow *row, gboolean rate)
{
  g_autofree char *indented =
      g_strconcat ("-> ", lvsctl_row_text (row, LVSCTL_DESTINATION_ENDPOINT), NULL);

  lvsctl_table_begin_row (table);
  lvsctl_table_set (table, 1, indented, LVSCTL_STYLE_PLAIN);
  set_counters (table, row, LVSCTL_DESTINATION_COUNTERS, rate);
}

/* Where bytes are, packets can be done without. */
static gboolean
is_of_packets (guint counter)
{
  return g_str_has_prefix (counters[counter].name, "packets-");
}

LvsctlTable *
lvsctl_statistics_new_table (gboolean rate)
{
  LvsctlTable *table = lvsctl_table_new ();

  lvsctl_table_add_column (table, _ ("NAME"), LVSCTL_ALIGN_LEFT);
  lvsctl_table_add_column (table, _ ("KEY"), LVSCTL_KEEP);
  for (guint i = 0; i < N_COUNTERS; i++)
    lvsctl_table_add_column (table, _ (counters[rate ? N_COUNTERS + i : i].title),
                             LVSCTL_ALIGN_RIGHT | (is_of_packets (i) ? LVSCTL_DISPENSABLE : 0));
  return table;
}

gboolean
lvsctl_statistics_fill_table (LvsctlTable *table,
                              LvsctlRoster *roster,
                              gboolean rate,
                              GError **error)
{
  g_autoptr (GError) failure = NULL;
  const LvsctlRow *service;
  GPtrArray *group;

  while ((service = lvsctl_roster_next (roster, &group, &failure)) != NULL)
    {
      add_service (table, service, rate);
      for (guint i = 0; i < group->len; i++)
        add_destination (table, group->pdata[i], rate);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Totals and rates, of each service and of each destination. */
static gboolean
write_json (LvsctlJsonWriter *writer, LvsctlRoster *roster, GError **error)
{
  return lvsctl_overview_write_services (writer, roster, &service_statistics,
                                         &destination_statistics, error);
}

void
lvsctl_statistics_print_line (const LvsctlOverview *overview)
{
  g_autoptr (LvsctlRoster) roster =
      lvsctl_roster_new_of_rows (overview->services, overview->destinations, overview->generation);
  g_auto (LvsctlJsonWriter) writer = { NULL };

  lvsctl_json_begin_document (&writer, FALSE);
  write_json (&writer, roster, NULL);
  lvsctl_json_end_document (&writer);
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

/* What is printed while it comes in. */
typedef struct
{
  const LvsctlArguments *arguments;
  LvsctlTable *table;
  LvsctlJsonWriter writer;
} Output;

static void
clear_output (Output *output)
{
  lvsctl_table_free (output->table);
  lvsctl_json_writer_clear (&output->writer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, clear_output)

static void
show (gpointer user_data)
{
  Output *output = user_data;
  g_autoptr (GString) lines = g_string_new (NULL);

  if (output->arguments->json)
    {
      lvsctl_json_flush (&output->writer);
      return;
    }
  lvsctl_table_flush (output->table, lines, !output->arguments->no_legend,
                      lvsctl_terminal_has_color ());
  lvsctl_terminal_print (lines->str);
  fflush (stdout);
}

static gboolean
print (LvsctlClient *client, Output *output, LvsctlRoster *roster, GError **error)
{
  gboolean rate = g_variant_lookup (client->arguments->options, "rate", "b", NULL);

  if (client->arguments->json)
    {
      lvsctl_json_begin_document (&output->writer, TRUE);
      if (!write_json (&output->writer, roster, error))
        return FALSE;
      lvsctl_json_end_document (&output->writer);
      return TRUE;
    }
  if (!lvsctl_statistics_fill_table (output->table, roster, rate, error))
    return FALSE;
  show (output);
  return TRUE;
}

static gboolean
print_sorted (LvsctlClient *client, Output *output, const char *order, GError **error)
{
  g_auto (LvsctlOverview) overview = { 0 };
  g_autoptr (LvsctlRoster) roster = NULL;

  if (!fetch (client, &overview, error))
    return FALSE;
  lvsctl_selection_sort (&lvsctl_service_listing, order, overview.services);
  lvsctl_selection_sort (&lvsctl_destination_listing, order, overview.destinations);
  if (client->arguments->terse)
    {
      lvsctl_statistics_print_tersely (&overview);
      return TRUE;
    }
  roster =
      lvsctl_roster_new_of_rows (overview.services, overview.destinations, overview.generation);
  return print (client, output, roster, error);
}

static gboolean
print_all (LvsctlClient *client, Output *output, GError **error)
{
  const LvsctlRosterPlan plan = { .service_columns = needed_of_services,
                                  .destination_columns = needed_of_destinations,
                                  .pause = show,
                                  .user_data = output };
  g_autoptr (LvsctlRoster) roster = lvsctl_roster_new (client, &plan);

  return print (client, output, roster, error);
}

/* One service is little, and may not be there; what is to be sorted has to be there as a whole. */
gboolean
lvsctl_statistics (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  const char *order = lvsctl_selection_order (arguments);
  g_auto (Output) output = {
    .arguments = arguments,
    .table = lvsctl_statistics_new_table (g_variant_lookup (arguments->options, "rate", "b", NULL)),
  };

  lvsctl_table_set_width (output.table, lvsctl_terminal_columns ());
  if (!lvsctl_selection_check_order (&service_statistics, order, error))
    return FALSE;
  if (order != NULL || arguments->terse || lvsctl_arguments_operand (arguments, 0) != NULL)
    return print_sorted (client, &output, order, error);
  return print_all (client, &output, error);
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
