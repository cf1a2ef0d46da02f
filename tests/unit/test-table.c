/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include <string.h>

static LvsdService *
add_service (LvsdTable *table, const char *name, const char *key)
{
  g_autoptr (LvsdService) service = sample_service (name, key);

  lvsd_table_replace (table, NULL, service);
  return lvsd_table_find_service (table, name);
}

static void
add_destination (LvsdTable *table, const LvsdService *service, const char *endpoint)
{
  g_autoptr (LvsdDestination) destination = sample_destination (service, endpoint);

  lvsd_table_replace (table, NULL, destination);
}

static void
add_address (LvsdTable *table, const char *text)
{
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address (text, "eth0");

  lvsd_table_replace (table, NULL, address);
}

static void
test_a_service_is_found_by_name_and_by_key (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  LvsdService *web = add_service (table, "web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) like = sample_service ("another", "tcp/192.0.2.1:80");

  g_assert_nonnull (web);
  g_assert_true (lvsd_table_find_service (table, "tcp/192.0.2.1:80") == web);
  g_assert_true (lvsd_table_find_by_id (table, LVSD_KIND_SERVICE, "web") == web);
  g_assert_true (lvsd_table_find (table, like) == web);
  g_assert_null (lvsd_table_find_service (table, "we"));
  g_assert_null (lvsd_table_find_service (table, "tcp/192.0.2.1:81"));
  g_assert_null (lvsd_table_find_service (table, "tcp/"));
  g_assert_null (lvsd_table_find_by_id (table, LVSD_KIND_SERVICE, "tcp/192.0.2.1:80"));
}

static void
test_every_item_is_found_by_its_id (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdRole) role = sample_role ("2001:db8::5");
  g_autoptr (LvsdSetting) setting = sample_setting ("net/ipv4/conf/eth0.5/send_redirects", "0");
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");
  g_autoptr (LvsdSyncDaemon) daemon = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
  g_autoptr (LvsdGeneration) generation = sample_generation (7);
  g_autoptr (LvsdHold) hold = sample_hold ("web");
  LvsdService *web = add_service (table, "web", "tcp/[2001:db8::1]:80");
  g_autoptr (GPtrArray) items = NULL;

  add_destination (table, web, "[2001:db8::2]:80");
  add_address (table, "192.0.2.1");
  lvsd_table_replace (table, NULL, role);
  lvsd_table_replace (table, NULL, setting);
  lvsd_table_replace (table, NULL, replaced);
  lvsd_table_replace (table, NULL, daemon);
  lvsd_table_replace (table, NULL, generation);
  lvsd_table_replace (table, NULL, hold);
  items = lvsd_table_snapshot (table);
  g_assert_cmpuint (items->len, ==, LVSD_N_KINDS);
  for (guint i = 0; i < items->len; i++)
    {
      gpointer item = g_ptr_array_index (items, i);
      g_autofree char *id = lvsd_item_dup_id (item);
      LvsdKind kind = lvsd_item_get_kind (item);

      g_assert_true (lvsd_table_find_by_id (table, kind, id) == item);
      g_assert_true (lvsd_table_find (table, item) == item);
      g_assert_cmpuint (lvsd_table_count (table, kind), ==, 1);
      g_assert_null (lvsd_table_find_by_id (table, kind, "no/such[thing"));
      g_assert_null (lvsd_table_find_by_id (table, kind, ""));
    }
}

