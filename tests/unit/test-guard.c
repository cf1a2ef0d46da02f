/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/error.h"
#include "model/guard.h"
#include "model/rules.h"
#include "samples.h"

typedef struct
{
  LvsdTable *table;
  LvsdActual *actual;
  LvsdChange *change;
  LvsdService *service;
  LvsdDestination *first;
  LvsdDestination *second;
} Fixture;

static LvsdDestination *
add_destination (Fixture *fixture, const char *text, guint32 weight, guint32 active)
{
  LvsdEndpoint endpoint;
  LvsdDestination *destination;
  LvsdActualEntry *entry;

  g_assert_true (lvsd_endpoint_parse (text, &endpoint, NULL, NULL));
  destination = lvsd_destination_new (fixture->service->identity, &endpoint);
  destination->weight = weight;
  lvsd_table_replace (fixture->table, NULL, destination);
  entry = lvsd_actual_add (fixture->actual, lvsd_item_ref (destination));
  entry->connections.active = active;
  return destination;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  LvsdServiceKey key;

  (void) data;
  fixture->table = lvsd_table_new ();
  fixture->actual = lvsd_actual_new ();
  fixture->change = lvsd_change_new ();
  g_assert_true (lvsd_service_key_parse ("tcp/192.0.2.100:80", &key, NULL));
  identity = lvsd_service_identity_new ("web", &key);
  fixture->service = lvsd_service_new (identity);
  g_strlcpy (fixture->service->scheduler, "rr", sizeof fixture->service->scheduler);
  lvsd_table_replace (fixture->table, NULL, fixture->service);
  fixture->first = add_destination (fixture, "192.0.2.11:80", 1, 0);
  fixture->second = add_destination (fixture, "192.0.2.12:80", 1, 7);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void) data;
  lvsd_change_free (fixture->change);
  lvsd_item_unref (fixture->first);
  lvsd_item_unref (fixture->second);
  lvsd_item_unref (fixture->service);
  lvsd_actual_free (fixture->actual);
  lvsd_table_free (fixture->table);
}

static void
assert_guarded (Fixture *fixture, const char *number)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_guard_check (fixture->change, fixture->table, fixture->actual, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, number));
}

static void
assert_let_pass (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  lvsd_guard_check (fixture->change, fixture->table, fixture->actual, &error);
  g_assert_no_error (error);
}

static void
test_idle_destination_may_go (Fixture *fixture, gconstpointer data)
{
  (void) data;
  lvsd_change_add (fixture->change, fixture->first, NULL);
  assert_let_pass (fixture);
}

static void
test_busy_destination_is_named_with_its_connections (Fixture *fixture, gconstpointer data)
{
  (void) data;
  lvsd_change_add (fixture->change, fixture->second, NULL);
  assert_guarded (fixture, "7 active connections");
}

static void
test_service_with_connections_is_guarded (Fixture *fixture, gconstpointer data)
{
  (void) data;
  lvsd_change_add (fixture->change, fixture->first, NULL);
  lvsd_change_add (fixture->change, fixture->second, NULL);
  lvsd_change_add (fixture->change, fixture->service, NULL);
  assert_guarded (fixture, "7 active connections on 1 destinations");
}

static LvsdDestination *
weigh (Fixture *fixture, LvsdDestination *destination, guint32 weight)
{
  LvsdDestination *after = lvsd_item_copy (destination);

  after->weight = weight;
  lvsd_change_add (fixture->change, destination, after);
  lvsd_item_unref (after);
  return after;
}

static void
test_last_weight_may_not_go (Fixture *fixture, gconstpointer data)
{
  (void) data;
  weigh (fixture, fixture->first, 0);
  assert_let_pass (fixture);
  weigh (fixture, fixture->second, 0);
  assert_guarded (fixture, "no destination with weight");
}

static void
test_weight_that_moves_to_another_passes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) third = NULL;
  LvsdEndpoint endpoint;

  (void) data;
  g_assert_true (lvsd_endpoint_parse ("192.0.2.13:80", &endpoint, NULL, NULL));
  third = lvsd_destination_new (fixture->service->identity, &endpoint);
  weigh (fixture, fixture->first, 0);
  weigh (fixture, fixture->second, 0);
  lvsd_change_add (fixture->change, NULL, third);
  assert_let_pass (fixture);
}

static LvsdVirtualAddress *
add_address (Fixture *fixture)
{
  LvsdVirtualAddress *address =
      lvsd_virtual_address_new (&fixture->service->identity->key.endpoint.address, 32);

  g_strlcpy (address->interface, "eth0", sizeof address->interface);
  lvsd_table_replace (fixture->table, NULL, address);
  return address;
}

static void
test_address_that_a_service_listens_on_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = add_address (fixture);

  (void) data;
  lvsd_change_add (fixture->change, address, NULL);
  assert_guarded (fixture, "web");
}

