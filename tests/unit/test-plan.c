/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include <string.h>

#include "model/error.h"
#include "model/plan.h"

/* A change that is put together from edits of samples, and a kernel that is a list of items. */

typedef struct
{
  LvsdChange *change;
  LvsdActual *actual;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->change = lvsd_change_new ();
  fixture->actual = lvsd_actual_new ();
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  lvsd_change_free (fixture->change);
  lvsd_actual_free (fixture->actual);
}

static void
edit (Fixture *fixture, gpointer before, gpointer after)
{
  lvsd_change_add (fixture->change, before, after);
}

static void
hold (Fixture *fixture, gconstpointer item)
{
  lvsd_actual_add (fixture->actual, lvsd_item_copy (item));
}

static LvsdPlan *
must_compute (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  LvsdPlan *plan = lvsd_plan_compute (fixture->change, fixture->actual, &error);

  g_assert_no_error (error);
  return plan;
}

/* Like "new service web", with a comma between steps. */
static char *
describe (const LvsdPlan *plan)
{
  static const char *const verbs[] = { "new", "set", "delete" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->len; i++)
    {
      const LvsdStep *step = lvsd_plan_step (plan, i);
      gpointer subject = lvsd_step_subject (step);
      g_autofree char *id = lvsd_item_dup_id (subject);

      g_string_append_printf (text, "%s%s %s %s", i > 0 ? ", " : "", verbs[step->verb],
                              lvsd_item_class (lvsd_item_get_kind (subject))->name, id);
    }
  return g_string_free (text, FALSE);
}

static void
assert_plan (const Fixture *fixture, const char *expected)
{
  g_autoptr (GArray) plan = must_compute (fixture);
  g_autofree char *text = describe (plan);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_conflict (const Fixture *fixture, const char *word, const char *other_word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsd_plan_compute (fixture->change, fixture->actual, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, other_word));
}

static void
test_what_is_right_is_not_written (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.9");
  g_autoptr (LvsdVirtualAddress) on_lo = lvsd_item_to_kernel (role);
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");

  /* As after a restart: everything is ours, and wanted again. */
  edit (fixture, service, service);
  edit (fixture, destination, destination);
  edit (fixture, address, address);
  edit (fixture, role, role);
  edit (fixture, replaced, replaced);
  hold (fixture, service);
  hold (fixture, destination);
  hold (fixture, address);
  hold (fixture, on_lo);
  hold (fixture, replaced);
  assert_plan (fixture, "");
}

static void
test_what_others_stand_on_comes_first (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.9");
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");
  g_autoptr (LvsdReplaced) found = lvsd_replaced_new ("net/a", "0", "0");

  edit (fixture, NULL, destination);
  edit (fixture, NULL, service);
  edit (fixture, NULL, role);
  edit (fixture, NULL, address);
  edit (fixture, NULL, replaced);
  hold (fixture, found);
  assert_plan (fixture, "set replaced net/a, new address 192.0.2.9, new address 192.0.2.1, "
                        "new service web, new destination web/198.51.100.1:80");
}

static void
test_what_stands_on_others_goes_first (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.9");
  g_autoptr (LvsdVirtualAddress) on_lo = lvsd_item_to_kernel (role);
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");

  edit (fixture, replaced, NULL);
  edit (fixture, role, NULL);
  edit (fixture, address, NULL);
  edit (fixture, destination, NULL);
  edit (fixture, service, NULL);
  hold (fixture, service);
  hold (fixture, destination);
  hold (fixture, address);
  hold (fixture, on_lo);
  hold (fixture, replaced);
  assert_plan (fixture, "delete destination web/198.51.100.1:80, delete service web, "
                        "delete address 192.0.2.9, delete address 192.0.2.1, set replaced net/a");
}

