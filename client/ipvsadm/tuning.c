/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tuning.h"

#include <glib/gi18n-lib.h>

#include "client/terminal.h"

/* The settings that they are to lvsd. */
static const char *const timeout_names[LVSCTL_N_TIMEOUTS] = {
  [LVSCTL_TIMEOUT_TCP] = "timeout.tcp",
  [LVSCTL_TIMEOUT_TCP_FIN] = "timeout.tcp-fin",
  [LVSCTL_TIMEOUT_UDP] = "timeout.udp",
};

gboolean
lvsctl_ipvsadm_set_timeouts (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_auto (GVariantBuilder) values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  g_autoptr (GVariant) reply = NULL;
  gboolean any = FALSE;

  for (gsize i = 0; i < LVSCTL_N_TIMEOUTS; i++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT32_FORMAT, rule->timeouts[i]);

      if (rule->timeouts[i] == 0)
        continue;
      g_variant_builder_add (&values, "{ss}", timeout_names[i], number);
      any = TRUE;
    }
  if (!any)
    return TRUE;
  reply = lvsctl_client_call (client, &lvsctl_manager, "SetSettings",
                              g_variant_new ("(a{ss}a{sv})", &values, NULL), NULL, error);
  return reply != NULL;
}

/* The value that the kernel has; as ipvsadm prints it, 0 where it has none. */
static char *
find_setting (GVariant *rows, const char *wanted)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *name;
      const char *value;

      g_variant_get_child (row, 0, "&s", &name);
      g_variant_get_child (row, 2, "&s", &value);
      if (g_str_equal (name, wanted) && value[0] != '\0')
        return g_strdup (value);
    }
  return g_strdup ("0");
}

gboolean
lvsctl_ipvsadm_list_timeouts (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "ListSettings", g_variant_new ("(a{sv})", NULL),
                          "(ta(ssssa{sv}))", error);
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GString) text = g_string_new ("Timeout (tcp tcpfin udp):");

  if (reply == NULL)
    return FALSE;
  rows = g_variant_get_child_value (reply, 1);
  for (gsize i = 0; i < LVSCTL_N_TIMEOUTS; i++)
    {
      g_autofree char *value = find_setting (rows, timeout_names[i]);

      g_string_append_printf (text, " %s", value);
    }
  g_string_append_c (text, '\n');
  lvsctl_terminal_print (text->str);
  return TRUE;
}

gboolean
lvsctl_ipvsadm_start_sync (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "StartSync",
                          g_variant_new ("(s@a{sv})", rule->sync_state, rule->sync), NULL, error);

  return reply != NULL;
}

gboolean
lvsctl_ipvsadm_stop_sync (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "StopSync",
                          g_variant_new ("(sa{sv})", rule->sync_state, NULL), NULL, error);

  return reply != NULL;
}

static void
append_number (GString *text, GVariant *fields, const char *name, const char *label)
{
  guint32 number = 0;

  if (g_variant_lookup (fields, name, "u", &number) && number != 0)
    g_string_append_printf (text, ", %s=%" G_GUINT32_FORMAT, label, number);
}

char *
lvsctl_ipvsadm_describe_sync (const char *state, GVariant *fields)
{
  GString *text = g_string_new (NULL);
  const char *interface = "";
  const char *group = "";
  guint32 id = 0;

  g_variant_lookup (fields, "interface", "&s", &interface);
  g_variant_lookup (fields, "group", "&s", &group);
  g_variant_lookup (fields, "id", "u", &id);
  g_string_append_printf (text, "%s sync daemon (mcast=%s, syncid=%" G_GUINT32_FORMAT, state,
                          interface, id);
  append_number (text, fields, "max-length", "maxlen");
  if (group[0] != '\0')
    g_string_append_printf (text, ", group=%s", group);
  append_number (text, fields, "port", "port");
  append_number (text, fields, "ttl", "ttl");
  g_string_append (text, ")\n");
  return g_string_free (text, FALSE);
}

/* Those of one state; the kernel tells of the master first. */
static void
print_sync (GVariant *rows, const char *wanted)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autoptr (GVariant) fields = g_variant_get_child_value (row, 3);
      g_autofree char *text = NULL;
      const char *state;
      const char *standing;

      g_variant_get_child (row, 0, "&s", &state);
      g_variant_get_child (row, 2, "&s", &standing);
      if (!g_str_equal (state, wanted) || g_str_equal (standing, "missing")
          || g_str_equal (standing, "failed"))
        continue;
      text = lvsctl_ipvsadm_describe_sync (state, fields);
      lvsctl_terminal_print (text);
    }
}

gboolean
lvsctl_ipvsadm_list_sync (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "ListSync", g_variant_new ("(a{sv})", NULL),
                          "(ta(sssa{sv}))", error);
  g_autoptr (GVariant) rows = NULL;

  if (reply == NULL)
    return FALSE;
  rows = g_variant_get_child_value (reply, 1);
  print_sync (rows, "master");
  print_sync (rows, "backup");
  return TRUE;
}

gboolean
lvsctl_ipvsadm_zero (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_auto (GVariantBuilder) services = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  g_autoptr (GVariant) reply = NULL;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (rule->service != NULL)
    g_variant_builder_add (&services, "s",
                           lvsd_service_key_format (&rule->service->identity->key, key));
  reply = lvsctl_client_call (client, &lvsctl_manager, "Zero",
                              g_variant_new ("(asa{sv})", &services, NULL), "(u)", error);
  return reply != NULL;
}