static void
test_address_goes_with_its_service (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = add_address (fixture);

  (void) data;
  lvsd_change_add (fixture->change, fixture->service, NULL);
  lvsd_change_add (fixture->change, address, NULL);
  assert_let_pass (fixture);
}

static void
test_taking_an_address_down_counts_connections (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = add_address (fixture);
  g_autoptr (LvsdVirtualAddress) down = lvsd_item_copy (address);

  (void) data;
  down->up = FALSE;
  lvsd_change_add (fixture->change, address, down);
  assert_guarded (fixture, "7 active connections");
}

static void
test_stale_before_is_a_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) old = lvsd_item_copy (fixture->first);
  g_autoptr (GError) error = NULL;

  (void) data;
  lvsd_change_add (fixture->change, old, NULL);
  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
}

static void
test_service_goes_only_with_all_its_destinations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  (void) data;
  lvsd_change_add (fixture->change, fixture->first, NULL);
  lvsd_change_add (fixture->change, fixture->service, NULL);
  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
}

static void
test_destination_of_a_replaced_service_is_a_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdServiceIdentity) replaced =
      lvsd_service_identity_new ("web", &fixture->service->identity->key);
  g_autoptr (LvsdDestination) destination = NULL;
  g_autoptr (GError) error = NULL;
  LvsdEndpoint endpoint;

  (void) data;
  g_assert_true (lvsd_endpoint_parse ("192.0.2.13:80", &endpoint, NULL, NULL));
  destination = lvsd_destination_new (replaced, &endpoint);
  lvsd_change_add (fixture->change, NULL, destination);
  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
}

static void
test_second_service_of_a_key_names_the_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdServiceIdentity) identity =
      lvsd_service_identity_new ("other", &fixture->service->identity->key);
  g_autoptr (LvsdService) service = lvsd_service_new (identity);
  g_autoptr (GError) error = NULL;

  (void) data;
  g_strlcpy (service->scheduler, "rr", sizeof service->scheduler);
  lvsd_change_add (fixture->change, NULL, service);
  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS);
  g_assert_nonnull (strstr (error->message, "web"));
}

static void
test_role_of_a_destination_suggests_the_virtual_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdRole) role = lvsd_role_new (&fixture->first->endpoint.address);
  g_autoptr (GError) error = NULL;

  (void) data;
  lvsd_change_add (fixture->change, NULL, role);
  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "lvsctl role add 192.0.2.100"));
}

static LvsdDestination *
mixed_destination (const Fixture *fixture)
{
  LvsdDestination *destination;
  LvsdEndpoint endpoint;

  g_assert_true (lvsd_endpoint_parse ("[2001:db8::11]:80", &endpoint, NULL, NULL));
  destination = lvsd_destination_new (fixture->service->identity, &endpoint);
  destination->method = LVSD_METHOD_TUNNEL;
  return destination;
}

static LvsdSyncDaemon *
sync_daemon (LvsdSyncState state)
{
  LvsdSyncDaemon *daemon = lvsd_sync_daemon_new (state);

  g_strlcpy (daemon->interface, "eth0", sizeof daemon->interface);
  return daemon;
}

static void
assert_families_refused (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "[2001:db8::11]:80 of service web: address: "));
  g_assert_nonnull (strstr (error->message, "sync"));
}

static void
assert_idle_director_refused (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_rules_check (fixture->change, fixture->table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "net.ipv4.vs.backup_only=1"));
}

static void
test_backup_only_excludes_both_sync_daemons (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) master = sync_daemon (LVSD_SYNC_MASTER);
  g_autoptr (LvsdSyncDaemon) backup = sync_daemon (LVSD_SYNC_BACKUP);
  g_autoptr (LvsdSetting) only = sample_setting ("net.ipv4.vs.backup_only", "1");

  (void) data;
  lvsd_table_replace (fixture->table, NULL, backup);
  lvsd_change_add (fixture->change, NULL, only);
  g_assert_true (lvsd_rules_check (fixture->change, fixture->table, NULL));
  lvsd_table_replace (fixture->table, NULL, master);
  assert_idle_director_refused (fixture);
  lvsd_change_add (fixture->change, master, NULL);
  g_assert_true (lvsd_rules_check (fixture->change, fixture->table, NULL));
}

static void
test_both_sync_daemons_exclude_backup_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) master = sync_daemon (LVSD_SYNC_MASTER);
  g_autoptr (LvsdSyncDaemon) backup = sync_daemon (LVSD_SYNC_BACKUP);
  g_autoptr (LvsdSetting) only = sample_setting ("net.ipv4.vs.backup_only", "1");
  g_autoptr (LvsdSetting) off = sample_setting ("net.ipv4.vs.backup_only", "0");

  (void) data;
  lvsd_table_replace (fixture->table, NULL, only);
  lvsd_change_add (fixture->change, NULL, master);
  g_assert_true (lvsd_rules_check (fixture->change, fixture->table, NULL));
  lvsd_change_add (fixture->change, NULL, backup);
  assert_idle_director_refused (fixture);
  lvsd_change_add (fixture->change, only, off);
  g_assert_true (lvsd_rules_check (fixture->change, fixture->table, NULL));
  g_assert_true (lvsd_rules_check_backup_only (fixture->change, fixture->table, TRUE, NULL));
}

