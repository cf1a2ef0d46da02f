/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeouts.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "sysctl.h"

gboolean
lvsctl_timeouts_list (LvsctlClient *client, GError **error)
{
  return lvsctl_sysctl_print (client, TRUE, error);
}

/* The options are called as the settings are. */
gboolean
lvsctl_timeouts_set (LvsctlClient *client, GError **error)
{
  static const char *const names[] = { "tcp", "tcp-fin", "udp" };
  GVariant *options = client->arguments->options;
  g_auto (GVariantBuilder) values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  g_autoptr (GString) said = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *setting = g_strconcat ("timeout.", names[i], NULL);
      g_autofree char *text = NULL;
      guint32 seconds;

      if (!g_variant_lookup (options, names[i], "u", &seconds))
        continue;
      text = g_strdup_printf ("%" G_GUINT32_FORMAT, seconds);
      g_variant_builder_add (&values, "{ss}", setting, text);
      g_string_append_printf (said, "%s%s %s", said->len > 0 ? ", " : "", names[i], text);
    }
  if (said->len == 0)
    {
      g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                           _ ("nothing to set; give --tcp, --tcp-fin or --udp with seconds"));
      return FALSE;
    }
  if (!lvsctl_sysctl_change (client, g_variant_builder_end (&values), error))
    return FALSE;
  lvsctl_client_say (client, _ ("Set timeouts (%s)."), said->str);
  return TRUE;
}

/* Those that lvsd was told to set, which may be none. */
gboolean
lvsctl_timeouts_unset (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) rows =
      lvsctl_sysctl_fetch (client, lvsctl_sysctl_own_options (), TRUE, NULL, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const char *name;

      g_variant_get_child (rows->pdata[i], 0, "&s", &name);
      g_ptr_array_add (names, (gpointer) name);
    }
  if (names->len == 0)
    {
      lvsctl_client_say (client, _ ("No timeout is set."));
      return TRUE;
    }
  g_ptr_array_add (names, NULL);
  return lvsctl_sysctl_give_up (client, (const char *const *) names->pdata, error);
}
