/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include <string.h>

#include "model/error.h"
#include "model/setting-plan.h"

#define BOOT "0d4a3c1e-0000-4000-8000-000000000001"
#define OTHER_BOOT "0d4a3c1e-0000-4000-8000-000000000002"

/* Names and values */

static void
test_a_name_is_taken_as_sysctl_takes_it (void)
{
  static const struct
  {
    const char *text;
    const char *name;
    const char *shown;
  } names[] = {
    { "net.ipv4.vs.drop_entry", "net/ipv4/vs/drop_entry", "net.ipv4.vs.drop_entry" },
    { "net/ipv4/vs/drop_entry", "net/ipv4/vs/drop_entry", "net.ipv4.vs.drop_entry" },
    { "timeout.tcp-fin", "timeout/tcp-fin", "timeout.tcp-fin" },
    { "net.ipv4.conf.eth0.send_redirects", "net/ipv4/conf/eth0/send_redirects",
      "net.ipv4.conf.eth0.send_redirects" },
    { "net.ipv4.conf.eth0/5.send_redirects", "net/ipv4/conf/eth0.5/send_redirects",
      "net/ipv4/conf/eth0.5/send_redirects" },
    { "net/ipv4/conf/a..b/send_redirects", "net/ipv4/conf/a..b/send_redirects",
      "net/ipv4/conf/a..b/send_redirects" },
    { "net/ipv6/conf/eth0.5/accept_ra", "net/ipv6/conf/eth0.5/accept_ra",
      "net/ipv6/conf/eth0.5/accept_ra" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char name[LVSD_SYSCTL_MAX + 1];
      g_autofree char *shown = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (lvsd_setting_parse_name (names[i].text, name, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (name, ==, names[i].name);
      shown = lvsd_setting_format_name (name);
      g_assert_cmpstr (shown, ==, names[i].shown);
    }
}

static void
test_what_is_not_managed_is_refused_with_the_reason (void)
{
  static const struct
  {
    const char *text;
    const char *reason;
  } names[] = {
    { "", "name" },
    { "net.ipv4.vs.", "net.ipv4.vs." },
    { "net.ipv4.vs.frobs", "/etc/sysctl.d" },
    { "kernel.panic", "/etc/sysctl.d" },
    { "net.ipv4.conf.all.arp_ignore", "role" },
    { "net.ipv4.conf.eth0.arp_announce", "role" },
    { "net.ipv4.conf.eth0.rp_filter", "role" },
    { "net.ipv4.conf.default.send_redirects", "/etc/sysctl.d" },
    { "net.ipv6.conf.all.accept_ra", "/etc/sysctl.d" },
    { "net/ipv4/conf/../send_redirects/../../vs/drop_entry", "/etc/sysctl.d" },
    { "net/ipv4/conf/a/b/send_redirects", "/etc/sysctl.d" },
    { "net/ipv4/conf/../send_redirects", "/etc/sysctl.d" },
    { "net/ipv4/conf/./send_redirects", "/etc/sysctl.d" },
    { "net/ipv4/conf/sixteencharacter/send_redirects", "/etc/sysctl.d" },
    { "net/ipv4/conf/a b/send_redirects", "name" },
    { "timeout.sctp", "/etc/sysctl.d" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char name[LVSD_SYSCTL_MAX + 1];
      g_autoptr (GError) error = NULL;

      g_assert_false (lvsd_setting_parse_name (names[i].text, name, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, names[i].reason));
    }
}

#define VS "net.ipv4.vs."

static const struct
{
  const char *name;
  const char *text;
  const char *value; /* NULL: refused */
} as_written[] = {
  { VS "drop_entry", "3", "3" },
  { VS "drop_entry", "03", "3" },
  { VS "drop_entry", "4", NULL },
  { VS "drop_entry", "-1", NULL },
  { VS "drop_entry", "", NULL },
  { VS "drop_entry", "1 2", NULL },
  { VS "drop_entry", "one", NULL },
  { VS "conn_reuse_mode", "2", "2" },
  { VS "est_nice", "-20", "-20" },
  { VS "est_nice", "20", NULL },
  { VS "conn_lfactor", "-8", "-8" },
  { VS "conn_lfactor", "9", NULL },
  { VS "conn_max", "1073741824", "1073741824" },
  { VS "conn_max", "1073741825", NULL },
  { VS "sync_ports", "8", "8" },
  { VS "sync_ports", "6", NULL },
  { VS "sync_ports", "0", NULL },
  { VS "sync_retries", "4", NULL },
  { VS "sync_threshold", "3\t50", "3 50" },
  { VS "sync_threshold", "  3   50\n", "3 50" },
  { VS "sync_threshold", "0 0", "0 0" },
  { VS "sync_threshold", "5 0", "5 0" },
  { VS "sync_threshold", "50 3", NULL },
  { VS "sync_threshold", "3 3", NULL },
  { VS "sync_threshold", "3", NULL },
  { VS "sync_threshold", "1 2 3", NULL },
  { VS "est_cpulist", "2,0-1,8,9", "0-2,8-9" },
  { VS "est_cpulist", "8191", "8191" },
  { VS "est_cpulist", "8192", NULL },
  { VS "est_cpulist", "3-1", NULL },
  { VS "est_cpulist", "all", NULL },
  { VS "est_cpulist", "1,", NULL },
  { VS "est_cpulist", "", NULL },
  { "timeout.tcp", "1", "1" },
  { "timeout.tcp", "2678400", "2678400" },
  { "timeout.tcp", "2678401", NULL },
  { "timeout.udp", "0", NULL },
  { "net.ipv4.ip_forward", "2", NULL },
  { "net.ipv6.conf.eth0.accept_ra", "2", "2" },
};

static void
test_a_value_is_written_as_the_kernel_prints_it (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (as_written); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsdSetting) setting =
          lvsd_setting_new (as_written[i].name, as_written[i].text, &error);

      g_test_message ("%s=%s", as_written[i].name, as_written[i].text);
      g_assert_true ((setting != NULL) == (as_written[i].value != NULL));
      if (setting == NULL)
        {
          g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
          g_assert_nonnull (strstr (error->message, as_written[i].name));
          g_assert_nonnull (strstr (error->message, "value"));
          continue;
        }
      g_assert_cmpstr (setting->value, ==, as_written[i].value);
      g_assert_true (lvsd_item_validate (setting, NULL));
    }
}

static void
test_every_known_setting_can_be_named (void)
{
  const char *known;
  guint n = 0;

  for (; (known = lvsd_setting_known (n)) != NULL; n++)
    {
      g_autofree char *shown = lvsd_setting_format_name (known);
      char name[LVSD_SYSCTL_MAX + 1];

      g_assert_true (lvsd_setting_parse_name (shown, name, NULL));
      g_assert_cmpstr (name, ==, known);
    }
  g_assert_cmpuint (n, >, 30);
}

static void
test_what_somebody_has_set_is_told_from_what_a_kernel_begins_with (void)
{
  g_assert_true (lvsd_setting_is_off_preset ("net/ipv4/vs/drop_entry", "3"));
  g_assert_false (lvsd_setting_is_off_preset ("net/ipv4/vs/drop_entry", "0"));
  g_assert_false (lvsd_setting_is_off_preset ("net/ipv4/vs/sync_threshold", "3 50"));
  g_assert_true (lvsd_setting_is_off_preset ("net/ipv4/vs/sync_threshold", "3 51"));
  g_assert_true (lvsd_setting_is_off_preset ("timeout/tcp", "901"));
  g_assert_false (lvsd_setting_is_off_preset ("net/ipv4/vs/sync_qlen_max", "1"));
  g_assert_false (lvsd_setting_is_off_preset ("net/ipv6/conf/eth0/accept_ra", "2"));
  g_assert_false (lvsd_setting_is_off_preset ("net/ipv4/tcp_rmem", "1"));
}

/* What the settings need */

typedef struct
{
  LvsdTable *table;
  GPtrArray *settings;
  GHashTable *held;
  LvsdChange *change;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->table = lvsd_table_new ();
  fixture->settings = g_ptr_array_new_with_free_func (lvsd_item_unref);
  fixture->held = g_hash_table_new (g_str_hash, g_str_equal);
  fixture->change = lvsd_change_new ();
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  lvsd_change_free (fixture->change);
  g_hash_table_unref (fixture->held);
  g_ptr_array_unref (fixture->settings);
  lvsd_table_free (fixture->table);
}

static LvsdSetting *
want (Fixture *fixture, const char *value)
{
  LvsdSetting *setting = sample_setting ("net.ipv4.ip_forward", value);

  g_ptr_array_add (fixture->settings, setting);
  return setting;
}

static void
hold (Fixture *fixture, const char *value)
{
  g_hash_table_insert (fixture->held, (gpointer) "net/ipv4/ip_forward", (gpointer) value);
}

static void
record (Fixture *fixture,
        const char *name,
        const char *previous,
        const char *written,
        const char *boot)
{
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new (name, previous, written);

  g_strlcpy (replaced->boot_id, boot, sizeof replaced->boot_id);
  lvsd_table_replace (fixture->table, NULL, replaced);
}

/* "previous->written" of the record that is planned, "-" for one that goes, "" for none. */
static void
assert_planned (Fixture *fixture, const char *expected)
{
  g_autofree char *planned = NULL;
  const LvsdReplaced *after;

  lvsd_setting_plan (fixture->settings, fixture->table, fixture->held, BOOT, fixture->change);
  for (guint i = 0; i < fixture->change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (fixture->change, i);

      if (lvsd_item_get_kind (edit->before != NULL ? edit->before : edit->after)
          != LVSD_KIND_REPLACED)
        continue;
      g_assert_null (planned);
      after = (const LvsdReplaced *) edit->after;
      if (after != NULL)
        g_assert_cmpstr (after->boot_id, ==, BOOT);
      planned = after != NULL ? g_strdup_printf ("%s->%s", after->previous, after->written)
                              : g_strdup ("-");
    }
  g_assert_cmpstr (planned != NULL ? planned : "", ==, expected);
}

static void
test_what_was_there_is_recorded (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "1");
  hold (fixture, "0");
  assert_planned (fixture, "0->1");
}

static void
test_what_is_right_already_is_recorded_too (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "1");
  hold (fixture, "1");
  assert_planned (fixture, "1->1");
}

