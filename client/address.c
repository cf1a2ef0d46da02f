/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "address.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "dbus/names.h"
#include "model/address.h"
#include "model/error.h"
#include "selection.h"

static char *
format_prefix (gpointer row)
{
  const char *address;
  guint32 length;

  g_variant_get_child (row, 0, "&s", &address);
  g_variant_get_child (row, 1, "u", &length);
  return g_strdup_printf ("%s/%" G_GUINT32_FORMAT, address, length);
}

static char *
row_id (gpointer row)
{
  char *address;

  g_variant_get_child (row, 0, "s", &address);
  return address;
}

static const LvsctlColumn columns[] = {
  { "address", N_ ("ADDRESS"), LVSCTL_COLUMN_KEEP, 0, 0, NULL, format_prefix },
  { "prefix-length", NULL, LVSCTL_COLUMN_NUMBER, 1, 0, NULL, NULL },
  { "interface", N_ ("INTERFACE"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, NULL },
  { "label", N_ ("LABEL"), LVSCTL_COLUMN_HIDE_EMPTY, 3, 0, NULL, NULL },
  { "state", N_ ("STATE"), LVSCTL_COLUMN_STATE, 4, 0, NULL, NULL },
  { "reason", N_ ("REASON"), LVSCTL_COLUMN_HIDE_EMPTY | LVSCTL_COLUMN_WRAP, 5, 0, NULL, NULL },
};

const LvsctlListing lvsctl_address_listing = {
  .name = "addresses",
  .method = "ListAddresses",
  .row_type = "(sussssa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = 6,
  .kind = LVSD_KIND_ADDRESS,
  .after = row_id,
};

GVariant *
lvsctl_address_find_row (GPtrArray *rows, const char *address)
{
  LvsdAddress wanted;
  LvsdAddress found;

  if (!lvsd_address_parse (address, &wanted, NULL))
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      const char *text;

      g_variant_get_child (rows->pdata[i], 0, "&s", &text);
      if (lvsd_address_parse (text, &found, NULL) && lvsd_address_compare (&wanted, &found) == 0)
        return rows->pdata[i];
    }
  return NULL;
}

gboolean
lvsctl_address_list (LvsctlClient *client, GError **error)
{
  return lvsctl_selection_run (client, &lvsctl_address_listing, NULL, error);
}

/* Addresses and roles are both known by the address, and few enough to be read whole. */
gboolean
lvsctl_address_show_in (LvsctlClient *client, const LvsctlListing *listing, GError **error)
{
  const char *address = lvsctl_arguments_operand (client->arguments, 0);
  const char *noun = lvsd_item_class (listing->kind)->name;
  g_autoptr (GPtrArray) rows = lvsctl_listing_fetch (client, listing, NULL, NULL, error);
  GVariant *row;

  if (rows == NULL)
    return FALSE;
  row = lvsctl_address_find_row (rows, address);
  if (row == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("%s %s: not found; 'lvsctl %s list' shows all"), noun, address, noun);
      return FALSE;
    }
  lvsctl_selection_print_one (client, listing, row);
  return TRUE;
}

gboolean
lvsctl_address_show (LvsctlClient *client, GError **error)
{
  return lvsctl_address_show_in (client, &lvsctl_address_listing, error);
}

char *
lvsctl_address_describe_state (GVariantDict *properties)
{
  const char *state;
  const char *reason = "";

  if (properties == NULL || !g_variant_dict_lookup (properties, "State", "&s", &state)
      || g_str_equal (state, "applied"))
    return g_strdup ("");
  g_variant_dict_lookup (properties, "StateReason", "&s", &reason);
  return g_strdup_printf (_ ("; it is %s%s%s"), state, reason[0] != '\0' ? ": " : "", reason);
}

static void
say_added (LvsctlClient *client, const char *path)
{
  const LvsctlObject object = { path, LVSD_INTERFACE_ADDRESS };
  g_autoptr (GVariantDict) properties = NULL;
  g_autofree char *state = NULL;
  const char *address;
  const char *interface;
  guint32 length;

  if (client->arguments->quiet)
    return;
  properties = lvsctl_client_get_properties (client, &object, NULL);
  state = lvsctl_address_describe_state (properties);
  if (properties != NULL && g_variant_dict_lookup (properties, "Address", "&s", &address)
      && g_variant_dict_lookup (properties, "PrefixLength", "u", &length)
      && g_variant_dict_lookup (properties, "Interface", "&s", &interface))
    lvsctl_client_say (client, _ ("Added address %s/%u on %s%s."), address, length, interface,
                       state);
  else
    lvsctl_client_say (client, _ ("Added address %s."),
                       lvsctl_arguments_operand (client->arguments, 0));
}

