/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* Every option of ipvsadm 1.31: commands, with one of which each command line begins, then what is
 * said of a service, of a real server, of a listing, and of a sync daemon. */
typedef enum
{
  LVSCTL_SWITCH_ADD_SERVICE,
  LVSCTL_SWITCH_EDIT_SERVICE,
  LVSCTL_SWITCH_DELETE_SERVICE,
  LVSCTL_SWITCH_CLEAR,
  LVSCTL_SWITCH_LIST,
  LVSCTL_SWITCH_ADD_SERVER,
  LVSCTL_SWITCH_EDIT_SERVER,
  LVSCTL_SWITCH_DELETE_SERVER,
  LVSCTL_SWITCH_SET,
  LVSCTL_SWITCH_START_DAEMON,
  LVSCTL_SWITCH_STOP_DAEMON,
  LVSCTL_SWITCH_RESTORE,
  LVSCTL_SWITCH_SAVE,
  LVSCTL_SWITCH_ZERO,
  LVSCTL_SWITCH_HELP,
  LVSCTL_SWITCH_VERSION,
  LVSCTL_N_COMMAND_SWITCHES,

  LVSCTL_SWITCH_TCP_SERVICE = LVSCTL_N_COMMAND_SWITCHES,
  LVSCTL_SWITCH_UDP_SERVICE,
  LVSCTL_SWITCH_SCTP_SERVICE,
  LVSCTL_SWITCH_FWMARK_SERVICE,
  LVSCTL_SWITCH_IPV6,
  LVSCTL_SWITCH_SCHEDULER,
  LVSCTL_SWITCH_SCHED_FLAGS,
  LVSCTL_SWITCH_PERSISTENT,
  LVSCTL_SWITCH_NETMASK,
  LVSCTL_SWITCH_PE,
  LVSCTL_SWITCH_OPS,
  LVSCTL_SWITCH_REAL_SERVER,
  LVSCTL_SWITCH_GATEWAYING,
  LVSCTL_SWITCH_IPIP,
  LVSCTL_SWITCH_MASQUERADING,
  LVSCTL_SWITCH_TUN_TYPE,
  LVSCTL_SWITCH_TUN_PORT,
  LVSCTL_SWITCH_TUN_NOCSUM,
  LVSCTL_SWITCH_TUN_CSUM,
  LVSCTL_SWITCH_TUN_REMCSUM,
  LVSCTL_SWITCH_WEIGHT,
  LVSCTL_SWITCH_U_THRESHOLD,
  LVSCTL_SWITCH_L_THRESHOLD,
  LVSCTL_SWITCH_NUMERIC,
  LVSCTL_SWITCH_CONNECTION,
  LVSCTL_SWITCH_TIMEOUT,
  LVSCTL_SWITCH_DAEMON,
  LVSCTL_SWITCH_STATS,
  LVSCTL_SWITCH_RATE,
  LVSCTL_SWITCH_THRESHOLDS,
  LVSCTL_SWITCH_PERSISTENT_CONN,
  LVSCTL_SWITCH_TUN_INFO,
  LVSCTL_SWITCH_EXACT,
  LVSCTL_SWITCH_SORT,
  LVSCTL_SWITCH_NOSORT,
  LVSCTL_SWITCH_SYNCID,
  LVSCTL_SWITCH_SYNC_MAXLEN,
  LVSCTL_SWITCH_MCAST_INTERFACE,
  LVSCTL_SWITCH_MCAST_GROUP,
  LVSCTL_SWITCH_MCAST_PORT,
  LVSCTL_SWITCH_MCAST_TTL,
  LVSCTL_N_SWITCHES,
} LvsctlSwitchId;

#define LVSCTL_SWITCH_BIT(id) (G_GUINT64_CONSTANT (1) << (id))

typedef struct
{
  LvsctlSwitchId id;
  const char *name;
  char letter;             /* or NUL */
  gboolean has_value;      /* the next word, the rest of this one, or what follows an equals sign */
  gboolean may_lack_value; /* where the next word begins with a dash, or is not there */
} LvsctlSwitch;

const LvsctlSwitch *lvsctl_switch_get (LvsctlSwitchId id);

/* Takes a command line apart from left to right, as popt does for ipvsadm. Words that are no option
 * may stand anywhere and are set aside. */
typedef struct
{
  const char *const *words; /* without the program's name; NULL-terminated */
  guint next;
  guint at;            /* the word that the last option, or an error, is about */
  const char *cluster; /* letters left of a word like -Ln; NULL where there are none */
  gboolean only_words; /* after -- */
  GArray *set_aside;   /* of guint: which words */
} LvsctlSwitches;

void lvsctl_switches_init (LvsctlSwitches *switches, const char *const *words);
void lvsctl_switches_clear (LvsctlSwitches *switches);
gboolean lvsctl_switches_next (LvsctlSwitches *switches,
                               const LvsctlSwitch **ret_switch,
                               const char **ret_value,
                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlSwitches, lvsctl_switches_clear)

G_END_DECLS
