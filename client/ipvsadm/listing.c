/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "listing.h"

#include <string.h>

#include "format.h"
#include "naming.h"
#include "table.h"

/* Where the columns of IPv4 end; longer names are cut. IPv6 addresses push the rest aside. */
#define SERVICE_WIDTH 33
#define DESTINATION_WIDTH 28

/* Which columns a listing has; of several that were asked for the first one here counts. */
typedef enum
{
  SHAPE_RULES,
  SHAPE_STATS,
  SHAPE_RATE,
  SHAPE_THRESHOLDS,
  SHAPE_PERSISTENT,
  SHAPE_TUNNEL,
  SHAPE_PLAIN,
} Shape;

static Shape
shape_of (const LvsctlRule *rule)
{
  static const LvsctlSwitchId asked_by[] = {
    [SHAPE_STATS] = LVSCTL_SWITCH_STATS,
    [SHAPE_RATE] = LVSCTL_SWITCH_RATE,
    [SHAPE_THRESHOLDS] = LVSCTL_SWITCH_THRESHOLDS,
    [SHAPE_PERSISTENT] = LVSCTL_SWITCH_PERSISTENT_CONN,
    [SHAPE_TUNNEL] = LVSCTL_SWITCH_TUN_INFO,
  };

  if (rule->command == LVSCTL_SWITCH_SAVE)
    return SHAPE_RULES;
  for (gsize i = SHAPE_STATS; i < G_N_ELEMENTS (asked_by); i++)
    if (lvsctl_rule_has (rule, asked_by[i]))
      return (Shape) i;
  return SHAPE_PLAIN;
}

static void
append_heading (GString *text, Shape shape)
{
  static const char *const columns[] = {
    [SHAPE_RULES] = "",
    [SHAPE_STATS] =
        "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
        "  -> RemoteAddress:Port\n",
    [SHAPE_RATE] =
        "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
        "  -> RemoteAddress:Port\n",
    [SHAPE_THRESHOLDS] =
        "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
        "  -> RemoteAddress:Port\n",
    [SHAPE_PERSISTENT] =
        "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
        "  -> RemoteAddress:Port\n",
    [SHAPE_TUNNEL] =
        "Prot LocalAddress:Port Scheduler Flags\n"
        "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n",
    [SHAPE_PLAIN] = "Prot LocalAddress:Port Scheduler Flags\n"
                    "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
  };

  g_string_append (text, columns[shape]);
}

/* At least nine columns; without --exact in thousands, millions and so on where it would not fit.
 */
static void
append_large (GString *text, const LvsctlRule *rule, guint64 number)
{
  static const struct
  {
    guint64 below;
    guint64 unit;
    char letter;
  } units[] = {
    { G_GUINT64_CONSTANT (1000000000), 1000, 'K' },
    { G_GUINT64_CONSTANT (100000000000), 1000000, 'M' },
    { G_GUINT64_CONSTANT (100000000000000), 1000000000, 'G' },
    { G_MAXUINT64, G_GUINT64_CONSTANT (1000000000000), 'T' },
  };
  gsize i = 0;

  if (lvsctl_rule_has (rule, LVSCTL_SWITCH_EXACT))
    {
      g_string_append_printf (text, " %8" G_GUINT64_FORMAT, number);
      return;
    }
  if (number < 100000000)
    {
      g_string_append_printf (text, "%9" G_GUINT64_FORMAT, number);
      return;
    }
  while (i + 1 < G_N_ELEMENTS (units) && number >= units[i].below)
    i++;
  g_string_append_printf (text, "%8" G_GUINT64_FORMAT "%c", number / units[i].unit,
                          units[i].letter);
}

static void
append_counters (GString *text, const LvsctlRule *rule, const LvsctlCounters *counters)
{
  append_large (text, rule, counters->connections);
  append_large (text, rule, counters->packets_in);
  append_large (text, rule, counters->packets_out);
  append_large (text, rule, counters->bytes_in);
  append_large (text, rule, counters->bytes_out);
}

static char *
name_endpoint (const LvsctlRule *rule, const LvsdEndpoint *endpoint, guint protocol)
{
  return lvsctl_naming_format (endpoint, protocol, lvsctl_rule_has (rule, LVSCTL_SWITCH_NUMERIC));
}

static char *
name_service (const LvsctlRule *rule, const LvsdServiceKey *key)
{
  const char *word = lvsd_terms_format (lvsd_protocol_terms, key->protocol);
  g_autofree char *protocol = word != NULL ? g_ascii_strup (word, -1) : g_strdup ("?");
  g_autofree char *endpoint = NULL;
  g_autofree char *name = NULL;

  if (key->fwmark != 0)
    return g_strdup_printf ("FWM  %" G_GUINT32_FORMAT "%s", key->fwmark,
                            key->endpoint.address.family == AF_INET6 ? " IPv6" : "");
  endpoint = name_endpoint (rule, &key->endpoint, key->protocol);
  name = g_strdup_printf ("%-4s %s", protocol, endpoint);
  if (key->endpoint.address.family == AF_INET6)
    return g_steal_pointer (&name);
  return g_strndup (name, SERVICE_WIDTH);
}