static void
test_a_record_of_this_boot_keeps_what_was_there (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "0");
  hold (fixture, "1");
  record (fixture, "net/ipv4/ip_forward", "0", "1", BOOT);
  assert_planned (fixture, "0->0");
}

static void
test_nothing_new_is_nothing_to_record (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "1");
  hold (fixture, "0");
  record (fixture, "net/ipv4/ip_forward", "0", "1", BOOT);
  assert_planned (fixture, "");
}

static void
test_one_that_is_set_again_is_looked_at (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  LvsdSetting *setting = want (fixture, "1");

  hold (fixture, "0");
  record (fixture, "net/ipv4/ip_forward", "0", "1", BOOT);
  lvsd_change_add (fixture->change, setting, setting);
  assert_planned (fixture, "0->1");
}

static void
test_another_boot_has_other_values (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "1");
  hold (fixture, "1");
  record (fixture, "net/ipv4/ip_forward", "0", "1", OTHER_BOOT);
  assert_planned (fixture, "1->1");
}

static void
test_one_that_is_missing_since_the_boot_has_no_record (Fixture *fixture,
                                                       G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "1");
  record (fixture, "net/ipv4/ip_forward", "0", "1", OTHER_BOOT);
  assert_planned (fixture, "-");
}

static void
test_one_that_has_gone_keeps_its_record (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  want (fixture, "1");
  record (fixture, "net/ipv4/ip_forward", "0", "1", BOOT);
  assert_planned (fixture, "");
}

