/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-glib/json-glib.h>
#include <string.h>

#include "client/address.h"
#include "client/arguments.h"
#include "client/connections.h"
#include "client/destination.h"
#include "client/json.h"
#include "client/overview.h"
#include "client/record.h"
#include "client/role.h"
#include "client/selection.h"
#include "client/service.h"
#include "client/sysctl.h"
#include "client/statistics.h"
#include "client/status.h"
#include "client/sync.h"
#include "client/top.h"
#include "client/tree.h"
#include "rows.h"

/* Each number in the narrowest type that it may come in, or in a wider one. */
static GPtrArray *
make_services (void)
{
  return parse_rows (
      &lvsctl_service_listing,
      "{'name': <['web', 'dns', '']>,"
      " 'key': <['tcp/192.0.2.100:80', 'udp/[2001:db8::1]:53', 'tcp/10.0.0.1:22']>,"
      " 'scheduler': <(['rr', 'wlc'], [uint16 0, 1, 1])>,"
      " 'state': <(['applied', 'missing', 'foreign'], [uint16 0, 1, 2])>,"
      " 'fields': <[(uint16 0, 'persistence', <uint32 300>),"
      "  (0, 'persistence-prefix', <uint32 24>), (1, 'one-packet', <true>)]>,"
      " 'connections': <[uint16 5, 5, 5]>, 'packets-in': <[uint16 50, 50, 50]>,"
      " 'packets-out': <[uint16 40, 40, 40]>, 'bytes-in': <[uint16 6000, 6000, 6000]>,"
      " 'bytes-out': <[uint16 4000, 4000, 4000]>, 'connection-rate': <[uint32 1, 1, 1]>,"
      " 'packet-rate-in': <[uint16 2, 2, 2]>, 'packet-rate-out': <[uint16 3, 3, 3]>,"
      " 'byte-rate-in': <[uint16 4, 4, 4]>, 'byte-rate-out': <[uint64 5, 5, 5]>}");
}

static GPtrArray *
make_destinations (void)
{
  return parse_rows (
      &lvsctl_destination_listing,
      "{'service': <(['web', 'tcp/10.0.0.1:22'], [uint16 0, 0, 0, 1])>,"
      " 'endpoint': <['192.0.2.11:80', '192.0.2.12:80', '192.0.2.13:80', '10.0.0.9:22']>,"
      " 'method': <(['direct', 'masquerade'], [uint16 0, 0, 0, 1])>,"
      " 'weight': <[uint16 1, 3, 2, 1]>, 'effective-weight': <[uint32 1, 0, 1, 1]>,"
      " 'state': <(['applied', 'foreign'], [uint16 0, 0, 0, 1])>,"
      " 'active': <[uint16 3, 0, 0, 0]>, 'inactive': <[uint16 1, 4, 0, 0]>,"
      " 'persistent': <[uint16 0, 2, 0, 0]>,"
      " 'fields': <[(uint16 1, 'upper-threshold', <uint32 9>), (1, 'runtime', <{'weight':"
      "  <uint32 0>, 'owner': <'root'>, 'reason': <'disk'>, 'since': <int64 0>}>)]>,"
      " 'connections': <[uint16 5, 5, 5, 5]>, 'packets-in': <[uint16 50, 50, 50, 50]>,"
      " 'packets-out': <[uint16 40, 40, 40, 40]>, 'bytes-in': <[uint16 6000, 6000, 6000, 6000]>,"
      " 'bytes-out': <[uint16 4000, 4000, 4000, 4000]>, 'connection-rate': <[uint32 1, 1, 1, 1]>,"
      " 'packet-rate-in': <[uint16 2, 2, 2, 2]>, 'packet-rate-out': <[uint16 3, 3, 3, 3]>,"
      " 'byte-rate-in': <[uint16 4, 4, 4, 4]>, 'byte-rate-out': <[uint64 5, 5, 5, 5]>}");
}