static void
test_nothing_is_deleted_before_all_is_added (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) old = sample_service ("old", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) new = sample_service ("new", "tcp/192.0.2.2:80");
  g_autoptr (LvsdService) kept = sample_service ("kept", "tcp/192.0.2.3:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (kept);
  g_autoptr (LvsdDestination) first = sample_destination (kept, "198.51.100.1:80");
  g_autoptr (LvsdDestination) second = sample_destination (kept, "198.51.100.2:80");
  g_autoptr (LvsdDestination) gone = sample_destination (kept, "198.51.100.3:80");
  g_autoptr (LvsdDestination) lower = lvsd_item_copy (first);
  g_autoptr (LvsdDestination) higher = lvsd_item_copy (second);
  g_autoptr (LvsdDestination) added = sample_destination (kept, "198.51.100.4:80");

  edited->persistence = 5;
  lower->weight = 0;
  higher->weight = 9;
  edit (fixture, gone, NULL);
  edit (fixture, old, NULL);
  edit (fixture, first, lower);
  edit (fixture, second, higher);
  edit (fixture, kept, edited);
  edit (fixture, NULL, added);
  edit (fixture, NULL, new);
  hold (fixture, old);
  hold (fixture, kept);
  hold (fixture, first);
  hold (fixture, second);
  hold (fixture, gone);
  assert_plan (fixture,
               "new service new, new destination kept/198.51.100.4:80, set service kept, "
               "set destination kept/198.51.100.2:80, set destination kept/198.51.100.1:80, "
               "delete destination kept/198.51.100.3:80, delete service old");
}

static void
test_what_others_put_there_is_a_conflict (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");

  edit (fixture, NULL, service);
  hold (fixture, service);
  assert_conflict (fixture, "web", "adopt");
}

static void
test_an_address_of_others_is_a_conflict (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");

  edit (fixture, NULL, address);
  hold (fixture, address);
  assert_conflict (fixture, "192.0.2.1", "adopt");
}

static void
test_the_same_address_elsewhere_is_none (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) other = sample_virtual_address ("192.0.2.1", "eth1");
  g_autoptr (LvsdVirtualAddress) longer = sample_virtual_address ("192.0.2.1", "eth0");

  longer->prefix_length = 24;
  edit (fixture, NULL, address);
  hold (fixture, other);
  hold (fixture, longer);
  assert_plan (fixture, "new address 192.0.2.1");
}

static void
test_a_service_with_a_destination_of_others_stays (Fixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) ours = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdDestination) theirs = sample_destination (service, "198.51.100.2:80");

  edit (fixture, ours, NULL);
  edit (fixture, service, NULL);
  hold (fixture, service);
  hold (fixture, ours);
  hold (fixture, theirs);
  assert_conflict (fixture, "web", "198.51.100.2:80");
}

static void
test_what_no_edit_names_is_left_alone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) ours = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) theirs = sample_service ("", "tcp/192.0.2.2:80");
  g_autoptr (LvsdDestination) destination = sample_destination (ours, "198.51.100.2:80");

  edit (fixture, ours, ours);
  hold (fixture, ours);
  hold (fixture, destination);
  hold (fixture, theirs);
  assert_plan (fixture, "");
}

static void
test_what_is_gone_already_is_not_deleted (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "198.51.100.1:80");

  edit (fixture, destination, NULL);
  edit (fixture, service, NULL);
  assert_plan (fixture, "");
}

static void
test_what_vanished_is_put_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");

  edit (fixture, service, service);
  edit (fixture, address, address);
  assert_plan (fixture, "new address 192.0.2.1, new service web");
}

static void
test_a_key_that_moves_to_another_name_is_edited (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) old = sample_service ("old", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) new = sample_service ("new", "tcp/192.0.2.1:80");

  new->persistence = 5;
  edit (fixture, old, NULL);
  edit (fixture, NULL, new);
  hold (fixture, old);
  assert_plan (fixture, "set service new");
}

static void
test_the_last_edit_of_a_thing_counts (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) first = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) second = lvsd_item_copy (first);
  g_autoptr (LvsdService) third = lvsd_item_copy (first);
  g_autoptr (LvsdService) fleeting = sample_service ("fleeting", "tcp/192.0.2.2:80");
  g_autoptr (GArray) plan = NULL;

  second->persistence = 5;
  third->persistence = 7;
  edit (fixture, first, second);
  edit (fixture, second, third);
  edit (fixture, NULL, fleeting);
  edit (fixture, fleeting, NULL);
  hold (fixture, first);
  assert_plan (fixture, "set service web");
  plan = must_compute (fixture);
  g_assert_true (lvsd_plan_step (plan, 0)->item == (LvsdItem *) third);
}

