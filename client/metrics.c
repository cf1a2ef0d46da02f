/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "metrics.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "destination.h"
#include "exit-status.h"
#include "json.h"
#include "service.h"
#include "terminal.h"

static const char *const details[] = { "node", "service", "destination" };
static const char *const states[] = { "clean", "attention", "confirm-pending", "degraded" };

/* A metric that has a value for each row. help, like all of this, is for programs and in English.
 */
typedef struct
{
  const char *name;
  const char *type;
  const char *unit; /* or NULL */
  const char *help;
  const char *columns[2]; /* of in and of out; the second is NULL where there is one alone */
} Metric;

#define COUNTERS                                                                                   \
  { "connections", "counter", NULL, "Connections scheduled.", { "connections", NULL } },           \
      { "packets", "counter", NULL, "Packets forwarded.", { "packets-in", "packets-out" } },       \
  {                                                                                                \
    "bytes", "counter", "bytes", "Bytes forwarded.", { "bytes-in", "bytes-out" }                   \
  }

static const Metric of_services[] = { COUNTERS };

static const Metric of_destinations[] = {
  COUNTERS,
  { "active_connections", "gauge", NULL, "Connections that are established.", { "active", NULL } },
  { "inactive_connections",
    "gauge",
    NULL,
    "Connections in any other state.",
    { "inactive", NULL } },
  { "persistent_connections", "gauge", NULL, "Clients that stay with it.", { "persistent", NULL } },
  { "weight", "gauge", NULL, "Weight as configured.", { "weight", NULL } },
  { "effective_weight", "gauge", NULL, "Weight in effect.", { "effective-weight", NULL } },
};

gboolean
lvsctl_metrics_parse_detail (const char *text, LvsctlMetricsDetail *ret_detail, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    if (g_str_equal (text, details[i]))
      {
        *ret_detail = (LvsctlMetricsDetail) i;
        return TRUE;
      }
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("--detail: '%s' is not one of node, service, destination"), text);
  return FALSE;
}

static void
append_head (GString *text, const char *prefix, const Metric *metric)
{
  g_string_append_printf (text, "# TYPE %s_%s %s\n", prefix, metric->name, metric->type);
  if (metric->unit != NULL)
    g_string_append_printf (text, "# UNIT %s_%s %s\n", prefix, metric->name, metric->unit);
  g_string_append_printf (text, "# HELP %s_%s %s\n", prefix, metric->name, metric->help);
}

static void
append_label (GString *labels, const char *name, const char *value)
{
  g_string_append_printf (labels, "%s%s=\"", labels->len > 0 ? "," : "", name);
  for (; *value != '\0'; value++)
    if (*value == '\\' || *value == '"')
      g_string_append_printf (labels, "\\%c", *value);
    else
      g_string_append_c (labels, *value != '\n' ? *value : ' ');
  g_string_append_c (labels, '"');
}

static void
append_column (GString *labels,
               const char *name,
               const LvsctlListing *listing,
               const char *column,
               gpointer row)
{
  g_autoptr (GVariant) value = g_variant_take_ref (lvsctl_listing_get (listing, column, row));

  append_label (labels, name, g_variant_get_string (value, NULL));
}

static char *
service_labels (gpointer row)
{
  GString *labels = g_string_new (NULL);

  append_column (labels, "service", &lvsctl_service_listing, "name", row);
  return g_string_free (labels, FALSE);
}

static char *
destination_labels (gpointer row)
{
  GString *labels = g_string_new (NULL);

  append_column (labels, "service", &lvsctl_destination_listing, "service", row);
  append_column (labels, "destination", &lvsctl_destination_listing, "endpoint", row);
  return g_string_free (labels, FALSE);
}

static void
append_values (GString *text,
               const char *prefix,
               const Metric *metric,
               const LvsctlListing *listing,
               gpointer row,
               const char *labels)
{
  static const char *const directions[] = { ",direction=\"in\"", ",direction=\"out\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (metric->columns) && metric->columns[i] != NULL; i++)
    {
      g_autoptr (GVariant) value =
          g_variant_take_ref (lvsctl_listing_get (listing, metric->columns[i], row));
      g_autofree char *number = g_variant_print (value, FALSE);

      g_string_append_printf (text, "%s_%s%s{%s%s} %s\n", prefix, metric->name,
                              g_str_equal (metric->type, "counter") ? "_total" : "", labels,
                              metric->columns[1] != NULL ? directions[i] : "", number);
    }
}

/* All values of a metric stand together, as the format wants it. */
static void
append_metrics (GString *text,
                const char *prefix,
                const Metric *metrics,
                gsize n_metrics,
                const LvsctlListing *listing,
                GPtrArray *rows,
                char *(*get_labels) (gpointer row))
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (labels, get_labels (rows->pdata[i]));
  for (gsize i = 0; i < n_metrics; i++)
    {
      append_head (text, prefix, &metrics[i]);
      for (guint j = 0; j < rows->len; j++)
        append_values (text, prefix, &metrics[i], listing, rows->pdata[j], labels->pdata[j]);
    }
}

