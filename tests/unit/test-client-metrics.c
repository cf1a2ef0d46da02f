/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "client/destination.h"
#include "client/exit-status.h"
#include "client/metrics.h"
#include "client/service.h"
#include "rows.h"

#define COUNTERS                                                                                   \
  "'connections': <[uint64 18446744073709551615]>, 'packets-in': <[uint16 50]>,"                   \
  " 'packets-out': <[uint16 40]>, 'bytes-in': <[uint16 6000]>, 'bytes-out': <[uint16 4000]>"

static char *
format (LvsctlMetricsDetail detail)
{
  g_auto (LvsctlOverview) overview = {
    .generation = 7,
    .services = parse_rows (&lvsctl_service_listing,
                            "{'name': <['web']>, 'key': <['tcp/192.0.2.100:80']>,"
                            " 'scheduler': <(['r\"r'], [uint16 0])>,"
                            " 'state': <(['applied'], [uint16 0])>, " COUNTERS "}"),
    .destinations =
        parse_rows (&lvsctl_destination_listing,
                    "{'service': <(['web'], [uint16 0])>, 'endpoint': <['192.0.2.11:80']>,"
                    " 'method': <(['direct'], [uint16 0])>, 'weight': <[uint16 3]>,"
                    " 'effective-weight': <[uint16 1]>, 'state': <(['applied'], [uint16 0])>,"
                    " 'active': <[uint16 3]>, 'inactive': <[uint16 1]>,"
                    " 'persistent': <[uint16 2]>, " COUNTERS "}"),
    .condition = { g_strdup ("attention"), 0,
                   parse_rows (&lvsctl_problem_listing,
                               "[('error', 'service', 'web', 'missing', '', ''),"
                               " ('warning', 'kernel', '', 'x', '', '')]") },
  };

  return lvsctl_metrics_format (&overview, detail);
}

#define NODE                                                                                       \
  "# TYPE lvsd_state stateset\n"                                                                   \
  "# HELP lvsd_state How this node is.\n"                                                          \
  "lvsd_state{lvsd_state=\"clean\"} 0\n"                                                           \
  "lvsd_state{lvsd_state=\"attention\"} 1\n"                                                       \
  "lvsd_state{lvsd_state=\"confirm-pending\"} 0\n"                                                 \
  "lvsd_state{lvsd_state=\"degraded\"} 0\n"                                                        \
  "# TYPE lvsd_problems gauge\n"                                                                   \
  "# HELP lvsd_problems What keeps this node from what it was told.\n"                             \
  "lvsd_problems{severity=\"error\"} 1\n"                                                          \
  "lvsd_problems{severity=\"warning\"} 1\n"                                                        \
  "# TYPE lvsd_drifted_objects gauge\n"                                                            \
  "# HELP lvsd_drifted_objects Objects that the kernel holds otherwise, or not.\n"                 \
  "lvsd_drifted_objects 1\n"                                                                       \
  "# TYPE lvsd_generation gauge\n"                                                                 \
  "# HELP lvsd_generation Number of the last change.\n"                                            \
  "lvsd_generation 7\n"                                                                            \
  "# TYPE lvsd_services gauge\n"                                                                   \
  "# HELP lvsd_services Virtual services of lvsd.\n"                                               \
  "lvsd_services 1\n"                                                                              \
  "# TYPE lvsd_destinations gauge\n"                                                               \
  "# HELP lvsd_destinations Destinations of lvsd.\n"                                               \
  "lvsd_destinations 1\n"

#define SERVICE                                                                                    \
  "# TYPE lvsd_service info\n"                                                                     \
  "# HELP lvsd_service What the service is.\n"                                                     \
  "lvsd_service_info{service=\"web\",key=\"tcp/192.0.2.100:80\",scheduler=\"r\\\"r\",state="       \
  "\"applied\"} 1\n"                                                                               \
  "# TYPE lvsd_service_connections counter\n"                                                      \
  "# HELP lvsd_service_connections Connections scheduled.\n"                                       \
  "lvsd_service_connections_total{service=\"web\"} 18446744073709551615\n"                         \
  "# TYPE lvsd_service_packets counter\n"                                                          \
  "# HELP lvsd_service_packets Packets forwarded.\n"                                               \
  "lvsd_service_packets_total{service=\"web\",direction=\"in\"} 50\n"                              \
  "lvsd_service_packets_total{service=\"web\",direction=\"out\"} 40\n"                             \
  "# TYPE lvsd_service_bytes counter\n"                                                            \
  "# UNIT lvsd_service_bytes bytes\n"                                                              \
  "# HELP lvsd_service_bytes Bytes forwarded.\n"                                                   \
  "lvsd_service_bytes_total{service=\"web\",direction=\"in\"} 6000\n"                              \
  "lvsd_service_bytes_total{service=\"web\",direction=\"out\"} 4000\n"

static void
test_detail_says_how_much_there_is (void)
{
  g_autofree char *node = format (LVSCTL_METRICS_NODE);
  g_autofree char *service = format (LVSCTL_METRICS_SERVICE);
  g_autofree char *destination = format (LVSCTL_METRICS_DESTINATION);

  g_assert_cmpstr (node, ==, NODE "# EOF\n");
  g_assert_cmpstr (service, ==, NODE SERVICE "# EOF\n");
  g_assert_true (g_str_has_prefix (destination, NODE SERVICE));
  g_assert_nonnull (strstr (destination, "\nlvsd_destination_active_connections{service=\"web\","
                                         "destination=\"192.0.2.11:80\"} 3\n"));
  g_assert_nonnull (strstr (destination, "\nlvsd_destination_effective_weight{service=\"web\","
                                         "destination=\"192.0.2.11:80\"} 1\n"));
  g_assert_true (g_str_has_suffix (destination, "\n# EOF\n"));
}

static void
test_unknown_detail_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  LvsctlMetricsDetail detail;

  g_assert_false (lvsctl_metrics_parse_detail ("all", &detail, &error));
  g_assert_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "--detail: 'all' is not one of node, service, destination");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/detail-says-how-much-there-is", test_detail_says_how_much_there_is);
  g_test_add_func ("/metrics/unknown-detail-is-refused", test_unknown_detail_is_refused);
  return g_test_run ();
}