/* What was added and removed again within a change was never ours. */
static void
test_a_fleeting_edit_deletes_nothing_of_others (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) fleeting = sample_service ("fleeting", "tcp/192.0.2.2:80");

  edit (fixture, NULL, fleeting);
  edit (fixture, fleeting, NULL);
  hold (fixture, fleeting);
  assert_plan (fixture, "");
}

static void
test_a_role_takes_over_from_an_address_on_lo (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "lo");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.1");

  edit (fixture, NULL, role);
  edit (fixture, address, NULL);
  hold (fixture, address);
  assert_plan (fixture, "");
}

static void
test_an_address_that_is_down_is_taken_away (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) down = lvsd_item_copy (address);

  down->up = FALSE;
  edit (fixture, address, down);
  hold (fixture, address);
  assert_plan (fixture, "delete address 192.0.2.1");
}

static void
test_an_address_moves_to_another_interface (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) moved = sample_virtual_address ("192.0.2.1", "eth1");

  edit (fixture, address, moved);
  hold (fixture, address);
  assert_plan (fixture, "new address 192.0.2.1, delete address 192.0.2.1");
}

static void
test_an_override_is_what_the_kernel_gets (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdDestination) overridden = lvsd_item_copy (destination);
  g_autoptr (LvsdDestination) held = lvsd_item_copy (destination);

  overridden->runtime = g_new0 (LvsdOverride, 1);
  overridden->runtime->weight = 7;
  edit (fixture, destination, overridden);
  hold (fixture, destination);
  assert_plan (fixture, "set destination web/198.51.100.1:80");

  lvsd_actual_free (fixture->actual);
  fixture->actual = lvsd_actual_new ();
  held->weight = 7;
  hold (fixture, held);
  assert_plan (fixture, "");
}

/* Settings */

static void
test_a_setting_goes_back_where_it_is_still_ours (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");
  g_autoptr (GArray) plan = NULL;

  edit (fixture, replaced, NULL);
  hold (fixture, replaced);
  plan = must_compute (fixture);
  g_assert_cmpuint (plan->len, ==, 1);
  g_assert_cmpstr (((LvsdReplaced *) lvsd_plan_step (plan, 0)->item)->written, ==, "0");
}

static void
test_a_setting_that_others_wrote_stays (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");
  g_autoptr (LvsdReplaced) unchanged = lvsd_replaced_new ("net/b", "1", "1");
  g_autoptr (LvsdReplaced) theirs = lvsd_replaced_new ("net/a", "0", "2");

  edit (fixture, replaced, NULL);
  edit (fixture, unchanged, NULL);
  hold (fixture, theirs);
  hold (fixture, unchanged);
  assert_plan (fixture, "");
}

/* IPVS itself switches a defence between 1 and 2. */
static void
test_a_defence_that_is_at_work_is_as_wanted (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) wanted = lvsd_replaced_new ("net/ipv4/vs/drop_entry", "0", "1");
  g_autoptr (LvsdReplaced) found = lvsd_replaced_new ("net/ipv4/vs/drop_entry", "2", "2");

  edit (fixture, wanted, wanted);
  hold (fixture, found);
  assert_plan (fixture, "");
}

static void
test_a_defence_that_is_at_work_goes_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) ours = lvsd_replaced_new ("net/ipv4/vs/drop_entry", "0", "1");
  g_autoptr (LvsdReplaced) found = lvsd_replaced_new ("net/ipv4/vs/drop_entry", "2", "2");

  edit (fixture, ours, NULL);
  hold (fixture, found);
  assert_plan (fixture, "set replaced net/ipv4/vs/drop_entry");
}

static void
test_what_was_there_before_must_be_known_to_go_back (Fixture *fixture,
                                                     G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) ours = lvsd_replaced_new ("net/ipv4/ip_forward", "", "1");

  edit (fixture, ours, NULL);
  hold (fixture, ours);
  assert_plan (fixture, "");
}

#define RA "net/ipv6/conf/eth0/accept_ra"
#define FORWARDING "net/ipv6/conf/all/forwarding"

