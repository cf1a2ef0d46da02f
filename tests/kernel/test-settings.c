/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/socket.h>

#include "kernel/connections.h"
#include "kernel/setting.h"
#include "kernel/sysctl.h"
#include "model/error.h"
#include "model/setting.h"
#include "namespace.h"

static void
test_a_setting_is_written_and_read (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdReplaced) wanted = lvsd_replaced_new ("net/ipv4/conf/all/arp_ignore", "0", "1");
  LvsdStep step = { .verb = LVSD_STEP_SET, .item = (LvsdItem *) wanted };
  gint32 value = -1;

  namespace_enter ();
  assert_ok (lvsd_kernel_setting_apply (ipvs, &step, &unexpected));
  assert_ok (lvsd_sysctl_read ("net/ipv4/conf/all/arp_ignore", &value, &unexpected));
  g_assert_cmpint (value, ==, 1);
  g_strlcpy (wanted->written, "0", sizeof wanted->written);
  assert_ok (lvsd_kernel_setting_apply (ipvs, &step, &unexpected));
  assert_ok (lvsd_sysctl_read ("net/ipv4/conf/all/arp_ignore", &value, &unexpected));
  g_assert_cmpint (value, ==, 0);
}

static void
assert_timeout (LvsdIpvs *ipvs, const char *name, const char *expected)
{
  g_autofree char *value = NULL;

  assert_ok ((value = lvsd_kernel_setting_read (ipvs, name, &unexpected)) != NULL);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_a_timeout_is_written_without_the_others (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdReplaced) wanted = lvsd_replaced_new ("timeout/tcp-fin", "", "33");
  LvsdStep step = { .verb = LVSD_STEP_SET, .item = (LvsdItem *) wanted };
  g_autofree char *printed = NULL;

  namespace_enter ();
  namespace_run ("ipvsadm --set 111 22 44");
  assert_ok (lvsd_kernel_setting_apply (ipvs, &step, &unexpected));
  assert_timeout (ipvs, "timeout/tcp", "111");
  assert_timeout (ipvs, "timeout/tcp-fin", "33");
  assert_timeout (ipvs, "timeout/udp", "44");
  printed = namespace_output ("ipvsadm -L --timeout");
  g_assert_nonnull (strstr (printed, ": 111 33 44"));
}

static void
test_a_setting_of_two_numbers_has_one_space (void)
{
  g_autofree char *value = NULL;

  namespace_enter ();
  assert_ok (lvsd_sysctl_write_text ("net/ipv4/vs/sync_threshold", "4 60", &unexpected));
  assert_ok ((value = lvsd_sysctl_read_text ("net/ipv4/vs/sync_threshold", &unexpected)) != NULL);
  g_assert_cmpstr (value, ==, "4 60");
}

static void
assert_refused (const char *name, const char *shown, gint32 value, LvsdError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_sysctl_write (name, value, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, LVSD_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, shown));
}

