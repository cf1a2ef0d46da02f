/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "adopt.h"
#include "configuration.h"
#include "connections.h"
#include "destination.h"
#include "difference.h"
#include "edit.h"
#include "help.h"
#include "history.h"
#include "hold.h"
#include "import.h"
#include "metrics.h"
#include "monitor.h"
#include "ipvsadm/program.h"
#include "option.h"
#include "overview.h"
#include "rehearsal.h"
#include "role.h"
#include "service.h"
#include "statistics.h"
#include "status.h"
#include "sysctl.h"
#include "timeouts.h"
#include "sync.h"
#include "top.h"

#define SERVICE                                                                                    \
  {                                                                                                \
    N_ ("SERVICE"), LVSCTL_OPERAND_SERVICE, FALSE, FALSE                                           \
  }
#define ENDPOINT                                                                                   \
  {                                                                                                \
    N_ ("ADDRESS[:PORT]"), LVSCTL_OPERAND_ENDPOINT, FALSE, FALSE                                   \
  }
#define VIP                                                                                        \
  {                                                                                                \
    N_ ("VIP"), LVSCTL_OPERAND_ADDRESS, FALSE, FALSE                                               \
  }
#define SYNC                                                                                       \
  {                                                                                                \
    N_ ("master|backup"), LVSCTL_OPERAND_SYNC, FALSE, FALSE                                        \
  }
#define HOST                                                                                       \
  {                                                                                                \
    N_ ("VIP"), LVSCTL_OPERAND_HOST, FALSE, FALSE                                                  \
  }

#define SETTING                                                                                    \
  {                                                                                                \
    N_ ("NAME"), LVSCTL_OPERAND_SETTING, FALSE, FALSE                                              \
  }
#define ANY_SERVICE                                                                                \
  {                                                                                                \
    N_ ("SERVICE"), LVSCTL_OPERAND_SERVICE, TRUE, FALSE                                            \
  }

