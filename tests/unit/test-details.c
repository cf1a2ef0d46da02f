/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/details.h"

static LvsdServiceIdentity *
make_identity (const char *name, const char *key_text)
{
  LvsdServiceKey key;

  g_assert_true (lvsd_service_key_parse (key_text, &key, NULL));
  return lvsd_service_identity_new (name, &key);
}

static void
add_destination (LvsdChange *change, LvsdServiceIdentity *identity, const char *text)
{
  g_autoptr (LvsdDestination) destination = NULL;
  LvsdEndpoint endpoint;

  g_assert_true (lvsd_endpoint_parse (text, &endpoint, NULL, NULL));
  destination = lvsd_destination_new (identity, &endpoint);
  lvsd_change_add (change, NULL, destination);
}

static void
assert_detail (GVariant *details, const char *key, const char *expected)
{
  const char *value = NULL;

  g_variant_lookup (details, key, "&s", &value);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_one_item_is_told_in_full (void)
{
  g_autoptr (LvsdServiceIdentity) web = make_identity ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GVariant) details = NULL;

  add_destination (change, web, "10.0.0.1:80");
  details = g_variant_ref_sink (lvsd_details_new (change, NULL, "message"));
  assert_detail (details, "service", "web");
  assert_detail (details, "key", "tcp/192.0.2.1:80");
  assert_detail (details, "destination", "10.0.0.1:80");
  assert_detail (details, "method", "direct");
  assert_detail (details, "count", "1");
  assert_detail (details, "polkit.message", "message");
  assert_detail (details, "polkit.gettext_domain", "lvsd");
}

/* A rule for the first must not let the second through. */
static void
test_what_differs_is_left_out (void)
{
  g_autoptr (LvsdServiceIdentity) web = make_identity ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdServiceIdentity) mail = make_identity ("mail", "tcp/192.0.2.1:25");
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GVariant) one_service = NULL;
  g_autoptr (GVariant) two_services = NULL;

  add_destination (change, web, "10.0.0.1:80");
  add_destination (change, web, "10.0.0.2:80");
  one_service = g_variant_ref_sink (lvsd_details_new (change, NULL, "message"));
  assert_detail (one_service, "service", "web");
  assert_detail (one_service, "destination", NULL);

  add_destination (change, mail, "10.0.0.1:25");
  two_services = g_variant_ref_sink (lvsd_details_new (change, NULL, "message"));
  assert_detail (two_services, "service", NULL);
  assert_detail (two_services, "key", NULL);
  assert_detail (two_services, "count", "3");
}

static void
test_what_only_some_have_is_left_out (void)
{
  g_autoptr (LvsdServiceIdentity) web = make_identity ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) service = lvsd_service_new (web);
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GVariant) details = NULL;

  lvsd_change_add (change, NULL, service);
  add_destination (change, web, "10.0.0.1:80");
  details = g_variant_ref_sink (lvsd_details_new (change, NULL, "message"));
  assert_detail (details, "service", "web");
  assert_detail (details, "destination", NULL);
}

/* A move is allowed neither by a rule for where it comes from nor by one for where it goes. */
static void
test_what_an_edit_changes_is_left_out (void)
{
  g_autoptr (LvsdVirtualAddress) before = NULL;
  g_autoptr (LvsdVirtualAddress) after = NULL;
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GVariant) details = NULL;
  LvsdAddress address;

  g_assert_true (lvsd_address_parse ("192.0.2.1", &address, NULL));
  before = lvsd_virtual_address_new (&address, 32);
  g_strlcpy (before->interface, "eth0", sizeof before->interface);
  after = lvsd_item_copy (before);
  g_strlcpy (after->interface, "eth1", sizeof after->interface);
  lvsd_change_add (change, before, after);
  details = g_variant_ref_sink (lvsd_details_new (change, before, "message"));
  assert_detail (details, "address", "192.0.2.1");
  assert_detail (details, "interface", NULL);
}

static void
test_without_edits_it_is_the_target (void)
{
  g_autoptr (LvsdServiceIdentity) web = make_identity ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) service = lvsd_service_new (web);
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GVariant) details = g_variant_ref_sink (lvsd_details_new (change, service, "message"));

  assert_detail (details, "service", "web");
  assert_detail (details, "count", "0");
}

static void
test_a_setting_is_told_with_the_value_it_gets (void)
{
  g_autoptr (LvsdSetting) before = lvsd_setting_new ("net.ipv4.ip_forward", "0", NULL);
  g_autoptr (LvsdSetting) after = lvsd_setting_new ("net.ipv4.ip_forward", "1", NULL);
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GVariant) details = NULL;

  lvsd_change_add (change, before, after);
  details = g_variant_ref_sink (lvsd_details_new (change, NULL, "message"));
  assert_detail (details, "setting", "net.ipv4.ip_forward");
  assert_detail (details, "from", "0");
  assert_detail (details, "to", "1");
  assert_detail (details, "sysctls", "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/details/one-item-is-told-in-full", test_one_item_is_told_in_full);
  g_test_add_func ("/details/what-differs-is-left-out", test_what_differs_is_left_out);
  g_test_add_func ("/details/what-only-some-have-is-left-out",
                   test_what_only_some_have_is_left_out);
  g_test_add_func ("/details/what-an-edit-changes-is-left-out",
                   test_what_an_edit_changes_is_left_out);
  g_test_add_func ("/details/a-setting-is-told-with-the-value-it-gets",
                   test_a_setting_is_told_with_the_value_it_gets);
  g_test_add_func ("/details/without-edits-it-is-the-target", test_without_edits_it_is_the_target);
  return g_test_run ();
}