static GPtrArray *
make_addresses (void)
{
  return parse_rows (&lvsctl_address_listing,
                     "[('192.0.2.100', 24, 'ens33', 'ens33:2', 'applied', '', @a{sv} {}),"
                     " ('2001:db8::1', 128, 'eth9', '', 'waiting', 'eth9 does not exist',"
                     "  {'primary': <true>, 'up': <false>})]");
}

static GPtrArray *
make_roles (void)
{
  return parse_rows (&lvsctl_role_listing,
                     "[('192.0.2.101', 'direct', '', 'applied', '', @a{sv} {}),"
                     " ('192.0.2.102', 'direct', 'eth1', 'failed', 'arp_ignore is 8', @a{sv} {})]");
}

static GPtrArray *
make_settings (void)
{
  return parse_rows (&lvsctl_setting_listing,
                     "[('net.ipv4.ip_forward', '1', '0', 'changed', {'previous': <'0'>}),"
                     " ('timeout.udp', '', '300', 'foreign', @a{sv} {})]");
}

static GPtrArray *
make_other_roles (void)
{
  return parse_rows (&lvsctl_role_listing,
                     "[('192.0.2.103', 'masquerade', '', 'applied', '', @a{sv} {}),"
                     " ('192.0.2.104', 'tunnel', '', 'applied', '', {'tunnel': <'gue'>})]");
}

static void
assert_table (const LvsctlListing *listing, GPtrArray *rows, const char *expected)
{
  g_autoptr (LvsctlTable) table = lvsctl_selection_to_table (listing, NULL, rows);
  g_autofree char *text = lvsctl_table_format (table, TRUE, FALSE);

  g_assert_cmpstr (text, ==, expected);
}

static GPtrArray *
make_sync (void)
{
  return parse_rows (
      &lvsctl_sync_listing,
      "[('master', 'lvsd', 'waiting', {'interface': <'eth0'>, 'id': <uint32 7>, 'max-length':"
      " <uint32 0>, 'group': <'ff02::81'>, 'port': <uint32 8848>, 'ttl': <uint32 1>, 'reason':"
      " <'eth0 is down'>}), ('backup', 'foreign', 'foreign', {'interface': <'eth1'>, 'id': <uint32"
      " 0>, 'max-length': <uint32 1472>, 'group': <'224.0.0.81'>, 'port': <uint32 8848>, 'ttl':"
      " <uint32 1>})]");
}

static void
test_sync_table_has_what_is_in_effect (void)
{
  g_autoptr (GPtrArray) rows = make_sync ();

  assert_table (&lvsctl_sync_listing, rows,
                "SYNC    INTERFACE  ID  GROUP       PORT  TTL  MAX-LENGTH  STATE    REASON\n"
                "master  eth0        7  ff02::81    8848    1           0  waiting  eth0 is down\n"
                "backup  eth1        0  224.0.0.81  8848    1        1472  foreign\n");
}

static LvsctlTable *
make_statistics (const LvsctlOverview *overview, gboolean rate)
{
  g_autoptr (LvsctlRoster) roster =
      lvsctl_roster_new_of_rows (overview->services, overview->destinations, 0);
  LvsctlTable *table = lvsctl_statistics_new_table (rate);

  g_assert_true (lvsctl_statistics_fill_table (table, roster, rate, NULL));
  return table;
}

