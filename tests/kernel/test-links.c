/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "kernel/links.h"
#include "kernel/sysctl.h"
#include "model/error.h"
#include "namespace.h"

#define PROMOTE "net/ipv4/conf/%s/promote_secondaries"

static LvsdVirtualAddress *
address (const char *text, const char *interface, const char *label)
{
  LvsdAddress parsed;
  LvsdVirtualAddress *made;
  guint length;

  g_assert_true (lvsd_prefix_parse (text, &parsed, &length, NULL));
  made = lvsd_virtual_address_new (&parsed, length);
  g_strlcpy (made->interface, interface, sizeof made->interface);
  g_strlcpy (made->label, label, sizeof made->label);
  return made;
}

static LvsdLinks *
enter (LvsdLinksFunc changed, gpointer user_data)
{
  LvsdLinks *links;

  namespace_enter ();
  namespace_run ("ip link add eth0 type veth peer name far0");
  namespace_run ("ip link set eth0 up");
  namespace_run ("ip link set far0 up");
  assert_ok ((links = lvsd_links_new (changed, user_data, &unexpected)) != NULL);
  return links;
}

static gboolean
apply (LvsdLinks *links,
       LvsdStepVerb verb,
       const LvsdVirtualAddress *item,
       const LvsdVirtualAddress *held,
       GError **error)
{
  LvsdStep step = { .verb = verb, .item = (LvsdItem *) item, .held = (LvsdItem *) held };

  return lvsd_links_apply (links, &step, error);
}

static void
add (LvsdLinks *links, const char *text, const char *interface, const char *label)
{
  g_autoptr (LvsdVirtualAddress) wanted = address (text, interface, label);

  assert_ok (apply (links, LVSD_STEP_NEW, wanted, NULL, &unexpected));
}

static void delete (LvsdLinks *links, const char *text, const char *interface)
{
  g_autoptr (LvsdVirtualAddress) held = address (text, interface, "");

  assert_ok (apply (links, LVSD_STEP_DELETE, NULL, held, &unexpected));
}

static const LvsdVirtualAddress *
find (LvsdActual *actual, LvsdLinks *links, const char *text, const char *interface)
{
  g_autoptr (LvsdVirtualAddress) like = address (text, interface, "");
  const LvsdActualEntry *entry;

  assert_ok (lvsd_links_read (links, interface, actual, &unexpected));
  entry = lvsd_actual_find (actual, like);
  return entry != NULL ? (const LvsdVirtualAddress *) entry->item : NULL;
}

static gboolean
is_there (LvsdLinks *links, const char *text, const char *interface)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();

  return find (actual, links, text, interface) != NULL;
}

static void
assert_shown (const char *interface, const char *part, gboolean shown)
{
  g_autofree char *output = namespace_output ("ip address show dev %s", interface);

  if ((strstr (output, part) != NULL) != shown)
    g_error ("'%s' in: %s", part, output);
}

static void
test_an_address_comes_and_goes (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  g_autoptr (LvsdVirtualAddress) wanted = address ("192.0.2.100/24", "eth0", "eth0:2");
  g_autoptr (GError) error = NULL;

  namespace_run ("ip address add 192.0.2.1/24 dev eth0");
  add (links, "192.0.2.100/24", "eth0", "eth0:2");
  assert_shown ("eth0", "inet 192.0.2.100/24 scope global secondary eth0:2", TRUE);
  g_assert_cmpstr (find (actual, links, "192.0.2.100/24", "eth0")->label, ==, "eth0:2");
  g_assert_cmpuint (find (actual, links, "192.0.2.100/24", "eth0")->up, ==, 1);
  g_assert_false (apply (links, LVSD_STEP_NEW, wanted, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "adopt"));
  g_test_message ("%s", error->message);
  delete (links, "192.0.2.100/24", "eth0");
  g_assert_false (is_there (links, "192.0.2.100/24", "eth0"));
  g_assert_true (is_there (links, "192.0.2.1/24", "eth0"));
  delete (links, "192.0.2.100/24", "eth0");
}