static void
test_an_edit_takes_the_place_of_what_was_there (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  LvsdService *web = add_service (table, "web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (web);
  g_autoptr (LvsdService) other_identity = sample_service ("web", "tcp/192.0.2.1:80");

  add_destination (table, web, "198.51.100.1:80");
  edited->persistence = 60;
  lvsd_table_replace (table, web, edited);
  g_assert_true (lvsd_table_find_service (table, "web") == edited);
  lvsd_table_replace (table, edited, other_identity);
  g_assert_true (lvsd_table_find_service (table, "web") == other_identity);
  g_assert_true (other_identity->identity == edited->identity);
  g_assert_cmpuint (lvsd_table_count (table, LVSD_KIND_SERVICE), ==, 1);
  g_assert_cmpuint (lvsd_table_destinations (table, other_identity->identity)->len, ==, 1);
}

static void
test_an_item_may_take_its_own_place (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  LvsdService *web = add_service (table, "web", "tcp/192.0.2.1:80");
  gpointer item;

  add_destination (table, web, "198.51.100.1:80");
  add_address (table, "192.0.2.1");
  item = lvsd_table_find_by_id (table, LVSD_KIND_DESTINATION, "web/198.51.100.1:80");
  lvsd_table_replace (table, item, item);
  lvsd_table_replace (table, web, web);
  item = lvsd_table_find_by_id (table, LVSD_KIND_ADDRESS, "192.0.2.1");
  lvsd_table_replace (table, item, item);
  g_assert_cmpuint (lvsd_table_count (table, LVSD_KIND_DESTINATION), ==, 1);
}

static void
test_what_is_removed_is_gone (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  LvsdService *web = add_service (table, "web", "tcp/192.0.2.1:80");

  add_destination (table, web, "198.51.100.1:80");
  add_destination (table, web, "198.51.100.2:80");
  add_address (table, "192.0.2.1");
  lvsd_table_replace (
      table, lvsd_table_find_by_id (table, LVSD_KIND_DESTINATION, "web/198.51.100.1:80"), NULL);
  g_assert_null (lvsd_table_find_by_id (table, LVSD_KIND_DESTINATION, "web/198.51.100.1:80"));
  g_assert_nonnull (lvsd_table_find_by_id (table, LVSD_KIND_DESTINATION, "web/198.51.100.2:80"));
  g_assert_cmpuint (lvsd_table_count (table, LVSD_KIND_DESTINATION), ==, 1);
  lvsd_table_replace (
      table, lvsd_table_find_by_id (table, LVSD_KIND_DESTINATION, "web/198.51.100.2:80"), NULL);
  lvsd_table_replace (table, web, NULL);
  lvsd_table_replace (table, lvsd_table_find_by_id (table, LVSD_KIND_ADDRESS, "192.0.2.1"), NULL);
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    g_assert_cmpuint (lvsd_table_count (table, (LvsdKind) kind), ==, 0);
  g_assert_null (lvsd_table_find_service (table, "web"));
  g_assert_null (lvsd_table_find_service (table, "tcp/192.0.2.1:80"));
}

static void
test_destinations_are_in_order_and_share_the_identity (void)
{
  static const char *const endpoints[] = { "198.51.100.9:80", "198.51.100.1:81", "198.51.100.10:80",
                                           "198.51.100.1:80", "10.0.0.1:9" };
  static const char *const ordered[] = { "10.0.0.1:9", "198.51.100.1:80", "198.51.100.1:81",
                                         "198.51.100.9:80", "198.51.100.10:80" };
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  LvsdService *web = add_service (table, "web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) twin = sample_service ("web", "tcp/192.0.2.1:80");
  GPtrArray *destinations;

  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    add_destination (table, twin, endpoints[i]);
  destinations = lvsd_table_destinations (table, web->identity);
  g_assert_cmpuint (destinations->len, ==, G_N_ELEMENTS (ordered));
  for (guint i = 0; i < destinations->len; i++)
    {
      const LvsdDestination *destination = g_ptr_array_index (destinations, i);
      char text[LVSD_ENDPOINT_TEXT_SIZE];

      g_assert_cmpstr (lvsd_endpoint_format (&destination->endpoint, text), ==, ordered[i]);
      g_assert_true (destination->identity == web->identity);
    }
}

typedef struct
{
  GString *ids;
  guint limit;
} Walk;

static gboolean
note_id (gpointer item, gpointer user_data)
{
  Walk *walk = user_data;
  g_autofree char *id = lvsd_item_dup_id (item);

  g_string_append_printf (walk->ids, "%s%s", walk->ids->len > 0 ? " " : "", id);
  return --walk->limit > 0;
}

static void
assert_walk (const LvsdTable *table,
             LvsdKind kind,
             const char *after_id,
             guint limit,
             const char *expected)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  Walk walk = { .ids = ids, .limit = limit };

  lvsd_table_walk (table, kind, after_id, note_id, &walk);
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
test_a_walk_can_be_gone_on_with (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();

  add_service (table, "b", "tcp/192.0.2.1:80");
  add_service (table, "d", "tcp/192.0.2.2:80");
  add_service (table, "a", "tcp/192.0.2.3:80");
  add_service (table, "c", "tcp/192.0.2.4:80");
  assert_walk (table, LVSD_KIND_SERVICE, NULL, 99, "a b c d");
  assert_walk (table, LVSD_KIND_SERVICE, NULL, 2, "a b");
  assert_walk (table, LVSD_KIND_SERVICE, "b", 99, "c d");
  assert_walk (table, LVSD_KIND_SERVICE, "bb", 99, "c d");
  assert_walk (table, LVSD_KIND_SERVICE, "d", 99, "");
  lvsd_table_replace (table, lvsd_table_find_service (table, "b"), NULL);
  assert_walk (table, LVSD_KIND_SERVICE, "b", 1, "c");
  assert_walk (table, LVSD_KIND_SERVICE, "", 99, "a c d");

  add_address (table, "192.0.2.10");
  add_address (table, "2001:db8::1");
  add_address (table, "192.0.2.9");
  assert_walk (table, LVSD_KIND_ADDRESS, NULL, 99, "192.0.2.9 192.0.2.10 2001:db8::1");
  assert_walk (table, LVSD_KIND_ADDRESS, "192.0.2.9", 99, "192.0.2.10 2001:db8::1");
  assert_walk (table, LVSD_KIND_ROLE, "192.0.2.9", 99, "");
  assert_walk (table, LVSD_KIND_REPLACED, NULL, 99, "");
}

static void
test_settings_are_walked_by_name (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdReplaced) b = lvsd_replaced_new ("net/b", "0", "1");
  g_autoptr (LvsdReplaced) a = lvsd_replaced_new ("net/a", "0", "1");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.1");
  g_autoptr (LvsdSetting) udp = sample_setting ("timeout.udp", "60");
  g_autoptr (LvsdSetting) forward = sample_setting ("net.ipv4.ip_forward", "1");
  g_autoptr (LvsdRole) later = sample_role ("192.0.2.2");

  lvsd_table_replace (table, NULL, b);
  lvsd_table_replace (table, NULL, a);
  lvsd_table_replace (table, NULL, later);
  lvsd_table_replace (table, NULL, role);
  lvsd_table_replace (table, NULL, udp);
  lvsd_table_replace (table, NULL, forward);
  assert_walk (table, LVSD_KIND_SETTING, NULL, 99, "net.ipv4.ip_forward timeout.udp");
  assert_walk (table, LVSD_KIND_SETTING, "net.ipv4.ip_forward", 99, "timeout.udp");
  assert_walk (table, LVSD_KIND_REPLACED, NULL, 99, "net/a net/b");
  assert_walk (table, LVSD_KIND_REPLACED, "net/a", 99, "net/b");
  assert_walk (table, LVSD_KIND_ROLE, "192.0.2.1", 99, "192.0.2.2");
}

static void
test_sync_daemons_are_walked_by_state (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdSyncDaemon) backup = sample_sync_daemon (LVSD_SYNC_BACKUP, "eth0");
  g_autoptr (LvsdSyncDaemon) master = sample_sync_daemon (LVSD_SYNC_MASTER, "eth1");

  lvsd_table_replace (table, NULL, backup);
  g_assert_null (lvsd_table_find_sync (table, LVSD_SYNC_MASTER));
  lvsd_table_replace (table, NULL, master);
  g_assert_true (lvsd_table_find_sync (table, LVSD_SYNC_MASTER) == master);
  assert_walk (table, LVSD_KIND_SYNC, NULL, 99, "master backup");
  assert_walk (table, LVSD_KIND_SYNC, "master", 99, "backup");
  assert_walk (table, LVSD_KIND_SYNC, "backup", 99, "");
}

