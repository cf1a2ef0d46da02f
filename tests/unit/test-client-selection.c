/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/arguments.h"
#include "client/connection-groups.h"
#include "client/connections.h"
#include "client/destination.h"
#include "client/exit-status.h"
#include "client/resolution.h"
#include "client/selection.h"
#include "client/service.h"
#include "rows.h"

static GPtrArray *
make_destinations (void)
{
  return parse_rows (
      &lvsctl_destination_listing,
      "{'service': <(['web', 'dns'], [uint16 0, 0, 1])>,"
      " 'endpoint': <['192.0.2.11:80', '192.0.2.9:80', '[2001:db8::1]:53']>,"
      " 'method': <(['direct', 'local'], [uint16 0, 0, 1])>,"
      " 'weight': <[uint16 10, 9, 10]>, 'effective-weight': <[uint16 10, 9, 0]>,"
      " 'state': <(['applied'], [uint16 0, 0, 0])>, 'active': <[uint16 3, 30, 200]>,"
      " 'inactive': <[uint16 1, 1, 1]>, 'fields': <[(uint16 0, 'upper-threshold', <uint32 9>)]>}");
}

static char *
format (const char *columns, const char *sort)
{
  g_autoptr (GPtrArray) rows = make_destinations ();
  g_autoptr (LvsctlTable) table = NULL;

  lvsctl_selection_sort (&lvsctl_destination_listing, sort, rows);
  table = lvsctl_selection_to_table (&lvsctl_destination_listing, columns, rows);
  return lvsctl_table_format (table, TRUE, FALSE);
}

static void
test_columns_are_those_that_were_named (void)
{
  g_autofree char *text = format ("upper-threshold,endpoint,persistent", NULL);

  g_assert_cmpstr (text, ==,
                   "UPPER-THRESHOLD  DESTINATION       PERSISTENT\n"
                   "9                192.0.2.11:80              0\n"
                   "0                192.0.2.9:80               0\n"
                   "0                [2001:db8::1]:53           0\n");
}

