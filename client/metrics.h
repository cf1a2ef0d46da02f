/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "overview.h"

G_BEGIN_DECLS

#define LVSCTL_METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* How much there is of it: a thousand services have a series each, and their destinations ten each.
 */
typedef enum
{
  LVSCTL_METRICS_NODE,
  LVSCTL_METRICS_SERVICE,
  LVSCTL_METRICS_DESTINATION,
} LvsctlMetricsDetail;

gboolean
lvsctl_metrics_parse_detail (const char *text, LvsctlMetricsDetail *ret_detail, GError **error);

/* In OpenMetrics 1.0 text. What is foreign is left out. */
char *lvsctl_metrics_format (const LvsctlOverview *overview, LvsctlMetricsDetail detail);
char *lvsctl_metrics_fetch (LvsctlClient *client, LvsctlMetricsDetail detail, GError **error);

gboolean lvsctl_metrics (LvsctlClient *client, GError **error);

G_END_DECLS
