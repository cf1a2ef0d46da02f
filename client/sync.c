/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "model/sync-daemon.h"
#include "selection.h"

#define ROW_FIELDS 3

static GVariant *
get_field (GVariant *row, const char *name)
{
  g_autoptr (GVariant) fields = g_variant_get_child_value (row, ROW_FIELDS);
  GVariant *value = g_variant_lookup_value (fields, name, NULL);

  return value != NULL ? value : g_variant_new_string ("");
}

static GVariant *
get_interface (gpointer row)
{
  return get_field (row, "interface");
}

static GVariant *
get_sync_id (gpointer row)
{
  return get_field (row, "id");
}

static GVariant *
get_group (gpointer row)
{
  return get_field (row, "group");
}

static GVariant *
get_sync_port (gpointer row)
{
  return get_field (row, "port");
}

static GVariant *
get_ttl (gpointer row)
{
  return get_field (row, "ttl");
}

static GVariant *
get_max_length (gpointer row)
{
  return get_field (row, "max-length");
}

static GVariant *
get_reason (gpointer row)
{
  return get_field (row, "reason");
}

/* There is at most one row of each state. */
static char *
row_id (gpointer row)
{
  char *state;

  g_variant_get_child (row, 0, "s", &state);
  return state;
}

static const LvsctlColumn columns[] = {
  { "state", N_ ("SYNC"), LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "interface", N_ ("INTERFACE"), LVSCTL_COLUMN_PLAIN, 0, 0, get_interface, NULL },
  { "id", N_ ("ID"), LVSCTL_COLUMN_NUMBER, 0, 0, get_sync_id, NULL },
  { "group", N_ ("GROUP"), LVSCTL_COLUMN_PLAIN, 0, 0, get_group, NULL },
  { "port", N_ ("PORT"), LVSCTL_COLUMN_NUMBER, 0, 0, get_sync_port, NULL },
  { "ttl", N_ ("TTL"), LVSCTL_COLUMN_NUMBER, 0, 0, get_ttl, NULL },
  { "max-length", N_ ("MAX-LENGTH"), LVSCTL_COLUMN_NUMBER, 0, 0, get_max_length, NULL },
  { "owner", NULL, LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "standing", N_ ("STATE"), LVSCTL_COLUMN_STATE, 2, 0, NULL, NULL },
  { "reason", N_ ("REASON"), LVSCTL_COLUMN_HIDE_EMPTY | LVSCTL_COLUMN_WRAP, 0, 0, get_reason,
    NULL },
};

const LvsctlListing lvsctl_sync_listing = {
  .name = "sync",
  .method = "ListSync",
  .row_type = "(sssa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = ROW_FIELDS,
  .kind = LVSD_KIND_SYNC,
  .after = row_id,
};

gboolean
lvsctl_sync_list (LvsctlClient *client, GError **error)
{
  return lvsctl_selection_run (client, &lvsctl_sync_listing, NULL, error);
}

gboolean
lvsctl_sync_start (LvsctlClient *client, GError **error)
{
  const char *state = lvsctl_arguments_operand (client->arguments, 0);
  g_autoptr (GVariant) reply = NULL;
  const char *interface = "";

  reply = lvsctl_client_change (client, &lvsctl_manager, "StartSync", g_variant_new ("(s)", state),
                                client->arguments->fields, NULL, "()", error);
  if (reply == NULL)
    return FALSE;
  g_variant_lookup (client->arguments->fields, "interface", "&s", &interface);
  lvsctl_client_say (client, _ ("Started sync %s on %s."), state, interface);
  return TRUE;
}

gboolean
lvsctl_sync_stop (LvsctlClient *client, GError **error)
{
  const char *state = lvsctl_arguments_operand (client->arguments, 0);
  g_autoptr (GVariant) reply = NULL;

  reply = lvsctl_client_change (client, &lvsctl_manager, "StopSync", g_variant_new ("(s)", state),
                                NULL, NULL, "()", error);
  if (reply == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Stopped sync %s."), state);
  return TRUE;
}
