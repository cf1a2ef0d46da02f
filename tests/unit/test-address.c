/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/address.h"

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
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/endpoint-needs-brackets-for-ipv6-with-port",
                   test_endpoint_needs_brackets_for_ipv6_with_port);
  return g_test_run ();
}
