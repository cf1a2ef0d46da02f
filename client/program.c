/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "completion.h"
#include "dbus/errors.h"
#include "exit-status.h"
#include "help.h"
#include "json.h"
#include "model/error.h"
#include "plan.h"
#include "resolution.h"
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

/* A service that was named by its address alone becomes the one that is there on this machine. */
static gboolean
resolve_services (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;

  for (guint i = 0; i < LVSCTL_OPERANDS_MAX; i++)
    for (guint j = 0; arguments->command->operands[i].type == LVSCTL_OPERAND_SERVICE
                      && arguments->operands[i] != NULL && arguments->operands[i][j] != NULL;
         j++)
      {
        char *named = lvsctl_resolution_of_service (client, arguments->operands[i][j], error);

        if (named == NULL)
          return FALSE;
        g_free (arguments->operands[i][j]);
        arguments->operands[i][j] = named;
      }
  return TRUE;
}

/* Where what was named is not there, what was meant, as far as that can be told. */
static void
explain_missing (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;

  if (error == NULL || !g_error_matches (*error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    return;
  for (guint i = 0; i < LVSCTL_OPERANDS_MAX; i++)
    for (guint j = 0; arguments->command->operands[i].type == LVSCTL_OPERAND_SERVICE
                      && arguments->operands[i] != NULL && arguments->operands[i][j] != NULL;
         j++)
      lvsctl_resolution_explain (client, arguments->operands[i][j], error);
}

static gboolean
run_command (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;

  if (arguments->version)
    return print_version ();
  if (arguments->help)
    return print_help (arguments);
  if (!resolve_services (client, error))
    return FALSE;
  if (arguments->command->rehearse != NULL && lvsctl_plan_is_dry (client)
          ? arguments->command->rehearse (client, error)
          : arguments->command->run (client, error))
    return TRUE;
  explain_missing (client, error);
  return FALSE;
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
report (const char *host, const GError *error)
{
  g_autofree char *clean = lvsctl_terminal_sanitize (error->message);

  lvsctl_pager_close ();
  fflush (stdout);
  fprintf (stderr, "lvsctl: %s%s%s\n", host != NULL ? host : "", host != NULL ? ": " : "",
           error->domain == LVSCTL_ERROR ? error->message : clean);
  return (int) lvsctl_exit_of_error (error);
}

/* Of several machines, what is more than a line says first whose it is. */
static void
print_heading (const LvsctlClient *client)
{
  const LvsctlArguments *arguments = client->arguments;

  if (arguments->json)
    lvsctl_json_set_host (client->host);
  else if (arguments->command->is_long || lvsctl_plan_is_dry (client)
           || g_str_equal (arguments->command->verb, "show"))
    printf ("%s:\n", client->host);
}

static int
run_on (const LvsctlArguments *arguments, const char *host)
{
  g_auto (LvsctlClient)
      client = { .arguments = arguments,
                 .host = host,
                 .is_one_of_several = host != NULL && arguments->hosts[1] != NULL };
  g_autoptr (GError) error = NULL;

  if (client.is_one_of_several)
    print_heading (&client);
  if (run_command (&client, &error))
    return client.exit_status;
  return report (host, error);
}

/* All of them are tried, and the first failure is what counts. */
static int
run_on_all (const LvsctlArguments *arguments)
{
  int status = 0;

  if (arguments->hosts == NULL || arguments->help || arguments->version)
    return run_on (arguments, NULL);
  for (guint i = 0; arguments->hosts[i] != NULL; i++)
    {
      int one = run_on (arguments, arguments->hosts[i]);

      status = status != 0 ? status : one;
    }
  return status;
}

static int
complete (const char *const *words)
{
  static const char *const argv[] = { "--no-ask-password", "list", NULL };
  g_autoptr (LvsctlArguments) arguments = lvsctl_arguments_parse (argv, NULL);
  g_auto (LvsctlClient) client = { .arguments = arguments };
  g_autofree char *list = lvsctl_completion_list (&client, words);

  lvsctl_terminal_print (list);
  return 0;
}

int
lvsctl_program_run (const char *const *argv)
{
  g_autoptr (LvsctlArguments) arguments = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  lvsd_errors_register ();
  if (g_strcmp0 (argv[0], LVSCTL_COMPLETE) == 0)
    return complete (argv + 1);
  arguments = lvsctl_arguments_parse (argv, &error);
  if (arguments == NULL)
    return report (NULL, error);
  if (!arguments->no_pager && !arguments->terse && !arguments->version
      && (arguments->hosts == NULL || arguments->hosts[1] == NULL)
      && (arguments->help || arguments->command->is_long))
    lvsctl_pager_open ();
  status = run_on_all (arguments);
  if (!flush_output (status == 0 ? &error : NULL) && status == 0)
    status = report (NULL, error);
  return status;
}
