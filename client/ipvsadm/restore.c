/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "restore.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "client/exit-status.h"
#include "client/parcel.h"
#include "client/sections.h"
#include "client/terminal.h"
#include "explanation.h"
#include "format.h"
#include "local.h"
#include "rule-lines.h"
#include "table.h"

#define LARGEST_INPUT ((gsize) 64 * 1024 * 1024)
#define READ_SIZE 65536

static gboolean
fail_to_read (const char *reason, GError **error)
{
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
               _ ("standard input cannot be read: %s"), reason);
  return FALSE;
}

static gboolean
read_input (GString *text, GError **error)
{
  char buffer[READ_SIZE];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    {
      g_string_append_len (text, buffer, (gssize) n);
      if (text->len > LARGEST_INPUT)
        return fail_to_read (_ ("it is larger than 64 MiB"), error);
    }
  return !ferror (stdin) || fail_to_read (g_strerror (errno), error);
}

/* All in one piece */

static gboolean
are_all_new (LvsctlClient *client, GPtrArray *items)
{
  g_autoptr (GPtrArray) table = lvsctl_kernel_table_fetch (client, NULL, NULL);
  g_autoptr (GHashTable) known =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);

  if (table == NULL)
    return FALSE;
  for (guint i = 0; i < table->len; i++)
    g_hash_table_add (known, ((LvsctlKernelService *) table->pdata[i])->item);
  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_get_kind (items->pdata[i]) == LVSD_KIND_SERVICE
        && g_hash_table_contains (known, items->pdata[i]))
      return FALSE;
  return TRUE;
}

/* What keeps each line from being run as well. */
static gboolean
is_final (const GError *reason)
{
  LvsctlExit exit = lvsctl_exit_of_error (reason);

  return exit == LVSCTL_EXIT_REFUSED || exit == LVSCTL_EXIT_UNREACHABLE;
}

/* Where it is not done so, nothing was done, and doing it line by line shows why. */
static gboolean
apply_all (LvsctlClient *client, const GString *text, gboolean *ret_done, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_ipvsadm_read (text->str, text->len, NULL);
  g_autoptr (GHashTable) local = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) reason = NULL;

  *ret_done = FALSE;
  if (items == NULL || items->len == 0 || !are_all_new (client, items))
    return TRUE;
  local = lvsctl_local_addresses ();
  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_get_kind (items->pdata[i]) == LVSD_KIND_DESTINATION)
      lvsctl_local_settle (local, items->pdata[i]);
  reply = lvsctl_client_call (
      client, &lvsctl_manager, "Apply",
      g_variant_new ("(@a{sv}a{sv})",
                     lvsctl_parcel_pack (client, lvsctl_sections_from_items (items)), NULL),
      "(a{sv})", &reason);
  lvsctl_parcel_clear (client);
  *ret_done = reply != NULL;
  if (reply != NULL || !is_final (reason))
    return TRUE;
  lvsctl_ipvsadm_explain (LVSCTL_SWITCH_RESTORE, g_steal_pointer (&reason), error);
  return FALSE;
}

/* Line by line */

static gboolean
run_line (LvsctlClient *client,
          const LvsctlRuleLines *lines,
          const LvsctlRule *rule,
          LvsctlRuleFunc run,
          GError **error)
{
  if (rule->command != LVSCTL_SWITCH_RESTORE)
    return run (client, rule, error) || lvsctl_rule_lines_locate (lines, G_MAXUINT, error);
  g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_FAILED,
                       _ ("--restore cannot stand in what is restored"));
  return lvsctl_rule_lines_locate (lines, 0, error);
}

static void
report (const GError *refusal)
{
  g_autofree char *clean = refusal != NULL ? lvsctl_terminal_sanitize (refusal->message) : NULL;

  if (clean != NULL)
    fprintf (stderr, "%s\n", clean);
}

static gboolean
run_all (LvsctlClient *client, const GString *text, LvsctlRuleFunc run, GError **error)
{
  g_auto (LvsctlRuleLines) lines = { 0 };
  g_autoptr (GError) refusal = NULL; /* of the last line */

  lvsctl_rule_lines_init (&lines, text->str, text->len);
  for (;;)
    {
      g_autoptr (LvsctlRule) rule = NULL;
      gboolean understood = lvsctl_rule_lines_next (&lines, &rule, error);

      if (understood && rule == NULL)
        break;
      report (refusal);
      if (!understood)
        return FALSE;
      g_clear_error (&refusal);
      run_line (client, &lines, rule, run, &refusal);
    }
  if (refusal == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

gboolean
lvsctl_ipvsadm_restore (LvsctlClient *client, LvsctlRuleFunc run, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean done;

  return read_input (text, error) && apply_all (client, text, &done, error)
         && (done || run_all (client, text, run, error));
}