const LvsctlCommand lvsctl_commands[] = {
  {
      .noun = "service",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List the virtual services, those of other programs marked foreign"),
      .example = "lvsctl service list --json",
      .is_long = TRUE,
      .run = lvsctl_service_list,
  },
  {
      .noun = "service",
      .verb = "show",
      .operands = { SERVICE },
      .help = N_ ("Show a service with its counters"),
      .example = "lvsctl service show web",
      .run = lvsctl_service_show,
  },
  {
      .noun = "service",
      .verb = "add",
      .operands = { { N_ ("NAME"), LVSCTL_OPERAND_NAME, TRUE, FALSE },
                    { N_ ("KEY"), LVSCTL_OPERAND_KEY, FALSE, FALSE } },
      .flags = LVSCTL_COMMAND_ADDS,
      .kind = LVSD_KIND_SERVICE,
      .options = "dry-run",
      .help = N_ ("Add a virtual service, without destinations at first"),
      .example = "lvsctl service add web tcp/192.0.2.100:80 --scheduler rr",
      .run = lvsctl_service_add,
      .rehearse = lvsctl_rehearse_add,
  },
  {
      .noun = "service",
      .verb = "edit",
      .operands = { SERVICE },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_SERVICE,
      .options = "dry-run",
      .help = N_ ("Change a service; its connections live on"),
      .example = "lvsctl service edit web --persistence 300",
      .run = lvsctl_service_edit,
      .rehearse = lvsctl_rehearse_edit,
  },
  {
      .noun = "service",
      .verb = "delete",
      .operands = { SERVICE },
      .options = "dry-run",
      .help = N_ ("Delete a service with its destinations"),
      .example = "lvsctl service delete web",
      .run = lvsctl_service_delete,
      .rehearse = lvsctl_rehearse_delete,
  },
  {
      .noun = "destination",
      .verb = "list",
      .operands = { ANY_SERVICE },
      .options = "columns sort",
      .help = N_ ("List the destinations, of one service or of all"),
      .example = "lvsctl destination list web",
      .is_long = TRUE,
      .run = lvsctl_destination_list,
  },
  {
      .noun = "destination",
      .verb = "show",
      .operands = { SERVICE, ENDPOINT },
      .help = N_ ("Show a destination with its counters"),
      .example = "lvsctl destination show web 192.0.2.11",
      .run = lvsctl_destination_show,
  },
  {
      .noun = "destination",
      .verb = "add",
      .operands = { SERVICE, { N_ ("ADDRESS[:PORT]"), LVSCTL_OPERAND_ENDPOINT, FALSE, TRUE } },
      .flags = LVSCTL_COMMAND_ADDS,
      .kind = LVSD_KIND_DESTINATION,
      .options = "dry-run",
      .help = N_ ("Add real servers to a service; without a port the service's is meant"),
      .example = "lvsctl destination add web 192.0.2.11 192.0.2.12 --method direct --weight 2",
      .run = lvsctl_destination_add,
      .rehearse = lvsctl_rehearse_add,
  },
  {
      .noun = "destination",
      .verb = "edit",
      .operands = { SERVICE, ENDPOINT },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_DESTINATION,
      .options = "runtime no-runtime reason dry-run",
      .help = N_ ("Change a destination; its connections live on"),
      .example = "lvsctl destination edit web 192.0.2.11 --runtime 0 --reason 'new disk'",
      .run = lvsctl_destination_edit,
      .rehearse = lvsctl_rehearse_edit,
  },
  {
      .noun = "destination",
      .verb = "delete",
      .operands = { SERVICE, ENDPOINT },
      .options = "dry-run",
      .help = N_ ("Take a destination out of its service"),
      .example = "lvsctl destination delete web 192.0.2.11",
      .run = lvsctl_destination_delete,
      .rehearse = lvsctl_rehearse_delete,
  },
  {
      .noun = "address",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List the virtual addresses of this director"),
      .example = "lvsctl address list",
      .is_long = TRUE,
      .run = lvsctl_address_list,
  },
  {
      .noun = "address",
      .verb = "show",
      .operands = { VIP },
      .help = N_ ("Show a virtual address"),
      .example = "lvsctl address show 192.0.2.100",
      .run = lvsctl_address_show,
  },
  {
      .noun = "address",
      .verb = "add",
      .operands = { { N_ ("VIP[/LENGTH]"), LVSCTL_OPERAND_PREFIX, FALSE, FALSE } },
      .flags = LVSCTL_COMMAND_ADDS,
      .kind = LVSD_KIND_ADDRESS,
      .without = "prefix-length",
      .needs = "interface",
      .options = "dry-run",
      .help = N_ ("Bind a virtual address to an interface, and tell the neighbours"),
      .example = "lvsctl address add 192.0.2.100/24 --interface eth0 --label eth0:2",
      .run = lvsctl_address_add,
      .rehearse = lvsctl_rehearse_add,
  },
  {
      .noun = "address",
      .verb = "edit",
      .operands = { VIP },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_ADDRESS,
      .without = "up",
      .options = "dry-run",
      .help = N_ ("Change where and how a virtual address is bound"),
      .example = "lvsctl address edit 192.0.2.100 --interface eth1",
      .run = lvsctl_address_edit,
      .rehearse = lvsctl_rehearse_edit,
  },
  {
      .noun = "address",
      .verb = "delete",
      .operands = { VIP },
      .options = "dry-run",
      .help = N_ ("Take a virtual address off its interface and forget it"),
      .example = "lvsctl address delete 192.0.2.100",
      .run = lvsctl_address_delete,
      .rehearse = lvsctl_rehearse_delete,
  },
  {
      .noun = "address",
      .verb = "up",
      .operands = { VIP },
      .options = "dry-run",
      .help = N_ ("Put a virtual address on its interface, and tell the neighbours"),
      .example = "lvsctl address up 192.0.2.100",
      .run = lvsctl_address_up,
      .rehearse = lvsctl_rehearse_up,
  },
  {
      .noun = "address",
      .verb = "down",
      .operands = { VIP },
      .options = "dry-run",
      .help = N_ ("Take a virtual address off its interface, for good, but remember it"),
      .example = "lvsctl address down 192.0.2.100",
      .run = lvsctl_address_down,
      .rehearse = lvsctl_rehearse_up,
  },
  {
      .noun = "address",
      .verb = "announce",
      .operands = { VIP },
      .options = "dry-run",
      .help = N_ ("Tell the neighbours again where a virtual address is"),
      .example = "lvsctl address announce 192.0.2.100",
      .run = lvsctl_address_announce,
      .rehearse = lvsctl_rehearse_announce,
  },
  {
      .noun = "role",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List the addresses that this real server answers for"),
      .example = "lvsctl role list",
      .is_long = TRUE,
      .run = lvsctl_role_list,
  },
  {
      .noun = "role",
      .verb = "show",
      .operands = { HOST },
      .help = N_ ("Show a role of this real server"),
      .example = "lvsctl role show 192.0.2.100",
      .run = lvsctl_role_show,
  },
  {
      .noun = "role",
      .verb = "add",
      .operands = { HOST },
      .flags = LVSCTL_COMMAND_ADDS,
      .kind = LVSD_KIND_ROLE,
      .options = "dry-run",
      .help = N_ ("Make this machine a real server for a virtual address"),
      .example = "lvsctl role add 192.0.2.100",
      .run = lvsctl_role_add,
      .rehearse = lvsctl_rehearse_add,
  },
  {
      .noun = "role",
      .verb = "edit",
      .operands = { HOST },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_ROLE,
      .options = "dry-run",
      .help = N_ ("Change a role of this real server"),
      .example = "lvsctl role edit 192.0.2.100 --interface eth0",
      .run = lvsctl_role_edit,
      .rehearse = lvsctl_rehearse_edit,
  },
  {
      .noun = "role",
      .verb = "delete",
      .operands = { HOST },
      .options = "dry-run",
      .help = N_ ("Give up a role and put settings back as they were"),
      .example = "lvsctl role delete 192.0.2.100",
      .run = lvsctl_role_delete,
      .rehearse = lvsctl_rehearse_delete,
  },
  {
      .noun = "sysctl",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List the kernel's settings, those that lvsd was not told to set marked foreign"),
      .example = "lvsctl sysctl list",
      .is_long = TRUE,
      .run = lvsctl_sysctl_list,
  },
  {
      .noun = "sysctl",
      .verb = "set",
      .operands = { SETTING, { N_ ("VALUE"), LVSCTL_OPERAND_TEXT, FALSE, FALSE } },
      .options = "dry-run",
      .help = N_ ("Have a setting set, now and at every start"),
      .example = "lvsctl sysctl set net.ipv4.vs.expire_quiescent_template 1",
      .run = lvsctl_sysctl_set,
      .rehearse = lvsctl_rehearse_set,
  },
  {
      .noun = "sysctl",
      .verb = "unset",
      .operands = { { N_ ("NAME"), LVSCTL_OPERAND_SETTING, FALSE, TRUE } },
      .options = "dry-run",
      .help = N_ ("Let go of settings and put back what was there before"),
      .example = "lvsctl sysctl unset net.ipv4.vs.expire_quiescent_template",
      .run = lvsctl_sysctl_unset,
      .rehearse = lvsctl_rehearse_unset,
  },
  {
      .noun = "timeouts",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List after how many seconds an idle connection is forgotten"),
      .example = "lvsctl timeouts",
      .run = lvsctl_timeouts_list,
  },
  {
      .noun = "timeouts",
      .verb = "set",
      .options = "tcp tcp-fin udp dry-run",
      .help = N_ ("Have connection timeouts set, now and at every start"),
      .example = "lvsctl timeouts set --tcp 1800 --udp 60",
      .run = lvsctl_timeouts_set,
      .rehearse = lvsctl_rehearse_set,
  },
  {
      .noun = "timeouts",
      .verb = "unset",
      .options = "dry-run",
      .help = N_ ("Let go of all timeouts and put back what was there before"),
      .example = "lvsctl timeouts unset",
      .run = lvsctl_timeouts_unset,
      .rehearse = lvsctl_rehearse_unset,
  },
  {
      .noun = "sync",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List the sync daemons, those of other programs marked foreign"),
      .example = "lvsctl sync list",
      .is_long = TRUE,
      .run = lvsctl_sync_list,
  },
  {
      .noun = "sync",
      .verb = "start",
      .operands = { SYNC },
      .flags = LVSCTL_COMMAND_ADDS,
      .kind = LVSD_KIND_SYNC,
      .needs = "interface",
      .options = "dry-run",
      .help = N_ ("Tell another director of the connections here, or learn of its"),
      .example = "lvsctl sync start master --interface eth0 --id 7",
      .run = lvsctl_sync_start,
      .rehearse = lvsctl_rehearse_add,
  },
  {
      .noun = "sync",
      .verb = "stop",
      .operands = { SYNC },
      .options = "dry-run",
      .help = N_ ("Stop a sync daemon and forget it"),
      .example = "lvsctl sync stop master",
      .run = lvsctl_sync_stop,
      .rehearse = lvsctl_rehearse_delete,
  },
  {
      .noun = "adopt",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("List what could be taken over"),
      .example = "lvsctl adopt list",
      .is_long = TRUE,
      .run = lvsctl_adopt_list,
  },
  {
      .noun = "adopt",
      .verb = "services",
      .operands = { ANY_SERVICE },
      .options = "dry-run",
      .help = N_ ("Take over services with their destinations, and destinations in own services"),
      .example = "lvsctl adopt services tcp/192.0.2.100:80",
      .run = lvsctl_adopt,
  },
  {
      .noun = "adopt",
      .verb = "addresses",
      .operands = { { N_ ("VIP[/LENGTH][@INTERFACE]"), LVSCTL_OPERAND_BINDING, TRUE, FALSE } },
      .options = "dry-run",
      .help = N_ ("Take over the virtual addresses that services listen on"),
      .example = "lvsctl adopt addresses 192.0.2.100/32@eth0",
      .run = lvsctl_adopt,
  },
  {
      .noun = "adopt",
      .verb = "roles",
      .operands = { { N_ ("VIP"), LVSCTL_OPERAND_HOST, TRUE, FALSE } },
      .options = "dry-run",
      .help = N_ ("Take over the addresses on lo that this real server answers for"),
      .example = "lvsctl adopt roles",
      .run = lvsctl_adopt,
  },
  {
      .noun = "adopt",
      .verb = "sync",
      .options = "dry-run",
      .help = N_ ("Take over the sync daemons that the kernel runs"),
      .example = "lvsctl adopt sync",
      .run = lvsctl_adopt,
  },
  {
      .noun = "adopt",
      .verb = "sysctls",
      .options = "dry-run",
      .help = N_ ("Take over the settings and timeouts that somebody has set"),
      .example = "lvsctl adopt sysctls",
      .run = lvsctl_adopt,
  },
  {
      .noun = "adopt",
      .verb = "all",
      .operands = { ANY_SERVICE },
      .options = "dry-run",
      .help = N_ ("Take over all of these, or one service with its address"),
      .example = "lvsctl adopt all",
      .run = lvsctl_adopt,
  },
  {
      .noun = "",
      .verb = "list",
      .options = "columns sort",
      .help = N_ ("Show the state, what needs attention, and all that there is"),
      .example = "lvsctl list",
      .is_long = TRUE,
      .run = lvsctl_overview_list,
  },
  {
      .noun = "",
      .verb = "status",
      .options = "columns sort",
      .help = N_ ("Say whether all is as it was told to be, and what to do where it is not"),
      .example = "lvsctl status || lvsctl list",
      .is_long = TRUE,
      .run = lvsctl_status,
  },
  {
      .noun = "",
      .verb = "connections",
      .options = "service destination client state group limit columns sort",
      .help = N_ ("List the connections that the kernel is balancing"),
      .example = "lvsctl connections --service web --limit 20",
      .is_long = TRUE,
      .run = lvsctl_connections,
  },
  {
      .noun = "",
      .verb = "statistics",
      .operands = { { N_ ("SERVICE"), LVSCTL_OPERAND_SERVICE, TRUE, FALSE } },
      .options = "rate sort",
      .help = N_ ("Show what services and destinations have counted"),
      .example = "lvsctl statistics web --rate",
      .is_long = TRUE,
      .run = lvsctl_statistics,
  },
  {
      .noun = "",
      .verb = "top",
      .options = "interval count sort",
      .help = N_ ("Show again and again what services and destinations do"),
      .example = "lvsctl top --sort -byte-rate-out",
      .run = lvsctl_top,
  },
  {
      .noun = "",
      .verb = "monitor",
      .help = N_ ("Print a line for everything that changes, until it is interrupted"),
      .example = "lvsctl monitor --json",
      .run = lvsctl_monitor,
  },
  {
      .noun = "",
      .verb = "metrics",
      .options = "detail",
      .help = N_ ("Print the counters and the state for Prometheus, as OpenMetrics text"),
      .example = "lvsctl metrics --detail service",
      .run = lvsctl_metrics,
  },
  {
      .noun = "",
      .verb = "zero",
      .operands = { { N_ ("SERVICE"), LVSCTL_OPERAND_SERVICE, TRUE, TRUE } },
      .options = "dry-run",
      .help = N_ ("Set counters to zero, of all services that lvsd owns unless some are named"),
      .example = "lvsctl zero web",
      .run = lvsctl_zero,
      .rehearse = lvsctl_rehearse_zero,
  },
  {
      .noun = "",
      .verb = "export",
      .options = "format",
      .help = N_ ("Print the whole configuration, to be kept or edited"),
      .example = "lvsctl export >web.lvs",
      .is_long = TRUE,
      .run = lvsctl_export,
  },
  {
      .noun = "",
      .verb = "apply",
      .operands = { { N_ ("FILE|-"), LVSCTL_OPERAND_TEXT, FALSE, FALSE } },
      .options = "replace dry-run confirm",
      .help = N_ ("Add what an export has and this machine has not, change what differs"),
      .example = "lvsctl apply web.lvs",
      .run = lvsctl_apply,
  },
  {
      .noun = "",
      .verb = "reconcile",
      .operands = { { N_ ("SERVICE"), LVSCTL_OPERAND_SERVICE, TRUE, TRUE } },
      .options = "dry-run",
      .help = N_ ("Make the kernel match what was declared, changes by hand included"),
      .example = "lvsctl reconcile",
      .run = lvsctl_reconcile,
      .rehearse = lvsctl_rehearse_reconcile,
  },
  {
      .noun = "",
      .verb = "hold",
      .operands = { { N_ ("SERVICE|all"), LVSCTL_OPERAND_SERVICE, TRUE, FALSE } },
      .options = "for dry-run",
      .help = N_ ("Leave a service, or everything, as the kernel has it, and repair nothing"),
      .example = "lvsctl hold web --for 15m",
      .run = lvsctl_hold,
      .rehearse = lvsctl_rehearse_hold,
  },
  {
      .noun = "",
      .verb = "release",
      .operands = { { N_ ("SERVICE|all"), LVSCTL_OPERAND_SERVICE, TRUE, FALSE } },
      .options = "dry-run",
      .help = N_ ("End what 'hold' began, and have it repaired again"),
      .example = "lvsctl release web",
      .run = lvsctl_release,
      .rehearse = lvsctl_rehearse_release,
  },
  {
      .noun = "",
      .verb = "import",
      .operands = { { N_ ("FILE|-"), LVSCTL_OPERAND_TEXT, FALSE, FALSE } },
      .options = "format convert dry-run",
      .help = N_ ("Take over what a file of keepalived's, ldirectord's or ipvsadm's says"),
      .example = "lvsctl import /etc/keepalived/keepalived.conf --convert",
      .run = lvsctl_import,
  },
  {
      .noun = "",
      .verb = "clear",
      .options = "dry-run",
      .help = N_ ("Remove everything that lvsd owns, and nothing else"),
      .example = "lvsctl clear",
      .run = lvsctl_clear,
      .rehearse = lvsctl_rehearse_clear,
  },
  {
      .noun = "",
      .verb = "diff",
      .operands = { { N_ ("FILE|-"), LVSCTL_OPERAND_TEXT, TRUE, FALSE } },
      .options = "columns sort",
      .help = N_ ("Show where the kernel, or a file, differs from what is desired"),
      .example = "lvsctl diff web.lvs",
      .is_long = TRUE,
      .run = lvsctl_diff,
  },
  {
      .noun = "",
      .verb = "edit",
      .options = "confirm dry-run",
      .help = N_ ("Change the whole configuration in an editor"),
      .example = "lvsctl edit --confirm 60",
      .run = lvsctl_edit,
  },
  {
      .noun = "",
      .verb = "confirm",
      .options = "dry-run",
      .help = N_ ("Keep what was applied with --confirm"),
      .example = "lvsctl confirm",
      .run = lvsctl_confirm,
      .rehearse = lvsctl_rehearse_confirm,
  },
  {
      .noun = "",
      .verb = "rollback",
      .operands = { { N_ ("NUMBER"), LVSCTL_OPERAND_TEXT, TRUE, FALSE } },
      .options = "dry-run confirm",
      .help = N_ ("Go back to a generation of the history, or to the last that differs"),
      .example = "lvsctl rollback 3 --dry-run",
      .run = lvsctl_rollback,
  },
  {
      .noun = "",
      .verb = "history",
      .options = "columns sort",
      .help = N_ ("List the generations that one can go back to"),
      .example = "lvsctl history",
      .is_long = TRUE,
      .run = lvsctl_history,
  },
  {
      .noun = "",
      .verb = "ipvsadm",
      .operands = { { N_ ("WORD"), LVSCTL_OPERAND_TEXT, TRUE, TRUE } },
      .flags = LVSCTL_COMMAND_VERBATIM,
      .help = N_ ("Do what ipvsadm would do with this command line, through lvsd"),
      .example = "lvsctl ipvsadm -A -t 192.0.2.100:80 -s rr",
      .run = lvsctl_ipvsadm,
  },
  {
      .noun = "",
      .verb = "help",
      .operands = { { N_ ("WORD"), LVSCTL_OPERAND_TEXT, TRUE, TRUE } },
      .help = N_ ("Show help, of a noun or of a verb of it"),
      .example = "lvsctl help destination add",
      .is_long = TRUE,
      .run = lvsctl_help,
  },
};

