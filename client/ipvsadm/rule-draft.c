/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rule-draft.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "naming.h"

/* Where -p has no value; ipvsadm's manual says 300 (IPVS_SVC_PERSISTENT_TIMEOUT in libipvs.h). */
#define PERSISTENCE_PRESET 360
#define SYNC_INTERFACE_PRESET "eth0"
#define WHOLE_MASK 0xffffffff
#define SYNC_MAXLEN_MAX (65535 - 20 - 8)

void
lvsctl_rule_draft_init (LvsctlRuleDraft *draft, LvsctlRule *rule, LvsdServiceIdentity *last)
{
  *draft = (LvsctlRuleDraft){ .rule = rule, .last = last, .netmask = WHOLE_MASK };
}

void
lvsctl_rule_draft_clear (LvsctlRuleDraft *draft)
{
  g_clear_pointer (&draft->sync, g_variant_dict_unref);
}

static gboolean
refuse (const LvsctlSwitch *given, const char *value, const char *reason, GError **error)
{
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL, "--%s '%s': %s",
               given->name, value, reason);
  return FALSE;
}

/* As strtol reads it: with a sign, and after white space. */
static gboolean
parse_number (const char *text, long minimum, long maximum, long *ret_number)
{
  char *end;

  errno = 0;
  *ret_number = strtol (text, &end, 10);
  return errno == 0 && end != text && *end == '\0' && *ret_number >= minimum
         && *ret_number <= maximum;
}

static gboolean
take_number (const LvsctlSwitch *given,
             const char *value,
             long minimum,
             long maximum,
             guint32 *ret_number,
             GError **error)
{
  g_autofree char *reason = NULL;
  long number;

  if (parse_number (value, minimum, maximum, &number))
    {
      *ret_number = (guint32) number;
      return TRUE;
    }
  reason = g_strdup_printf (_ ("must be a number from %ld to %ld"), minimum, maximum);
  return refuse (given, value, reason, error);
}

/* Virtual services */

static gboolean
take_address (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  LvsdServiceKey *key = &draft->key;

  key->protocol = LVSD_PROTOCOL_TCP;
  if (given->id == LVSCTL_SWITCH_UDP_SERVICE)
    key->protocol = LVSD_PROTOCOL_UDP;
  else if (given->id == LVSCTL_SWITCH_SCTP_SERVICE)
    key->protocol = LVSD_PROTOCOL_SCTP;
  if (lvsctl_naming_parse (value, key->protocol, &key->endpoint) == LVSCTL_HAS_NEITHER)
    return refuse (given, value, _ ("is not HOST[:PORT]"), error);
  if (key->endpoint.address.family == AF_INET6)
    draft->netmask = 128;
  return TRUE;
}

static gboolean
take_mark (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  if (!take_number (given, value, 1, G_MAXUINT32, &draft->key.fwmark, error))
    return FALSE;
  draft->key.endpoint.address.family = AF_INET;
  return TRUE;
}

static gboolean
take_ipv6 (LvsctlRuleDraft *draft, const LvsctlSwitch *given, GError **error)
{
  if (draft->key.fwmark == 0)
    {
      g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
                   _ ("--%s goes after --fwmark-service"), given->name);
      return FALSE;
    }
  draft->key.endpoint.address.family = AF_INET6;
  draft->netmask = 128;
  return TRUE;
}

/* A word in a field of the service. */
static gboolean
take_word (LvsdService *service,
           const char *field,
           const LvsctlSwitch *given,
           const char *value,
           GError **error)
{
  const LvsdField *row = lvsd_item_find_field (LVSD_KIND_SERVICE, field);

  if (strlen (value) > row->maximum)
    return refuse (given, value, _ ("is too long"), error);
  return lvsd_field_parse (row, service, value, NULL)
         || refuse (given, value, _ ("is not the name of any"), error);
}

static gboolean
take_persistence (LvsctlRuleDraft *draft,
                  const LvsctlSwitch *given,
                  const char *value,
                  GError **error)
{
  draft->rule->service->persistence = PERSISTENCE_PRESET;
  return value == NULL
         || take_number (given, value, 1, LVSD_PERSISTENCE_MAX, &draft->rule->service->persistence,
                         error);
}

