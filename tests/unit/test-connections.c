/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sys/socket.h>

#include "kernel/connections.h"

static void
assert_endpoint (const LvsdEndpoint *endpoint, const char *expected)
{
  char text[LVSD_ENDPOINT_TEXT_SIZE];

  g_assert_cmpstr (lvsd_endpoint_format (endpoint, text), ==, expected);
}

static void
test_ipv4_is_in_hexadecimal (void)
{
  LvsdConnection connection;

  g_assert_true (lvsd_connection_parse (
      "TCP C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 1F90 ESTABLISHED     897\n", &connection));
  g_assert_cmpuint (connection.protocol, ==, LVSD_PROTOCOL_TCP);
  assert_endpoint (&connection.client, "192.168.252.200:36380");
  assert_endpoint (&connection.virtual_address, "192.168.252.100:80");
  assert_endpoint (&connection.destination, "192.168.252.132:8080");
  g_assert_cmpstr (connection.state, ==, "ESTABLISHED");
  g_assert_cmpuint (connection.expires, ==, 897);
}

static void
test_ipv6_has_no_brackets (void)
{
  LvsdConnection connection;

  g_assert_true (
      lvsd_connection_parse ("UDP 2001:0db8:0000:0000:0000:0000:0000:0001 BBB0 "
                             "2001:0db8:0000:0000:0000:0000:0000:0001 0035 "
                             "2001:0db8:0000:0000:0000:0000:0000:0002 14E9 UDP             299\n",
                             &connection));
  g_assert_cmpuint (connection.protocol, ==, LVSD_PROTOCOL_UDP);
  assert_endpoint (&connection.client, "[2001:db8::1]:48048");
  assert_endpoint (&connection.destination, "[2001:db8::2]:5353");
}

/* A tunnel to another family, a template of a marked service, and persistence data behind. */
static void
test_unusual_entries (void)
{
  LvsdConnection connection;

  g_assert_true (lvsd_connection_parse (
      "TCP C0000201 1234 C0000202 0050 2001:0db8:0000:0000:0000:0000:0000:0002 0050 SYN_RECV 3\n",
      &connection));
  g_assert_cmpuint (connection.destination.address.family, ==, AF_INET6);
  g_assert_cmpuint (connection.client.address.family, ==, AF_INET);
  g_assert_true (lvsd_connection_parse (
      "IP  C0000200 0000 00000005 0000 C0000203 0000 NONE            59\n", &connection));
  g_assert_cmpuint (connection.protocol, ==, LVSD_PROTOCOL_NONE);
  g_assert_cmpuint (connection.client.port, ==, 0);
  g_assert_true (lvsd_connection_parse (
      "UDP C0000200 0000 C0000202 13C4 C0000203 13C4 UDP 300 sip 1234@host with more\n",
      &connection));
  g_assert_cmpuint (connection.expires, ==, 300);
  g_assert_true (lvsd_connection_parse ("IP_47 C0000200 0000 C0000202 0000 C0000203 0000 NONE 1",
                                        &connection));
  g_assert_cmpuint (connection.protocol, ==, 47);
  g_assert_true (lvsd_connection_parse (
      "TCP C0000200 0000 C0000202 0000 C0000203 0000 A_STATE_OF_THE_FAR_FUTURE 1", &connection));
  g_assert_cmpstr (connection.state, ==, "A_STATE_OF_THE_");
}

static void
test_anything_else_is_passed_over (void)
{
  static const char *const lines[] = {
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n",
    "",
    "\n",
    "TCP",
    "TCP C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED",
    "TCP C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED -1",
    "TCP C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 99999999999",
    "TCP C0A8FCC 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "TCP C0A8FCC88 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "TCP C0A8FCC8 18E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "TCP C0A8FCC8 8E1G C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "TCP 0xA8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "TCP [2001:db8::1] 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "XYZ C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
    "IP_300 C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      LvsdConnection connection;

      if (lvsd_connection_parse (lines[i], &connection))
        g_error ("taken for a connection: %s", lines[i]);
    }
}

static void
test_filter_finds_networks_of_clients_and_states (void)
{
  static const struct
  {
    const char *client;
    const char *state;
    gboolean matches;
  } cases[] = {
    { "192.168.252.200", "", TRUE },     { "192.168.252.0/24", "", TRUE },
    { "192.168.252.192/29", "", FALSE }, { "192.168.252.192/28", "", TRUE },
    { "2001:db8::/1", "", FALSE },       { "192.168.252.200", "established", TRUE },
    { NULL, "FIN_WAIT", FALSE },         { NULL, "", TRUE },
  };
  LvsdConnection connection;

  g_assert_true (lvsd_connection_parse (
      "TCP C0A8FCC8 8E1C C0A8FC64 0050 C0A8FC84 0050 ESTABLISHED 899", &connection));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LvsdConnectionFilter filter = { 0 };

      if (cases[i].client != NULL)
        g_assert_true (
            lvsd_prefix_parse (cases[i].client, &filter.client, &filter.client_prefix, NULL));
      g_strlcpy (filter.state, cases[i].state, sizeof filter.state);
      g_assert_cmpint (lvsd_connection_filter_matches (&filter, &connection), ==, cases[i].matches);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connections/ipv4-is-in-hexadecimal", test_ipv4_is_in_hexadecimal);
  g_test_add_func ("/connections/ipv6-has-no-brackets", test_ipv6_has_no_brackets);
  g_test_add_func ("/connections/unusual-entries", test_unusual_entries);
  g_test_add_func ("/connections/anything-else-is-passed-over", test_anything_else_is_passed_over);
  g_test_add_func ("/connections/filter-finds-networks-of-clients-and-states",
                   test_filter_finds_networks_of_clients_and_states);
  return g_test_run ();
}