const gsize lvsctl_n_commands = G_N_ELEMENTS (lvsctl_commands);

static const struct
{
  const char *noun;
  const char *help;
  const char *verbs[10];
} nouns[] = {
  { "service",
    N_ ("Virtual services: what clients connect to"),
    { "list", "show", "add", "edit", "delete", NULL } },
  { "destination",
    N_ ("Their destinations: the real servers that answer"),
    { "list", "show", "add", "edit", "delete", NULL } },
  { "address",
    N_ ("Virtual addresses that this director holds"),
    { "list", "show", "add", "edit", "delete", "up", "down", "announce", NULL } },
  { "role",
    N_ ("Virtual addresses that this machine answers for as a real server"),
    { "list", "show", "add", "edit", "delete", NULL } },
  { "sysctl",
    N_ ("Kernel settings that matter to load balancing"),
    { "list", "set", "unset", NULL } },
  { "timeouts", N_ ("How long IPVS remembers idle connections"), { "list", "set", "unset", NULL } },
  { "sync",
    N_ ("Sync daemons: connections that two directors have in common"),
    { "list", "start", "stop", NULL } },
  { "adopt",
    N_ ("Taking over what other programs put into the kernel, without a write to it"),
    { "list", "services", "addresses", "roles", "sync", "sysctls", "all", NULL } },
};