/* What is joined to the others by the name of the service. */
static void
append_service_info (GString *text, const LvsctlOverview *overview)
{
  g_string_append (text, "# TYPE lvsd_service info\n"
                         "# HELP lvsd_service What the service is.\n");
  for (guint i = 0; i < overview->services->len; i++)
    {
      gpointer row = overview->services->pdata[i];
      g_autoptr (GString) labels = g_string_new (NULL);

      append_column (labels, "service", &lvsctl_service_listing, "name", row);
      append_column (labels, "key", &lvsctl_service_listing, "key", row);
      append_column (labels, "scheduler", &lvsctl_service_listing, "scheduler", row);
      append_column (labels, "state", &lvsctl_service_listing, "state", row);
      g_string_append_printf (text, "lvsd_service_info{%s} 1\n", labels->str);
    }
}

static void
append_gauge (GString *text, const char *name, const char *help, guint64 value)
{
  g_string_append_printf (text,
                          "# TYPE lvsd_%s gauge\n# HELP lvsd_%s %s\nlvsd_%s %" G_GUINT64_FORMAT
                          "\n",
                          name, name, help, name, value);
}

static guint
count_problems (const LvsctlCondition *condition, guint child, const char *const *words)
{
  guint n = 0;

  for (guint i = 0; i < condition->problems->len; i++)
    {
      const char *word;

      g_variant_get_child (condition->problems->pdata[i], child, "&s", &word);
      n += g_strv_contains (words, word);
    }
  return n;
}

static void
append_node (GString *text, const LvsctlOverview *overview)
{
  static const char *const error[] = { "error", NULL };
  static const char *const warning[] = { "warning", NULL };
  static const char *const drift[] = { "missing", "changed", NULL };
  const LvsctlCondition *condition = &overview->condition;

  g_string_append (text, "# TYPE lvsd_state stateset\n# HELP lvsd_state How this node is.\n");
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    g_string_append_printf (text, "lvsd_state{lvsd_state=\"%s\"} %d\n", states[i],
                            g_str_equal (condition->state, states[i]));
  g_string_append_printf (text,
                          "# TYPE lvsd_problems gauge\n"
                          "# HELP lvsd_problems What keeps this node from what it was told.\n"
                          "lvsd_problems{severity=\"error\"} %u\n"
                          "lvsd_problems{severity=\"warning\"} %u\n",
                          count_problems (condition, 0, error),
                          count_problems (condition, 0, warning));
  append_gauge (text, "drifted_objects", "Objects that the kernel holds otherwise, or not.",
                count_problems (condition, 3, drift));
  append_gauge (text, "generation", "Number of the last change.", overview->generation);
  append_gauge (text, "services", "Virtual services of lvsd.", overview->services->len);
  append_gauge (text, "destinations", "Destinations of lvsd.", overview->destinations->len);
}

char *
lvsctl_metrics_format (const LvsctlOverview *overview, LvsctlMetricsDetail detail)
{
  GString *text = g_string_new (NULL);

  append_node (text, overview);
  if (detail >= LVSCTL_METRICS_SERVICE)
    {
      append_service_info (text, overview);
      append_metrics (text, "lvsd_service", of_services, G_N_ELEMENTS (of_services),
                      &lvsctl_service_listing, overview->services, service_labels);
    }
  if (detail >= LVSCTL_METRICS_DESTINATION)
    append_metrics (text, "lvsd_destination", of_destinations, G_N_ELEMENTS (of_destinations),
                    &lvsctl_destination_listing, overview->destinations, destination_labels);
  g_string_append (text, "# EOF\n");
  return g_string_free (text, FALSE);
}

static GPtrArray *
fetch_ours (LvsctlClient *client,
            const LvsctlListing *listing,
            guint64 *ret_generation,
            GError **error)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "foreign", "b", FALSE);
  return lvsctl_listing_fetch (client, listing, g_variant_dict_end (&options), ret_generation,
                               error);
}

char *
lvsctl_metrics_fetch (LvsctlClient *client, LvsctlMetricsDetail detail, GError **error)
{
  g_auto (LvsctlOverview) overview = { 0 };

  overview.services = fetch_ours (client, &lvsctl_service_listing, &overview.generation, error);
  if (overview.services == NULL)
    return NULL;
  overview.destinations = fetch_ours (client, &lvsctl_destination_listing, NULL, error);
  if (overview.destinations == NULL
      || !lvsctl_condition_fetch (client, G_MAXUINT, &overview.condition, error))
    return NULL;
  return lvsctl_metrics_format (&overview, detail);
}

gboolean
lvsctl_metrics (LvsctlClient *client, GError **error)
{
  LvsctlMetricsDetail detail = LVSCTL_METRICS_DESTINATION;
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *text = NULL;
  const char *named;

  if (g_variant_lookup (client->arguments->options, "detail", "&s", &named)
      && !lvsctl_metrics_parse_detail (named, &detail, error))
    return FALSE;
  text = lvsctl_metrics_fetch (client, detail, error);
  if (text == NULL)
    return FALSE;
  lvsctl_json_add (&object, "openmetrics", g_variant_new_string (text));
  if (client->arguments->json)
    lvsctl_json_print (g_variant_builder_end (&object));
  else
    lvsctl_terminal_print (text);
  return TRUE;
}
