/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keepalived.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lines.h"
#include "omission.h"
#include "server.h"

static gboolean
read_group (GHashTable *groups, const LvsctlKeepalivedStatement *statement, GError **error)
{
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (LvsctlKeepalivedTarget));
  const char *name = lvsctl_keepalived_word (statement, 1);

  if (name == NULL)
    return lvsctl_place_refuse (&statement->place, error, _ ("%s: the name is missing"),
                                statement->words[0]);
  if (g_hash_table_contains (groups, name))
    return lvsctl_place_refuse (&statement->place, error,
                                _ ("virtual_server_group '%.60s' stands further up already"), name);
  for (guint i = 0; statement->body != NULL && i < statement->body->len; i++)
    if (!lvsctl_keepalived_targets_add (targets, statement->body->pdata[i], 0, error))
      return FALSE;
  g_hash_table_insert (groups, g_strdup (name), g_steal_pointer (&targets));
  return TRUE;
}

static gboolean
read_server (LvsctlReading *reading,
             GHashTable *groups,
             const LvsctlKeepalivedStatement *statement,
             GError **error)
{
  g_auto (LvsctlKeepalivedServer) server = { 0 };

  return lvsctl_keepalived_server_read (&server, reading, groups, statement, error)
         && lvsctl_keepalived_server_take (&server, error);
}

/* The word behind another one in a statement: dev eth0. */
static const char *
find_option (const LvsctlKeepalivedStatement *statement, const char *name, const char *otherwise)
{
  for (guint i = 0; statement->words[i] != NULL; i++)
    if (g_str_equal (statement->words[i], name) && statement->words[i + 1] != NULL)
      return statement->words[i + 1];
  return otherwise;
}

/* Who holds an address is VRRP's to say, and lvsd would hold it for good: so it is not taken over,
 * but people get to know how to do it. */
static void
suggest_addresses (LvsctlReading *reading,
                   const LvsctlKeepalivedStatement *block,
                   const char *interface)
{
  for (guint i = 0; block->body != NULL && i < block->body->len; i++)
    {
      const LvsctlKeepalivedStatement *address = block->body->pdata[i];
      g_autofree char *why = g_strdup_printf (
          _ ("an address of keepalived's; left out. If this machine alone is to hold it, without "
             "keepalived: lvsctl address add %s --interface %s"),
          address->words[0], find_option (address, "dev", interface));

      lvsctl_reading_note (reading, &address->place, address->words[0], why);
    }
}

static void
read_vrrp_instance (LvsctlReading *reading, const LvsctlKeepalivedStatement *instance)
{
  const char *interface = "INTERFACE";

  lvsctl_keepalived_leave_out (reading, instance);
  for (guint i = 0; instance->body != NULL && i < instance->body->len; i++)
    if (lvsctl_keepalived_is (instance->body->pdata[i], "interface"))
      interface = find_option (instance->body->pdata[i], "interface", interface);
  for (guint i = 0; instance->body != NULL && i < instance->body->len; i++)
    if (lvsctl_keepalived_is (instance->body->pdata[i], "virtual_ipaddress")
        || lvsctl_keepalived_is (instance->body->pdata[i], "virtual_ipaddress_excluded"))
      suggest_addresses (reading, instance->body->pdata[i], interface);
}

static void
read_global (LvsctlReading *reading, const LvsctlKeepalivedStatement *global)
{
  lvsctl_keepalived_leave_out (reading, global);
  for (guint i = 0; global->body != NULL && i < global->body->len; i++)
    if (g_str_has_prefix (((const LvsctlKeepalivedStatement *) global->body->pdata[i])->words[0],
                          "lvs_"))
      lvsctl_keepalived_leave_out (reading, global->body->pdata[i]);
}

static gboolean
read_statement (LvsctlReading *reading,
                GHashTable *groups,
                const LvsctlKeepalivedStatement *statement,
                GError **error)
{
  if (lvsctl_keepalived_is (statement, "virtual_server"))
    return read_server (reading, groups, statement, error);
  if (lvsctl_keepalived_is (statement, "virtual_server_group"))
    return TRUE;
  if (lvsctl_keepalived_is (statement, "vrrp_instance"))
    read_vrrp_instance (reading, statement);
  else if (lvsctl_keepalived_is (statement, "static_ipaddress"))
    suggest_addresses (reading, statement, "INTERFACE");
  else if (lvsctl_keepalived_is (statement, "global_defs"))
    read_global (reading, statement);
  else
    lvsctl_keepalived_leave_out (reading, statement);
  return TRUE;
}

/* A group may stand behind the servers that name it. */
static gboolean
read_statements (LvsctlReading *reading, const GPtrArray *statements, GError **error)
{
  g_autoptr (GHashTable) groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  for (guint i = 0; i < statements->len; i++)
    if (lvsctl_keepalived_is (statements->pdata[i], "virtual_server_group")
        && !read_group (groups, statements->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < statements->len; i++)
    if (!read_statement (reading, groups, statements->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean
lvsctl_keepalived_recognize (const char *text)
{
  return g_regex_match_simple ("^[ \t]*(virtual_server|virtual_server_group|vrrp_[a-z_]+|"
                               "global_defs|static_ipaddress|include[rmwba]?)[ \t\r{]*",
                               text, G_REGEX_MULTILINE | G_REGEX_RAW, 0);
}

gboolean
lvsctl_keepalived_read (LvsctlReading *reading,
                        const char *file,
                        const char *text,
                        gsize length,
                        GError **error)
{
  g_autofree char *config_id = g_strdup (g_get_host_name ());
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) statements = NULL;

  config_id[strcspn (config_id, ".")] = '\0';
  if (!lvsctl_reading_check_text (file, text, length, error))
    return FALSE;
  lines = lvsctl_keepalived_lines_read (reading, file, text, config_id, error);
  if (lines == NULL)
    return FALSE;
  statements = lvsctl_keepalived_blocks_parse (lines, error);
  return statements != NULL && read_statements (reading, statements, error);
}