static void
test_ipv6_is_neither_probed_nor_preferred (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  g_autofree char *routes = NULL;
  g_autoptr (LvsdVirtualAddress) again = address ("2001:db8::64/128", "eth0", "");
  g_autoptr (GError) error = NULL;

  add (links, "2001:db8::64/128", "eth0", "");
  add (links, "2001:db8:1::64/64", "eth0", "");
  assert_shown ("eth0", "inet6 2001:db8::64/128 scope global nodad deprecated noprefixroute", TRUE);
  assert_shown ("eth0", "inet6 2001:db8:1::64/64 scope global nodad", TRUE);
  assert_shown ("eth0", "2001:db8::64/128 scope global tentative", FALSE);
  routes = namespace_output ("ip -6 route show");
  g_assert_null (strstr (routes, "2001:db8::64"));
  g_assert_nonnull (strstr (routes, "2001:db8:1::/64 dev eth0"));
  g_assert_false (apply (links, LVSD_STEP_NEW, again, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  delete (links, "2001:db8::64/128", "eth0");
  delete (links, "2001:db8:1::64/64", "eth0");
  g_assert_false (is_there (links, "2001:db8::64/128", "eth0"));
  delete (links, "2001:db8::64/128", "eth0");
}

static void
test_a_role_on_lo (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);

  add (links, "192.0.2.100/32", "lo", "");
  add (links, "2001:db8::64/128", "lo", "");
  assert_shown ("lo", "inet 192.0.2.100/32 scope global lo", TRUE);
  assert_shown ("lo", "inet6 2001:db8::64/128 scope global nodad deprecated noprefixroute", TRUE);
  delete (links, "192.0.2.100/32", "lo");
  delete (links, "2001:db8::64/128", "lo");
  assert_shown ("lo", "inet 127.0.0.1/8 scope host lo", TRUE);
  assert_shown ("lo", "192.0.2.100", FALSE);
}

static void
test_an_unknown_interface_is_named (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  g_autoptr (LvsdVirtualAddress) wanted = address ("192.0.2.100/24", "eth7", "");
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  g_autoptr (GError) error = NULL;
  LvsdLink link;

  g_assert_false (apply (links, LVSD_STEP_NEW, wanted, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "eth7"));
  g_clear_error (&error);
  g_assert_false (lvsd_links_find (links, "", &link, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND);
  assert_ok (apply (links, LVSD_STEP_DELETE, NULL, wanted, &unexpected));
  assert_ok (lvsd_links_read (links, "eth7", actual, &unexpected));
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 0);
  namespace_run ("ip link property add dev eth0 altname another");
  g_clear_error (&error);
  g_assert_false (lvsd_links_find (links, "another", &link, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND);
}

static gboolean
would_be_primary (LvsdLinks *links, const char *text, const char *interface)
{
  g_autoptr (LvsdVirtualAddress) asked = address (text, interface, "");
  gboolean primary;

  assert_ok (lvsd_links_would_be_primary (links, asked, &primary, &unexpected));
  return primary;
}

static void
test_primary_is_what_comes_first (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);

  g_assert_true (would_be_primary (links, "192.0.2.100/24", "eth0"));
  namespace_run ("ip address add 192.0.2.1/24 dev eth0");
  g_assert_false (would_be_primary (links, "192.0.2.100/24", "eth0"));
  g_assert_true (would_be_primary (links, "192.0.2.100/25", "eth0"));
  g_assert_true (would_be_primary (links, "192.0.3.100/24", "eth0"));
  g_assert_true (would_be_primary (links, "192.0.2.100/24", "far0"));
  g_assert_false (would_be_primary (links, "192.0.2.100/32", "eth0"));
  g_assert_false (would_be_primary (links, "2001:db8::1/64", "eth0"));
  g_assert_true (would_be_primary (links, "192.0.2.1/24", "eth0"));
}

static gint32
setting (const char *name)
{
  g_autofree char *full = g_strdup_printf (PROMOTE, name);
  gint32 value = -1;

  assert_ok (lvsd_sysctl_read (full, &value, &unexpected));
  return value;
}

static void
test_secondaries_survive_their_primary (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  g_autofree char *route = NULL;

  g_assert_cmpint (setting ("all"), ==, 0);
  g_assert_cmpint (setting ("eth0"), ==, 0);
  add (links, "192.0.2.100/24", "eth0", "eth0:2");
  namespace_run ("ip address add 192.0.2.1/24 brd + dev eth0 label eth0:a");
  namespace_run ("ip address add 192.0.2.2/24 dev eth0");
  namespace_run ("ip route add default via 192.0.2.254");
  assert_shown ("eth0", "192.0.2.1/24 brd 192.0.2.255 scope global secondary eth0:a", TRUE);
  delete (links, "192.0.2.100/24", "eth0");
  assert_shown ("eth0", "192.0.2.100", FALSE);
  assert_shown ("eth0", "192.0.2.1/24 brd 192.0.2.255 scope global eth0:a", TRUE);
  assert_shown ("eth0", "192.0.2.2/24 scope global secondary eth0", TRUE);
  g_assert_cmpint (setting ("eth0"), ==, 0);
  route = namespace_output ("ip route show default");
  g_assert_nonnull (strstr (route, "via 192.0.2.254"));
}

static void
test_a_label_is_changed (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  g_autoptr (LvsdVirtualAddress) held = address ("192.0.2.100/24", "eth0", "eth0:2");
  g_autoptr (LvsdVirtualAddress) wanted = address ("192.0.2.100/24", "eth0", "eth0:vip");

  namespace_run ("ip address add 192.0.2.1/24 dev eth0");
  assert_ok (apply (links, LVSD_STEP_NEW, held, NULL, &unexpected));
  assert_ok (apply (links, LVSD_STEP_SET, wanted, held, &unexpected));
  assert_shown ("eth0", "inet 192.0.2.100/24 scope global secondary eth0:vip", TRUE);
  assert_shown ("eth0", "eth0:2", FALSE);
}

static void
test_local_is_what_this_host_has (void)
{
  static const struct
  {
    const char *text;
    gboolean local;
  } rows[] = {
    { "192.0.2.1", TRUE },   { "192.0.2.2", FALSE },   { "127.5.5.5", TRUE },
    { "2001:db8::1", TRUE }, { "2001:db8::2", FALSE }, { "::1", TRUE },
  };
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);

  namespace_run ("ip address add 192.0.2.1/24 dev eth0");
  namespace_run ("ip address add 2001:db8::1/64 dev far0");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      LvsdAddress asked;

      g_assert_true (lvsd_address_parse (rows[i].text, &asked, NULL));
      g_assert_cmpint (lvsd_links_is_local (links, &asked, &error), ==, rows[i].local);
      g_assert_no_error (error);
    }
}

