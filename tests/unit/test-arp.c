/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "model/arp.h"
#include "model/error.h"

#define BOOT "0d4a3c1e-0000-4000-8000-000000000001"
#define OTHER_BOOT "0d4a3c1e-0000-4000-8000-000000000002"

typedef struct
{
  LvsdTable *table;
  GPtrArray *roles;
  GArray *settings;
  LvsdActual *receivers;
  LvsdChange *change;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void) data;
  fixture->table = lvsd_table_new ();
  fixture->roles = g_ptr_array_new_with_free_func (lvsd_item_unref);
  fixture->settings = g_array_new (FALSE, TRUE, sizeof (LvsdArpSettings));
  fixture->receivers = lvsd_actual_new ();
  fixture->change = lvsd_change_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void) data;
  lvsd_change_free (fixture->change);
  lvsd_actual_free (fixture->receivers);
  g_array_unref (fixture->settings);
  g_ptr_array_unref (fixture->roles);
  lvsd_table_free (fixture->table);
}

static void
add_settings (Fixture *fixture, const char *interface, gint32 ignore, gint32 announce)
{
  LvsdArpSettings settings = { .arp_ignore = ignore, .arp_announce = announce };

  g_strlcpy (settings.interface, interface, sizeof settings.interface);
  g_array_append_val (fixture->settings, settings);
}

static void
add_role (Fixture *fixture, const char *text, const char *interface)
{
  LvsdAddress address;
  LvsdRole *role;

  g_assert_true (lvsd_address_parse (text, &address, NULL));
  role = lvsd_role_new (&address);
  g_strlcpy (role->interface, interface, sizeof role->interface);
  g_ptr_array_add (fixture->roles, role);
}

static void
add_record (Fixture *fixture, const char *name, gint32 previous, gint32 written, const char *boot)
{
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new_number (name, previous, written);

  g_strlcpy (replaced->boot_id, boot, sizeof replaced->boot_id);
  lvsd_table_replace (fixture->table, NULL, replaced);
}

static gboolean
plan (Fixture *fixture, GError **error)
{
  return lvsd_arp_plan (fixture->roles, fixture->table, fixture->settings, fixture->receivers, BOOT,
                        fixture->change, error);
}

static const LvsdEdit *
find_edit (const Fixture *fixture, const char *name)
{
  for (guint i = 0; i < fixture->change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (fixture->change, i);
      const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;

      if (g_str_equal (((const LvsdReplaced *) either)->name, name))
        return edit;
    }
  return NULL;
}

static void
assert_written (const Fixture *fixture, const char *name, gint32 previous, gint32 written)
{
  const LvsdEdit *edit = find_edit (fixture, name);
  const LvsdReplaced *after;

  g_assert_nonnull (edit);
  after = (const LvsdReplaced *) edit->after;
  g_assert_nonnull (after);
  g_assert_cmpint (atoi (after->previous), ==, previous);
  g_assert_cmpint (atoi (after->written), ==, written);
  g_assert_cmpstr (after->boot_id, ==, BOOT);
}

static void
test_first_role_raises_all (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 0, 1);
  add_settings (fixture, "eth0", 0, 0);
  add_role (fixture, "192.0.2.100", "");
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 2);
  assert_written (fixture, "net/ipv4/conf/all/arp_ignore", 0, 1);
  assert_written (fixture, "net/ipv4/conf/all/arp_announce", 1, 2);
}

static void
test_what_a_setting_needs_is_left (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 0, 0);
  add_record (fixture, "net/ipv4/ip_forward", 0, 1, BOOT);
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 0);
}

static void
test_settings_that_are_right_are_left (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 2, 2);
  add_settings (fixture, "eth0", 1, 0);
  add_role (fixture, "192.0.2.100", "");
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 0);
}

static void
test_role_of_one_interface_leaves_all (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 0, 0);
  add_settings (fixture, "eth0", 0, 2);
  add_settings (fixture, "eth1", 8, 0);
  add_role (fixture, "192.0.2.100", "eth0");
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  assert_written (fixture, "net/ipv4/conf/eth0/arp_ignore", 0, 1);
}