/* Or the kernel would drop the default route that it learned. */
static void
test_advertisements_are_accepted_while_forwarding_goes_on_and_off (Fixture *fixture,
                                                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) forwarding = lvsd_replaced_new (FORWARDING, "0", "1");
  g_autoptr (LvsdReplaced) ra = lvsd_replaced_new (RA, "1", "2");
  g_autoptr (LvsdReplaced) no_forwarding = lvsd_replaced_new (FORWARDING, "0", "0");
  g_autoptr (LvsdReplaced) no_ra = lvsd_replaced_new (RA, "1", "1");

  edit (fixture, NULL, forwarding);
  edit (fixture, NULL, ra);
  hold (fixture, no_forwarding);
  hold (fixture, no_ra);
  assert_plan (fixture, "set replaced " RA ", set replaced " FORWARDING);
  tear_down (fixture, NULL);
  set_up (fixture, NULL);
  edit (fixture, ra, NULL);
  edit (fixture, forwarding, NULL);
  hold (fixture, forwarding);
  hold (fixture, ra);
  assert_plan (fixture, "set replaced " FORWARDING ", set replaced " RA);
}

static void
test_a_setting_is_never_new_or_foreign (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) missing = lvsd_replaced_new ("net/missing", "0", "1");
  g_autoptr (LvsdReplaced) right = lvsd_replaced_new ("net/right", "0", "1");
  g_autoptr (LvsdReplaced) wrong = lvsd_replaced_new ("net/wrong", "0", "1");
  g_autoptr (LvsdReplaced) found = lvsd_replaced_new ("net/wrong", "0", "0");

  edit (fixture, NULL, missing);
  edit (fixture, NULL, right);
  edit (fixture, NULL, wrong);
  hold (fixture, right);
  hold (fixture, found);
  assert_plan (fixture, "set replaced net/wrong");
}

/* Sync daemons */

static void
test_sync_is_stopped_first_and_started_last (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) master = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
  g_autoptr (LvsdSyncDaemon) backup = sample_sync_daemon (LVSD_SYNC_BACKUP, "eth0");
  g_autoptr (LvsdService) added = sample_service ("new", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) removed = sample_service ("old", "tcp/192.0.2.2:80");

  edit (fixture, NULL, master);
  edit (fixture, NULL, added);
  edit (fixture, removed, NULL);
  edit (fixture, backup, NULL);
  hold (fixture, removed);
  hold (fixture, backup);
  assert_plan (fixture, "delete sync backup, new service new, delete service old, new sync master");
}

/* What the kernel has made of a length that was left to it is no difference. */
static void
test_sync_with_values_of_the_kernels_is_as_wanted (Fixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) wanted = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
  g_autoptr (LvsdSyncDaemon) held = lvsd_item_copy (wanted);

  held->max_length = 1472;
  edit (fixture, wanted, wanted);
  hold (fixture, held);
  assert_plan (fixture, "");
}

static void
test_sync_that_differs_is_one_step (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) before = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
  g_autoptr (LvsdSyncDaemon) after = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");

  after->id = 7;
  edit (fixture, before, after);
  hold (fixture, before);
  assert_plan (fixture, "set sync master");
}

static void
test_sync_that_is_deaf_is_started_anew (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) wanted = sample_sync_daemon (LVSD_SYNC_BACKUP, "eth0");
  g_autoptr (LvsdSyncDaemon) held = sample_sync_daemon (LVSD_SYNC_BACKUP, "eth0");

  held->deaf = TRUE;
  edit (fixture, wanted, wanted);
  hold (fixture, held);
  assert_plan (fixture, "set sync backup");
}