static void
test_links_are_as_they_are (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  g_autoptr (GArray) list = NULL;
  g_autoptr (GArray) addresses = NULL;
  LvsdLink link;

  namespace_run ("ip link set eth0 address 02:00:00:00:00:07");
  assert_ok (lvsd_links_find (links, "eth0", &link, &unexpected));
  g_assert_cmpmem (link.hardware_address, 6, "\x02\0\0\0\0\x07", 6);
  g_assert_true (link.up && link.running && link.speaks_arp && !link.loopback);
  namespace_run ("ip link set far0 down");
  assert_ok (lvsd_links_find (links, "eth0", &link, &unexpected));
  g_assert_true (link.up && !link.running);
  namespace_run ("ip link set eth0 down");
  namespace_run ("ip link set eth0 name eth1");
  g_assert_false (lvsd_links_find (links, "eth0", &link, NULL));
  assert_ok (lvsd_links_find (links, "eth1", &link, &unexpected));
  g_assert_false (link.up);
  assert_ok (lvsd_links_find (links, "lo", &link, &unexpected));
  g_assert_true (link.loopback && !link.speaks_arp);
  assert_ok ((list = lvsd_links_list (links, &unexpected)) != NULL);
  g_assert_cmpuint (list->len, >=, 3);
  assert_ok ((addresses = lvsd_links_addresses (links, NULL, &unexpected)) != NULL);
  g_assert_cmpuint (addresses->len, ==, 2); /* those of lo */
}

