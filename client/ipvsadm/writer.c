/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "format.h"
#include "naming.h"

static void
append_service_key (GString *text, const LvsdServiceKey *key, gboolean numeric)
{
  g_autofree char *endpoint = NULL;

  if (key->fwmark != 0)
    {
      g_string_append_printf (text, "-f %" G_GUINT32_FORMAT "%s", key->fwmark,
                              key->endpoint.address.family == AF_INET6 ? " -6" : "");
      return;
    }
  switch (key->protocol)
    {
    case LVSD_PROTOCOL_TCP:
      g_string_append (text, "-t ");
      break;
    case LVSD_PROTOCOL_UDP:
      g_string_append (text, "-u ");
      break;
    case LVSD_PROTOCOL_SCTP:
      g_string_append (text, "--sctp-service ");
      break;
    default: /* what ipvsadm itself prints, and cannot read either */
      g_string_append (text, "--xxx-service ");
      break;
    }
  endpoint = lvsctl_naming_format (&key->endpoint, key->protocol, numeric);
  g_string_append (text, endpoint);
}

/* "255.255.255.0" or, for IPv6, "64"; NULL where each client counts by itself. */
char *
lvsctl_ipvsadm_mask (const LvsdService *service)
{
  const LvsdAddress *address = &service->identity->key.endpoint.address;
  guint bits = lvsd_service_prefix_length (service);
  guint32 mask = bits == 0 ? 0 : G_MAXUINT32 << (32 - MIN (bits, 32));

  if (bits == lvsd_address_bits (address))
    return NULL;
  if (address->family == AF_INET6)
    return g_strdup_printf ("%u", bits);
  return g_strdup_printf ("%u.%u.%u.%u", mask >> 24, mask >> 16 & 0xff, mask >> 8 & 0xff,
                          mask & 0xff);
}

static void
append_flags (GString *text, const LvsdService *service)
{
  if (service->scheduler_flags == 0)
    return;
  g_string_append (text, " -b ");
  lvsd_field_format (lvsd_item_find_field (LVSD_KIND_SERVICE, "flags"), service, text);
}

static void
append_service (GString *text, const LvsdService *service, gboolean numeric)
{
  g_autofree char *mask = lvsctl_ipvsadm_mask (service);

  g_string_append (text, "-A ");
  append_service_key (text, &service->identity->key, numeric);
  g_string_append_printf (text, " -s %s", service->scheduler);
  if (service->persistence != 0)
    g_string_append_printf (text, " -p %" G_GUINT32_FORMAT, service->persistence);
  if (service->persistence != 0 && mask != NULL)
    g_string_append_printf (text, " -M %s", mask);
  if (service->engine[0] != '\0')
    g_string_append_printf (text, " --pe %s", service->engine);
  if (service->one_packet)
    g_string_append (text, " -o");
  append_flags (text, service);
  g_string_append_c (text, '\n');
}

static void
append_tunnel (GString *text, const LvsdDestination *destination)
{
  static const char *const checksums[] = {
    [LVSD_CHECKSUM_NONE] = "--tun-nocsum",
    [LVSD_CHECKSUM_PLAIN] = "--tun-csum",
    [LVSD_CHECKSUM_REMOTE] = "--tun-remcsum",
  };

  g_string_append_printf (text, " --tun-type %s",
                          lvsd_terms_format (lvsd_tunnel_terms, destination->tunnel));
  if (destination->tunnel == LVSD_TUNNEL_GUE)
    g_string_append_printf (text, " --tun-port %u", destination->tunnel_port);
  if (destination->tunnel != LVSD_TUNNEL_IPIP
      && destination->tunnel_flags < G_N_ELEMENTS (checksums))
    g_string_append_printf (text, " %s", checksums[destination->tunnel_flags]);
}

/* The kernel finds out itself which destinations are local, and ipvsadm has no option for it. */
static const char *
method_option (guint method)
{
  if (method == LVSD_METHOD_MASQUERADE)
    return "-m";
  return method == LVSD_METHOD_TUNNEL ? "-i" : "-g";
}

static void
append_destination (GString *text, const LvsdDestination *destination, gboolean numeric)
{
  const LvsdServiceKey *key = &destination->identity->key;
  g_autofree char *endpoint = lvsctl_naming_format (&destination->endpoint, key->protocol, numeric);

  g_string_append (text, "-a ");
  append_service_key (text, key, numeric);
  g_string_append_printf (text, " -r %s %s -w %" G_GUINT32_FORMAT, endpoint,
                          method_option (destination->method), destination->weight);
  if (destination->method == LVSD_METHOD_TUNNEL)
    append_tunnel (text, destination);
  if (destination->upper_threshold != 0)
    g_string_append_printf (text, " -x %" G_GUINT32_FORMAT, destination->upper_threshold);
  if (destination->lower_threshold != 0)
    g_string_append_printf (text, " -y %" G_GUINT32_FORMAT, destination->lower_threshold);
  g_string_append_c (text, '\n');
}

void
lvsctl_ipvsadm_append (GString *text, gconstpointer item, gboolean numeric)
{
  if (lvsd_item_get_kind (item) == LVSD_KIND_SERVICE)
    append_service (text, item, numeric);
  else
    append_destination (text, item, numeric);
}

/* What the line of a service or a destination does not say; NULL where it says all. */
static char *
describe_loss (gconstpointer item)
{
  LvsdKind kind = lvsd_item_get_kind (item);
  g_autofree char *id = lvsd_item_dup_id (item);

  if (kind == LVSD_KIND_SERVICE)
    return NULL;
  if (kind != LVSD_KIND_DESTINATION)
    return g_strdup_printf ("%s %s", lvsd_item_class (kind)->name, id);
  if (((const LvsdDestination *) item)->method == LVSD_METHOD_LOCAL)
    return g_strdup_printf (_ ("destination %s: method local, written as direct"), id);
  return NULL;
}

char *
lvsctl_ipvsadm_write (GPtrArray *items, gboolean numeric, GPtrArray *left_out)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      LvsdKind kind = lvsd_item_get_kind (items->pdata[i]);
      char *loss = describe_loss (items->pdata[i]);

      if (kind == LVSD_KIND_SERVICE || kind == LVSD_KIND_DESTINATION)
        lvsctl_ipvsadm_append (text, items->pdata[i], numeric);
      if (loss != NULL)
        g_ptr_array_add (left_out, loss);
    }
  return g_string_free (text, FALSE);
}