static void
test_greater_value_is_refused_never_lowered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add_settings (fixture, "all", 0, 0);
  add_settings (fixture, "eth0", GPOINTER_TO_INT (data), 0);
  add_role (fixture, "192.0.2.100", "");
  g_assert_false (plan (fixture, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "net.ipv4.conf.eth0.arp_ignore"));
}

static void
test_ipv6_role_needs_nothing (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 8, 0);
  add_role (fixture, "2001:db8::100", "");
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 0);
}

static void
test_second_role_shares_the_record (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 1, 2);
  add_record (fixture, "net/ipv4/conf/all/arp_ignore", 0, 1, BOOT);
  add_record (fixture, "net/ipv4/conf/all/arp_announce", 0, 2, BOOT);
  add_role (fixture, "192.0.2.100", "");
  add_role (fixture, "192.0.2.101", "");
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 0);
}

static void
test_last_role_gives_the_settings_back (Fixture *fixture, gconstpointer data)
{
  const LvsdEdit *edit;

  (void) data;
  add_settings (fixture, "all", 1, 2);
  add_record (fixture, "net/ipv4/conf/all/arp_ignore", 0, 1, BOOT);
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  edit = lvsd_change_edit (fixture->change, 0);
  g_assert_nonnull (edit->before);
  g_assert_null (edit->after);
}

/* The role of eth0 needed nothing while "all" was raised for another one: when that goes, eth0's
 * own setting has to be raised before all's goes back. */
static void
test_remaining_role_gets_its_own_setting (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 1, 2);
  add_settings (fixture, "eth0", 0, 0);
  add_record (fixture, "net/ipv4/conf/all/arp_ignore", 0, 1, BOOT);
  add_record (fixture, "net/ipv4/conf/all/arp_announce", 0, 2, BOOT);
  add_role (fixture, "192.0.2.101", "eth0");
  g_assert_true (plan (fixture, NULL));
  assert_written (fixture, "net/ipv4/conf/eth0/arp_ignore", 0, 1);
  assert_written (fixture, "net/ipv4/conf/eth0/arp_announce", 0, 2);
  g_assert_null (find_edit (fixture, "net/ipv4/conf/all/arp_ignore")->after);
}

static void
test_record_of_another_boot_is_taken_afresh (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 0, 2);
  add_record (fixture, "net/ipv4/conf/all/arp_ignore", 2, 1, OTHER_BOOT);
  add_record (fixture, "net/ipv4/conf/all/arp_announce", 0, 2, OTHER_BOOT);
  add_role (fixture, "192.0.2.100", "");
  g_assert_true (plan (fixture, NULL));
  assert_written (fixture, "net/ipv4/conf/all/arp_ignore", 0, 1);
  g_assert_null (find_edit (fixture, "net/ipv4/conf/all/arp_announce")->after);
}

static void
add_tunnel_role (Fixture *fixture, const char *text, guint16 advmss)
{
  LvsdRole *role;

  add_role (fixture, text, "");
  role = g_ptr_array_index (fixture->roles, fixture->roles->len - 1);
  role->method = LVSD_METHOD_TUNNEL;
  role->advmss = advmss;
}

static void
hold (Fixture *fixture, const char *name, gint32 value)
{
  lvsd_actual_add (fixture->receivers, lvsd_replaced_new_number (name, value, value));
}

static void
test_tunnel_role_needs_its_device_and_a_loose_source_check (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 1, 2);
  add_settings (fixture, "tunl0", 0, 0);
  g_array_index (fixture->settings, LvsdArpSettings, 1).rp_filter = 1;
  add_tunnel_role (fixture, "192.0.2.100", 1440);
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 3);
  assert_written (fixture, "net/ipv4/conf/tunl0/rp_filter", 1, 2);
  assert_written (fixture, "link/tunl0", 0, 1);
  assert_written (fixture, "route/ipv4/advmss", 0, 1440);
}