static void
test_mixed_family_excludes_sync (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) mixed = mixed_destination (fixture);
  g_autoptr (LvsdSyncDaemon) daemon = sync_daemon (LVSD_SYNC_BACKUP);

  (void) data;
  lvsd_table_replace (fixture->table, NULL, daemon);
  lvsd_change_add (fixture->change, NULL, mixed);
  assert_families_refused (fixture);
}

static void
test_sync_excludes_mixed_family (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) mixed = mixed_destination (fixture);
  g_autoptr (LvsdSyncDaemon) daemon = sync_daemon (LVSD_SYNC_MASTER);

  (void) data;
  lvsd_table_replace (fixture->table, NULL, mixed);
  lvsd_change_add (fixture->change, NULL, daemon);
  assert_families_refused (fixture);
}

static void
test_sync_and_mixed_family_do_not_come_together (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) mixed = mixed_destination (fixture);
  g_autoptr (LvsdSyncDaemon) daemon = sync_daemon (LVSD_SYNC_MASTER);

  (void) data;
  lvsd_change_add (fixture->change, NULL, mixed);
  lvsd_change_add (fixture->change, NULL, daemon);
  assert_families_refused (fixture);
}

static void
test_sync_takes_the_place_of_mixed_family (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) mixed = mixed_destination (fixture);
  g_autoptr (LvsdSyncDaemon) daemon = sync_daemon (LVSD_SYNC_MASTER);
  g_autoptr (GError) error = NULL;

  (void) data;
  lvsd_table_replace (fixture->table, NULL, mixed);
  lvsd_change_add (fixture->change, mixed, NULL);
  lvsd_change_add (fixture->change, NULL, daemon);
  lvsd_rules_check (fixture->change, fixture->table, &error);
  g_assert_no_error (error);
}

static void
test_mixed_family_takes_the_place_of_sync (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LvsdDestination) mixed = mixed_destination (fixture);
  g_autoptr (LvsdSyncDaemon) daemon = sync_daemon (LVSD_SYNC_BACKUP);
  g_autoptr (GError) error = NULL;

  (void) data;
  lvsd_table_replace (fixture->table, NULL, daemon);
  lvsd_change_add (fixture->change, daemon, NULL);
  lvsd_change_add (fixture->change, NULL, mixed);
  lvsd_rules_check (fixture->change, fixture->table, &error);
  g_assert_no_error (error);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/guard/idle-destination-may-go", test_idle_destination_may_go);
  ADD ("/guard/busy-destination-is-named-with-its-connections",
       test_busy_destination_is_named_with_its_connections);
  ADD ("/guard/service-with-connections", test_service_with_connections_is_guarded);
  ADD ("/guard/last-weight-may-not-go", test_last_weight_may_not_go);
  ADD ("/guard/weight-that-moves-to-another-passes", test_weight_that_moves_to_another_passes);
  ADD ("/guard/address-that-a-service-listens-on-stays",
       test_address_that_a_service_listens_on_stays);
  ADD ("/guard/address-goes-with-its-service", test_address_goes_with_its_service);
  ADD ("/guard/taking-an-address-down-counts-connections",
       test_taking_an_address_down_counts_connections);
  ADD ("/rules/backup-only-excludes-both-sync-daemons",
       test_backup_only_excludes_both_sync_daemons);
  ADD ("/rules/both-sync-daemons-exclude-backup-only", test_both_sync_daemons_exclude_backup_only);
  ADD ("/rules/stale-before-is-a-conflict", test_stale_before_is_a_conflict);
  ADD ("/rules/service-goes-only-with-all-its-destinations",
       test_service_goes_only_with_all_its_destinations);
  ADD ("/rules/destination-of-a-replaced-service-is-a-conflict",
       test_destination_of_a_replaced_service_is_a_conflict);
  ADD ("/rules/second-service-of-a-key-names-the-first",
       test_second_service_of_a_key_names_the_first);
  ADD ("/rules/role-of-a-destination-suggests-the-virtual-address",
       test_role_of_a_destination_suggests_the_virtual_address);
  ADD ("/rules/mixed-family-excludes-sync", test_mixed_family_excludes_sync);
  ADD ("/rules/sync-excludes-mixed-family", test_sync_excludes_mixed_family);
  ADD ("/rules/sync-and-mixed-family-do-not-come-together",
       test_sync_and_mixed_family_do_not_come_together);
  ADD ("/rules/sync-takes-the-place-of-mixed-family", test_sync_takes_the_place_of_mixed_family);
  ADD ("/rules/mixed-family-takes-the-place-of-sync", test_mixed_family_takes_the_place_of_sync);
  return g_test_run ();
}