const char *const lvsctl_first_words[] = {
  "service",   "destination", "address",    "role",    "sysctl", "timeouts", "sync",    "list",
  "status",    "connections", "statistics", "export",  "apply",  "import",   "clear",   "diff",
  "edit",      "confirm",     "rollback",   "ipvsadm", "zero",   "help",     "history", "adopt",
  "reconcile", "top",         "monitor",    "metrics", "hold",   "release",  NULL
};

/* NULL-terminated, in the order that decides what an abbreviation means. */
const char *const *
lvsctl_command_verbs (const char *noun)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nouns); i++)
    if (g_str_equal (nouns[i].noun, noun))
      return nouns[i].verbs;
  g_assert_not_reached ();
}

gboolean
lvsctl_command_is_noun (const char *word)
{
  return lvsctl_noun_help (word) != NULL;
}

/* NULL where it is not a noun. */
const char *
lvsctl_noun_help (const char *noun)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nouns); i++)
    if (g_str_equal (nouns[i].noun, noun))
      return _ (nouns[i].help);
  return NULL;
}

/* noun is "" for a verb that stands by itself. */
const LvsctlCommand *
lvsctl_command_find (const char *noun, const char *verb)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    if (g_str_equal (lvsctl_commands[i].noun, noun) && g_str_equal (lvsctl_commands[i].verb, verb))
      return &lvsctl_commands[i];
  return NULL;
}