static void
test_tunnel_role_hides_its_address_too (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 0, 0);
  add_tunnel_role (fixture, "192.0.2.100", 0);
  g_assert_true (plan (fixture, NULL));
  assert_written (fixture, "net/ipv4/conf/all/arp_ignore", 0, 1);
  assert_written (fixture, "net/ipv4/conf/all/arp_announce", 0, 2);
}

static void
test_device_that_was_up_is_recorded_so (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 1, 2);
  hold (fixture, "link/tunl0", 1);
  hold (fixture, "route/ipv4/advmss", 1300);
  add_tunnel_role (fixture, "192.0.2.100", 1440);
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  assert_written (fixture, "link/tunl0", 1, 1);
}

static void
test_least_segment_size_counts (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 1, 2);
  add_record (fixture, "link/tunl0", 0, 1, BOOT);
  add_record (fixture, "route/ipv4/advmss", 1460, 1440, BOOT);
  hold (fixture, "link/tunl0", 1);
  hold (fixture, "route/ipv4/advmss", 1440);
  add_tunnel_role (fixture, "192.0.2.100", 1440);
  add_tunnel_role (fixture, "192.0.2.101", 1300);
  add_tunnel_role (fixture, "192.0.2.102", 1400);
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  assert_written (fixture, "route/ipv4/advmss", 1460, 1300);
}

static void
test_ipv6_tunnel_needs_its_device_alone (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 8, 0);
  add_tunnel_role (fixture, "2001:db8::100", 0);
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  assert_written (fixture, "link/ip6tnl0", 0, 1);
}

static void
test_masquerade_needs_nothing (Fixture *fixture, gconstpointer data)
{
  (void) data;
  add_settings (fixture, "all", 8, 0);
  add_role (fixture, "192.0.2.100", "");
  ((LvsdRole *) g_ptr_array_index (fixture->roles, 0))->method = LVSD_METHOD_MASQUERADE;
  g_assert_true (plan (fixture, NULL));
  g_assert_cmpuint (fixture->change->edits->len, ==, 0);
}

static void
test_unknown_interface_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  (void) data;
  add_settings (fixture, "all", 0, 0);
  add_role (fixture, "192.0.2.100", "eth7");
  g_assert_false (plan (fixture, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "eth7"));
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/arp/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("first-role-raises-all", NULL, test_first_role_raises_all);
  ADD ("what-a-setting-needs-is-left", NULL, test_what_a_setting_needs_is_left);
  ADD ("settings-that-are-right-are-left", NULL, test_settings_that_are_right_are_left);
  ADD ("role-of-one-interface-leaves-all", NULL, test_role_of_one_interface_leaves_all);
  ADD ("3-is-refused", GINT_TO_POINTER (3), test_greater_value_is_refused_never_lowered);
  ADD ("8-is-refused", GINT_TO_POINTER (8), test_greater_value_is_refused_never_lowered);
  ADD ("ipv6-role-needs-nothing", NULL, test_ipv6_role_needs_nothing);
  ADD ("second-role-shares-the-record", NULL, test_second_role_shares_the_record);
  ADD ("last-role-gives-the-settings-back", NULL, test_last_role_gives_the_settings_back);
  ADD ("remaining-role-gets-its-own-setting", NULL, test_remaining_role_gets_its_own_setting);
  ADD ("record-of-another-boot-is-taken-afresh", NULL, test_record_of_another_boot_is_taken_afresh);
  ADD ("tunnel-role-needs-its-device-and-a-loose-source-check", NULL,
       test_tunnel_role_needs_its_device_and_a_loose_source_check);
  ADD ("tunnel-role-hides-its-address-too", NULL, test_tunnel_role_hides_its_address_too);
  ADD ("device-that-was-up-is-recorded-so", NULL, test_device_that_was_up_is_recorded_so);
  ADD ("least-segment-size-counts", NULL, test_least_segment_size_counts);
  ADD ("ipv6-tunnel-needs-its-device-alone", NULL, test_ipv6_tunnel_needs_its_device_alone);
  ADD ("masquerade-needs-nothing", NULL, test_masquerade_needs_nothing);
  ADD ("unknown-interface-is-named", NULL, test_unknown_interface_is_named);
  return g_test_run ();
}
