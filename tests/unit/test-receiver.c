/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/actual.h"
#include "model/error.h"
#include "model/receiver.h"
#include "samples.h"

static LvsdRole *
role (const char *address, LvsdMethod method, LvsdTunnel tunnel)
{
  LvsdRole *role = sample_role (address);

  role->method = (guint8) method;
  role->tunnel = (guint8) tunnel;
  if (tunnel == LVSD_TUNNEL_GUE)
    role->tunnel_port = 5555;
  return role;
}

static char *
describe_needs (const LvsdRole *role)
{
  g_autoptr (GPtrArray) needs = lvsd_receiver_needs (role);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < needs->len; i++)
    {
      const LvsdReplaced *need = g_ptr_array_index (needs, i);

      g_assert_true (lvsd_item_validate (need, NULL));
      g_assert_cmpstr (need->previous, ==, LVSD_REPLACED_NONE);
      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", need->name, need->written);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_a_role_needs_what_its_packets_come_in_by (void)
{
  static const struct
  {
    const char *address;
    LvsdMethod method;
    LvsdTunnel tunnel;
    guint16 advmss;
    const char *device;
    const char *needs;
    guint overhead;
  } rows[] = {
    { "192.0.2.1", LVSD_METHOD_DIRECT, LVSD_TUNNEL_IPIP, 0, "lo", "", 0 },
    { "192.0.2.1", LVSD_METHOD_MASQUERADE, LVSD_TUNNEL_IPIP, 0, NULL, "", 0 },
    { "192.0.2.1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_IPIP, 0, "tunl0", "link/tunl0=1", 20 },
    { "192.0.2.1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_IPIP, 1440, "tunl0",
      "link/tunl0=1 route/ipv4/advmss=1440", 20 },
    { "192.0.2.1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_GRE, 0, "gre0", "link/gre0=1", 24 },
    { "192.0.2.1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_GUE, 0, "tunl0", "link/tunl0=1 gue/ipv4/5555=1",
      32 },
    { "2001:db8::1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_IPIP, 0, "ip6tnl0", "link/ip6tnl0=1", 40 },
    { "2001:db8::1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_GRE, 0, "ip6gre0", "link/ip6gre0=1", 44 },
    { "2001:db8::1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_GUE, 1388, "ip6tnl0",
      "link/ip6tnl0=1 gue/ipv6/5555=1 route/ipv6/advmss=1388", 52 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LvsdRole) made = role (rows[i].address, rows[i].method, rows[i].tunnel);
      g_autofree char *needs = NULL;

      made->advmss = rows[i].advmss;
      needs = describe_needs (made);
      g_assert_cmpstr (lvsd_receiver_bound_device (made), ==, rows[i].device);
      g_assert_cmpstr (needs, ==, rows[i].needs);
      g_assert_cmpuint (lvsd_receiver_overhead (made), ==, rows[i].overhead);
    }
}

static void
test_a_role_is_in_the_kernel_on_its_device (void)
{
  g_autoptr (LvsdRole) tunnelled = role ("192.0.2.1", LVSD_METHOD_TUNNEL, LVSD_TUNNEL_GRE);
  g_autoptr (LvsdRole) masqueraded = role ("192.0.2.1", LVSD_METHOD_MASQUERADE, LVSD_TUNNEL_IPIP);
  g_autoptr (LvsdVirtualAddress) held = lvsd_item_to_kernel (tunnelled);

  g_assert_cmpstr (held->interface, ==, "gre0");
  g_assert_cmpuint (held->prefix_length, ==, 32);
  g_assert_null (lvsd_item_to_kernel (masqueraded));
}

static void
test_names_come_back (void)
{
  LvsdReceiverSetting setting;

  g_assert_true (lvsd_receiver_parse ("link/ip6gre0", &setting));
  g_assert_cmpint (setting.part, ==, LVSD_RECEIVER_LINK);
  g_assert_cmpstr (setting.receiver->kind, ==, "ip6gre");
  g_assert_cmpint (setting.family, ==, AF_INET6);
  g_assert_true (lvsd_receiver_parse ("gue/ipv6/5555", &setting));
  g_assert_cmpint (setting.part, ==, LVSD_RECEIVER_PORT);
  g_assert_cmpint (setting.family, ==, AF_INET6);
  g_assert_cmpuint (setting.port, ==, 5555);
  g_assert_true (lvsd_receiver_parse ("route/ipv4/advmss", &setting));
  g_assert_cmpint (setting.part, ==, LVSD_RECEIVER_ROUTE);
  g_assert_cmpint (setting.family, ==, AF_INET);
}

/* They are read from the store, too. */
static void
test_other_names_are_refused (void)
{
  static const char *const names[] = {
    "",           "link/",          "link/eth0",     "link/../tunl0",      "gue/",
    "gue/5555",   "gue/ipv4/",      "gue/ipv4/0",    "gue/ipv4/65536",     "gue/ipv5/5555",
    "gue/ipv4x1", "route/ipv4/mtu", "route/ipv4",    "route/advmss",       "tunl0",
    "linktunl0",  "gue/ipv4/1/2",   "route//advmss", "route/ipv4/advmssx",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new_number (names[i], 0, 1);
      g_autoptr (GError) error = NULL;
      LvsdReceiverSetting setting;

      g_assert_false (lvsd_receiver_parse (names[i], &setting));
      g_assert_false (lvsd_item_validate (replaced, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receiver/a-role-needs-what-its-packets-come-in-by",
                   test_a_role_needs_what_its_packets_come_in_by);
  g_test_add_func ("/receiver/a-role-is-in-the-kernel-on-its-device",
                   test_a_role_is_in_the_kernel_on_its_device);
  g_test_add_func ("/receiver/names-come-back", test_names_come_back);
  g_test_add_func ("/receiver/other-names-are-refused", test_other_names_are_refused);
  return g_test_run ();
}
