/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "role.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "arguments.h"
#include "dbus/names.h"
#include "model/error.h"
#include "model/terms.h"
#include "selection.h"

/* Masquerade sets nothing of any. */
static char *
format_interface (gpointer row)
{
  const char *method;
  const char *interface;

  g_variant_get_child (row, 1, "&s", &method);
  g_variant_get_child (row, 2, "&s", &interface);
  if (g_str_equal (method, lvsd_terms_format (lvsd_method_terms, LVSD_METHOD_MASQUERADE)))
    return g_strdup ("-");
  return g_strdup (interface[0] != '\0' ? interface : _ ("all"));
}

static char *
row_id (gpointer row)
{
  char *address;

  g_variant_get_child (row, 0, "s", &address);
  return address;
}

static const LvsctlColumn columns[] = {
  { "address", N_ ("ROLE"), LVSCTL_COLUMN_KEEP, 0, 0, NULL, NULL },
  { "method", N_ ("METHOD"), LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "interface", N_ ("INTERFACE"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, format_interface },
  { "state", N_ ("STATE"), LVSCTL_COLUMN_STATE, 3, 0, NULL, NULL },
  { "reason", N_ ("REASON"), LVSCTL_COLUMN_HIDE_EMPTY | LVSCTL_COLUMN_WRAP, 4, 0, NULL, NULL },
};

const LvsctlListing lvsctl_role_listing = {
  .name = "roles",
  .method = "ListRoles",
  .row_type = "(sssssa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = 5,
  .kind = LVSD_KIND_ROLE,
  .after = row_id,
};

gboolean
lvsctl_role_list (LvsctlClient *client, GError **error)
{
  return lvsctl_selection_run (client, &lvsctl_role_listing, NULL, error);
}

gboolean
lvsctl_role_show (LvsctlClient *client, GError **error)
{
  return lvsctl_address_show_in (client, &lvsctl_role_listing, error);
}

static void
say_added (LvsctlClient *client, const char *path)
{
  const LvsctlObject object = { path, LVSD_INTERFACE_ROLE };
  const char *address = lvsctl_arguments_operand (client->arguments, 0);
  g_autoptr (GVariantDict) properties = NULL;
  g_autofree char *state = NULL;
  const char *method;

  if (client->arguments->quiet)
    return;
  properties = lvsctl_client_get_properties (client, &object, NULL);
  state = lvsctl_address_describe_state (properties);
  if (properties != NULL && g_variant_dict_lookup (properties, "Method", "&s", &method))
    lvsctl_client_say (client, _ ("Added role: this machine answers for %s (%s)%s."), address,
                       method, state);
  else
    lvsctl_client_say (client, _ ("Added role: this machine answers for %s."), address);
}

gboolean
lvsctl_role_add (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_autoptr (GVariant) reply = NULL;
  const char *path;

  reply = lvsctl_client_change (client, &lvsctl_manager, "AddRole",
                                g_variant_new ("(s)", lvsctl_arguments_operand (arguments, 0)),
                                arguments->fields, NULL, "(o)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(&o)", &path);
  say_added (client, path);
  return TRUE;
}

static GVariant *
change_role (LvsctlClient *client,
             const char *method,
             GVariant *options,
             const char *question,
             const char *reply_type,
             GError **error)
{
  const char *address = lvsctl_arguments_operand (client->arguments, 0);
  g_autofree char *path =
      lvsctl_client_find (client, "GetRole", g_variant_new ("(s)", address), error);
  const LvsctlObject object = { path, LVSD_INTERFACE_ROLE };

  if (path == NULL)
    return NULL;
  return lvsctl_client_change (client, &object, method, NULL, options, question, reply_type, error);
}

gboolean
lvsctl_role_edit (LvsctlClient *client, GError **error)
{
  g_autofree char *changes = lvsctl_arguments_describe_fields (client->arguments);

  g_autoptr (GVariant) reply =
      change_role (client, "Edit", client->arguments->fields, NULL, "(b)", error);
  gboolean changed;

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(b)", &changed);
  lvsctl_client_say (client,
                     changed ? _ ("Changed role %s (%s).")
                             : _ ("Nothing to change: role %s is so already (%s)."),
                     lvsctl_arguments_operand (client->arguments, 0), changes);
  return TRUE;
}

gboolean
lvsctl_role_delete (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply =
      change_role (client, "Delete", NULL, _ ("Delete it all the same?"), "()", error);

  if (reply == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Deleted role %s."),
                     lvsctl_arguments_operand (client->arguments, 0));
  return TRUE;
}
