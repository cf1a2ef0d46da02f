/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "server.h"
#include "model/destination.h"
#include "model/service.h"

static gboolean
apply_settings (const GArray *settings, gpointer item, GError **error)
{
  for (guint i = 0; i < settings->len; i++)
    {
      const LvsctlKeepalivedSetting *setting =
          &g_array_index (settings, LvsctlKeepalivedSetting, i);

      if (!lvsctl_reading_set (item, setting->field, setting->text, &setting->place, error))
        return FALSE;
    }
  return TRUE;
}

static const GArray *
forwarding_of (const LvsctlKeepalivedServer *server, const LvsctlKeepalivedRealServer *real)
{
  return real->forwarding->len > 0 ? real->forwarding : server->forwarding;
}

/* The method comes first in what was said about forwarding; keepalived presets NAT. */
static const char *
method_of (const LvsctlKeepalivedServer *server, const LvsctlKeepalivedRealServer *real)
{
  const GArray *forwarding = forwarding_of (server, real);

  return forwarding->len > 0 ? g_array_index (forwarding, LvsctlKeepalivedSetting, 0).text
                             : "masquerade";
}

/* A mark has the family of the first real server that is not tunnelled; of tunnelled ones, the one
 * that all of them share (validate_check_config in keepalived's check_data.c). */
static int
family_of_mark (const LvsctlKeepalivedServer *server)
{
  int shared = AF_UNSPEC;

  if (server->family != AF_UNSPEC)
    return server->family;
  for (guint i = 0; i < server->servers->len; i++)
    {
      const LvsctlKeepalivedRealServer *real = server->servers->pdata[i];
      int family = real->endpoint.address.family;

      if (!g_str_equal (method_of (server, real), "tunnel"))
        return family;
      shared = i == 0 || shared == family ? family : AF_INET;
    }
  return shared;
}

static char *
format_key (const LvsctlKeepalivedServer *server, const LvsctlKeepalivedTarget *target)
{
  char address[LVSD_ADDRESS_TEXT_SIZE];
  int family = target->endpoint.address.family;

  if (target->fwmark == 0)
    return g_strdup_printf ("%s/[%s]:%u", server->protocol,
                            lvsd_address_format (&target->endpoint.address, address),
                            target->endpoint.port);
  if (family == AF_UNSPEC)
    family = family_of_mark (server);
  return g_strdup_printf ("%s/%" G_GUINT32_FORMAT, family == AF_INET6 ? "fwmark6" : "fwmark",
                          target->fwmark);
}

/* The name that the file gives by snmp_name, where it can be one; or else that of the key. */
static char *
choose_name (const LvsctlKeepalivedServer *server, const LvsdServiceKey *key)
{
  g_autoptr (GError) reason = NULL;

  if (server->name == NULL)
    return lvsd_service_key_derive_name (key);
  if (server->targets->len > 1)
    lvsctl_reading_note (server->reading, &server->place, server->name,
                         _ ("cannot be the name of several services; named after their keys"));
  else if (lvsctl_reading_has_name (server->reading, server->name))
    lvsctl_reading_note (server->reading, &server->place, server->name,
                         _ ("is the name of a service further up already; named after its key"));
  else if (lvsd_service_name_check (server->name, key, &reason))
    return g_strdup (server->name);
  else
    lvsctl_reading_note (server->reading, &server->place, server->name, reason->message);
  return lvsd_service_key_derive_name (key);
}

static LvsdServiceIdentity *
identify (const LvsctlKeepalivedServer *server,
          const LvsctlKeepalivedTarget *target,
          GError **error)
{
  g_autofree char *text = format_key (server, target);
  g_autofree char *name = NULL;
  LvsdServiceKey key;

  if (!lvsd_service_key_parse (text, &key, error))
    {
      lvsctl_place_prefix (&target->place, error);
      return NULL;
    }
  name = choose_name (server, &key);
  return lvsd_service_identity_new (name, &key);
}