/* What stands behind a service's scheduler: the options that -A was given, in words. */
static void
append_options (GString *text, const LvsdService *service)
{
  g_autofree char *mask = lvsctl_ipvsadm_mask (service);

  if (service->scheduler_flags != 0)
    {
      g_string_append (text, " (");
      lvsd_field_format (lvsd_item_find_field (LVSD_KIND_SERVICE, "flags"), service, text);
      g_string_append_c (text, ')');
    }
  if (service->persistence != 0)
    {
      g_string_append_printf (text, " persistent %" G_GUINT32_FORMAT, service->persistence);
      if (mask != NULL)
        g_string_append_printf (text, " mask %s", mask);
      if (service->engine[0] != '\0')
        g_string_append_printf (text, " pe %s", service->engine);
    }
  if (service->one_packet)
    g_string_append (text, " ops");
}

static void
append_service (GString *text,
                const LvsctlRule *rule,
                Shape shape,
                const LvsctlKernelService *service)
{
  g_autofree char *name = name_service (rule, &service->item->identity->key);

  if (shape == SHAPE_STATS || shape == SHAPE_RATE)
    {
      g_string_append_printf (text, "%-*s", SERVICE_WIDTH, name);
      append_counters (text, rule, shape == SHAPE_STATS ? &service->totals : &service->rates);
    }
  else
    {
      g_string_append_printf (text, "%s %s", name, service->item->scheduler);
      append_options (text, service->item);
    }
  g_string_append_c (text, '\n');
}

static const char *
name_method (guint method)
{
  static const char *const names[] = {
    [LVSD_METHOD_MASQUERADE] = "Masq",
    [LVSD_METHOD_LOCAL] = "Local",
    [LVSD_METHOD_TUNNEL] = "Tunnel",
    [LVSD_METHOD_DIRECT] = "Route",
  };

  return names[MIN (method, LVSD_METHOD_DIRECT)];
}

static char *
describe_tunnel (const LvsdDestination *destination)
{
  static const char *const checksums[] = {
    [LVSD_CHECKSUM_NONE] = "-c",
    [LVSD_CHECKSUM_PLAIN] = "+c",
    [LVSD_CHECKSUM_REMOTE] = "r+c",
  };
  const char *type = lvsd_terms_format (lvsd_tunnel_terms, destination->tunnel);
  const char *checksum = checksums[MIN (destination->tunnel_flags, LVSD_CHECKSUM_REMOTE)];

  if (destination->method != LVSD_METHOD_TUNNEL || type == NULL)
    return g_strdup ("n/a");
  if (destination->tunnel == LVSD_TUNNEL_GUE)
    return g_strdup_printf ("%s:%u:%s", type, destination->tunnel_port, checksum);
  if (destination->tunnel == LVSD_TUNNEL_GRE)
    return g_strdup_printf ("%s:%s", type, checksum);
  return g_strdup (type);
}

static void
append_columns (GString *text,
                const LvsctlRule *rule,
                Shape shape,
                const LvsctlKernelDestination *destination)
{
  const LvsdDestination *item = destination->item;
  g_autofree char *tunnel = describe_tunnel (item);

  switch (shape)
    {
    case SHAPE_STATS:
      append_counters (text, rule, &destination->totals);
      return;
    case SHAPE_RATE:
      append_counters (text, rule, &destination->rates);
      return;
    case SHAPE_THRESHOLDS:
      g_string_append_printf (text, " %-10u %-10u", item->upper_threshold, item->lower_threshold);
      break;
    case SHAPE_PERSISTENT:
      g_string_append_printf (text, " %-9u %-11u", item->weight, destination->persistent);
      break;
    case SHAPE_TUNNEL:
      g_string_append_printf (text, " %-7s %-13s %-6u", name_method (item->method), tunnel,
                              item->weight);
      break;
    case SHAPE_PLAIN:
    case SHAPE_RULES:
      g_string_append_printf (text, " %-7s %-6u", name_method (item->method), item->weight);
      break;
    }
  g_string_append_printf (text, " %-10u %-10u", destination->active, destination->inactive);
}

static void
append_destination (GString *text,
                    const LvsctlRule *rule,
                    Shape shape,
                    const LvsctlKernelDestination *destination)
{
  const LvsdDestination *item = destination->item;
  g_autofree char *name = name_endpoint (rule, &item->endpoint, item->identity->key.protocol);

  if (item->endpoint.address.family != AF_INET6 && strlen (name) > DESTINATION_WIDTH)
    name[DESTINATION_WIDTH] = '\0';
  g_string_append_printf (text, "  -> %-*s", DESTINATION_WIDTH, name);
  append_columns (text, rule, shape, destination);
  g_string_append_c (text, '\n');
}

static void
append_rules (GString *text, const LvsctlKernelService *service, gboolean numeric)
{
  lvsctl_ipvsadm_append (text, service->item, numeric);
  for (guint i = 0; i < service->destinations->len; i++)
    lvsctl_ipvsadm_append (
        text, ((LvsctlKernelDestination *) service->destinations->pdata[i])->item, numeric);
}

char *
lvsctl_ipvsadm_list (const LvsctlRule *rule, GPtrArray *table)
{
  GString *text = g_string_new (NULL);
  Shape shape = shape_of (rule);

  append_heading (text, shape);
  for (guint i = 0; i < table->len; i++)
    {
      const LvsctlKernelService *service = table->pdata[i];

      if (shape == SHAPE_RULES)
        {
          append_rules (text, service, lvsctl_rule_has (rule, LVSCTL_SWITCH_NUMERIC));
          continue;
        }
      append_service (text, rule, shape, service);
      for (guint j = 0; j < service->destinations->len; j++)
        append_destination (text, rule, shape, service->destinations->pdata[j]);
    }
  return g_string_free (text, FALSE);
}
