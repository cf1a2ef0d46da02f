/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "model/error.h"

static LvsdAddress
address_of (const char *text)
{
  LvsdAddress address;

  g_assert_true (lvsd_address_parse (text, &address, NULL));
  return address;
}

static void
test_address_comes_back (void)
{
  static const char *const texts[] = { "0.0.0.0",         "1.20.255.100", "9.10.99.199",
                                       "255.255.255.255", "::",           "::1",
                                       "2001:db8::1",     "fe80::1:2",    "::ffff:192.0.2.1" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      LvsdAddress address = address_of (texts[i]);
      char text[LVSD_ADDRESS_TEXT_SIZE];

      g_assert_cmpstr (lvsd_address_format (&address, text), ==, texts[i]);
    }
}

static void
test_every_ipv4_octet_is_formatted_as_inet_ntop_does (void)
{
  for (guint octet = 0; octet < 256; octet++)
    {
      LvsdAddress address = { .family = AF_INET,
                              .bytes = { (guint8) octet, 0, (guint8) (255 - octet), 7 } };
      char text[LVSD_ADDRESS_TEXT_SIZE];
      char expected[INET_ADDRSTRLEN];

      inet_ntop (AF_INET, address.bytes, expected, sizeof expected);
      g_assert_cmpstr (lvsd_address_format (&address, text), ==, expected);
    }
}

static void
test_no_address_is_empty_text (void)
{
  LvsdAddress none = { 0 };
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_assert_cmpstr (lvsd_address_format (&none, text), ==, "");
}

static void
test_what_is_no_address_is_refused (void)
{
  static const char *const texts[] = {
    "",      "x",      "192.0.2",       "192.0.2.256", "192.0.2.1 ", "192.0.02.1", "192.0.2.1/24",
    "[::1]", "::1%lo", "2001:db8::1::2"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      LvsdAddress address;

      g_assert_false (lvsd_address_parse (texts[i], &address, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, texts[i]));
    }
}

static void
test_kinds_of_addresses_are_told_apart (void)
{
  LvsdAddress unicast = address_of ("192.0.2.1");
  LvsdAddress unspecified = address_of ("0.0.0.0");
  LvsdAddress unspecified6 = address_of ("::");
  LvsdAddress multicast = address_of ("239.1.2.3");
  LvsdAddress multicast6 = address_of ("ff02::1");
  LvsdAddress broadcast = address_of ("255.255.255.255");
  LvsdAddress loopback = address_of ("127.9.9.9");
  LvsdAddress loopback6 = address_of ("::1");
  LvsdAddress link_local = address_of ("169.254.1.1");
  LvsdAddress link_local6 = address_of ("febf::1");
  LvsdAddress global6 = address_of ("fec0::1");

  g_assert_true (lvsd_address_is_unspecified (&unspecified));
  g_assert_true (lvsd_address_is_unspecified (&unspecified6));
  g_assert_false (lvsd_address_is_unspecified (&unicast));
  g_assert_true (lvsd_address_is_multicast (&multicast));
  g_assert_true (lvsd_address_is_multicast (&multicast6));
  g_assert_false (lvsd_address_is_multicast (&broadcast));
  g_assert_true (lvsd_address_is_broadcast (&broadcast));
  g_assert_false (lvsd_address_is_broadcast (&multicast6));
  g_assert_true (lvsd_address_is_loopback (&loopback));
  g_assert_true (lvsd_address_is_loopback (&loopback6));
  g_assert_false (lvsd_address_is_loopback (&unspecified6));
  g_assert_true (lvsd_address_is_link_local (&link_local));
  g_assert_true (lvsd_address_is_link_local (&link_local6));
  g_assert_false (lvsd_address_is_link_local (&global6));
}

static void
test_networks_are_compared_bit_by_bit (void)
{
  LvsdAddress a = address_of ("192.0.2.129");
  LvsdAddress b = address_of ("192.0.2.254");
  LvsdAddress c = address_of ("192.0.2.127");
  LvsdAddress d = address_of ("2001:db8::1");
  LvsdAddress e = address_of ("2001:db8::2");

  g_assert_true (lvsd_address_same_network (&a, &b, 25));
  g_assert_false (lvsd_address_same_network (&a, &b, 26));
  g_assert_false (lvsd_address_same_network (&a, &c, 25));
  g_assert_true (lvsd_address_same_network (&a, &c, 24));
  g_assert_true (lvsd_address_same_network (&a, &c, 0));
  g_assert_false (lvsd_address_same_network (&a, &b, 32));
  g_assert_true (lvsd_address_same_network (&a, &a, 32));
  g_assert_true (lvsd_address_same_network (&d, &e, 126));
  g_assert_false (lvsd_address_same_network (&d, &e, 127));
  g_assert_true (lvsd_address_same_network (&d, &d, 128));
  g_assert_false (lvsd_address_same_network (&a, &d, 0));
}

static void
test_order_is_by_family_then_bytes (void)
{
  LvsdAddress low = address_of ("10.0.0.2");
  LvsdAddress high = address_of ("192.0.2.1");
  LvsdAddress six = address_of ("::1");

  g_assert_cmpint (lvsd_address_compare (&low, &high), <, 0);
  g_assert_cmpint (lvsd_address_compare (&high, &low), >, 0);
  g_assert_cmpint (lvsd_address_compare (&high, &six), <, 0);
  g_assert_cmpint (lvsd_address_compare (&six, &six), ==, 0);
  g_assert_cmpuint (lvsd_address_hash (&low), !=, lvsd_address_hash (&high));
}