static void
test_what_cannot_be_written_is_refused (void)
{
  gint32 value;
  g_autoptr (GError) error = NULL;

  namespace_enter ();
  assert_refused ("net/ipv4/conf/eth7/arp_ignore", "net.ipv4.conf.eth7.arp_ignore", 1,
                  LVSD_ERROR_NOT_FOUND);
  assert_refused ("kernel/hostname", "kernel/hostname", 1, LVSD_ERROR_INVALID_ARGUMENT);
  assert_refused ("net/../kernel/panic", "net/../kernel/panic", 1, LVSD_ERROR_INVALID_ARGUMENT);
  assert_refused ("net/ipv4/vs/sync_version", "net.ipv4.vs.sync_version", 9,
                  LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_false (lvsd_sysctl_read ("net/ipv4/tcp_rmem", &value, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
}

static void
test_interfaces_with_settings_are_listed (void)
{
  g_auto (GStrv) names = NULL;

  namespace_enter ();
  namespace_run ("ip link add eth0.5 type dummy");
  assert_ok ((names = lvsd_sysctl_list_interfaces (AF_INET, &unexpected)) != NULL);
  g_assert_true (g_strv_contains ((const char *const *) names, "lo"));
  g_assert_true (g_strv_contains ((const char *const *) names, "eth0.5"));
  g_assert_false (g_strv_contains ((const char *const *) names, "all"));
}

static gboolean
collect (const LvsdConnection *connection, gpointer user_data)
{
  GArray *connections = user_data;

  g_array_append_val (connections, *connection);
  return connections->len < 3;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  (void) source;
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GArray *
read_connections (void)
{
  GArray *connections = g_array_new (FALSE, FALSE, sizeof (LvsdConnection));
  g_autoptr (GAsyncResult) result = NULL;

  lvsd_connections_read_async (collect, connections, NULL, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_ok (lvsd_connections_read_finish (result, &unexpected));
  return connections;
}

static void
assert_connection (const LvsdConnection *connection, const char *virtual, const char *destination)
{
  char text[LVSD_ENDPOINT_TEXT_SIZE];

  g_assert_cmpuint (connection->protocol, ==, LVSD_PROTOCOL_UDP);
  g_assert_cmpstr (connection->state, ==, "UDP");
  g_assert_cmpuint (connection->expires, >, 250);
  g_assert_cmpuint (connection->expires, <=, 300);
  g_assert_cmpstr (lvsd_endpoint_format (&connection->virtual_address, text), ==, virtual);
  g_assert_cmpstr (lvsd_endpoint_format (&connection->destination, text), ==, destination);
}

static void
test_connections_are_read (void)
{
  g_autoptr (GArray) four = NULL;
  g_autoptr (GArray) both = NULL;
  g_autoptr (GArray) some = NULL;
  g_autofree char *table = NULL;
  guint found = 0;

  namespace_enter ();
  namespace_run ("ip address add 192.0.2.1/32 dev lo");
  namespace_run ("ip address add 192.0.2.2/32 dev lo");
  namespace_run ("ip address add 2001:db8::1/128 dev lo nodad");
  namespace_run ("ip address add 2001:db8::2/128 dev lo nodad");
  namespace_run ("ipvsadm -A -u 192.0.2.1:53");
  namespace_run ("ipvsadm -a -u 192.0.2.1:53 -r 192.0.2.2:5353 -m");
  namespace_run ("ipvsadm -A -u [2001:db8::1]:53");
  namespace_run ("ipvsadm -a -u [2001:db8::1]:53 -r [2001:db8::2]:5353 -m");
  namespace_run ("bash -c 'echo x > /dev/udp/192.0.2.1/53'");
  four = read_connections ();
  g_assert_cmpuint (four->len, ==, 1);
  assert_connection (&g_array_index (four, LvsdConnection, 0), "192.0.2.1:53", "192.0.2.2:5353");
  namespace_run ("bash -c 'echo x > /dev/udp/2001:db8::1/53'");
  g_assert_true (g_file_get_contents ("/proc/net/ip_vs_conn", &table, NULL, NULL));
  g_test_message ("%s", table);
  both = read_connections ();
  g_assert_cmpuint (both->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const LvsdConnection *connection = &g_array_index (both, LvsdConnection, i);

      if (connection->client.address.family != AF_INET6)
        continue;
      found++;
      assert_connection (connection, "[2001:db8::1]:53", "[2001:db8::2]:5353");
    }
  g_assert_cmpuint (found, ==, 1);
  namespace_run ("bash -c 'for i in 1 2 3 4 5; do echo x > /dev/udp/192.0.2.1/53; done'");
  some = read_connections ();
  g_assert_cmpuint (some->len, ==, 3);
}

static gboolean
count (const LvsdConnection *connection, gpointer user_data)
{
  (void) connection;
  (*(guint *) user_data)++;
  return TRUE;
}

static void
test_reading_connections_can_be_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint counted = 0;

  namespace_enter ();
  g_cancellable_cancel (cancellable);
  lvsd_connections_read_async (count, &counted, NULL, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (lvsd_connections_read_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (counted, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/a-setting-is-written-and-read", test_a_setting_is_written_and_read);
  g_test_add_func ("/settings/a-timeout-is-written-without-the-others",
                   test_a_timeout_is_written_without_the_others);
  g_test_add_func ("/settings/a-setting-of-two-numbers-has-one-space",
                   test_a_setting_of_two_numbers_has_one_space);
  g_test_add_func ("/settings/what-cannot-be-written-is-refused",
                   test_what_cannot_be_written_is_refused);
  g_test_add_func ("/settings/interfaces-with-settings-are-listed",
                   test_interfaces_with_settings_are_listed);
  g_test_add_func ("/connections/are-read", test_connections_are_read);
  g_test_add_func ("/connections/reading-can-be-cancelled",
                   test_reading_connections_can_be_cancelled);
  return g_test_run ();
}
