/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "switches.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (lvsctl - ipvsadm - error - quark, lvsctl_ipvsadm_error)

/* ipvsadm(8), and what its help and its parser have besides: -v, -X, --tun-info. */
static const LvsctlSwitch table[] = {
  { LVSCTL_SWITCH_ADD_SERVICE, "add-service", 'A', FALSE, FALSE },
  { LVSCTL_SWITCH_EDIT_SERVICE, "edit-service", 'E', FALSE, FALSE },
  { LVSCTL_SWITCH_DELETE_SERVICE, "delete-service", 'D', FALSE, FALSE },
  { LVSCTL_SWITCH_CLEAR, "clear", 'C', FALSE, FALSE },
  { LVSCTL_SWITCH_LIST, "list", 'L', FALSE, FALSE },
  { LVSCTL_SWITCH_ADD_SERVER, "add-server", 'a', FALSE, FALSE },
  { LVSCTL_SWITCH_EDIT_SERVER, "edit-server", 'e', FALSE, FALSE },
  { LVSCTL_SWITCH_DELETE_SERVER, "delete-server", 'd', FALSE, FALSE },
  { LVSCTL_SWITCH_SET, "set", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_START_DAEMON, "start-daemon", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_STOP_DAEMON, "stop-daemon", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_RESTORE, "restore", 'R', FALSE, FALSE },
  { LVSCTL_SWITCH_SAVE, "save", 'S', FALSE, FALSE },
  { LVSCTL_SWITCH_ZERO, "zero", 'Z', FALSE, FALSE },
  { LVSCTL_SWITCH_HELP, "help", 'h', FALSE, FALSE },
  { LVSCTL_SWITCH_VERSION, "version", 'v', FALSE, FALSE },
  { LVSCTL_SWITCH_TCP_SERVICE, "tcp-service", 't', TRUE, FALSE },
  { LVSCTL_SWITCH_UDP_SERVICE, "udp-service", 'u', TRUE, FALSE },
  { LVSCTL_SWITCH_SCTP_SERVICE, "sctp-service", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_FWMARK_SERVICE, "fwmark-service", 'f', TRUE, FALSE },
  { LVSCTL_SWITCH_IPV6, "ipv6", '6', FALSE, FALSE },
  { LVSCTL_SWITCH_SCHEDULER, "scheduler", 's', TRUE, FALSE },
  { LVSCTL_SWITCH_SCHED_FLAGS, "sched-flags", 'b', TRUE, FALSE },
  { LVSCTL_SWITCH_PERSISTENT, "persistent", 'p', TRUE, TRUE },
  { LVSCTL_SWITCH_NETMASK, "netmask", 'M', TRUE, FALSE },
  { LVSCTL_SWITCH_PE, "pe", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_OPS, "ops", 'o', FALSE, FALSE },
  { LVSCTL_SWITCH_REAL_SERVER, "real-server", 'r', TRUE, FALSE },
  { LVSCTL_SWITCH_GATEWAYING, "gatewaying", 'g', FALSE, FALSE },
  { LVSCTL_SWITCH_IPIP, "ipip", 'i', FALSE, FALSE },
  { LVSCTL_SWITCH_MASQUERADING, "masquerading", 'm', FALSE, FALSE },
  { LVSCTL_SWITCH_TUN_TYPE, "tun-type", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_TUN_PORT, "tun-port", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_TUN_NOCSUM, "tun-nocsum", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_TUN_CSUM, "tun-csum", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_TUN_REMCSUM, "tun-remcsum", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_WEIGHT, "weight", 'w', TRUE, FALSE },
  { LVSCTL_SWITCH_U_THRESHOLD, "u-threshold", 'x', TRUE, FALSE },
  { LVSCTL_SWITCH_L_THRESHOLD, "l-threshold", 'y', TRUE, FALSE },
  { LVSCTL_SWITCH_NUMERIC, "numeric", 'n', FALSE, FALSE },
  { LVSCTL_SWITCH_CONNECTION, "connection", 'c', FALSE, FALSE },
  { LVSCTL_SWITCH_TIMEOUT, "timeout", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_DAEMON, "daemon", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_STATS, "stats", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_RATE, "rate", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_THRESHOLDS, "thresholds", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_PERSISTENT_CONN, "persistent-conn", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_TUN_INFO, "tun-info", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_EXACT, "exact", 'X', FALSE, FALSE },
  { LVSCTL_SWITCH_SORT, "sort", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_NOSORT, "nosort", '\0', FALSE, FALSE },
  { LVSCTL_SWITCH_SYNCID, "syncid", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_SYNC_MAXLEN, "sync-maxlen", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_MCAST_INTERFACE, "mcast-interface", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_MCAST_GROUP, "mcast-group", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_MCAST_PORT, "mcast-port", '\0', TRUE, FALSE },
  { LVSCTL_SWITCH_MCAST_TTL, "mcast-ttl", '\0', TRUE, FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (table) == LVSCTL_N_SWITCHES);

const LvsctlSwitch *
lvsctl_switch_get (LvsctlSwitchId id)
{
  g_assert (table[id].id == id);
  return &table[id];
}

static const LvsctlSwitch *
find_by_name (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (strlen (table[i].name) == length && memcmp (table[i].name, name, length) == 0)
      return &table[i];
  return NULL;
}

/* A text to restore has five of them in each of very many lines. */
static const LvsctlSwitch *
find_by_letter (char letter)
{
  static const LvsctlSwitch *by_letter['z' + 1];

  if (by_letter['A'] == NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
      if (table[i].letter != '\0')
        by_letter[(guchar) table[i].letter] = &table[i];
  if (letter == 'l')
    letter = 'L';
  return (guchar) letter < G_N_ELEMENTS (by_letter) ? by_letter[(guchar) letter] : NULL;
}

void
lvsctl_switches_init (LvsctlSwitches *switches, const char *const *words)
{
  *switches = (LvsctlSwitches){ .words = words };
  switches->set_aside = g_array_new (FALSE, FALSE, sizeof (guint));
}

void
lvsctl_switches_clear (LvsctlSwitches *switches)
{
  g_clear_pointer (&switches->set_aside, g_array_unref);
}

static gboolean
refuse (const char *word, const char *reason, GError **error)
{
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_FAILED, "%s: %s", word, reason);
  return FALSE;
}

/* Sets words aside until one begins with a dash. Returns FALSE at the end. */
static gboolean
skip_words (LvsctlSwitches *switches)
{
  for (; switches->words[switches->next] != NULL; switches->next++)
    {
      const char *word = switches->words[switches->next];

      if (!switches->only_words && g_str_equal (word, "--"))
        switches->only_words = TRUE;
      else if (switches->only_words || word[0] != '-')
        g_array_append_val (switches->set_aside, switches->next);
      else
        return TRUE;
    }
  return FALSE;
}

/* attached is what stands in the same word, or NULL. */
static gboolean
take_value (LvsctlSwitches *switches,
            const LvsctlSwitch *found,
            const char *attached,
            const char **ret_value,
            GError **error)
{
  const char *next = switches->words[switches->next];

  *ret_value = NULL;
  if (!found->has_value)
    return attached == NULL
           || refuse (switches->words[switches->at], _ ("this option takes no value"), error);
  if (attached != NULL)
    *ret_value = attached;
  else if (next != NULL && (next[0] != '-' || !found->may_lack_value))
    {
      *ret_value = next;
      switches->next++;
    }
  return *ret_value != NULL || found->may_lack_value
         || refuse (switches->words[switches->at], _ ("a value is missing"), error);
}

static gboolean
take_letter (LvsctlSwitches *switches,
             const LvsctlSwitch **ret_switch,
             const char **ret_value,
             GError **error)
{
  const char *rest = switches->cluster + 1;
  const char *attached = NULL;

  *ret_switch = find_by_letter (*switches->cluster);
  switches->cluster = NULL;
  if (*ret_switch == NULL)
    return refuse (switches->words[switches->at], _ ("is not an option of ipvsadm"), error);
  if (*rest == '=')
    attached = rest + 1;
  else if ((*ret_switch)->has_value && *rest != '\0')
    attached = rest;
  else if (*rest != '\0')
    switches->cluster = rest;
  return take_value (switches, *ret_switch, attached, ret_value, error);
}

static gboolean
take_name (LvsctlSwitches *switches,
           const char *name,
           const LvsctlSwitch **ret_switch,
           const char **ret_value,
           GError **error)
{
  gsize length = strcspn (name, "=");

  *ret_switch = find_by_name (name, length);
  if (*ret_switch == NULL)
    return refuse (switches->words[switches->at], _ ("is not an option of ipvsadm"), error);
  return take_value (switches, *ret_switch, name[length] == '=' ? name + length + 1 : NULL,
                     ret_value, error);
}

/* The next option; at the end ret_switch is NULL. */
gboolean
lvsctl_switches_next (LvsctlSwitches *switches,
                      const LvsctlSwitch **ret_switch,
                      const char **ret_value,
                      GError **error)
{
  const char *word;

  *ret_switch = NULL;
  *ret_value = NULL;
  if (switches->cluster != NULL)
    return take_letter (switches, ret_switch, ret_value, error);
  if (!skip_words (switches))
    return TRUE;
  switches->at = switches->next++;
  word = switches->words[switches->at];
  if (word[1] == '-')
    return take_name (switches, word + 2, ret_switch, ret_value, error);
  if (word[1] == '\0')
    return refuse (word, _ ("is not an option of ipvsadm"), error);
  switches->cluster = word + 1;
  return take_letter (switches, ret_switch, ret_value, error);
}
