/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sysctl.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "selection.h"

#define TIMEOUT_PREFIX "timeout."

static GVariant *
get_previous (gpointer row)
{
  g_autoptr (GVariant) fields = g_variant_get_child_value (row, 4);
  GVariant *previous = g_variant_lookup_value (fields, "previous", G_VARIANT_TYPE_STRING);

  return previous != NULL ? previous : g_variant_new_string ("");
}

static const LvsctlColumn columns[] = {
  { "name", N_ ("SETTING"), LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "value", N_ ("VALUE"), LVSCTL_COLUMN_HIDE_EMPTY, 1, 0, NULL, NULL },
  { "kernel", N_ ("KERNEL"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, NULL },
  { "state", N_ ("STATE"), LVSCTL_COLUMN_STATE, 3, 0, NULL, NULL },
  { "previous", N_ ("PREVIOUS"), LVSCTL_COLUMN_HIDE_EMPTY, 0, 0, get_previous, NULL },
};

const LvsctlListing lvsctl_setting_listing = {
  .name = "settings",
  .method = "ListSettings",
  .row_type = "(ssssa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
  .kind = LVSD_KIND_SETTING,
};

GVariant *
lvsctl_sysctl_own_options (void)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "foreign", "b", FALSE);
  return g_variant_dict_end (&options);
}

GPtrArray *
lvsctl_sysctl_fetch (LvsctlClient *client,
                     GVariant *options,
                     gboolean timeouts,
                     guint64 *ret_generation,
                     GError **error)
{
  g_autoptr (GPtrArray) rows =
      lvsctl_listing_fetch (client, &lvsctl_setting_listing, options, ret_generation, error);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    {
      const char *name;

      g_variant_get_child (rows->pdata[i - 1], 0, "&s", &name);
      if (g_str_has_prefix (name, TIMEOUT_PREFIX) != timeouts)
        g_ptr_array_remove_index (rows, i - 1);
    }
  return g_steal_pointer (&rows);
}

gboolean
lvsctl_sysctl_print (LvsctlClient *client, gboolean timeouts, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  guint64 generation;

  if (!lvsctl_selection_check (client->arguments, &lvsctl_setting_listing, error))
    return FALSE;
  rows = lvsctl_sysctl_fetch (client, NULL, timeouts, &generation, error);
  if (rows == NULL)
    return FALSE;
  lvsctl_selection_print_all (client, &lvsctl_setting_listing, rows, generation);
  return TRUE;
}

gboolean
lvsctl_sysctl_change (LvsctlClient *client, GVariant *values, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, "SetSettings",
                            g_variant_new ("(@a{ss})", values), NULL, NULL, "()", error);

  return reply != NULL;
}

gboolean
lvsctl_sysctl_give_up (LvsctlClient *client, const char *const *names, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, "UnsetSettings",
                            g_variant_new ("(^as)", names), NULL, NULL, "()", error);
  g_autofree char *all = g_strjoinv (", ", (char **) names);

  if (reply == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Gave up %s."), all);
  return TRUE;
}

gboolean
lvsctl_sysctl_list (LvsctlClient *client, GError **error)
{
  return lvsctl_sysctl_print (client, FALSE, error);
}

gboolean
lvsctl_sysctl_set (LvsctlClient *client, GError **error)
{
  const char *name = lvsctl_arguments_operand (client->arguments, 0);
  const char *value = lvsctl_arguments_operand (client->arguments, 1);
  g_auto (GVariantBuilder) values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  g_variant_builder_add (&values, "{ss}", name, value);
  if (!lvsctl_sysctl_change (client, g_variant_builder_end (&values), error))
    return FALSE;
  lvsctl_client_say (client, _ ("Set %s to %s."), name, value);
  return TRUE;
}

gboolean
lvsctl_sysctl_unset (LvsctlClient *client, GError **error)
{
  return lvsctl_sysctl_give_up (client, (const char *const *) client->arguments->operands[0],
                                error);
}