static void
test_addresses_of_a_network_hash_apart (void)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < 65536; i++)
    {
      LvsdAddress address = { .family = AF_INET,
                              .bytes = { 10, 0, (guint8) (i >> 8), (guint8) i } };

      g_hash_table_add (hashes, GUINT_TO_POINTER (lvsd_address_hash (&address)));
    }
  g_assert_cmpuint (g_hash_table_size (hashes), >, 65000);
}

static void
test_prefix_defaults_to_the_whole_address (void)
{
  LvsdAddress address;
  guint length;

  g_assert_true (lvsd_prefix_parse ("192.0.2.1", &address, &length, NULL));
  g_assert_cmpuint (length, ==, 32);
  g_assert_true (lvsd_prefix_parse ("2001:db8::1", &address, &length, NULL));
  g_assert_cmpuint (length, ==, 128);
  g_assert_true (lvsd_prefix_parse ("192.0.2.1/24", &address, &length, NULL));
  g_assert_cmpuint (length, ==, 24);
}

static void
test_prefix_lengths_out_of_range_are_refused (void)
{
  static const char *const texts[] = { "",
                                       "/24",
                                       "192.0.2.1/",
                                       "192.0.2.1/0",
                                       "192.0.2.1/33",
                                       "192.0.2.1/-1",
                                       "192.0.2.1/x",
                                       "::1/129",
                                       "::1/64/64" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      LvsdAddress address;
      guint length;

      g_assert_false (lvsd_prefix_parse (texts[i], &address, &length, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_endpoint_needs_brackets_for_ipv6_with_port (void)
{
  LvsdEndpoint endpoint;
  gboolean has_port;
  char text[LVSD_ENDPOINT_TEXT_SIZE];

  g_assert_true (lvsd_endpoint_parse ("[2001:db8::1]:53", &endpoint, &has_port, NULL));
  g_assert_true (has_port);
  g_assert_cmpstr (lvsd_endpoint_format (&endpoint, text), ==, "[2001:db8::1]:53");

  g_assert_true (lvsd_endpoint_parse ("2001:db8::1", &endpoint, &has_port, NULL));
  g_assert_false (has_port);
  g_assert_true (lvsd_endpoint_parse ("[2001:db8::1]", &endpoint, &has_port, NULL));
  g_assert_false (has_port);
}

static void
test_endpoint_without_a_port_is_refused_where_one_is_needed (void)
{
  g_autoptr (GError) error = NULL;
  LvsdEndpoint endpoint;
  gboolean has_port;

  g_assert_true (lvsd_endpoint_parse ("192.0.2.1", &endpoint, &has_port, NULL));
  g_assert_false (has_port);
  g_assert_cmpuint (endpoint.port, ==, 0);
  g_assert_false (lvsd_endpoint_parse ("192.0.2.1", &endpoint, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
}

static void
test_what_is_no_endpoint_is_refused (void)
{
  static const char *const texts[] = { "",
                                       ":80",
                                       "192.0.2.1:",
                                       "192.0.2.1:65536",
                                       "192.0.2.1:-1",
                                       "192.0.2.1:+1",
                                       "192.0.2.1:8 0",
                                       "[::1",
                                       "[::1]80",
                                       "[::1]:",
                                       "[]:80",
                                       "::1]:80",
                                       "192.0.2.1:http" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      LvsdEndpoint endpoint;
      gboolean has_port;

      g_assert_false (lvsd_endpoint_parse (texts[i], &endpoint, &has_port, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/address-comes-back", test_address_comes_back);
  g_test_add_func ("/address/every-ipv4-octet-is-formatted-as-inet-ntop-does",
                   test_every_ipv4_octet_is_formatted_as_inet_ntop_does);
  g_test_add_func ("/address/no-address-is-empty-text", test_no_address_is_empty_text);
  g_test_add_func ("/address/what-is-no-address-is-refused", test_what_is_no_address_is_refused);
  g_test_add_func ("/address/kinds-of-addresses-are-told-apart",
                   test_kinds_of_addresses_are_told_apart);
  g_test_add_func ("/address/networks-are-compared-bit-by-bit",
                   test_networks_are_compared_bit_by_bit);
  g_test_add_func ("/address/order-is-by-family-then-bytes", test_order_is_by_family_then_bytes);
  g_test_add_func ("/address/addresses-of-a-network-hash-apart",
                   test_addresses_of_a_network_hash_apart);
  g_test_add_func ("/address/prefix-defaults-to-the-whole-address",
                   test_prefix_defaults_to_the_whole_address);
  g_test_add_func ("/address/prefix-lengths-out-of-range-are-refused",
                   test_prefix_lengths_out_of_range_are_refused);
  g_test_add_func ("/address/endpoint-needs-brackets-for-ipv6-with-port",
                   test_endpoint_needs_brackets_for_ipv6_with_port);
  g_test_add_func ("/address/endpoint-without-a-port-is-refused-where-one-is-needed",
                   test_endpoint_without_a_port_is_refused_where_one_is_needed);
  g_test_add_func ("/address/what-is-no-endpoint-is-refused", test_what_is_no_endpoint_is_refused);
  return g_test_run ();
}