static void
test_sync_of_others_is_a_conflict (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdSyncDaemon) daemon = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
  g_autoptr (GError) error = NULL;

  edit (fixture, NULL, daemon);
  hold (fixture, daemon);
  g_assert_null (lvsd_plan_compute (fixture->change, fixture->actual, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
}

/* What a tunnel needs */

static LvsdRole *
tunnel_role (void)
{
  LvsdRole *role = sample_role ("192.0.2.100");

  role->method = LVSD_METHOD_TUNNEL;
  return role;
}

static void
test_what_a_tunnel_needs_comes_before_the_address (Fixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdRole) role = tunnel_role ();
  g_autoptr (LvsdReplaced) link = lvsd_replaced_new_number ("link/tunl0", 0, 1);
  g_autoptr (LvsdReplaced) setting = lvsd_replaced_new_number ("net/a", 0, 1);
  g_autoptr (LvsdReplaced) found = lvsd_replaced_new_number ("net/a", 0, 0);
  g_autoptr (GArray) plan = NULL;

  edit (fixture, NULL, role);
  edit (fixture, NULL, link);
  edit (fixture, NULL, setting);
  hold (fixture, found);
  assert_plan (fixture, "set replaced net/a, new replaced link/tunl0, new address 192.0.2.100");
  plan = must_compute (fixture);
  for (guint i = 0; i < plan->len; i++)
    g_assert_cmpint (lvsd_step_is_groundwork (lvsd_plan_step (plan, i)), ==, i < 2);
}

static void
test_what_a_tunnel_needs_goes_after_the_address (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdRole) role = tunnel_role ();
  g_autoptr (LvsdVirtualAddress) bound = lvsd_item_to_kernel (role);
  g_autoptr (LvsdReplaced) link = lvsd_replaced_new_number ("link/tunl0", 0, 1);
  g_autoptr (LvsdReplaced) setting = lvsd_replaced_new_number ("net/a", 0, 1);
  g_autoptr (GArray) plan = NULL;

  edit (fixture, setting, NULL);
  edit (fixture, link, NULL);
  edit (fixture, role, NULL);
  hold (fixture, bound);
  hold (fixture, link);
  hold (fixture, setting);
  assert_plan (fixture,
               "delete address 192.0.2.100, delete replaced link/tunl0, set replaced net/a");
  plan = must_compute (fixture);
  for (guint i = 0; i < plan->len; i++)
    g_assert_false (lvsd_step_is_groundwork (lvsd_plan_step (plan, i)));
}

static void
test_what_a_tunnel_found_there_stays (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdReplaced) link = lvsd_replaced_new_number ("link/tunl0", 1, 1);
  g_autoptr (LvsdReplaced) route = lvsd_replaced_new_number ("route/ipv4/advmss", 1460, 1400);
  g_autoptr (LvsdReplaced) port = lvsd_replaced_new_number ("gue/ipv4/5555", 0, 1);

  edit (fixture, link, NULL);
  edit (fixture, route, NULL);
  edit (fixture, port, NULL);
  hold (fixture, link);
  hold (fixture, route);
  assert_plan (fixture, "set replaced route/ipv4/advmss");
}

/* Undoing: a kernel that is played with a hash table of items. */

static GHashTable *
kernel_of (const LvsdActual *actual)
{
  GHashTable *kernel =
      g_hash_table_new_full (lvsd_kernel_item_hash, lvsd_kernel_item_equal, lvsd_item_unref, NULL);
  const GPtrArray *entries = lvsd_actual_entries (actual);

  for (guint i = 0; i < entries->len; i++)
    g_hash_table_add (kernel,
                      lvsd_item_ref (((LvsdActualEntry *) g_ptr_array_index (entries, i))->item));
  return kernel;
}

static LvsdServiceKey *
service_key_of (gpointer item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return &((LvsdService *) item)->identity->key;
    case LVSD_KIND_DESTINATION:
      return &((LvsdDestination *) item)->identity->key;
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return NULL;
    }
  g_assert_not_reached ();
}

/* The kernel refuses a destination without its service, and a service takes its own along. */
static void
assert_stands (GHashTable *kernel, const LvsdStep *step)
{
  gpointer subject = lvsd_step_subject (step);
  GHashTableIter iter;
  gpointer other;
  guint n_relatives = 0;

  if (service_key_of (subject) == NULL)
    return;
  g_hash_table_iter_init (&iter, kernel);
  while (g_hash_table_iter_next (&iter, &other, NULL))
    n_relatives += other != subject && service_key_of (other) != NULL
                   && lvsd_item_get_kind (other) != lvsd_item_get_kind (subject)
                   && lvsd_service_key_equal (service_key_of (other), service_key_of (subject));
  if (lvsd_item_get_kind (subject) == LVSD_KIND_DESTINATION)
    g_assert_cmpuint (n_relatives, ==, 1);
  else if (step->verb == LVSD_STEP_DELETE)
    g_assert_cmpuint (n_relatives, ==, 0);
}

