/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "counters.h"
#include "dbus/names.h"
#include "model/error.h"
#include "selection.h"

const LvsctlCell lvsctl_service_cells[] = {
  [LVSCTL_SERVICE_NAME] = { "name", LVSCTL_CELL_TEXT },
  [LVSCTL_SERVICE_KEY] = { "key", LVSCTL_CELL_TEXT },
  [LVSCTL_SERVICE_SCHEDULER] = { "scheduler", LVSCTL_CELL_TEXT },
  [LVSCTL_SERVICE_STATE] = { "state", LVSCTL_CELL_TEXT },
  [LVSCTL_SERVICE_COUNTERS] = LVSCTL_COUNTER_CELLS,
};

static GVariant *
get_persistence (gpointer row)
{
  GVariant *seconds = lvsctl_row_find_field (row, "persistence");

  return seconds != NULL ? seconds : g_variant_new_uint32 (0);
}

static char *
format_persistence (gpointer row)
{
  g_autoptr (GVariant) seconds = lvsctl_row_find_field (row, "persistence");

  return seconds != NULL ? lvsctl_value_to_text (seconds) : g_strdup ("");
}

/* lvsd has no name for what is not its own. */
static char *
format_name (gpointer row)
{
  const char *name = lvsctl_row_text (row, LVSCTL_SERVICE_NAME);

  return g_strdup (name[0] != '\0' ? name : "-");
}

static const LvsctlColumn columns[] = {
  { "name", N_ ("NAME"), LVSCTL_COLUMN_PLAIN, LVSCTL_SERVICE_NAME, 0, NULL, format_name },
  { "key", N_ ("KEY"), LVSCTL_COLUMN_KEEP, LVSCTL_SERVICE_KEY, 0, NULL, NULL },
  { "scheduler", N_ ("SCHEDULER"), LVSCTL_COLUMN_PLAIN, LVSCTL_SERVICE_SCHEDULER, 0, NULL, NULL },
  { "persistence", N_ ("PERSISTENCE"), LVSCTL_COLUMN_NUMBER | LVSCTL_COLUMN_HIDE_EMPTY, 0, 0,
    get_persistence, format_persistence },
  { "state", N_ ("STATE"), LVSCTL_COLUMN_STATE, LVSCTL_SERVICE_STATE, 0, NULL, NULL },
  LVSCTL_COUNTERS (LVSCTL_SERVICE_COUNTERS),
};

const LvsctlListing lvsctl_service_listing = {
  .name = "services",
  .method = "ListServices",
  .cells = lvsctl_service_cells,
  .n_cells = LVSCTL_SERVICE_N_CELLS,
  .page_rows = LVSCTL_PAGE_ROWS, /* for each page the kernel shows all of them */
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_PAGE_FIELDS,
  .kind = LVSD_KIND_SERVICE,
};

const char *
lvsctl_service_row_id (const LvsctlRow *row)
{
  const char *name = lvsctl_row_text (row, LVSCTL_SERVICE_NAME);

  return name[0] != '\0' ? name : lvsctl_row_text (row, LVSCTL_SERVICE_KEY);
}

static char *
find_service (LvsctlClient *client, GError **error)
{
  const char *service = lvsctl_arguments_operand (client->arguments, 0);

  return lvsctl_client_find (client, "GetService", g_variant_new ("(s)", service), error);
}

gboolean
lvsctl_service_list (LvsctlClient *client, GError **error)
{
  return lvsctl_selection_run (client, &lvsctl_service_listing, NULL, error);
}

gboolean
lvsctl_service_show (LvsctlClient *client, GError **error)
{
  const char *service = lvsctl_arguments_operand (client->arguments, 0);
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GPtrArray) rows = NULL;

  g_variant_dict_insert (&options, "service", "s", service);
  rows = lvsctl_listing_fetch (client, &lvsctl_service_listing, g_variant_dict_end (&options), NULL,
                               error);
  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service '%s': there is none"),
                   service);
      return FALSE;
    }
  lvsctl_selection_print_one (client, &lvsctl_service_listing, rows->pdata[0]);
  return TRUE;
}

/* The new service as the daemon has it: name and scheduler may be of its choosing. */
static void
say_added (LvsctlClient *client, const char *path)
{
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };
  g_autoptr (GVariantDict) properties = NULL;
  const char *name;
  const char *key;
  const char *scheduler;

  if (client->arguments->quiet)
    return;
  properties = lvsctl_client_get_properties (client, &object, NULL);
  if (properties != NULL && g_variant_dict_lookup (properties, "Name", "&s", &name)
      && g_variant_dict_lookup (properties, "Key", "&s", &key)
      && g_variant_dict_lookup (properties, "Scheduler", "&s", &scheduler))
    lvsctl_client_say (client, _ ("Added service %s (%s, %s)."), name, key, scheduler);
  else
    lvsctl_client_say (client, _ ("Added service %s."),
                       lvsctl_arguments_operand (client->arguments, 1));
}

gboolean
lvsctl_service_add (LvsctlClient *client, GError **error)
{
  const char *name = lvsctl_arguments_operand (client->arguments, 0);
  const char *key = lvsctl_arguments_operand (client->arguments, 1);
  g_autoptr (GVariant) reply = NULL;
  const char *path;

  reply = lvsctl_client_change (client, &lvsctl_manager, "AddService",
                                g_variant_new ("(ss)", name != NULL ? name : "", key),
                                client->arguments->fields, NULL, "(o)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(&o)", &path);
  say_added (client, path);
  return TRUE;
}

gboolean
lvsctl_service_edit (LvsctlClient *client, GError **error)
{
  g_autofree char *path = find_service (client, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };
  g_autofree char *changes = lvsctl_arguments_describe_fields (client->arguments);
  g_autoptr (GVariant) reply = NULL;
  gboolean changed;

  if (path == NULL)
    return FALSE;
  reply = lvsctl_client_change (client, &object, "Edit", NULL, client->arguments->fields, NULL,
                                "(b)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(b)", &changed);
  lvsctl_client_say (client,
                     changed ? _ ("Changed service %s (%s).")
                             : _ ("Nothing to change: service %s is so already (%s)."),
                     lvsctl_arguments_operand (client->arguments, 0), changes);
  return TRUE;
}

gboolean
lvsctl_service_delete (LvsctlClient *client, GError **error)
{
  g_autofree char *path = find_service (client, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };
  g_autoptr (GVariant) reply = NULL;

  if (path == NULL)
    return FALSE;
  reply = lvsctl_client_change (client, &object, "Delete", NULL, NULL,
                                _ ("Delete it all the same?"), "()", error);
  if (reply == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Deleted service %s."),
                     lvsctl_arguments_operand (client->arguments, 0));
  return TRUE;
}
