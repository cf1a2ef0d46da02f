/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "client/arguments.h"
#include "client/completion.h"

/* What is offered without the daemon, words alone. */
static char *
complete (const char *line)
{
  static const char *const list[] = { "list", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsctlArguments) arguments = lvsctl_arguments_parse (list, &error);
  g_auto (LvsctlClient) client = { .arguments = arguments };
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autofree char *offered = lvsctl_completion_list (&client, (const char *const *) words);
  g_auto (GStrv) lines = g_strsplit (offered, "\n", -1);

  g_assert_no_error (error);
  for (gsize i = 0; lines[i] != NULL; i++)
    lines[i][strcspn (lines[i], "\t")] = '\0';
  return g_strchomp (g_strjoinv (" ", lines));
}

static void
test_what_fits_is_offered (void)
{
  static const struct
  {
    const char *line; /* the last word may be empty */
    const char *offered;
  } cases[] = {
    { "se", "service" },
    { "st", "status statistics" },
    { "service ", "list show add edit delete" },
    { "s d", "delete" },
    { "rs a", "add" },
    { "nonsense", "" },
    { "nonsense a", "address apply adopt" },
    { "sync start ", "master backup" },
    { "sync start m", "master" },
    { "service add web ", "tcp/ udp/ sctp/ fwmark/ fwmark6/" },
    { "service add t", "tcp/" },
    { "service edit web --pers", "--persistence --persistence-prefix --persistence-engine" },
    { "service edit web --no-o", "--no-one-packet" },
    { "--j", "--json" },
    { "--ho", "--host" },
    { "--sched", "" },
    { "destination add web --method ", "direct tunnel masquerade local" },
    { "destination add web --method d", "direct" },
    { "destination add web --method=d", "--method=direct" },
    { "destination add web --tunnel=", "--tunnel=ipip --tunnel=gue --tunnel=gre" },
    { "connections --group s", "service state" },
    { "export --format ", "native json keepalived ldirectord ipvsadm" },
    { "apply ", "" },
    { "role add 192.0.2.1 --interface lo", "lo" },
    { "--json service ad", "add" },
    { "-H node2 sy", "sysctl sync" },
    { "-Hnode2 sy", "sysctl sync" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *offered = complete (cases[i].line);

      g_test_message ("lvsctl %s", cases[i].line);
      g_assert_cmpstr (offered, ==, cases[i].offered);
    }
}

static void
test_each_verb_has_its_options (void)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    {
      g_autofree char *name = lvsctl_command_name (&lvsctl_commands[i]);
      g_autofree char *line = g_strconcat (name, " --", NULL);
      g_autofree char *offered = complete (line);

      g_test_message ("lvsctl %s", line);
      g_assert_nonnull (strstr (offered, "--help"));
      g_assert_cmpint (strstr (offered, "--dry-run") != NULL, ==,
                       lvsctl_commands[i].options != NULL
                           && strstr (lvsctl_commands[i].options, "dry-run") != NULL);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/completion/what-fits-is-offered", test_what_fits_is_offered);
  g_test_add_func ("/completion/each-verb-has-its-options", test_each_verb_has_its_options);
  return g_test_run ();
}
