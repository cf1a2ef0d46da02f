/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "dbus/errors.h"
#include "exit-status.h"
#include "help.h"
#include "terminal.h"

static gboolean
print_help (const LvsctlArguments *arguments)
{
  g_autofree char *text = NULL;

  if (arguments->command != NULL)
    text = lvsctl_help_of_command (arguments->command);
  else if (arguments->noun != NULL)
    text = lvsctl_help_of_noun (arguments->noun);
  else
    text = lvsctl_help_overview ();
  lvsctl_terminal_print (text);
  return TRUE;
}

static gboolean
print_version (void)
{
  lvsctl_terminal_print ("lvsctl " LVSD_VERSION "\n");
  return TRUE;
}

static gboolean
run_command (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;

  if (arguments->version)
    return print_version ();
  if (!arguments->no_pager && (arguments->help || arguments->command->is_long))
    lvsctl_pager_open ();
  if (arguments->help)
    return print_help (arguments);
  return arguments->command->run (client, error);
}

/* What was printed and could not be written is lost: better said than found out later. */
static gboolean
flush_output (GError **error)
{
  if (lvsctl_pager_close ())
    return TRUE;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED, _ ("the output cannot be written: %s"),
               g_strerror (errno));
  return FALSE;
}

/* Messages of our own may have a line with the usage; those of others are kept to one. */
static int
report (const GError *error)
{
  g_autofree char *clean = lvsctl_terminal_sanitize (error->message);

  fprintf (stderr, "lvsctl: %s\n", error->domain == LVSCTL_ERROR ? error->message : clean);
  return (int) lvsctl_exit_of_error (error);
}

int
lvsctl_program_run (const char *const *argv)
{
  g_auto (LvsctlClient) client = { 0 };
  g_autoptr (LvsctlArguments) arguments = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  lvsd_errors_register ();
  arguments = lvsctl_arguments_parse (argv, &error);
  if (arguments == NULL)
    return report (error);
  client.arguments = arguments;
  ok = run_command (&client, &error);
  ok = flush_output (ok ? &error : NULL) && ok;
  return ok ? client.exit_status : report (error);
}
