/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "combinations.h"

#include <glib/gi18n-lib.h>

#define BIT(name) LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_##name)

#define SERVICE (BIT (TCP_SERVICE) | BIT (UDP_SERVICE) | BIT (SCTP_SERVICE) | BIT (FWMARK_SERVICE))
#define FORWARDING (BIT (GATEWAYING) | BIT (IPIP) | BIT (MASQUERADING))
#define CHECKSUM (BIT (TUN_NOCSUM) | BIT (TUN_CSUM) | BIT (TUN_REMCSUM))
#define TUNNEL (BIT (TUN_TYPE) | BIT (TUN_PORT) | CHECKSUM)
#define SCHEDULING                                                                                 \
  (BIT (SCHEDULER) | BIT (SCHED_FLAGS) | BIT (PERSISTENT) | BIT (NETMASK) | BIT (PE) | BIT (OPS))
#define SERVER                                                                                     \
  (FORWARDING | TUNNEL | BIT (WEIGHT) | BIT (U_THRESHOLD) | BIT (L_THRESHOLD) | BIT (REAL_SERVER))
#define TABLES (BIT (STATS) | BIT (RATE) | BIT (THRESHOLDS))
#define LISTS (BIT (CONNECTION) | BIT (TIMEOUT) | BIT (DAEMON))
#define SYNC                                                                                       \
  (BIT (SYNCID) | BIT (SYNC_MAXLEN) | BIT (MCAST_INTERFACE) | BIT (MCAST_GROUP) | BIT (MCAST_PORT) \
   | BIT (MCAST_TTL))

/* These may be given with any command and mean nothing there: ipvsadm does not look. */
#define ALWAYS (BIT (SORT) | BIT (IPV6))

static const struct
{
  guint64 needed; /* one of the kinds; see check_needed */
  guint64 allowed;
} of_command[LVSCTL_N_COMMAND_SWITCHES] = {
  [LVSCTL_SWITCH_ADD_SERVICE] = { SERVICE, SCHEDULING },
  [LVSCTL_SWITCH_EDIT_SERVICE] = { SERVICE, SCHEDULING },
  [LVSCTL_SWITCH_DELETE_SERVICE] = { SERVICE, 0 },
  [LVSCTL_SWITCH_LIST] = { 0, SERVICE | LISTS | TABLES | BIT (NUMERIC) | BIT (PERSISTENT_CONN)
                                  | BIT (TUN_INFO) | BIT (NOSORT) | BIT (EXACT) },
  [LVSCTL_SWITCH_ADD_SERVER] = { SERVICE | BIT (REAL_SERVER), SERVER },
  [LVSCTL_SWITCH_EDIT_SERVER] = { SERVICE | BIT (REAL_SERVER), SERVER },
  [LVSCTL_SWITCH_DELETE_SERVER] = { SERVICE | BIT (REAL_SERVER), 0 },
  [LVSCTL_SWITCH_START_DAEMON] = { 0, SYNC },
  [LVSCTL_SWITCH_STOP_DAEMON] = { 0, BIT (SYNCID) },
  [LVSCTL_SWITCH_SAVE] = { 0, BIT (NUMERIC) },
  [LVSCTL_SWITCH_ZERO] = { 0, SERVICE },
};

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL, text);
  return FALSE;
}

static guint
count (guint64 given, guint64 of)
{
  return (guint) __builtin_popcountll (given & of);
}

/* The first of them that was given. */
static const char *
name_of (guint64 given, guint64 of)
{
  for (guint id = 0; id < LVSCTL_N_SWITCHES; id++)
    if ((given & of & LVSCTL_SWITCH_BIT (id)) != 0)
      return lvsctl_switch_get (id)->name;
  g_assert_not_reached ();
}

static gboolean
check_needed (const LvsctlRule *rule, GError **error)
{
  guint64 needed = of_command[rule->command].needed;
  const char *command = lvsctl_switch_get (rule->command)->name;

  if ((needed & SERVICE) != 0 && count (rule->given, SERVICE) == 0)
    return refuse (error, _ ("--%s needs a virtual service: -t, -u, --sctp-service or -f"),
                   command);
  if ((needed & BIT (REAL_SERVER)) != 0 && count (rule->given, BIT (REAL_SERVER)) == 0)
    return refuse (error, _ ("--%s needs a real server: -r"), command);
  return TRUE;
}

