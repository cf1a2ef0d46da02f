/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "configuration.h"
#include "connections.h"
#include "destination.h"
#include "help.h"
#include "ipvsadm/program.h"
#include "option.h"
#include "overview.h"
#include "role.h"
#include "service.h"
#include "status.h"

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
#define HOST                                                                                       \
  {                                                                                                \
    N_ ("VIP"), LVSCTL_OPERAND_HOST, FALSE, FALSE                                                  \
  }

const LvsctlCommand lvsctl_commands[] = {
  {
      .noun = "service",
      .verb = "list",
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
      .help = N_ ("Add a virtual service, without destinations at first"),
      .example = "lvsctl service add web tcp/192.0.2.100:80 --scheduler rr",
      .run = lvsctl_service_add,
  },
  {
      .noun = "service",
      .verb = "edit",
      .operands = { SERVICE },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_SERVICE,
      .help = N_ ("Change a service; its connections live on"),
      .example = "lvsctl service edit web --persistence 300",
      .run = lvsctl_service_edit,
  },
  {
      .noun = "service",
      .verb = "delete",
      .operands = { SERVICE },
      .help = N_ ("Delete a service with its destinations"),
      .example = "lvsctl service delete web",
      .run = lvsctl_service_delete,
  },
  {
      .noun = "destination",
      .verb = "list",
      .operands = { { N_ ("SERVICE"), LVSCTL_OPERAND_SERVICE, TRUE, FALSE } },
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
      .help = N_ ("Add real servers to a service; without a port the service's is meant"),
      .example = "lvsctl destination add web 192.0.2.11 192.0.2.12 --method direct --weight 2",
      .run = lvsctl_destination_add,
  },
  {
      .noun = "destination",
      .verb = "edit",
      .operands = { SERVICE, ENDPOINT },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_DESTINATION,
      .options = "runtime no-runtime reason",
      .help = N_ ("Change a destination; its connections live on"),
      .example = "lvsctl destination edit web 192.0.2.11 --runtime 0 --reason 'new disk'",
      .run = lvsctl_destination_edit,
  },
  {
      .noun = "destination",
      .verb = "delete",
      .operands = { SERVICE, ENDPOINT },
      .help = N_ ("Take a destination out of its service"),
      .example = "lvsctl destination delete web 192.0.2.11",
      .run = lvsctl_destination_delete,
  },
  {
      .noun = "address",
      .verb = "list",
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
      .help = N_ ("Bind a virtual address to an interface, and tell the neighbours"),
      .example = "lvsctl address add 192.0.2.100/24 --interface eth0 --label eth0:2",
      .run = lvsctl_address_add,
  },
  {
      .noun = "address",
      .verb = "edit",
      .operands = { VIP },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_ADDRESS,
      .without = "up",
      .help = N_ ("Change where and how a virtual address is bound"),
      .example = "lvsctl address edit 192.0.2.100 --interface eth1",
      .run = lvsctl_address_edit,
  },
  {
      .noun = "address",
      .verb = "delete",
      .operands = { VIP },
      .help = N_ ("Take a virtual address off its interface and forget it"),
      .example = "lvsctl address delete 192.0.2.100",
      .run = lvsctl_address_delete,
  },
  {
      .noun = "address",
      .verb = "up",
      .operands = { VIP },
      .help = N_ ("Put a virtual address on its interface, and tell the neighbours"),
      .example = "lvsctl address up 192.0.2.100",
      .run = lvsctl_address_up,
  },
  {
      .noun = "address",
      .verb = "down",
      .operands = { VIP },
      .help = N_ ("Take a virtual address off its interface, for good, but remember it"),
      .example = "lvsctl address down 192.0.2.100",
      .run = lvsctl_address_down,
  },
  {
      .noun = "address",
      .verb = "announce",
      .operands = { VIP },
      .help = N_ ("Tell the neighbours again where a virtual address is"),
      .example = "lvsctl address announce 192.0.2.100",
      .run = lvsctl_address_announce,
  },
  {
      .noun = "role",
      .verb = "list",
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
      .help = N_ ("Make this machine a real server for a virtual address"),
      .example = "lvsctl role add 192.0.2.100",
      .run = lvsctl_role_add,
  },
  {
      .noun = "role",
      .verb = "edit",
      .operands = { HOST },
      .flags = LVSCTL_COMMAND_EDITS,
      .kind = LVSD_KIND_ROLE,
      .help = N_ ("Change a role of this real server"),
      .example = "lvsctl role edit 192.0.2.100 --interface eth0",
      .run = lvsctl_role_edit,
  },
  {
      .noun = "role",
      .verb = "delete",
      .operands = { HOST },
      .help = N_ ("Give up a role and put settings back as they were"),
      .example = "lvsctl role delete 192.0.2.100",
      .run = lvsctl_role_delete,
  },
  {
      .noun = "",
      .verb = "list",
      .help = N_ ("List services with their destinations, addresses and roles"),
      .example = "lvsctl list",
      .is_long = TRUE,
      .run = lvsctl_overview_list,
  },
  {
      .noun = "",
      .verb = "status",
      .help = N_ ("Say whether all is as it was told to be, and what to do where it is not"),
      .example = "lvsctl status || lvsctl list",
      .is_long = TRUE,
      .run = lvsctl_status,
  },
  {
      .noun = "",
      .verb = "connections",
      .options = "service destination limit",
      .help = N_ ("List the connections that the kernel is balancing"),
      .example = "lvsctl connections --service web --limit 20",
      .is_long = TRUE,
      .run = lvsctl_connections,
  },
  {
      .noun = "",
      .verb = "export",
      .help = N_ ("Print the whole configuration, to be kept or edited"),
      .example = "lvsctl export >web.lvs",
      .is_long = TRUE,
      .run = lvsctl_export,
  },
  {
      .noun = "",
      .verb = "apply",
      .operands = { { N_ ("FILE|-"), LVSCTL_OPERAND_TEXT, FALSE, FALSE } },
      .help = N_ ("Add what an export has and this machine has not, change what differs"),
      .example = "lvsctl apply web.lvs",
      .run = lvsctl_apply,
  },
  {
      .noun = "",
      .verb = "clear",
      .help = N_ ("Remove everything that lvsd owns, and nothing else"),
      .example = "lvsctl clear",
      .run = lvsctl_clear,
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
};

const char *const lvsctl_first_words[] = { "service", "destination", "address", "role",  "list",
                                           "status",  "connections", "export",  "apply", "clear",
                                           "ipvsadm", "help",        NULL };

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