/* As keepalived does: to all ports goes with persistence only, and so does a granularity. */
static void
settle_persistence (const LvsctlKeepalivedServer *server,
                    const LvsctlKeepalivedTarget *target,
                    LvsdService *service)
{
  guint64 seconds = g_ascii_strtoull (LVSCTL_KEEPALIVED_PERSISTENCE, NULL, 10);

  if (service->persistence != 0)
    return;
  if (service->persistence_prefix != 0)
    {
      service->persistence = (guint32) seconds;
      return;
    }
  if (target->fwmark != 0 || target->endpoint.port != 0)
    return;
  service->persistence = (guint32) seconds;
  lvsctl_reading_note (
      server->reading, &target->place, _ ("no port"),
      _ ("all ports go with persistence only; 360 seconds are taken, as keepalived "
         "does"));
}

/* keepalived 2 takes a service for UDP where nothing is said, and keepalived 1 for TCP. */
static void
settle_protocol (LvsctlKeepalivedServer *server)
{
  gboolean any_address = FALSE;

  for (guint i = 0; i < server->targets->len; i++)
    any_address |= g_array_index (server->targets, LvsctlKeepalivedTarget, i).fwmark == 0;
  if (server->protocol != NULL && !any_address)
    lvsctl_reading_note (server->reading, &server->place, _ ("protocol"),
                         _ ("a firewall mark stands for any; left out"));
  if (server->protocol != NULL || !any_address)
    return;
  server->protocol = "udp";
  lvsctl_reading_note (server->reading, &server->place, _ ("no protocol"),
                       _ ("UDP is taken, as keepalived 2 does; where TCP is meant, add 'protocol "
                          "TCP' and import it again"));
}

/* A service of its own for each target, as groups have several. */
static LvsdService *
build_service (const LvsctlKeepalivedServer *server,
               const LvsctlKeepalivedTarget *target,
               GError **error)
{
  g_autoptr (LvsdServiceIdentity) identity = identify (server, target, error);
  g_autoptr (LvsdService) service = NULL;

  if (identity == NULL)
    return NULL;
  service = lvsd_service_new (identity);
  g_strlcpy (service->scheduler, LVSD_SCHEDULER_PRESET, sizeof service->scheduler);
  if (!apply_settings (server->settings, service, error))
    return NULL;
  settle_persistence (server, target, service);
  /* keepalived resets it where it means nothing. */
  if (service->one_packet && target->fwmark == 0 && !g_str_equal (server->protocol, "udp"))
    {
      service->one_packet = FALSE;
      lvsctl_reading_note (server->reading, &server->place, "ops",
                           _ ("goes with UDP only; left out"));
    }
  if (!lvsctl_reading_take (server->reading, service, &target->place, error))
    return NULL;
  return g_steal_pointer (&service);
}

static gboolean
take_destination (const LvsctlKeepalivedServer *server,
                  const LvsctlKeepalivedRealServer *real,
                  LvsdServiceIdentity *identity,
                  GError **error)
{
  g_autoptr (LvsdDestination) destination = lvsd_destination_new (identity, &real->endpoint);

  destination->method = LVSD_METHOD_MASQUERADE;
  if ((server->weight != NULL
       && !lvsctl_reading_set (destination, "weight", server->weight, &server->place, error))
      || !apply_settings (forwarding_of (server, real), destination, error)
      || !apply_settings (real->settings, destination, error))
    return FALSE;
  lvsctl_reading_settle_port (server->reading, destination, &real->place);
  if (g_hash_table_contains (server->reading->known, destination))
    {
      lvsctl_reading_note (server->reading, &real->place, "real_server",
                           _ ("stands further up already; the first is taken, as keepalived does"));
      return TRUE;
    }
  return lvsctl_reading_take (server->reading, destination, &real->place, error);
}

gboolean
lvsctl_keepalived_server_take (LvsctlKeepalivedServer *server, GError **error)
{
  if (server->servers->len == 0)
    {
      lvsctl_reading_note (server->reading, &server->place, "virtual_server",
                           _ ("has no real_server; left out, as keepalived does"));
      return TRUE;
    }
  if (server->targets->len == 0)
    lvsctl_reading_note (server->reading, &server->place, "virtual_server",
                         _ ("its group has no entries; left out"));
  settle_protocol (server);
  for (guint i = 0; i < server->targets->len; i++)
    {
      g_autoptr (LvsdService) service = build_service (
          server, &g_array_index (server->targets, LvsctlKeepalivedTarget, i), error);

      if (service == NULL)
        return FALSE;
      for (guint j = 0; j < server->servers->len; j++)
        if (!take_destination (server, server->servers->pdata[j], service->identity, error))
          return FALSE;
    }
  return TRUE;
}
