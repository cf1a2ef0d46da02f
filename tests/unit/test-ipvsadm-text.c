/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "client/ipvsadm/connections.h"
#include "client/ipvsadm/error.h"
#include "client/ipvsadm/format.h"
#include "client/ipvsadm/listing.h"
#include "client/ipvsadm/table.h"
#include "client/ipvsadm/tuning.h"
#include "model/error.h"
#include "samples.h"

#define EVERYTHING                                                                                 \
  "-A -t 192.0.2.1:80 -s rr\n"                                                                     \
  "-a -t 192.0.2.1:80 -r 192.0.2.11:80 -g -w 1\n"                                                  \
  "-a -t 192.0.2.1:80 -r 192.0.2.12:80 -i -w 0 --tun-type ipip -x 100 -y 50\n"                     \
  "-a -t 192.0.2.1:80 -r 192.0.2.13:80 -i -w 3 --tun-type gue --tun-port 6080 --tun-remcsum\n"     \
  "-a -t 192.0.2.1:80 -r [2001:db8::2]:80 -i -w 3 --tun-type gre --tun-csum\n"                     \
  "-a -t 192.0.2.1:80 -r 192.0.2.14:8080 -m -w 2147483647\n"                                       \
  "-A -u 192.0.2.1:5060 -s sh -p 90 -M 255.255.255.0 --pe sip -o -b sh-fallback,sh-port\n"         \
  "-A --sctp-service [2001:db8::1]:0 -s mh -p 2678400 -M 64 -b mh-port\n"                          \
  "-A -f 7 -s wlc -b flag-1,flag-2,flag-3\n"                                                       \
  "-a -f 7 -r 192.0.2.15:0 -m -w 1\n"                                                              \
  "-A -f 7 -6 -s none\n"

static void
test_all_fields_survive (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = lvsctl_ipvsadm_read (EVERYTHING, strlen (EVERYTHING), &error);
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 11);
  text = lvsctl_ipvsadm_write (items, TRUE, left_out);
  g_assert_cmpstr (text, ==, EVERYTHING);
  g_assert_cmpuint (left_out->len, ==, 0);
}

