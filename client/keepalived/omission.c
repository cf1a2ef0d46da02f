/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "omission.h"

#include <glib/gi18n-lib.h>

static const char no_checks[] =
    N_ ("lvsd has no health checks yet; left out, so the real servers keep their weights");
static const char no_scripts[] = N_ ("lvsd runs no scripts and sends no mail; left out");
static const char no_fallback[] =
    N_ ("lvsd has no health checks yet, and so no server that stands in; left out");
static const char no_meaning[] = N_ ("has no counterpart in lvsd; left out");
static const char no_vrrp[] =
    N_ ("lvsd does not do VRRP; left out, so that keepalived may go on doing it");
static const char own_settings[] = N_ ("is about keepalived itself; left out");
static const char no_sync[] = N_ ("left out; 'lvsctl sync start' starts the daemons under lvsd");
static const char no_timeouts[] = N_ ("left out; 'lvsctl timeouts set' sets them");
static const char no_flush[] = N_ ("lvsd never removes what is not its own; left out");

static const struct
{
  const char *keyword;
  const char *why;
} left_out[] = {
  { "delay_loop", no_checks },
  { "delay_before_retry", no_checks },
  { "retry", no_checks },
  { "warmup", no_checks },
  { "connect_timeout", no_checks },
  { "virtualhost", no_checks },
  { "alpha", no_checks },
  { "omega", no_checks },
  { "quorum", no_checks },
  { "hysteresis", no_checks },
  { "inhibit_on_failure", no_checks },
  { "ha_suspend", no_checks },
  { "HTTP_GET", no_checks },
  { "SSL_GET", no_checks },
  { "TCP_CHECK", no_checks },
  { "SMTP_CHECK", no_checks },
  { "DNS_CHECK", no_checks },
  { "MISC_CHECK", no_checks },
  { "BFD_CHECK", no_checks },
  { "UDP_CHECK", no_checks },
  { "PING_CHECK", no_checks },
  { "FILE_CHECK", no_checks },
  { "quorum_up", no_scripts },
  { "quorum_down", no_scripts },
  { "notify_up", no_scripts },
  { "notify_down", no_scripts },
  { "smtp_alert", no_scripts },
  { "sorry_server", no_fallback },
  { "sorry_server_inhibit", no_fallback },
  { "sorry_server_lvs_method", no_fallback },
  { "nat_mask", no_meaning },
  { "hashed", no_meaning },
  { "global_defs", own_settings },
  { "SSL", no_checks },
  { "track_file", no_checks },
  { "vrrp_track_file", no_vrrp },
  { "bfd_instance", no_checks },
  { "vrrp_instance", no_vrrp },
  { "vrrp_sync_group", no_vrrp },
  { "vrrp_script", no_vrrp },
  { "vrrp_track_process", no_vrrp },
  { "track_process", no_vrrp },
  { "static_routes", no_meaning },
  { "static_rules", no_meaning },
  { "lvs_sync_daemon", no_sync },
  { "lvs_timeouts", no_timeouts },
  { "lvs_flush", no_flush },
  { "lvs_flush_onstop", no_flush },
  { "lvs_flush_on_stop", no_flush },
  { "net_namespace", own_settings },
  { "instance", own_settings },
};

void
lvsctl_keepalived_leave_out (LvsctlReading *reading, const LvsctlKeepalivedStatement *statement)
{
  const char *why = N_ ("lvsctl does not know this keyword; left out");

  for (gsize i = 0; i < G_N_ELEMENTS (left_out); i++)
    if (lvsctl_keepalived_is (statement, left_out[i].keyword))
      why = left_out[i].why;
  lvsctl_reading_note (reading, &statement->place, statement->words[0], _ (why));
}