static void
test_statistics_have_each_destination_below_its_service (void)
{
  g_auto (LvsctlOverview)
      overview = { .services = make_services (), .destinations = make_destinations () };
  g_autoptr (LvsctlTable) total_table = NULL;
  g_autoptr (LvsctlTable) rate_table = NULL;
  g_autofree char *totals = NULL;
  g_autofree char *rates = NULL;

  g_ptr_array_remove_range (overview.services, 1, 1);
  g_ptr_array_remove_range (overview.destinations, 1, 2);
  total_table = make_statistics (&overview, FALSE);
  rate_table = make_statistics (&overview, TRUE);
  totals = lvsctl_table_format (total_table, TRUE, FALSE);
  rates = lvsctl_table_format (rate_table, FALSE, FALSE);
  g_assert_cmpstr (totals, ==,
                   "NAME  KEY                 CONNS  PKTS-IN  PKTS-OUT  BYTES-IN  BYTES-OUT\n"
                   "web   tcp/192.0.2.100:80      5       50        40      6000       4000\n"
                   "      -> 192.0.2.11:80        5       50        40      6000       4000\n"
                   "-     tcp/10.0.0.1:22         5       50        40      6000       4000\n"
                   "      -> 10.0.0.9:22          5       50        40      6000       4000\n");
  g_assert_cmpstr (rates, ==,
                   "web  tcp/192.0.2.100:80  1  2  3  4  5\n"
                   "     -> 192.0.2.11:80    1  2  3  4  5\n"
                   "-    tcp/10.0.0.1:22     1  2  3  4  5\n"
                   "     -> 10.0.0.9:22      1  2  3  4  5\n");
}

static JsonObject *
parse_text (const char *text, JsonNode **ret_node)
{
  g_autoptr (GError) error = NULL;

  *ret_node = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_get_object (*ret_node);
}

static JsonObject *
parse_object (GVariant *object, JsonNode **ret_node)
{
  g_autofree char *text = lvsctl_json_format (object);

  return parse_text (text, ret_node);
}

static JsonObject *
parse_overview (const LvsctlOverview *overview, JsonNode **ret_node)
{
  g_autoptr (LvsctlRoster) roster =
      lvsctl_roster_new_of_rows (overview->services, overview->destinations, overview->generation);
  g_auto (LvsctlJsonWriter) writer = { NULL };

  lvsctl_json_writer_init (&writer, TRUE);
  lvsctl_json_begin (&writer, '{');
  g_assert_true (lvsctl_overview_write_services (&writer, roster, &lvsctl_service_listing,
                                                 &lvsctl_destination_listing, NULL));
  lvsctl_overview_write_sections (&writer, overview);
  lvsctl_json_end (&writer, '}');
  return parse_text (writer.text->str, ret_node);
}

static void
test_tables (void)
{
  g_autoptr (GPtrArray) services = make_services ();
  g_autoptr (GPtrArray) destinations = make_destinations ();
  g_autoptr (GPtrArray) addresses = make_addresses ();
  g_autoptr (GPtrArray) roles = make_roles ();
  g_autoptr (GPtrArray) settings = make_settings ();
  g_autoptr (GPtrArray) other_roles = make_other_roles ();

  assert_table (&lvsctl_service_listing, services,
                "NAME  KEY                   SCHEDULER  PERSISTENCE  STATE\n"
                "web   tcp/192.0.2.100:80    rr                 300  applied\n"
                "dns   udp/[2001:db8::1]:53  wlc                     missing\n"
                "-     tcp/10.0.0.1:22       wlc                     foreign\n");
  assert_table (
      &lvsctl_destination_listing, destinations,
      "SERVICE          DESTINATION    METHOD      WEIGHT           ACTIVE  INACTIVE  STATE\n"
      "web              192.0.2.11:80  direct      1                     3         1  applied\n"
      "web              192.0.2.12:80  direct      3 (runtime 0)         0         4  applied\n"
      "web              192.0.2.13:80  direct      2 (in effect 1)       0         0  applied\n"
      "tcp/10.0.0.1:22  10.0.0.9:22    masquerade  1                     0         0  foreign\n");
  assert_table (&lvsctl_address_listing, addresses,
                "ADDRESS          INTERFACE  LABEL    STATE    REASON\n"
                "192.0.2.100/24   ens33      ens33:2  applied\n"
                "2001:db8::1/128  eth9                waiting  eth9 does not exist\n");
  assert_table (&lvsctl_role_listing, roles,
                "ROLE         METHOD  INTERFACE  STATE    REASON\n"
                "192.0.2.101  direct  all        applied\n"
                "192.0.2.102  direct  eth1       failed   arp_ignore is 8\n");
  assert_table (&lvsctl_role_listing, other_roles,
                "ROLE         METHOD      INTERFACE  STATE\n"
                "192.0.2.103  masquerade  -          applied\n"
                "192.0.2.104  tunnel      all        applied\n");
  assert_table (&lvsctl_setting_listing, settings,
                "SETTING              VALUE  KERNEL  STATE    PREVIOUS\n"
                "net.ipv4.ip_forward  1      0       changed  0\n"
                "timeout.udp                 300     foreign\n");
}