static gboolean
take_netmask (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  if (draft->key.endpoint.address.family == AF_INET6)
    return take_number (given, value, 1, 128, &draft->netmask, error);
  return lvsctl_naming_parse_mask (value, &draft->netmask)
         || refuse (given, value, _ ("is not a mask like 255.255.255.0"), error);
}

/* Real servers */

static gboolean
take_server (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  guint protocol = draft->key.fwmark != 0 ? LVSD_PROTOCOL_TCP : draft->key.protocol;
  LvsctlHasParts parts;

  draft->server.port = draft->key.endpoint.port;
  parts = lvsctl_naming_parse (value, protocol, &draft->server);
  return parts != LVSCTL_HAS_NEITHER || refuse (given, value, _ ("is not HOST[:PORT]"), error);
}

static gboolean
take_tunnel (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  for (const LvsdTerm *term = lvsd_tunnel_terms; term->word != NULL; term++)
    if (g_str_equal (term->word, value))
      {
        draft->rule->destination->tunnel = (guint8) term->value;
        return TRUE;
      }
  return refuse (given, value, _ ("is not one of ipip, gue, gre"), error);
}

static gboolean
take_tunnel_port (LvsctlRuleDraft *draft,
                  const LvsctlSwitch *given,
                  const char *value,
                  GError **error)
{
  guint32 port;

  if (!take_number (given, value, 1, G_MAXUINT16, &port, error))
    return FALSE;
  draft->rule->destination->tunnel_port = (guint16) port;
  return TRUE;
}

/* The sync daemon */

/* Made when something is said of it: most lines are of services and real servers. */
static GVariantDict *
sync_options (LvsctlRuleDraft *draft)
{
  if (draft->sync == NULL)
    draft->sync = g_variant_dict_new (NULL);
  return draft->sync;
}

static gboolean
take_state (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  static const char *const states[] = { "master", "backup" };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (value, states[i]))
      draft->rule->sync_state = states[i];
  return draft->rule->sync_state != NULL
         || refuse (given, value, _ ("is neither master nor backup"), error);
}

static gboolean
take_sync_number (LvsctlRuleDraft *draft,
                  const LvsctlSwitch *given,
                  const char *value,
                  GError **error)
{
  static const struct
  {
    LvsctlSwitchId id;
    const char *option; /* of StartSync */
    long minimum;
    long maximum;
  } numbers[] = {
    { LVSCTL_SWITCH_SYNCID, "id", 0, G_MAXUINT8 },
    { LVSCTL_SWITCH_SYNC_MAXLEN, "max-length", 1, SYNC_MAXLEN_MAX },
    { LVSCTL_SWITCH_MCAST_PORT, "port", 1, G_MAXUINT16 },
    { LVSCTL_SWITCH_MCAST_TTL, "ttl", 1, G_MAXUINT8 },
  };
  guint32 number;
  gsize i = 0;

  while (numbers[i].id != given->id)
    i++;
  if (!take_number (given, value, numbers[i].minimum, numbers[i].maximum, &number, error))
    return FALSE;
  g_variant_dict_insert (sync_options (draft), numbers[i].option, "u", number);
  return TRUE;
}

static gboolean
take_sync_group (LvsctlRuleDraft *draft,
                 const LvsctlSwitch *given,
                 const char *value,
                 GError **error)
{
  LvsdAddress address;

  if (!lvsd_address_parse (value, &address, NULL) || !lvsd_address_is_multicast (&address))
    return refuse (given, value, _ ("is not a multicast address"), error);
  g_variant_dict_insert (sync_options (draft), "group", "s", value);
  return TRUE;
}

static gboolean
take_of_service (LvsctlRuleDraft *draft,
                 const LvsctlSwitch *given,
                 const char *value,
                 GError **error)
{
  LvsdService *service = draft->rule->service;

  switch ((int) given->id)
    {
    case LVSCTL_SWITCH_FWMARK_SERVICE:
      return take_mark (draft, given, value, error);
    case LVSCTL_SWITCH_IPV6:
      return take_ipv6 (draft, given, error);
    case LVSCTL_SWITCH_SCHEDULER:
      return take_word (service, "scheduler", given, value, error);
    case LVSCTL_SWITCH_SCHED_FLAGS:
      draft->flags = value;
      return TRUE;
    case LVSCTL_SWITCH_PERSISTENT:
      return take_persistence (draft, given, value, error);
    case LVSCTL_SWITCH_NETMASK:
      return take_netmask (draft, given, value, error);
    case LVSCTL_SWITCH_PE:
      return take_word (service, "persistence-engine", given, value, error);
    case LVSCTL_SWITCH_OPS:
      service->one_packet = TRUE;
      return TRUE;
    default:
      return take_address (draft, given, value, error);
    }
}

