/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command.h"

#include <glib/gi18n-lib.h>

#include "option.h"

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