static void
test_what_is_not_wanted_any_more_goes (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  record (fixture, "net/ipv4/ip_forward", "0", "1", BOOT);
  assert_planned (fixture, "-");
}

static void
test_what_a_role_needs_is_left (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  record (fixture, "net/ipv4/conf/all/arp_ignore", "0", "1", BOOT);
  assert_planned (fixture, "");
}

static void
add (const char *name, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/setting/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setting/a-name-is-taken-as-sysctl-takes-it",
                   test_a_name_is_taken_as_sysctl_takes_it);
  g_test_add_func ("/setting/what-is-not-managed-is-refused-with-the-reason",
                   test_what_is_not_managed_is_refused_with_the_reason);
  g_test_add_func ("/setting/a-value-is-written-as-the-kernel-prints-it",
                   test_a_value_is_written_as_the_kernel_prints_it);
  g_test_add_func ("/setting/every-known-setting-can-be-named",
                   test_every_known_setting_can_be_named);
  g_test_add_func ("/setting/what-somebody-has-set-is-told-from-what-a-kernel-begins-with",
                   test_what_somebody_has_set_is_told_from_what_a_kernel_begins_with);
  add ("what-was-there-is-recorded", test_what_was_there_is_recorded);
  add ("what-is-right-already-is-recorded-too", test_what_is_right_already_is_recorded_too);
  add ("a-record-of-this-boot-keeps-what-was-there",
       test_a_record_of_this_boot_keeps_what_was_there);
  add ("nothing-new-is-nothing-to-record", test_nothing_new_is_nothing_to_record);
  add ("one-that-is-set-again-is-looked-at", test_one_that_is_set_again_is_looked_at);
  add ("another-boot-has-other-values", test_another_boot_has_other_values);
  add ("one-that-is-missing-since-the-boot-has-no-record",
       test_one_that_is_missing_since_the_boot_has_no_record);
  add ("one-that-has-gone-keeps-its-record", test_one_that_has_gone_keeps_its_record);
  add ("what-is-not-wanted-any-more-goes", test_what_is_not_wanted_any_more_goes);
  add ("what-a-role-needs-is-left", test_what_a_role_needs_is_left);
  return g_test_run ();
}