static void
test_a_snapshot_has_services_before_their_destinations (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  LvsdService *b = add_service (table, "b", "tcp/192.0.2.1:80");
  LvsdService *a = add_service (table, "a", "tcp/192.0.2.2:80");
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);
  Walk walk = { .ids = ids, .limit = 99 };

  add_address (table, "192.0.2.1");
  add_destination (table, b, "198.51.100.1:80");
  add_destination (table, a, "198.51.100.2:80");
  items = lvsd_table_snapshot (table);
  for (guint i = 0; i < items->len; i++)
    note_id (g_ptr_array_index (items, i), &walk);
  g_assert_cmpstr (ids->str, ==, "a a/198.51.100.2:80 b b/198.51.100.1:80 192.0.2.1");
}

static void
test_a_snapshot_outlives_the_table (void)
{
  LvsdTable *table = lvsd_table_new ();
  g_autoptr (GPtrArray) items = NULL;

  add_service (table, "web", "tcp/192.0.2.1:80");
  items = lvsd_table_snapshot (table);
  lvsd_table_free (table);
  g_assert_cmpstr (((LvsdService *) g_ptr_array_index (items, 0))->identity->name, ==, "web");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/a-service-is-found-by-name-and-by-key",
                   test_a_service_is_found_by_name_and_by_key);
  g_test_add_func ("/table/every-item-is-found-by-its-id", test_every_item_is_found_by_its_id);
  g_test_add_func ("/table/an-edit-takes-the-place-of-what-was-there",
                   test_an_edit_takes_the_place_of_what_was_there);
  g_test_add_func ("/table/an-item-may-take-its-own-place", test_an_item_may_take_its_own_place);
  g_test_add_func ("/table/what-is-removed-is-gone", test_what_is_removed_is_gone);
  g_test_add_func ("/table/destinations-are-in-order-and-share-the-identity",
                   test_destinations_are_in_order_and_share_the_identity);
  g_test_add_func ("/table/a-walk-can-be-gone-on-with", test_a_walk_can_be_gone_on_with);
  g_test_add_func ("/table/settings-are-walked-by-name", test_settings_are_walked_by_name);
  g_test_add_func ("/table/sync-daemons-are-walked-by-state",
                   test_sync_daemons_are_walked_by_state);
  g_test_add_func ("/table/a-snapshot-has-services-before-their-destinations",
                   test_a_snapshot_has_services_before_their_destinations);
  g_test_add_func ("/table/a-snapshot-outlives-the-table", test_a_snapshot_outlives_the_table);
  return g_test_run ();
}