static gboolean
check_allowed (const LvsctlRule *rule, GError **error)
{
  guint64 allowed = of_command[rule->command].needed | of_command[rule->command].allowed | ALWAYS;
  guint64 illegal = rule->given & ~allowed;

  if (illegal == 0)
    return TRUE;
  return refuse (error, _ ("--%s does not go with --%s"), name_of (illegal, illegal),
                 lvsctl_switch_get (rule->command)->name);
}

/* What --list lists is one thing, and in the shape that this thing has. */
static gboolean
check_list (guint64 given, GError **error)
{
  if (count (given, SERVICE | LISTS) > 1)
    return refuse (error, _ ("--list shows one of a service, --connection, --timeout, --daemon"));
  if (count (given, LISTS) != 0 && count (given, TABLES) != 0)
    return refuse (error, _ ("--%s does not go with --%s"), name_of (given, TABLES),
                   name_of (given, LISTS));
  if (count (given, BIT (TIMEOUT) | BIT (DAEMON)) != 0 && count (given, BIT (PERSISTENT_CONN)) != 0)
    return refuse (error, _ ("--%s does not go with --%s"), "persistent-conn",
                   name_of (given, LISTS));
  return TRUE;
}

static gboolean
check_service (const LvsctlRule *rule, GError **error)
{
  const LvsdServiceKey *key = &rule->service->identity->key;

  if (key->fwmark != 0)
    return TRUE;
  if (key->endpoint.port == 0 && rule->service->persistence == 0)
    return refuse (error, _ ("port 0 means all ports and goes with --persistent only"));
  if (rule->service->one_packet && key->protocol != LVSD_PROTOCOL_UDP)
    return refuse (error, _ ("--ops goes with --udp-service and --fwmark-service only"));
  return TRUE;
}

static gboolean
check_tunnel (const LvsctlRule *rule, GError **error)
{
  static const struct
  {
    guint64 needed;
    guint64 allowed;
  } of_type[] = {
    [LVSD_TUNNEL_IPIP] = { 0, 0 },
    [LVSD_TUNNEL_GUE] = { BIT (TUN_PORT), CHECKSUM },
    [LVSD_TUNNEL_GRE] = { 0, BIT (TUN_NOCSUM) | BIT (TUN_CSUM) },
  };
  guint type = rule->destination->tunnel;
  guint64 given = rule->given & TUNNEL & ~BIT (TUN_TYPE);
  guint64 illegal = given & ~(of_type[type].needed | of_type[type].allowed);
  const char *word = lvsd_terms_format (lvsd_tunnel_terms, type);

  if ((rule->given & TUNNEL) != 0 && rule->destination->method != LVSD_METHOD_TUNNEL)
    return refuse (error, _ ("--%s goes with --ipip only"), name_of (rule->given, TUNNEL));
  if (illegal != 0)
    return refuse (error, _ ("--%s does not go with --tun-type %s"), name_of (illegal, illegal),
                   word);
  if ((of_type[type].needed & ~given) != 0)
    return refuse (error, _ ("--tun-type %s needs --tun-port"), word);
  if (count (given, CHECKSUM) > 1)
    return refuse (error, _ ("--tun-nocsum, --tun-csum and --tun-remcsum exclude each other"));
  return TRUE;
}

static gboolean
check_server (const LvsctlRule *rule, GError **error)
{
  const LvsdDestination *destination = rule->destination;

  if (destination->endpoint.address.family != destination->identity->key.endpoint.address.family
      && destination->method != LVSD_METHOD_TUNNEL)
    return refuse (error, _ ("the real server is of another address family than the service; "
                             "only --ipip carries one in the other"));
  return check_tunnel (rule, error);
}

gboolean
lvsctl_combinations_check (const LvsctlRule *rule, GError **error)
{
  if (!check_needed (rule, error) || !check_allowed (rule, error))
    return FALSE;
  switch ((int) rule->command)
    {
    case LVSCTL_SWITCH_ADD_SERVICE:
    case LVSCTL_SWITCH_EDIT_SERVICE:
      return check_service (rule, error);
    case LVSCTL_SWITCH_ADD_SERVER:
    case LVSCTL_SWITCH_EDIT_SERVER:
      return check_server (rule, error);
    case LVSCTL_SWITCH_LIST:
      return check_list (rule->given, error);
    default:
      return TRUE;
    }
}