static void
take_step (GHashTable *kernel, const LvsdStep *step)
{
  gpointer subject = lvsd_step_subject (step);

  g_assert_true (g_hash_table_contains (kernel, subject) == (step->verb != LVSD_STEP_NEW));
  g_assert_true ((step->item != NULL) == (step->verb != LVSD_STEP_DELETE));
  g_assert_true ((step->held != NULL) == (step->verb != LVSD_STEP_NEW));
  assert_stands (kernel, step);
  if (step->held != NULL)
    g_hash_table_remove (kernel, step->held);
  if (step->item != NULL)
    g_hash_table_add (kernel, lvsd_item_ref (step->item));
}

static void
assert_same_kernel (GHashTable *kernel, GHashTable *other)
{
  GHashTableIter iter;
  gpointer item;

  g_assert_cmpuint (g_hash_table_size (kernel), ==, g_hash_table_size (other));
  g_hash_table_iter_init (&iter, kernel);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      gpointer found = NULL;

      g_assert_true (g_hash_table_lookup_extended (other, item, &found, NULL));
      g_assert_true (lvsd_item_fields_equal (item, found));
    }
}

static gpointer
random_item (guint i)
{
  g_autofree char *name = g_strdup_printf ("s%u", i % 4);
  g_autofree char *key = g_strdup_printf ("tcp/192.0.2.%u:80", i % 4 + 1);
  g_autofree char *vip = g_strdup_printf ("192.0.2.%u", i % 4 + 1);
  g_autofree char *setting = g_strdup_printf ("net/s%u", i % 4);
  g_autoptr (LvsdService) service = sample_service (name, key);
  g_autofree char *endpoint = g_strdup_printf ("198.51.100.%u:80", i / 4 % 3 + 1);

  if (i < 4)
    return g_steal_pointer (&service);
  if (i < 16)
    return sample_destination (service, endpoint);
  if (i < 20)
    return sample_virtual_address (vip, "eth0");
  if (i < 24)
    return sample_role (vip);
  if (i >= 28)
    return sample_sync_daemon (i == 28 ? LVSD_SYNC_MASTER : LVSD_SYNC_BACKUP, "eth0");
  return lvsd_replaced_new (setting, "0", "1");
}

static gpointer
varied (gpointer item)
{
  LvsdItem *copy = lvsd_item_copy (item);

  if (lvsd_item_get_kind (copy) == LVSD_KIND_SERVICE)
    ((LvsdService *) copy)->persistence = g_test_rand_int_range (0, 4) * 60;
  else if (lvsd_item_get_kind (copy) == LVSD_KIND_DESTINATION)
    ((LvsdDestination *) copy)->weight = (guint32) g_test_rand_int_range (0, 4);
  else if (lvsd_item_get_kind (copy) == LVSD_KIND_REPLACED)
    ((LvsdReplaced *) copy)->written[0] = (char) g_test_rand_int_range ('0', '3');
  else if (lvsd_item_get_kind (copy) == LVSD_KIND_SYNC)
    ((LvsdSyncDaemon *) copy)->id = (guint8) g_test_rand_int_range (0, 3);
  return copy;
}

static void
hold_as_kernel (Fixture *fixture, gpointer item)
{
  g_autoptr (LvsdItem) as_held = lvsd_item_to_kernel (item);

  hold (fixture, as_held);
}

/* A table that is ours before and one that is wanted after; the kernel holds most of the first,
 * somewhat changed. A destination is there only with its service. */
static void
play_round (Fixture *fixture)
{
  gboolean before[30];
  gboolean after[30];

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autoptr (LvsdItem) item = random_item (i);
      g_autoptr (LvsdItem) ours = NULL;
      g_autoptr (LvsdItem) wanted = NULL;
      gboolean needs = i >= 4 && i < 16;

      before[i] = g_test_rand_bit () && (!needs || before[i % 4]);
      after[i] = g_test_rand_bit () && (!needs || after[i % 4]);
      ours = before[i] ? varied (item) : NULL;
      wanted = after[i] ? varied (item) : NULL;
      if (ours != NULL || wanted != NULL)
        edit (fixture, ours, wanted);
      if (ours != NULL || lvsd_item_get_kind (item) == LVSD_KIND_REPLACED)
        {
          g_autoptr (LvsdItem) held = varied (item);

          hold_as_kernel (fixture, held);
        }
    }
}