static void
take_method (LvsdDestination *destination, LvsctlSwitchId id)
{
  if (id == LVSCTL_SWITCH_GATEWAYING)
    destination->method = LVSD_METHOD_DIRECT;
  else if (id == LVSCTL_SWITCH_IPIP)
    destination->method = LVSD_METHOD_TUNNEL;
  else if (id == LVSCTL_SWITCH_MASQUERADING)
    destination->method = LVSD_METHOD_MASQUERADE;
  else if (id == LVSCTL_SWITCH_TUN_CSUM)
    destination->tunnel_flags = LVSD_CHECKSUM_PLAIN;
  else if (id == LVSCTL_SWITCH_TUN_REMCSUM)
    destination->tunnel_flags = LVSD_CHECKSUM_REMOTE;
}

static gboolean
take_of_server (LvsctlRuleDraft *draft,
                const LvsctlSwitch *given,
                const char *value,
                GError **error)
{
  LvsdDestination *destination = draft->rule->destination;

  switch ((int) given->id)
    {
    case LVSCTL_SWITCH_REAL_SERVER:
      return take_server (draft, given, value, error);
    case LVSCTL_SWITCH_TUN_TYPE:
      return take_tunnel (draft, given, value, error);
    case LVSCTL_SWITCH_TUN_PORT:
      return take_tunnel_port (draft, given, value, error);
    case LVSCTL_SWITCH_WEIGHT:
      return take_number (given, value, 0, LVSD_WEIGHT_MAX, &destination->weight, error);
    case LVSCTL_SWITCH_U_THRESHOLD:
      return take_number (given, value, 0, G_MAXINT32, &destination->upper_threshold, error);
    case LVSCTL_SWITCH_L_THRESHOLD:
      return take_number (given, value, 0, G_MAXINT32, &destination->lower_threshold, error);
    default:
      take_method (destination, given->id);
      return TRUE;
    }
}

static gboolean
take_of_sync (LvsctlRuleDraft *draft, const LvsctlSwitch *given, const char *value, GError **error)
{
  if (given->id == LVSCTL_SWITCH_MCAST_GROUP)
    return take_sync_group (draft, given, value, error);
  if (given->id != LVSCTL_SWITCH_MCAST_INTERFACE)
    return take_sync_number (draft, given, value, error);
  g_variant_dict_insert (sync_options (draft), "interface", "s", value);
  return TRUE;
}

gboolean
lvsctl_rule_draft_take (LvsctlRuleDraft *draft,
                        const LvsctlSwitch *given,
                        const char *value,
                        GError **error)
{
  if (given->id == LVSCTL_SWITCH_START_DAEMON || given->id == LVSCTL_SWITCH_STOP_DAEMON)
    return take_state (draft, given, value, error);
  if (given->id >= LVSCTL_SWITCH_TCP_SERVICE && given->id <= LVSCTL_SWITCH_OPS)
    return take_of_service (draft, given, value, error);
  if (given->id >= LVSCTL_SWITCH_REAL_SERVER && given->id <= LVSCTL_SWITCH_L_THRESHOLD)
    return take_of_server (draft, given, value, error);
  if (given->id >= LVSCTL_SWITCH_SYNCID && given->id <= LVSCTL_SWITCH_MCAST_TTL)
    return take_of_sync (draft, given, value, error);
  return TRUE; /* that it was given says all */
}

gboolean
lvsctl_rule_draft_take_timeout (LvsctlRuleDraft *draft,
                                LvsctlTimeout timeout,
                                const char *value,
                                GError **error)
{
  return take_number (lvsctl_switch_get (LVSCTL_SWITCH_SET), value, 0, LVSD_PERSISTENCE_MAX,
                      &draft->rule->timeouts[timeout], error);
}