/* A field of the model's that this text does not carry is found here. */
static void
test_no_field_is_forgotten (void)
{
  static const LvsdKind kinds[] = { LVSD_KIND_SERVICE, LVSD_KIND_DESTINATION };
  g_autoptr (GPtrArray) items = lvsctl_ipvsadm_read (EVERYTHING, strlen (EVERYTHING), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (gsize j = 0; j < lvsd_item_class (kinds[i])->n_fields; j++)
      {
        const LvsdField *field = &lvsd_item_class (kinds[i])->fields[j];
        gboolean said = FALSE;

        for (guint k = 0; k < items->len; k++)
          if (lvsd_item_get_kind (items->pdata[k]) == kinds[i])
            said = said || !lvsd_field_is_preset (field, items->pdata[k]);
        g_test_message ("%s", field->name);
        g_assert_true (said);
      }
}

static void
test_names_are_read (void)
{
  static const char text[] = "\n# by hand\n  ipvsadm -A -t localhost:http -s rr  \r\n"
                             "ipvsadm\t-a -t localhost:http -r 192.0.2.11:http -m";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = lvsctl_ipvsadm_read (text, strlen (text), &error);
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  written = lvsctl_ipvsadm_write (items, TRUE, NULL);
  g_assert_cmpstr (written, ==,
                   "-A -t 127.0.0.1:80 -s rr\n-a -t 127.0.0.1:80 -r 192.0.2.11:80 -m -w 1\n");
}

static void
test_mistakes_have_a_place (void)
{
  static const struct
  {
    const char *text;
    gsize length; /* 0: to the NUL */
    const char *place;
  } cases[] = {
    { "-A -t 192.0.2.1:80\n\n-A  -t 192.0.2.2:x\n", 0, "line 3, column 5: " },
    { "-A -t 192.0.2.1:80 -s rr word", 0, "line 1, column 26: " },
    { "  ipvsadm -A -t 192.0.2.1:80 -ü", 0, "line 1, column 30: " },
    { "-A -t 192.0.2.1:80 --ü 1 -q", 0, "line 1, column 20: " },
    { "-A -t 192.0.2.1:80 -b ü -q", 0, "line 1, column 25: " },
    { "-A -t 192.0.2.1:80\n-A -t 192.0.2.1:80", 0, "line 2, column 1: " },
    { "-a -t 192.0.2.1:80 -r 192.0.2.11", 0, "line 1, column 1: " },
    { "-A -t 192.0.2.1:80\n -C", 0, "line 2, column 2: " },
    { "-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 224.0.0.1", 0, "line 2, column 1: " },
    { "-A -t 192.0.2.1:80\n-A -u 0:80", 0, "line 2, column 1: " },
    { "-A -t 192.0.2.1:80 --pe sip", 0, "line 1, column 1: " },
    { "-A -t 192.0.2.1:80\n-A \xff", 0, "line 2, column 4: " },
    { "-A -t 192.0.2.1:80\0\n", 20, "line 1, column 19: " },
    { "\x7f"
      "ELF\2\1\1\0\0\0",
      10, "line 1, column 8: " },
    { "-A", 0, "line 1, column 1: " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = cases[i].length != 0 ? cases[i].length : strlen (cases[i].text);
      g_autoptr (GError) error = NULL;

      g_assert_null (lvsctl_ipvsadm_read (cases[i].text, length, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, cases[i].place));
    }
}

static void
test_what_cannot_be_said_is_told (void)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);
  LvsdService *service = sample_service ("web", "tcp/192.0.2.1:80");
  LvsdDestination *destination = sample_destination (service, "192.0.2.1:80");
  g_autofree char *text = NULL;

  destination->method = LVSD_METHOD_LOCAL;
  g_ptr_array_add (items, service);
  g_ptr_array_add (items, destination);
  g_ptr_array_add (items, sample_virtual_address ("192.0.2.1", "eth0"));
  g_ptr_array_add (items, sample_role ("192.0.2.2"));
  text = lvsctl_ipvsadm_write (items, TRUE, left_out);
  g_assert_cmpstr (text, ==,
                   "-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 192.0.2.1:80 -g -w 1\n");
  g_assert_cmpuint (left_out->len, ==, 3);
  g_assert_cmpstr (left_out->pdata[0], ==,
                   "destination web/192.0.2.1:80: method local, written as direct");
  g_assert_cmpstr (left_out->pdata[1], ==, "address 192.0.2.1");
  g_assert_cmpstr (left_out->pdata[2], ==, "role 192.0.2.2");
}

/* Where ipvsadm's difference in 32 bits turns the order around. */
static void
test_order_is_that_of_ipvsadm (void)
{
  static const char *const keys[] = {
    "tcp/192.0.2.1:80",
    "tcp/192.0.2.1:443",
    "tcp/10.0.0.1:80",
    "udp/10.0.0.1:53",
    "tcp/[2001:db8::1]:80",
    "tcp/[2001:db8::2]:80",
    "fwmark/1",
    "fwmark6/1",
    "fwmark/2",
  };

  for (gsize i = 0; i + 1 < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (LvsdService) first = sample_service ("a", keys[i]);
      g_autoptr (LvsdService) second = sample_service ("b", keys[i + 1]);
      LvsctlKernelService before = { .item = first };
      LvsctlKernelService after = { .item = second };
      const LvsctlKernelService *left = &before;
      const LvsctlKernelService *right = &after;

      g_assert_cmpint (lvsctl_kernel_service_compare (&left, &right), <, 0);
      g_assert_cmpint (lvsctl_kernel_service_compare (&right, &left), >, 0);
    }
}