static void
assert_undoing_restores (const Fixture *fixture)
{
  g_autoptr (GArray) plan = must_compute (fixture);

  for (guint n = 0; n <= plan->len; n++)
    {
      g_autoptr (GHashTable) kernel = kernel_of (fixture->actual);
      g_autoptr (GHashTable) original = kernel_of (fixture->actual);
      g_autoptr (GArray) undo = lvsd_plan_undo (plan, n);

      for (guint i = 0; i < n; i++)
        take_step (kernel, lvsd_plan_step (plan, i));
      g_assert_cmpuint (undo->len, ==, n);
      for (guint i = 0; i < undo->len; i++)
        take_step (kernel, lvsd_plan_step (undo, i));
      assert_same_kernel (kernel, original);
    }
}

/* Sync daemons have an order of their own. */
static void
assert_order_of_verbs (const Fixture *fixture)
{
  g_autoptr (GArray) plan = must_compute (fixture);
  gboolean deleting = FALSE;

  for (guint i = 0; i < plan->len; i++)
    {
      const LvsdStep *step = lvsd_plan_step (plan, i);

      if (lvsd_item_get_kind (lvsd_step_subject (step)) == LVSD_KIND_SYNC)
        continue;
      g_assert_false (deleting && step->verb == LVSD_STEP_NEW);
      deleting = deleting || step->verb == LVSD_STEP_DELETE;
    }
}

/* After the plan the kernel holds the afters and none of the befores; planning again has nothing to
 * do but settings, of which the removed ones are not wanted any more. */
static void
assert_reaches_goal (const Fixture *fixture)
{
  g_autoptr (GArray) plan = must_compute (fixture);
  g_autoptr (GHashTable) kernel = kernel_of (fixture->actual);

  for (guint i = 0; i < plan->len; i++)
    take_step (kernel, lvsd_plan_step (plan, i));
  for (guint i = 0; i < fixture->change->edits->len; i++)
    {
      const LvsdEdit *one = lvsd_change_edit (fixture->change, i);
      g_autoptr (LvsdItem) wanted = lvsd_item_to_kernel (one->after);
      g_autoptr (LvsdItem) unwanted = lvsd_item_to_kernel (one->before);

      if (wanted != NULL)
        g_assert_true (g_hash_table_contains (kernel, wanted));
      else if (lvsd_item_get_kind (unwanted) != LVSD_KIND_REPLACED)
        g_assert_false (g_hash_table_contains (kernel, unwanted));
    }
}

static guint
count_with_weight (GHashTable *kernel, const LvsdServiceKey *key)
{
  GHashTableIter iter;
  gpointer item;
  guint n = 0;

  g_hash_table_iter_init (&iter, kernel);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    n += lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION
         && lvsd_service_key_equal (&((LvsdDestination *) item)->identity->key, key)
         && lvsd_destination_effective_weight (item) > 0;
  return n;
}

/* A service that can take connections before and after the plan can do so after each of its steps.
 */
static void
assert_never_without_destination (const Fixture *fixture)
{
  g_autoptr (GArray) plan = must_compute (fixture);
  g_autoptr (GHashTable) end = kernel_of (fixture->actual);
  g_autoptr (GHashTable) begin = kernel_of (fixture->actual);
  g_autoptr (GHashTable) kernel = kernel_of (fixture->actual);

  for (guint i = 0; i < plan->len; i++)
    take_step (end, lvsd_plan_step (plan, i));
  for (guint i = 0; i < plan->len; i++)
    {
      const LvsdServiceKey *key = service_key_of (lvsd_step_subject (lvsd_plan_step (plan, i)));

      take_step (kernel, lvsd_plan_step (plan, i));
      if (key != NULL && count_with_weight (begin, key) > 0 && count_with_weight (end, key) > 0)
        g_assert_cmpuint (count_with_weight (kernel, key), >, 0);
    }
}

