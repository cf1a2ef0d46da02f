/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/dispatch.h"
#include "bus/object-manager.h"
#include "dbus/interfaces.h"

static const GDBusInterfaceInfo *const interfaces[] = {
  &org_lvsd1_manager_interface,          &org_lvsd1_virtual_service_interface,
  &org_lvsd1_destination_interface,      &org_lvsd1_virtual_address_interface,
  &org_lvsd1_real_server_role_interface, &lvsd_object_manager_interface,
};

static void
test_every_method_has_a_row (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    for (guint j = 0; interfaces[i]->methods[j] != NULL; j++)
      {
        const LvsdCall *call =
            lvsd_dispatch_find (interfaces[i]->name, interfaces[i]->methods[j]->name);

        if (call == NULL)
          g_error ("%s.%s has no row", interfaces[i]->name, interfaces[i]->methods[j]->name);
        g_assert_nonnull (call->action);
        g_assert_true (call->decode != NULL && call->perform != NULL);
      }
}

static const GDBusMethodInfo *
find_method (const LvsdCall *call)
{
  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    if (g_str_equal (interfaces[i]->name, call->interface))
      return g_dbus_interface_info_lookup_method ((GDBusInterfaceInfo *) interfaces[i], call->name);
  return NULL;
}

static void
test_every_row_is_a_method (void)
{
  gsize n_calls;
  const LvsdCall *calls = lvsd_dispatch_calls (&n_calls);

  for (gsize i = 0; i < n_calls; i++)
    {
      g_assert_nonnull (find_method (&calls[i]));
      g_assert_true (lvsd_dispatch_find (calls[i].interface, calls[i].name) == &calls[i]);
    }
}

static gboolean
only_reads (const LvsdCall *call)
{
  return g_str_equal (call->name, "GetManagedObjects") || g_str_has_prefix (call->name, "Get")
         || (g_str_has_prefix (call->name, "List") && !g_str_equal (call->name, "ListConnections"));
}

/* Each action is one of the policy, and there is one wherever more is done than to look. */
static void
test_what_changes_something_needs_an_action (void)
{
  g_autofree char *policy = NULL;
  gsize n_calls;
  const LvsdCall *calls = lvsd_dispatch_calls (&n_calls);

  g_assert_true (g_file_get_contents (g_getenv ("LVSD_POLICY"), &policy, NULL, NULL));
  for (gsize i = 0; i < n_calls; i++)
    {
      g_autofree char *action = g_strdup_printf ("<action id=\"%s\">", calls[i].action);

      g_assert_cmpint (g_str_equal (calls[i].action, LVSD_FREE), ==, only_reads (&calls[i]));
      if (g_str_equal (calls[i].action, LVSD_FREE))
        continue;
      if (strstr (policy, action) == NULL)
        g_error ("%s.%s needs %s, which the policy does not have", calls[i].interface,
                 calls[i].name, calls[i].action);
      g_assert_nonnull (calls[i].message);
    }
}

static void
test_unknown_is_refused (void)
{
  g_assert_null (lvsd_dispatch_find ("org.lvsd1.Manager", "Nothing"));
  g_assert_null (lvsd_dispatch_find ("org.lvsd1.Nothing", "Clear"));
  g_assert_null (lvsd_dispatch_find ("org.freedesktop.DBus.Properties", "Set"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatch/every-method-has-a-row", test_every_method_has_a_row);
  g_test_add_func ("/dispatch/every-row-is-a-method", test_every_row_is_a_method);
  g_test_add_func ("/dispatch/what-changes-something-needs-an-action",
                   test_what_changes_something_needs_an_action);
  g_test_add_func ("/dispatch/unknown-is-refused", test_unknown_is_refused);
  return g_test_run ();
}