static void
test_a_failed_address_is_told (void)
{
  g_autoptr (LvsdLinks) links = enter (NULL, NULL);
  gboolean failed = FALSE;

  namespace_run ("ip link set far0 address 02:00:00:00:00:07");
  namespace_run ("ip address add 2001:db8::1/64 dev far0 nodad");
  namespace_run ("ip address add 2001:db8::1/64 dev eth0");
  for (guint i = 0; i < 50 && !failed; i++)
    {
      g_autoptr (GArray) addresses = NULL;

      g_usleep (100000);
      assert_ok ((addresses = lvsd_links_addresses (links, "eth0", &unexpected)) != NULL);
      for (guint j = 0; j < addresses->len; j++)
        failed |= g_array_index (addresses, LvsdFoundAddress, j).failed;
    }
  g_assert_true (failed);
}

static void
note_change (const char *name, gpointer user_data)
{
  g_hash_table_add (user_data, g_strdup (name != NULL ? name : "?"));
}

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
assert_told (GHashTable *told, const char *name)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (5, set_flag, &late);

  while (!late && !g_hash_table_contains (told, name))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_hash_table_contains (told, name));
  if (!late)
    g_source_remove (timeout);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_hash_table_remove_all (told);
}

static void
test_changes_are_told (void)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (LvsdLinks) links = enter (note_change, told);

  namespace_run ("ip address add 192.0.2.1/24 dev eth0");
  assert_told (told, "eth0");
  namespace_run ("ip address add 2001:db8::1/64 dev eth0");
  assert_told (told, "eth0");
  namespace_run ("ip address delete 192.0.2.1/24 dev eth0");
  assert_told (told, "eth0");
  add (links, "192.0.2.100/32", "lo", "");
  assert_told (told, "lo");
  namespace_run ("ip link set eth0 down");
  assert_told (told, "eth0");
  namespace_run ("ip link set eth0 name eth1");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (g_hash_table_contains (told, "eth0"));
  assert_told (told, "eth1");
  namespace_run ("ip address add 192.0.2.1/24 dev eth1");
  assert_told (told, "eth1");
  namespace_run ("ip link add extra type veth peer name extra1");
  assert_told (told, "extra");
  namespace_run ("ip link delete extra");
  assert_told (told, "extra");
}

static void
test_lost_messages_are_told (void)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (LvsdLinks) links = enter (note_change, told);

  namespace_run (
      "sh -c 'for i in $(seq 60); do for j in $(seq 100); do "
      "echo address add 10.$i.$j.1/32 dev far0; echo address del 10.$i.$j.1/32 dev far0; "
      "done; done | ip -batch -'");
  assert_told (told, "?");
  add (links, "192.0.2.1/24", "eth0", "");
  assert_told (told, "eth0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/links/an-address-comes-and-goes", test_an_address_comes_and_goes);
  g_test_add_func ("/links/ipv6-is-neither-probed-nor-preferred",
                   test_ipv6_is_neither_probed_nor_preferred);
  g_test_add_func ("/links/a-role-on-lo", test_a_role_on_lo);
  g_test_add_func ("/links/an-unknown-interface-is-named", test_an_unknown_interface_is_named);
  g_test_add_func ("/links/primary-is-what-comes-first", test_primary_is_what_comes_first);
  g_test_add_func ("/links/secondaries-survive-their-primary",
                   test_secondaries_survive_their_primary);
  g_test_add_func ("/links/a-label-is-changed", test_a_label_is_changed);
  g_test_add_func ("/links/local-is-what-this-host-has", test_local_is_what_this_host_has);
  g_test_add_func ("/links/links-are-as-they-are", test_links_are_as_they_are);
  g_test_add_func ("/links/a-failed-address-is-told", test_a_failed_address_is_told);
  g_test_add_func ("/links/changes-are-told", test_changes_are_told);
  g_test_add_func ("/links/lost-messages-are-told", test_lost_messages_are_told);
  return g_test_run ();
}
