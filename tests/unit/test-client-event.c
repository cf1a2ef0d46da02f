/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/monitor.h"

static void
test_signals_are_told_in_a_line (void)
{
  static const struct
  {
    const char *path;
    const char *member;
    const char *parameters;
    const char *said; /* NULL: nothing */
  } cases[] = {
    { "/org/lvsd1", "InterfacesAdded",
      "(objectpath '/org/lvsd1/service/web', {'org.lvsd1.VirtualService': {'Name': <'web'>}})",
      "added service web" },
    { "/org/lvsd1", "InterfacesRemoved",
      "(objectpath '/org/lvsd1/destination/web_2f192_2e0_2e2_2e11_3a80', "
      "['org.lvsd1.Destination'])",
      "removed destination web/192.0.2.11:80" },
    { "/org/lvsd1/service/web", "PropertiesChanged",
      "('org.lvsd1.VirtualService', {'Scheduler': <'rr'>, 'OnePacket': <true>, "
      "'PersistenceEngine': <''>}, @as [])",
      "changed service web: scheduler rr, one-packet yes, persistence-engine none" },
    { "/org/lvsd1", "PropertiesChanged", "('org.lvsd1.Manager', {'State': <'degraded'>}, @as [])",
      "state degraded" },
    { "/org/lvsd1", "PropertiesChanged",
      "('org.lvsd1.Manager', {'Generation': <uint64 8>}, @as [])", NULL },
    { "/org/lvsd1", "Changed",
      "(uint64 8, {'added': <uint32 1>, 'changed': <uint32 2>, 'removed': <uint32 3>})",
      "change 8: 1 added, 2 changed, 3 removed" },
    { "/org/lvsd1", "Changed", "('of another version',)", NULL },
    { "/org/lvsd1", "DriftDetected",
      "(uint32 7, [('service', 'web', 'missing', '', @a{sv} {}), "
      "('destination', 'web/192.0.2.2:80', 'changed', '', {})])",
      "drift: missing service web, changed destination web/192.0.2.2:80, and 5 more" },
    { "/org/lvsd1", "Repaired", "(uint32 1, [('service', 'web', 'missing', '', @a{sv} {})])",
      "repaired: missing service web" },
    { "/org/lvsd1", "Exploded", "()", NULL },
    { "/org/lvsd1", "InterfacesAdded", "(objectpath '/org/lvsd1/service/web', @a{sa{sv}} {})",
      NULL },
    { "/org/lvsd1", "InterfacesAdded",
      "(objectpath '/org/other/web', {'org.lvsd1.VirtualService': @a{sv} {}})", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) parameters =
          g_variant_parse (NULL, cases[i].parameters, NULL, NULL, NULL);
      g_auto (LvsctlEvent) event = { 0 };
      gboolean tells =
          lvsctl_event_from_signal (&event, cases[i].path, cases[i].member, parameters);
      g_autofree char *said = tells ? lvsctl_event_describe (&event) : NULL;

      g_assert_cmpstr (said, ==, cases[i].said);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/signals-are-told-in-a-line", test_signals_are_told_in_a_line);
  return g_test_run ();
}