gboolean
lvsctl_address_add (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_autoptr (GVariant) reply = NULL;
  const char *path;

  reply = lvsctl_client_change (client, &lvsctl_manager, "AddAddress",
                                g_variant_new ("(s)", lvsctl_arguments_operand (arguments, 0)),
                                arguments->fields, NULL, "(o)", error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(&o)", &path);
  say_added (client, path);
  return TRUE;
}

/* Calls a method of the address that was named; one with ret_changed says whether it changed it.
 * ret_properties: those that it has afterwards, empty where nobody wants to know; or NULL. */
static gboolean
change_address (LvsctlClient *client,
                const char *method,
                GVariant *options,
                const char *question,
                gboolean *ret_changed,
                GVariantDict **ret_properties,
                GError **error)
{
  const char *address = lvsctl_arguments_operand (client->arguments, 0);
  g_autofree char *path =
      lvsctl_client_find (client, "GetAddress", g_variant_new ("(s)", address), error);
  const LvsctlObject object = { path, LVSD_INTERFACE_ADDRESS };
  g_autoptr (GVariant) reply = NULL;

  if (path == NULL)
    return FALSE;
  reply = lvsctl_client_change (client, &object, method, NULL, options, question,
                                ret_changed != NULL ? "(b)" : "()", error);
  if (reply == NULL)
    return FALSE;
  if (ret_changed != NULL)
    g_variant_get (reply, "(b)", ret_changed);
  if (ret_properties == NULL)
    return TRUE;
  if (!client->arguments->quiet)
    *ret_properties = lvsctl_client_get_properties (client, &object, NULL);
  if (*ret_properties == NULL)
    *ret_properties = g_variant_dict_new (NULL);
  return TRUE;
}

gboolean
lvsctl_address_edit (LvsctlClient *client, GError **error)
{
  g_autofree char *changes = lvsctl_arguments_describe_fields (client->arguments);
  g_autoptr (GVariantDict) properties = NULL;
  g_autofree char *state = NULL;
  gboolean changed;

  if (!change_address (client, "Edit", client->arguments->fields, NULL, &changed, &properties,
                       error))
    return FALSE;
  state = lvsctl_address_describe_state (properties);
  lvsctl_client_say (client,
                     changed ? _ ("Changed address %s (%s)%s.")
                             : _ ("Nothing to change: address %s is so already (%s)%s."),
                     lvsctl_arguments_operand (client->arguments, 0), changes, state);
  return TRUE;
}

gboolean
lvsctl_address_delete (LvsctlClient *client, GError **error)
{
  if (!change_address (client, "Delete", NULL, _ ("Delete it all the same?"), NULL, NULL, error))
    return FALSE;
  lvsctl_client_say (client, _ ("Deleted address %s."),
                     lvsctl_arguments_operand (client->arguments, 0));
  return TRUE;
}

gboolean
lvsctl_address_up (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariantDict) properties = NULL;
  g_autofree char *state = NULL;

  if (!change_address (client, "Up", NULL, NULL, NULL, &properties, error))
    return FALSE;
  state = lvsctl_address_describe_state (properties);
  lvsctl_client_say (client, _ ("Address %s is to be up%s."),
                     lvsctl_arguments_operand (client->arguments, 0), state);
  return TRUE;
}

gboolean
lvsctl_address_down (LvsctlClient *client, GError **error)
{
  if (!change_address (client, "Down", NULL, _ ("Take it down all the same?"), NULL, NULL, error))
    return FALSE;
  lvsctl_client_say (client, _ ("Address %s is down."),
                     lvsctl_arguments_operand (client->arguments, 0));
  return TRUE;
}

gboolean
lvsctl_address_announce (LvsctlClient *client, GError **error)
{
  if (!change_address (client, "Announce", NULL, NULL, NULL, NULL, error))
    return FALSE;
  lvsctl_client_say (client, _ ("Announced address %s."),
                     lvsctl_arguments_operand (client->arguments, 0));
  return TRUE;
}
