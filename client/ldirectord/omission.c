/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "omission.h"

#include <glib/gi18n-lib.h>

static const char no_checks[] =
    N_ ("lvsd has no health checks yet; left out, so the real servers keep their weights");
static const char no_alerts[] = N_ ("lvsd runs no scripts and sends no mail; left out");
static const char no_fallback[] =
    N_ ("lvsd has no health checks yet, and so no server that stands in; left out");
static const char own_settings[] = N_ ("is about ldirectord itself; left out");

static const struct
{
  const char *name;
  const char *why;
} left_out[] = {
  { "checktype", no_checks },
  { "checktimeout", no_checks },
  { "negotiatetimeout", no_checks },
  { "connecttimeout", no_checks },
  { "checkinterval", no_checks },
  { "checkcount", no_checks },
  { "failurecount", no_checks },
  { "checkcommand", no_checks },
  { "checkport", no_checks },
  { "service", no_checks },
  { "request", no_checks },
  { "receive", no_checks },
  { "httpmethod", no_checks },
  { "virtualhost", no_checks },
  { "login", no_checks },
  { "passwd", no_checks },
  { "database", no_checks },
  { "secret", no_checks },
  { "load", no_checks },
  { "quiescent", no_checks },
  { "readdquiescent", no_checks },
  { "maintenancedir", no_checks },
  { "fallback", no_fallback },
  { "fallback6", no_fallback },
  { "fallbackcommand", no_alerts },
  { "callback", no_alerts },
  { "emailalert", no_alerts },
  { "emailalertfrom", no_alerts },
  { "emailalertfreq", no_alerts },
  { "emailalertstatus", no_alerts },
  { "smtp", no_alerts },
  { "monitorfile", own_settings },
  { "autoreload", own_settings },
  { "logfile", own_settings },
  { "execute", own_settings },
  { "supervised", own_settings },
  { "fork", own_settings },
  { "cleanstop", own_settings },
};

gboolean
lvsctl_ldirectord_leave_out (LvsctlReading *reading,
                             const LvsctlLdirectordDirective *directive,
                             GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (left_out); i++)
    if (g_str_equal (left_out[i].name, directive->name))
      {
        lvsctl_reading_note (reading, &directive->place, directive->name, _ (left_out[i].why));
        return TRUE;
      }
  return lvsctl_place_refuse (&directive->place, error,
                              _ ("'%.60s' is not a directive that ldirectord knows here"),
                              directive->name);
}