static void
test_any_plan_reaches_its_goal_and_can_be_undone (Fixture *fixture,
                                                  G_GNUC_UNUSED gconstpointer data)
{
  for (guint round = 0; round < 300; round++)
    {
      play_round (fixture);
      assert_order_of_verbs (fixture);
      assert_reaches_goal (fixture);
      assert_never_without_destination (fixture);
      assert_undoing_restores (fixture);
      tear_down (fixture, NULL);
      set_up (fixture, NULL);
    }
}

static void
add (const char *name, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/plan/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("what-is-right-is-not-written", test_what_is_right_is_not_written);
  add ("what-others-stand-on-comes-first", test_what_others_stand_on_comes_first);
  add ("what-stands-on-others-goes-first", test_what_stands_on_others_goes_first);
  add ("nothing-is-deleted-before-all-is-added", test_nothing_is_deleted_before_all_is_added);
  add ("what-others-put-there-is-a-conflict", test_what_others_put_there_is_a_conflict);
  add ("an-address-of-others-is-a-conflict", test_an_address_of_others_is_a_conflict);
  add ("the-same-address-elsewhere-is-none", test_the_same_address_elsewhere_is_none);
  add ("a-service-with-a-destination-of-others-stays",
       test_a_service_with_a_destination_of_others_stays);
  add ("what-no-edit-names-is-left-alone", test_what_no_edit_names_is_left_alone);
  add ("what-is-gone-already-is-not-deleted", test_what_is_gone_already_is_not_deleted);
  add ("what-vanished-is-put-back", test_what_vanished_is_put_back);
  add ("a-key-that-moves-to-another-name-is-edited",
       test_a_key_that_moves_to_another_name_is_edited);
  add ("the-last-edit-of-a-thing-counts", test_the_last_edit_of_a_thing_counts);
  add ("a-fleeting-edit-deletes-nothing-of-others", test_a_fleeting_edit_deletes_nothing_of_others);
  add ("a-role-takes-over-from-an-address-on-lo", test_a_role_takes_over_from_an_address_on_lo);
  add ("an-address-that-is-down-is-taken-away", test_an_address_that_is_down_is_taken_away);
  add ("an-address-moves-to-another-interface", test_an_address_moves_to_another_interface);
  add ("an-override-is-what-the-kernel-gets", test_an_override_is_what_the_kernel_gets);
  add ("a-setting-goes-back-where-it-is-still-ours",
       test_a_setting_goes_back_where_it_is_still_ours);
  add ("a-setting-that-others-wrote-stays", test_a_setting_that_others_wrote_stays);
  add ("a-defence-that-is-at-work-is-as-wanted", test_a_defence_that_is_at_work_is_as_wanted);
  add ("a-defence-that-is-at-work-goes-back", test_a_defence_that_is_at_work_goes_back);
  add ("what-was-there-before-must-be-known-to-go-back",
       test_what_was_there_before_must_be_known_to_go_back);
  add ("advertisements-are-accepted-while-forwarding-goes-on-and-off",
       test_advertisements_are_accepted_while_forwarding_goes_on_and_off);
  add ("a-setting-is-never-new-or-foreign", test_a_setting_is_never_new_or_foreign);
  add ("sync-is-stopped-first-and-started-last", test_sync_is_stopped_first_and_started_last);
  add ("sync-with-values-of-the-kernels-is-as-wanted",
       test_sync_with_values_of_the_kernels_is_as_wanted);
  add ("sync-that-differs-is-one-step", test_sync_that_differs_is_one_step);
  add ("sync-that-is-deaf-is-started-anew", test_sync_that_is_deaf_is_started_anew);
  add ("sync-of-others-is-a-conflict", test_sync_of_others_is_a_conflict);
  add ("what-a-tunnel-needs-comes-before-the-address",
       test_what_a_tunnel_needs_comes_before_the_address);
  add ("what-a-tunnel-needs-goes-after-the-address",
       test_what_a_tunnel_needs_goes_after_the_address);
  add ("what-a-tunnel-found-there-stays", test_what_a_tunnel_found_there_stays);
  add ("any-plan-reaches-its-goal-and-can-be-undone",
       test_any_plan_reaches_its_goal_and_can_be_undone);
  return g_test_run ();
}