static void
test_connections_expire_in_minutes (void)
{
  g_autoptr (GPtrArray) rows =
      parse_rows (&lvsctl_connection_listing,
                  "[('tcp', '192.0.2.1:5555', '192.0.2.100:80', '192.0.2.11:80', '',"
                  "  'ESTABLISHED', 899),"
                  " ('tcp', '192.0.2.1:0', '192.0.2.100:80', '192.0.2.11:80', '', 'NONE', 3601)]");

  assert_table (&lvsctl_connection_listing, rows,
                "PROTOCOL  CLIENT          VIRTUAL         DESTINATION    STATE        EXPIRES\n"
                "tcp       192.0.2.1:5555  192.0.2.100:80  192.0.2.11:80  ESTABLISHED    14:59\n"
                "tcp       192.0.2.1:0     192.0.2.100:80  192.0.2.11:80  NONE           60:01\n");
}

static void
test_problems_name_their_object (void)
{
  g_autoptr (GPtrArray) rows =
      parse_rows (&lvsctl_problem_listing,
                  "[('error', 'service', 'web', 'vip-missing', 'VIP is away', 'add it'),"
                  " ('warning', 'kernel', '', 'x', 'odd', '')]");

  assert_table (&lvsctl_problem_listing, rows,
                "SEVERITY  OBJECT       PROBLEM      REMEDY\n"
                "error     service web  VIP is away  add it\n"
                "warning   kernel       odd\n");
}

