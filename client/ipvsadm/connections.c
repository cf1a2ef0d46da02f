/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connections.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/terminal.h"
#include "model/connection.h"
#include "naming.h"

/* As ipvsadm does, and not through lvsd, which would not list millions. Every user may read it. */
#define TABLE "/proc/net/ip_vs_conn"

/* Protocol, three addresses with ports, state, expiry; then the persistence engine and its data. */
#define N_COLUMNS 9

const char *
lvsctl_ipvsadm_connections_heading (const LvsctlRule *rule)
{
  if (lvsctl_rule_has (rule, LVSCTL_SWITCH_PERSISTENT_CONN))
    return "IPVS connection entries\n"
           "pro expire state       source             virtual            destination        "
           "pe name          pe_data\n";
  return "IPVS connection entries\n"
         "pro expire state       source             virtual            destination\n";
}

/* What stands behind the columns that every connection has: engine and data, or "". */
static const char *
find_engine (const char *line)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      line += strspn (line, " ");
      line += strcspn (line, " \n");
    }
  return line + strspn (line, " ");
}

char *
lvsctl_ipvsadm_connection (const LvsctlRule *rule, const char *line)
{
  gboolean numeric = lvsctl_rule_has (rule, LVSCTL_SWITCH_NUMERIC);
  g_autofree char *protocol = g_strndup (line, strcspn (line, " "));
  g_autofree char *engine = g_strdup (find_engine (line));
  g_autofree char *expiry = NULL;
  g_autofree char *client = NULL;
  g_autofree char *virtual = NULL;
  g_autofree char *destination = NULL;
  LvsdConnection connection;
  char *data;

  if (!lvsd_connection_parse (line, &connection))
    return NULL;
  expiry = g_strdup_printf ("%02u:%02u", connection.expires / 60, connection.expires % 60);
  client = lvsctl_naming_format (&connection.client, connection.protocol, numeric);
  virtual = lvsctl_naming_format (&connection.virtual_address, connection.protocol, numeric);
  destination = lvsctl_naming_format (&connection.destination, connection.protocol, numeric);
  engine[strcspn (engine, "\n")] = '\0';
  data = strchr (engine, ' ');
  if (data == NULL || !lvsctl_rule_has (rule, LVSCTL_SWITCH_PERSISTENT_CONN))
    return g_strdup_printf ("%-3s %-6s %-11s %-18s %-18s %s\n", protocol, expiry, connection.state,
                            client, virtual, destination);
  *data++ = '\0';
  return g_strdup_printf ("%-3s %-6s %-11s %-18s %-18s %-16s %-18s %s\n", protocol, expiry,
                          connection.state, client, virtual, destination, engine, data);
}

gboolean
lvsctl_ipvsadm_connections_list (const LvsctlRule *rule, GError **error)
{
  FILE *table = fopen (TABLE, "re");
  char *line = NULL;
  gsize size = 0;

  if (table == NULL)
    {
      g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_LOOKUP,
                   _ ("%s cannot be opened: %s"), TABLE, g_strerror (errno));
      return FALSE;
    }
  lvsctl_terminal_print (lvsctl_ipvsadm_connections_heading (rule));
  while (getline (&line, &size, table) > 0)
    {
      g_autofree char *shown = lvsctl_ipvsadm_connection (rule, line);

      if (shown != NULL)
        lvsctl_terminal_print (shown);
    }
  free (line);
  fclose (table);
  return TRUE;
}