/* "service add" */
char *
lvsctl_command_name (const LvsctlCommand *command)
{
  if (command->noun[0] == '\0')
    return g_strdup (command->verb);
  return g_strdup_printf ("%s %s", command->noun, command->verb);
}

static void
append_operands (GString *text, const LvsctlCommand *command)
{
  for (gsize i = 0; i < LVSCTL_OPERANDS_MAX && command->operands[i].type != LVSCTL_OPERAND_NONE;
       i++)
    {
      const LvsctlOperand *operand = &command->operands[i];

      g_string_append_printf (text, operand->optional ? " [%s]" : " %s", _ (operand->name));
      if (operand->repeated)
        g_string_append (text, "…");
    }
}

/* "add [NAME] KEY" */
char *
lvsctl_command_describe (const LvsctlCommand *command)
{
  GString *text = g_string_new (command->verb);

  append_operands (text, command);
  return g_string_free (text, FALSE);
}

/* "Usage: lvsctl service add [NAME] KEY [OPTION]…" */
char *
lvsctl_command_usage (const LvsctlCommand *command)
{
  g_autofree char *name = lvsctl_command_name (command);
  GString *text = g_string_new (NULL);

  g_string_printf (text, _ ("Usage: lvsctl %s"), name);
  append_operands (text, command);
  if (command->needs != NULL)
    {
      g_autoptr (GArray) options = lvsctl_options_of (command);
      const LvsctlOption *needed = lvsctl_options_find (options, command->needs);

      g_string_append_printf (text, " --%s %s", needed->name, _ (needed->value));
    }
  g_string_append (text, _ (" [OPTION]…"));
  return g_string_free (text, FALSE);
}