static void
test_object_has_every_field_of_the_model (void)
{
  static const LvsctlListing *const listings[] = { &lvsctl_service_listing,
                                                   &lvsctl_destination_listing,
                                                   &lvsctl_address_listing, &lvsctl_role_listing };
  GPtrArray *const rows[] = { make_services (), make_destinations (), make_addresses (),
                              make_roles () };

  for (gsize i = 0; i < G_N_ELEMENTS (listings); i++)
    {
      const LvsdItemClass *class = lvsd_item_class (listings[i]->kind);
      g_autoptr (JsonNode) node = NULL;
      JsonObject *object =
          parse_object (lvsctl_listing_to_object (listings[i], rows[i]->pdata[0]), &node);

      for (gsize j = 0; j < class->n_fields; j++)
        {
          g_autofree char *member = g_strdelimit (g_strdup (class->fields[j].name), "-", '_');

          if ((class->fields[j].flags & LVSD_FIELD_INTERNAL) == 0)
            g_assert_true (json_object_has_member (object, member));
        }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_ptr_array_unref (rows[i]);
}

static void
test_service_has_the_right_types (void)
{
  g_autoptr (GPtrArray) rows = make_services ();
  g_autoptr (JsonNode) node = NULL;
  JsonObject *service =
      parse_object (lvsctl_listing_to_object (&lvsctl_service_listing, rows->pdata[0]), &node);

  g_assert_cmpstr (json_object_get_string_member (service, "key"), ==, "tcp/192.0.2.100:80");
  g_assert_cmpint (json_object_get_int_member (service, "persistence"), ==, 300);
  g_assert_cmpint (json_object_get_int_member (service, "persistence_prefix"), ==, 24);
  g_assert_false (json_object_get_boolean_member (service, "one_packet"));
  g_assert_cmpint (json_object_get_int_member (service, "byte_rate_out"), ==, 5);
}

static void
test_destination_has_the_right_types (void)
{
  g_autoptr (GPtrArray) rows = make_destinations ();
  g_autoptr (JsonNode) node = NULL;
  JsonObject *destination =
      parse_object (lvsctl_listing_to_object (&lvsctl_destination_listing, rows->pdata[1]), &node);
  JsonObject *runtime = json_object_get_object_member (destination, "runtime");

  g_assert_cmpstr (json_object_get_string_member (destination, "address"), ==, "192.0.2.12");
  g_assert_cmpint (json_object_get_int_member (destination, "port"), ==, 80);
  g_assert_cmpint (json_object_get_int_member (destination, "weight"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (destination, "effective_weight"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (destination, "persistent"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (destination, "upper_threshold"), ==, 9);
  g_assert_cmpstr (json_object_get_string_member (runtime, "owner"), ==, "root");
}

static void
test_address_has_the_right_types (void)
{
  g_autoptr (GPtrArray) rows = make_addresses ();
  g_autoptr (JsonNode) node = NULL;
  JsonObject *address =
      parse_object (lvsctl_listing_to_object (&lvsctl_address_listing, rows->pdata[1]), &node);

  g_assert_cmpstr (json_object_get_string_member (address, "address"), ==, "2001:db8::1");
  g_assert_cmpint (json_object_get_int_member (address, "prefix_length"), ==, 128);
  g_assert_false (json_object_get_boolean_member (address, "up"));
}

/* Once through a value of each cell, and once as it is written for very many. */
static void
test_rows_are_written_as_they_are_put_together (void)
{
  static const LvsctlListing *const listings[] = { &lvsctl_service_listing,
                                                   &lvsctl_destination_listing,
                                                   &lvsctl_address_listing, &lvsctl_sync_listing };
  GPtrArray *const rows[] = { make_services (), make_destinations (), make_addresses (),
                              make_sync () };

  for (gsize i = 0; i < G_N_ELEMENTS (listings); i++)
    {
      g_autofree char *whole = lvsctl_json_format (lvsctl_listing_to_array (listings[i], rows[i]));
      g_autoptr (LvsctlRecord) record = lvsctl_record_new (listings[i]);
      g_auto (LvsctlJsonWriter) writer = { NULL };

      lvsctl_json_writer_init (&writer, TRUE);
      lvsctl_json_begin (&writer, '[');
      lvsctl_record_write_rows (record, &writer, rows[i]);
      lvsctl_json_end (&writer, ']');
      g_assert_cmpstr (writer.text->str, ==, whole);
      g_ptr_array_unref (rows[i]);
    }
}

static void
test_runtime_is_null_where_there_is_none (void)
{
  g_autoptr (GPtrArray) destinations = make_destinations ();
  g_autoptr (JsonNode) node = NULL;
  JsonObject *destination = parse_object (
      lvsctl_listing_to_object (&lvsctl_destination_listing, destinations->pdata[0]), &node);

  g_assert_true (json_object_get_null_member (destination, "runtime"));
}

static void
test_describe_names_properties_as_options (void)
{
  g_autoptr (GPtrArray) addresses = make_addresses ();
  g_autofree char *text =
      lvsctl_listing_describe (&lvsctl_address_listing, addresses->pdata[1], FALSE);

  g_assert_cmpstr (text, ==,
                   "address: 2001:db8::1/128\n"
                   "prefix-length: 128\n"
                   "interface: eth9\n"
                   "label:\n"
                   "state: waiting\n"
                   "reason: eth9 does not exist\n"
                   "primary: yes\n"
                   "up: no\n");
}

static LvsctlOverview
make_overview (void)
{
  return (LvsctlOverview){ .generation = 7,
                           .services = make_services (),
                           .destinations = make_destinations (),
                           .addresses = make_addresses (),
                           .roles = make_roles (),
                           .settings = make_settings (),
                           .sync = make_sync () };
}

static LvsctlArguments *
make_arguments (const char *columns)
{
  g_autofree char *option = g_strconcat ("--columns=", columns, NULL);
  const char *argv[] = { "list", columns != NULL ? option : NULL, NULL };
  g_autoptr (GError) error = NULL;
  LvsctlArguments *arguments = lvsctl_arguments_parse (argv, &error);

  g_assert_no_error (error);
  return arguments;
}

static void
test_overview_is_a_tree (void)
{
  g_auto (LvsctlOverview) overview = make_overview ();
  g_autoptr (LvsctlArguments) arguments = make_arguments (NULL);
  g_autofree char *text = lvsctl_overview_format (&overview, arguments);

  g_assert_cmpstr (
      text, ==,
      "NAME  KEY                   SCHEDULER\n"
      "      -> DESTINATION        METHOD      WEIGHT           SHARE  ACTIVE  "
      "INACTIVE  CONN/S  IN/S  OUT/S  STATE\n"
      "web   tcp/192.0.2.100:80    rr persistent 300                                  "
      "        1     4      5\n"
      "      -> 192.0.2.11:80      direct      1                  50%       3         "
      "1       1     4      5\n"
      "      -> 192.0.2.12:80      direct      3 (runtime 0)       0%       0         "
      "4       1     4      5\n"
      "      -> 192.0.2.13:80      direct      2 (in effect 1)    50%       0         "
      "0       1     4      5\n"
      "dns   udp/[2001:db8::1]:53  wlc one-packet                                     "
      "        1     4      5  missing\n"
      "-     tcp/10.0.0.1:22       wlc                                                "
      "        1     4      5  foreign\n"
      "      -> 10.0.0.9:22        masquerade  1                 100%       0         "
      "0       1     4      5  foreign\n"
      "\n"
      "ADDRESS          INTERFACE  LABEL    STATE    REASON\n"
      "192.0.2.100/24   ens33      ens33:2  applied\n"
      "2001:db8::1/128  eth9                waiting  eth9 does not exist\n"
      "\n"
      "ROLE         METHOD  INTERFACE  STATE    REASON\n"
      "192.0.2.101  direct  all        applied\n"
      "192.0.2.102  direct  eth1       failed   arp_ignore is 8\n"
      "\n"
      "SETTING              VALUE  KERNEL  STATE    PREVIOUS\n"
      "net.ipv4.ip_forward  1      0       changed  0\n"
      "timeout.udp                 300     foreign\n"
      "\n"
      "SYNC    INTERFACE  ID  GROUP       PORT  TTL  MAX-LENGTH  STATE    REASON\n"
      "master  eth0        7  ff02::81    8848    1           0  waiting  eth0 is down\n"
      "backup  eth1        0  224.0.0.81  8848    1        1472  foreign\n");
}

static void
test_overview_has_the_columns_that_are_asked_for (void)
{
  g_auto (LvsctlOverview) overview = make_overview ();
  g_autoptr (LvsctlArguments) arguments = make_arguments ("state,key");
  g_autofree char *text = lvsctl_overview_format (&overview, arguments);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (text, ==,
                   "STATE    KEY\n"
                   "         tcp/192.0.2.100:80\n"
                   "         -> 192.0.2.11:80\n"
                   "         -> 192.0.2.12:80\n"
                   "         -> 192.0.2.13:80\n"
                   "missing  udp/[2001:db8::1]:53\n"
                   "foreign  tcp/10.0.0.1:22\n"
                   "foreign  -> 10.0.0.9:22\n");
  g_assert_false (lvsctl_tree_check ("key,colour", &error));
  g_assert_cmpstr (error->message, ==,
                   "--columns: 'colour' is not a column here; there are name, key, scheduler, "
                   "method, weight, share, active, inactive, connection-rate, byte-rate-in, "
                   "byte-rate-out, connections, state");
}

static void
test_top_fits_the_terminal (void)
{
  g_auto (LvsctlOverview) overview = make_overview ();
  g_autofree char *picture = NULL;
  g_auto (GStrv) lines = NULL;

  overview.condition.state = g_strdup ("clean");
  picture = lvsctl_top_draw (&overview, "-active", 60, 5, FALSE);
  lines = g_strsplit (picture, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5); /* 4, and nothing behind the last end of line */
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (lvsctl_terminal_width (lines[i]), <=, 60);
  g_assert_nonnull (strstr (lines[0], "  clean  services 3, destinations 4  by -active"));
  g_assert_true (g_str_has_prefix (lines[3], "      -> 192.0.2.11:"));
}

static void
test_rates_take_few_columns (void)
{
  static const struct
  {
    guint64 rate;
    const char *text;
  } cases[] = {
    { 0, "0" },         { 9999, "9999" },      { 10000, "10.0k" },
    { 99949, "99.9k" }, { 99950, "100k" },     { 999949, "1000k" },
    { 999950, "1.0M" }, { 123456789, "123M" }, { G_MAXUINT64, "18.4E" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = lvsctl_tree_format_rate (cases[i].rate);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static LvsctlPage *
make_packed_page (const char *texts, gsize size, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (texts, size);
  GVariantDict columns;
  g_autoptr (GVariant) owned = NULL;

  g_variant_dict_init (&columns, NULL);
  g_variant_dict_insert_value (&columns, "endpoint",
                               g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
  owned = g_variant_ref_sink (g_variant_dict_end (&columns));
  return lvsctl_page_new (owned, lvsctl_destination_cells, LVSCTL_DESTINATION_N_CELLS, error);
}

static void
test_packed_texts_are_read_where_they_lie (void)
{
  static const char good[] = "192.0.2.1:80\0\0[2001:db8::1]:53\0\x0d\x0e\x1f";
  static const char damaged[] = "192.0.2.1:80\0\0[2001:db8::1]:53\0\x0d\x0e\x7f";
  static const char *const expected[] = { "192.0.2.1:80", "", "[2001:db8::1]:53" };
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsctlPage) page = make_packed_page (good, sizeof good - 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lvsctl_page_n_rows (page), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (lvsctl_row_text (lvsctl_page_row (page, i), LVSCTL_DESTINATION_ENDPOINT), ==,
                     expected[i]);
  g_assert_null (make_packed_page (damaged, sizeof damaged - 1, &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_SIGNATURE);
}

static GVariant *
parse_counts (const char *text)
{
  return g_variant_parse (G_VARIANT_TYPE ("a{su}"), text, NULL, NULL, NULL);
}

static void
test_condition_is_told_in_few_words (void)
{
  static const struct
  {
    const char *state;
    const char *counts;
    const char *text;
  } cases[] = {
    { "clean", "@a{su} {}", "clean" },
    { "degraded", "@a{su} {}", "degraded" },
    { "confirm-pending", "@a{su} {}", "confirm pending in 14 s" },
    { "attention", "{'no-destination': 1}", "attention" },
    { "attention", "{'no-destination': 2, 'missing': 1}", "drifted" },
    { "attention", "{'changed': 1}", "drifted" },
    { "attention", "{'waiting': 1}", "waiting" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LvsctlCondition)
          condition = { g_strdup (cases[i].state), 14, NULL, parse_counts (cases[i].counts) };
      g_autofree char *text = lvsctl_condition_describe (&condition);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_many_problems_hide_nothing_else (void)
{
  g_auto (LvsctlCondition)
      condition = { g_strdup ("attention"), 0,
                    parse_rows (&lvsctl_problem_listing,
                                "[('error', 'service', 'web', 'x', 'is odd', ''),"
                                " ('error', 'service', 'dns', 'x', 'is odd', 'mend it')]"),
                    parse_counts ("{'x': 3, 'y': 1}") };
  g_autofree char *few = lvsctl_condition_format (&condition);
  g_autofree char *all = NULL;

  g_assert_cmpstr (few, ==,
                   "attention\nerror: service web: is odd\nerror: service dns: is odd\n"
                   "  → mend it\n2 more problems: see 'lvsctl status'\n");
  g_variant_unref (condition.counts);
  condition.counts = parse_counts ("{'x': 2}");
  all = lvsctl_condition_format (&condition);
  g_assert_cmpstr (all, ==,
                   "attention\nerror: service web: is odd\nerror: service dns: is odd\n"
                   "  → mend it\n");
}

static void
test_overview_of_nothing (void)
{
  g_auto (LvsctlOverview) overview = { .services = g_ptr_array_new (),
                                       .destinations = g_ptr_array_new (),
                                       .addresses = g_ptr_array_new (),
                                       .roles = g_ptr_array_new (),
                                       .settings = g_ptr_array_new (),
                                       .sync = g_ptr_array_new () };
  g_autoptr (LvsctlArguments) arguments = make_arguments (NULL);
  g_autofree char *text = lvsctl_overview_format (&overview, arguments);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = parse_overview (&overview, &node);

  g_assert_cmpstr (text, ==, "");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "services")), ==,
                    0);
}

static void
test_overview_nests_destinations (void)
{
  g_auto (LvsctlOverview) overview = make_overview ();
  static const guint expected[] = { 3, 0, 1 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = parse_overview (&overview, &node);
  JsonArray *services = json_object_get_array_member (object, "services");

  g_assert_cmpint (json_object_get_int_member (object, "generation"), ==, 7);
  g_assert_cmpuint (json_array_get_length (services), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (
                          json_array_get_object_element (services, i), "destinations")),
                      ==, expected[i]);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "addresses")), ==,
                    2);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "roles")), ==, 2);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "settings")), ==,
                    2);
}