static void
test_large_numbers_are_cut (void)
{
  g_autoptr (LvsdService) item = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (GPtrArray) destinations = g_ptr_array_new ();
  g_autoptr (GPtrArray) table = g_ptr_array_new ();
  LvsctlKernelService service = {
    .item = item,
    .totals = { 99999999, 100000000, G_GUINT64_CONSTANT (1000000000),
                G_GUINT64_CONSTANT (100000000000), G_GUINT64_CONSTANT (100000000000000) },
    .destinations = destinations,
  };
  LvsctlRule rule = { .command = LVSCTL_SWITCH_LIST,
                      .given = LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_STATS)
                               | LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_NUMERIC) };
  g_autofree char *rounded = NULL;
  g_autofree char *exact = NULL;

  g_ptr_array_add (table, &service);
  rounded = lvsctl_ipvsadm_list (&rule, table);
  g_assert_true (g_str_has_suffix (
      rounded, "TCP  192.0.2.1:80                 99999999  100000K    1000M     100G     100T\n"));
  rule.given |= LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_EXACT);
  exact = lvsctl_ipvsadm_list (&rule, table);
  g_assert_true (g_str_has_suffix (exact, "TCP  192.0.2.1:80                 99999999 100000000 "
                                          "1000000000 100000000000 100000000000000\n"));
}

static void
test_connections (void)
{
  static const char plain[] = "TCP C0000263 D903 C0000264 0050 C000020B 0050 ESTABLISHED     899\n";
  static const char sip[] = "UDP C0000263 13C4 C0000264 13C4 C000020B 13C4 UDP             61 sip "
                            "call-1@host\n";
  LvsctlRule rule = { .command = LVSCTL_SWITCH_LIST,
                      .given = LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_NUMERIC) };
  g_autofree char *shown = lvsctl_ipvsadm_connection (&rule, plain);
  g_autofree char *short_sip = lvsctl_ipvsadm_connection (&rule, sip);
  g_autofree char *long_sip = NULL;

  g_assert_cmpstr (shown, ==,
                   "TCP 14:59  ESTABLISHED 192.0.2.99:55555   192.0.2.100:80     192.0.2.11:80\n");
  g_assert_cmpstr (short_sip, ==,
                   "UDP 01:01  UDP         192.0.2.99:5060    192.0.2.100:5060   "
                   "192.0.2.11:5060\n");
  rule.given |= LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_PERSISTENT_CONN);
  long_sip = lvsctl_ipvsadm_connection (&rule, sip);
  g_assert_cmpstr (long_sip, ==,
                   "UDP 01:01  UDP         192.0.2.99:5060    192.0.2.100:5060   "
                   "192.0.2.11:5060  sip                call-1@host\n");
  g_assert_null (lvsctl_ipvsadm_connection (&rule, "Pro FromIP   FPrt ToIP\n"));
}

static void
test_sync_daemons (void)
{
  g_autoptr (GVariant) fields = g_variant_ref_sink (g_variant_new_parsed (
      "{'interface': <'eth0'>, 'id': <uint32 3>, 'max-length': <uint32 1472>, 'group': "
      "<'224.0.0.81'>, 'port': <uint32 8848>, 'ttl': <uint32 1>}"));
  g_autofree char *text = lvsctl_ipvsadm_describe_sync ("master", fields);

  g_assert_cmpstr (text, ==,
                   "master sync daemon (mcast=eth0, syncid=3, maxlen=1472, group=224.0.0.81, "
                   "port=8848, ttl=1)\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipvsadm-text/all-fields-survive", test_all_fields_survive);
  g_test_add_func ("/ipvsadm-text/no-field-is-forgotten", test_no_field_is_forgotten);
  g_test_add_func ("/ipvsadm-text/names-are-read", test_names_are_read);
  g_test_add_func ("/ipvsadm-text/mistakes-have-a-place", test_mistakes_have_a_place);
  g_test_add_func ("/ipvsadm-text/what-cannot-be-said-is-told", test_what_cannot_be_said_is_told);
  g_test_add_func ("/ipvsadm-text/order-is-that-of-ipvsadm", test_order_is_that_of_ipvsadm);
  g_test_add_func ("/ipvsadm-text/large-numbers-are-cut", test_large_numbers_are_cut);
  g_test_add_func ("/ipvsadm-text/connections", test_connections);
  g_test_add_func ("/ipvsadm-text/sync-daemons", test_sync_daemons);
  return g_test_run ();
}
