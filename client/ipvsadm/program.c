/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>

#include "change.h"
#include "client/arguments.h"
#include "client/terminal.h"
#include "connections.h"
#include "dbus/names.h"
#include "explanation.h"
#include "listing.h"
#include "restore.h"
#include "table.h"
#include "tuning.h"
#include "usage.h"

/* The only file of the kernel's that tells its version to everybody; its first line is ipvsadm's.
 */
#define KERNEL_TABLE "/proc/net/ip_vs"

static gboolean
print_kernel_version (GError **error)
{
  FILE *table = fopen (KERNEL_TABLE, "re");
  char *line = NULL;
  gsize size = 0;
  gboolean found = table != NULL && getline (&line, &size, table) > 0;

  if (found)
    lvsctl_terminal_print (line);
  else
    g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
                 _ ("IPVS is not available in this kernel; load it with 'modprobe ip_vs'"));
  free (line);
  if (table != NULL)
    fclose (table);
  return found;
}

static gboolean
print_table (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  const LvsdServiceKey *key = rule->service != NULL ? &rule->service->identity->key : NULL;
  g_autoptr (GPtrArray) table = lvsctl_kernel_table_fetch (client, key, error);
  g_autofree char *text = NULL;

  if (table == NULL)
    return FALSE;
  if (key != NULL && table->len == 0)
    {
      g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_LOOKUP,
                           LVSCTL_NO_SERVICE);
      return FALSE;
    }
  if (key == NULL && rule->command == LVSCTL_SWITCH_LIST && !print_kernel_version (error))
    return FALSE;
  text = lvsctl_ipvsadm_list (rule, table);
  lvsctl_terminal_print (text);
  return TRUE;
}

static gboolean
run_list (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  if (lvsctl_rule_has (rule, LVSCTL_SWITCH_CONNECTION))
    return lvsctl_ipvsadm_connections_list (rule, error);
  if (lvsctl_rule_has (rule, LVSCTL_SWITCH_TIMEOUT))
    return lvsctl_ipvsadm_list_timeouts (client, error);
  if (lvsctl_rule_has (rule, LVSCTL_SWITCH_DAEMON))
    return lvsctl_ipvsadm_list_sync (client, error);
  return print_table (client, rule, error);
}

/* What others own stays, and whoever clears should know. */
static void
warn_of_rest (LvsctlClient *client)
{
  g_autoptr (GPtrArray) table = lvsctl_kernel_table_fetch (client, NULL, NULL);

  if (table == NULL || table->len == 0)
    return;
  fprintf (stderr,
           ngettext ("%u service that is not lvsd's was left; 'lvsctl adopt services' takes it "
                     "over\n",
                     "%u services that are not lvsd's were left; 'lvsctl adopt services' takes "
                     "them over\n",
                     table->len),
           table->len);
}

static gboolean
run_clear (LvsctlClient *client, GError **error)
{
  g_auto (GVariantDict) sections = G_VARIANT_DICT_INIT (NULL);
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) reply = NULL;

  g_variant_dict_insert_value (
      &sections, LVSD_SECTION_SERVICES,
      g_variant_new_array (g_variant_type_element (G_VARIANT_TYPE (LVSD_SECTION_SERVICES_TYPE)),
                           NULL, 0));
  g_variant_dict_insert (&options, "mode", "s", "replace");
  g_variant_dict_insert (&options, "force", "b", TRUE);
  reply = lvsctl_client_call (client, &lvsctl_manager, "Apply",
                              g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&sections),
                                             g_variant_dict_end (&options)),
                              "(a{sv})", error);
  if (reply == NULL)
    return FALSE;
  warn_of_rest (client);
  return TRUE;
}

static gboolean
run_command (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autofree char *text = NULL;

  switch ((int) rule->command)
    {
    case LVSCTL_SWITCH_LIST:
      return run_list (client, rule, error);
    case LVSCTL_SWITCH_SAVE:
      return print_table (client, rule, error);
    case LVSCTL_SWITCH_CLEAR:
      return run_clear (client, error);
    case LVSCTL_SWITCH_ZERO:
      return lvsctl_ipvsadm_zero (client, rule, error);
    case LVSCTL_SWITCH_SET:
      return lvsctl_ipvsadm_set_timeouts (client, rule, error);
    case LVSCTL_SWITCH_START_DAEMON:
      return lvsctl_ipvsadm_start_sync (client, rule, error);
    case LVSCTL_SWITCH_STOP_DAEMON:
      return lvsctl_ipvsadm_stop_sync (client, rule, error);
    case LVSCTL_SWITCH_HELP:
      text = lvsctl_ipvsadm_usage ();
      lvsctl_terminal_print (text);
      return TRUE;
    case LVSCTL_SWITCH_VERSION:
      lvsctl_terminal_print (lvsctl_ipvsadm_version ());
      return TRUE;
    default:
      return lvsctl_ipvsadm_change (client, rule, error);
    }
}

static gboolean
run_rule (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  GError *reason = NULL;

  if (run_command (client, rule, &reason))
    return TRUE;
  lvsctl_ipvsadm_explain (rule->command, reason, error);
  return FALSE;
}

static gboolean
run (LvsctlClient *client, GError **error)
{
  static const char *const list[] = { "-L", NULL };
  const char *const *words = (const char *const *) client->arguments->operands[0];
  g_autoptr (LvsctlRule) rule = NULL;
  guint word;

  /* Alone ipvsadm lists. */
  rule = lvsctl_rule_parse (words[0] != NULL ? words : list, &word, error);
  if (rule == NULL)
    return FALSE;
  if (rule->command == LVSCTL_SWITCH_RESTORE)
    return lvsctl_ipvsadm_restore (client, run_rule, error);
  return run_rule (client, rule, error);
}

gboolean
lvsctl_ipvsadm (LvsctlClient *client, G_GNUC_UNUSED GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *clean = NULL;

  if (run (client, &failure))
    return TRUE;
  clean = lvsctl_terminal_sanitize (failure->message);
  fflush (stdout);
  fprintf (stderr, "%s\n", clean);
  client->exit_status = failure->code;
  return TRUE;
}