static void
test_address_is_found_however_it_is_written (void)
{
  g_autoptr (GPtrArray) addresses = make_addresses ();

  g_assert_true (lvsctl_address_find_row (addresses, "2001:DB8:0:0::1") == addresses->pdata[1]);
  g_assert_null (lvsctl_address_find_row (addresses, "192.0.2.101"));
  g_assert_null (lvsctl_address_find_row (addresses, "nothing"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listing/sync-table-has-what-is-in-effect",
                   test_sync_table_has_what_is_in_effect);
  g_test_add_func ("/listing/statistics-have-each-destination-below-its-service",
                   test_statistics_have_each_destination_below_its_service);
  g_test_add_func ("/listing/packed-texts-are-read-where-they-lie",
                   test_packed_texts_are_read_where_they_lie);
  g_test_add_func ("/listing/tables", test_tables);
  g_test_add_func ("/listing/connections-expire-in-minutes", test_connections_expire_in_minutes);
  g_test_add_func ("/listing/problems-name-their-object", test_problems_name_their_object);
  g_test_add_func ("/listing/object-has-every-field-of-the-model",
                   test_object_has_every_field_of_the_model);
  g_test_add_func ("/listing/service-has-the-right-types", test_service_has_the_right_types);
  g_test_add_func ("/listing/destination-has-the-right-types",
                   test_destination_has_the_right_types);
  g_test_add_func ("/listing/address-has-the-right-types", test_address_has_the_right_types);
  g_test_add_func ("/listing/runtime-is-null-where-there-is-none",
                   test_runtime_is_null_where_there_is_none);
  g_test_add_func ("/listing/written-as-put-together",
                   test_rows_are_written_as_they_are_put_together);
  g_test_add_func ("/listing/describe-names-properties-as-options",
                   test_describe_names_properties_as_options);
  g_test_add_func ("/listing/overview-is-a-tree", test_overview_is_a_tree);
  g_test_add_func ("/listing/overview-has-the-columns-that-are-asked-for",
                   test_overview_has_the_columns_that_are_asked_for);
  g_test_add_func ("/listing/top-fits-the-terminal", test_top_fits_the_terminal);
  g_test_add_func ("/listing/rates-take-few-columns", test_rates_take_few_columns);
  g_test_add_func ("/listing/condition-is-told-in-few-words", test_condition_is_told_in_few_words);
  g_test_add_func ("/listing/many-problems-hide-nothing-else",
                   test_many_problems_hide_nothing_else);
  g_test_add_func ("/listing/overview-of-nothing", test_overview_of_nothing);
  g_test_add_func ("/listing/overview-nests-destinations", test_overview_nests_destinations);
  g_test_add_func ("/listing/address-is-found-however-it-is-written",
                   test_address_is_found_however_it_is_written);
  return g_test_run ();
}