/* A flag called by a scheduler's name goes with that scheduler alone. */
static gboolean
settle_flags (LvsctlRuleDraft *draft, GError **error)
{
  g_auto (GStrv) words = g_strsplit (draft->flags, ",", -1);
  const char *scheduler = draft->rule->service->scheduler;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_autofree char *own = g_strconcat (scheduler, "-", NULL);
      guint flag;

      if (words[i][0] == '\0')
        continue;
      if (!lvsd_terms_parse (lvsd_scheduler_flag_terms, "sched-flags", words[i], &flag, NULL))
        return refuse (lvsctl_switch_get (LVSCTL_SWITCH_SCHED_FLAGS), words[i], _ ("is not a flag"),
                       error);
      if (!g_str_has_prefix (words[i], "flag-") && !g_str_has_prefix (words[i], own))
        return refuse (lvsctl_switch_get (LVSCTL_SWITCH_SCHED_FLAGS), words[i],
                       _ ("is a flag of another scheduler"), error);
      draft->rule->service->scheduler_flags |= (guint8) flag;
    }
  return TRUE;
}

/* How many bits a mask has, or 0 where they are not the first ones. */
static guint
mask_bits (guint32 mask)
{
  guint bits = (guint) __builtin_popcount (mask);

  return bits > 0 && mask == (guint32) (WHOLE_MASK << (32 - bits)) ? bits : 0;
}

/* The kernel keeps a mask without persistence too, where it means nothing. */
static gboolean
settle_netmask (LvsctlRuleDraft *draft, GError **error)
{
  const LvsdAddress *address = &draft->key.endpoint.address;
  guint bits = address->family == AF_INET6 ? draft->netmask : mask_bits (draft->netmask);

  if (draft->rule->service->persistence == 0)
    return TRUE;
  if (bits == 0)
    {
      g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
                           _ ("--netmask: is not contiguous; write it like 255.255.255.0"));
      return FALSE;
    }
  draft->rule->service->persistence_prefix =
      (guint8) (bits == lvsd_address_bits (address) ? 0 : bits);
  return TRUE;
}

/* Only -m can change the port of a packet; for the rest the kernel takes any and heeds none. An
 * edit or a deletion has to find what is there. */
static void
settle_server (LvsctlRuleDraft *draft)
{
  LvsctlRule *rule = draft->rule;
  gboolean finds = rule->command == LVSCTL_SWITCH_DELETE_SERVER
                   || (rule->command == LVSCTL_SWITCH_EDIT_SERVER && draft->key.fwmark != 0);

  rule->destination->identity = lvsd_service_identity_ref (rule->service->identity);
  rule->destination->endpoint = draft->server;
  if (!finds && rule->destination->method != LVSD_METHOD_MASQUERADE)
    rule->destination->endpoint.port = draft->key.endpoint.port;
}

static LvsdServiceIdentity *
make_identity (const LvsctlRuleDraft *draft)
{
  g_autofree char *name = NULL;

  if (draft->last != NULL && lvsd_service_key_equal (&draft->last->key, &draft->key))
    return lvsd_service_identity_ref (draft->last);
  name = lvsd_service_key_derive_name (&draft->key);
  return lvsd_service_identity_new (name, &draft->key);
}

static gboolean
settle_service (LvsctlRuleDraft *draft, GError **error)
{
  LvsdService *service = draft->rule->service;

  if (service->scheduler[0] == '\0')
    g_strlcpy (service->scheduler, LVSD_SCHEDULER_PRESET, sizeof service->scheduler);
  service->identity = make_identity (draft);
  return (draft->flags == NULL || settle_flags (draft, error)) && settle_netmask (draft, error);
}

static void
settle_sync (LvsctlRuleDraft *draft)
{
  GVariantDict *options = sync_options (draft);

  if (!g_variant_dict_contains (options, "interface"))
    g_variant_dict_insert (options, "interface", "s", SYNC_INTERFACE_PRESET);
  draft->rule->sync = g_variant_ref_sink (g_variant_dict_end (options));
}

gboolean
lvsctl_rule_draft_settle (LvsctlRuleDraft *draft, GError **error)
{
  LvsctlRule *rule = draft->rule;

  if (rule->command == LVSCTL_SWITCH_START_DAEMON)
    settle_sync (draft);
  if (draft->key.endpoint.address.family == AF_UNSPEC)
    g_clear_pointer (&rule->service, lvsd_item_unref);
  else if (!settle_service (draft, error))
    return FALSE;
  if (rule->service == NULL || !lvsctl_rule_has (rule, LVSCTL_SWITCH_REAL_SERVER))
    g_clear_pointer (&rule->destination, lvsd_item_unref);
  else
    settle_server (draft);
  return TRUE;
}