static void
test_rows_are_sorted_as_people_count (void)
{
  static const struct
  {
    const char *sort;
    const char *text;
  } cases[] = {
    { "endpoint", "192.0.2.9:80\n192.0.2.11:80\n[2001:db8::1]:53\n" },
    { "active", "192.0.2.11:80\n192.0.2.9:80\n[2001:db8::1]:53\n" },
    { "-active", "[2001:db8::1]:53\n192.0.2.9:80\n192.0.2.11:80\n" },
    /* what is the same stays in its order, either way */
    { "weight", "192.0.2.9:80\n192.0.2.11:80\n[2001:db8::1]:53\n" },
    { "-weight", "192.0.2.11:80\n[2001:db8::1]:53\n192.0.2.9:80\n" },
    { "upper-threshold", "192.0.2.9:80\n[2001:db8::1]:53\n192.0.2.11:80\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) rows = make_destinations ();
      g_autoptr (GString) lines = g_string_new (NULL);

      lvsctl_selection_sort (&lvsctl_destination_listing, cases[i].sort, rows);
      lvsctl_selection_append_lines (lines, &lvsctl_destination_listing, "endpoint", NULL, rows);
      g_assert_cmpstr (lines->str, ==, cases[i].text);
    }
}

static void
test_terse_lines_have_values_as_they_are (void)
{
  g_autoptr (GPtrArray) rows = make_destinations ();
  g_autoptr (GString) lines = g_string_new (NULL);

  lvsctl_selection_append_lines (lines, &lvsctl_destination_listing, NULL, "destination", rows);
  g_assert_cmpstr (lines->str, ==,
                   "destination\tweb\t192.0.2.11:80\tdirect\t10\t3\t1\tapplied\n"
                   "destination\tweb\t192.0.2.9:80\tdirect\t9\t30\t1\tapplied\n"
                   "destination\tdns\t[2001:db8::1]:53\tlocal\t10\t200\t1\tapplied\n");
}

static void
test_unknown_columns_are_named (void)
{
  static const struct
  {
    const char *option;
    const char *message;
  } cases[] = {
    { "--columns=protocol,colour", "--columns: 'colour' is not a column here; there are protocol, "
                                   "client, virtual, destination, service, state, expires" },
    { "--columns=", "--columns: '' is not a column here; there are protocol, client, virtual, "
                    "destination, service, state, expires" },
    { "--sort=-size", "--sort: 'size' is not a column here; there are protocol, client, virtual, "
                      "destination, service, state, expires" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *argv[] = { "connections", cases[i].option, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsctlArguments) arguments = lvsctl_arguments_parse (argv, &error);

      g_assert_no_error (error);
      g_assert_false (lvsctl_selection_check (arguments, &lvsctl_connection_listing, &error));
      g_assert_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static GPtrArray *
make_connections (void)
{
  return parse_rows (
      &lvsctl_connection_listing,
      "[('tcp', '192.0.2.1:1', '192.0.2.100:80', '192.0.2.11:80', 'web', 'ESTABLISHED', 9),"
      " ('tcp', '192.0.2.1:2', '192.0.2.100:80', '192.0.2.12:80', 'web', 'FIN_WAIT', 9),"
      " ('tcp', '192.0.2.1:0', '192.0.2.100:80', '192.0.2.12:80', 'web', 'NONE', 9),"
      " ('udp', '[2001:db8::1]:5', '[2001:db8::9]:53', '[2001:db8::2]:53', '', 'UDP', 9)]");
}

static void
test_connections_are_counted_by_group (void)
{
  static const struct
  {
    const char *by;
    guint limit;
    const char *text;
  } cases[] = {
    { "client", 0, "192.0.2.1\t2\t1\t1\n2001:db8::1\t1\t0\t0\n" },
    { "client", 1, "192.0.2.1\t2\t1\t1\n" },
    { "destination", 0,
      "192.0.2.11:80\t1\t1\t0\n192.0.2.12:80\t1\t0\t1\n[2001:db8::2]:53\t1\t0\t0\n" },
    { "service", 0, "web\t2\t1\t1\n[2001:db8::9]:53\t1\t0\t0\n" },
    { "state", 0, "ESTABLISHED\t1\t1\t0\nFIN_WAIT\t1\t0\t0\nUDP\t1\t0\t0\nNONE\t0\t0\t1\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const LvsctlListing *listing = lvsctl_connection_groups_find (cases[i].by);
      g_autoptr (GPtrArray) connections = make_connections ();
      g_autoptr (GPtrArray) rows =
          lvsctl_connection_groups_make (listing, connections, cases[i].limit);
      g_autoptr (GString) lines = g_string_new (NULL);

      lvsctl_selection_append_lines (lines, listing, NULL, NULL, rows);
      g_assert_cmpstr (lines->str, ==, cases[i].text);
    }
  g_assert_null (lvsctl_connection_groups_find ("colour"));
}

static GPtrArray *
make_named_services (void)
{
  return parse_rows (&lvsctl_service_listing,
                     "{'name': <['web', 'dns', 'six', 'mark', '192.0.2.103', '']>,"
                     " 'key': <['tcp/192.0.2.100:80', 'udp/192.0.2.100:53',"
                     "  'tcp/[2001:db8::1]:80', 'fwmark/5', 'tcp/192.0.2.104:80',"
                     "  'tcp/192.0.2.101:22']>}");
}

static void
test_address_stands_for_the_only_service_there (void)
{
  static const struct
  {
    const char *text;
    const char *service; /* or NULL and */
    const char *message;
  } cases[] = {
    { "web", "web", NULL },
    { "192.0.2.100:80", "tcp/192.0.2.100:80", NULL },
    { "192.0.2.100", NULL,
      "'192.0.2.100' may be several services; name one of tcp/192.0.2.100:80, "
      "udp/192.0.2.100:53" },
    { "192.0.2.101", "tcp/192.0.2.101:22", NULL },
    { "2001:DB8::1", "tcp/[2001:db8::1]:80", NULL },
    { "192.0.2.102", "192.0.2.102", NULL },
    { "192.0.2.103", "192.0.2.103", NULL },
  };
  g_autoptr (GPtrArray) rows = make_named_services ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *service = lvsctl_resolution_choose (rows, cases[i].text, &error);

      g_assert_cmpstr (service, ==, cases[i].service);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==, cases[i].message);
    }
}

static void
test_missing_service_has_a_way_out (void)
{
  static const struct
  {
    const char *text;
    const char *way_out;
  } cases[] = {
    { "wbe", "did you mean 'web'?" },
    { "tcp/192.0.2.101:22", "another program has put it into the kernel; 'lvsctl adopt services "
                            "tcp/192.0.2.101:22' takes it over" },
    { "mailserver", "'lvsctl service list' shows all" },
  };
  g_autoptr (GPtrArray) rows = make_named_services ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *way_out = lvsctl_resolution_find_way_out (rows, cases[i].text);

      g_assert_cmpstr (way_out, ==, cases[i].way_out);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/selection/columns-are-those-that-were-named",
                   test_columns_are_those_that_were_named);
  g_test_add_func ("/selection/rows-are-sorted-as-people-count",
                   test_rows_are_sorted_as_people_count);
  g_test_add_func ("/selection/terse-lines-have-values-as-they-are",
                   test_terse_lines_have_values_as_they_are);
  g_test_add_func ("/selection/unknown-columns-are-named", test_unknown_columns_are_named);
  g_test_add_func ("/selection/connections-are-counted-by-group",
                   test_connections_are_counted_by_group);
  g_test_add_func ("/selection/address-stands-for-the-only-service-there",
                   test_address_stands_for_the_only_service_there);
  g_test_add_func ("/selection/missing-service-has-a-way-out", test_missing_service_has_a_way_out);
  return g_test_run ();
}
