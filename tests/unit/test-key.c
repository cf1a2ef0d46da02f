/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/key.h"

#include <string.h>

#include "model/error.h"

static LvsdServiceKey
key_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  LvsdServiceKey key;

  lvsd_service_key_parse (text, &key, &error);
  g_assert_no_error (error);
  return key;
}

static void
test_key_comes_back (void)
{
  static const char *const texts[] = { "tcp/192.168.252.100:80",   "udp/[2001:db8::1]:53",
                                       "sctp/192.0.2.1:65535",     "tcp/192.0.2.1:0",
                                       "tcp/[::ffff:192.0.2.1]:1", "fwmark/1",
                                       "fwmark/4294967295",        "fwmark6/5" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      LvsdServiceKey key = key_of (texts[i]);
      char text[LVSD_SERVICE_KEY_TEXT_SIZE];

      g_assert_cmpstr (lvsd_service_key_format (&key, text), ==, texts[i]);
    }
}

static void
test_what_is_no_key_is_refused (void)
{
  static const char *const texts[] = {
    "",
    "tcp",
    "web",
    "tcp/",
    "/192.0.2.1:80",
    "tcp/192.0.2.1",
    "tcp/2001:db8::1:80:",
    "icmp/192.0.2.1:80",
    "tcp/0.0.0.0:80",
    "tcp/[::]:80",
    "tcp/224.0.0.1:80",
    "tcp/[ff02::1]:80",
    "tcp/255.255.255.255:80",
    "tcp/192.0.2.1:65536",
    "fwmark/0",
    "fwmark/4294967296",
    "fwmark/-1",
    "fwmark/",
    "fwmark4/1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      LvsdServiceKey key;

      g_assert_false (lvsd_service_key_parse (texts[i], &key, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_keys_are_told_apart (void)
{
  static const char *const texts[] = { "tcp/192.0.2.1:80",     "udp/192.0.2.1:80",
                                       "tcp/192.0.2.2:80",     "tcp/192.0.2.1:81",
                                       "tcp/[2001:db8::1]:80", "fwmark/80",
                                       "fwmark6/80",           "fwmark/81" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        LvsdServiceKey a = key_of (texts[i]);
        LvsdServiceKey b = key_of (texts[j]);

        g_assert_true (lvsd_service_key_equal (&a, &b) == (i == j));
        g_assert_true (i != j || lvsd_service_key_hash (&a) == lvsd_service_key_hash (&b));
      }
}

static void
test_names_are_derived_from_keys (void)
{
  static const char *const rows[][2] = {
    { "tcp/192.168.252.100:80", "tcp-192.168.252.100-80" },
    { "udp/[2001:db8::1]:53", "udp-2001_db8__1-53" },
    { "sctp/[::1]:9", "sctp-__1-9" },
    { "tcp/192.0.2.1:0", "tcp-192.0.2.1-0" },
    { "fwmark/5", "fwmark-5" },
    { "fwmark6/5", "fwmark6-5" },
    { "sctp/[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535",
      "sctp-2001_db8_aaaa_bbbb_cccc_dddd_eeee_ffff-65535" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LvsdServiceKey key = key_of (rows[i][0]);
      g_autofree char *name = lvsd_service_key_derive_name (&key);
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (name, ==, rows[i][1]);
      lvsd_service_name_check (name, &key, &error);
      g_assert_no_error (error);
    }
}

static void
test_names_are_checked (void)
{
  static const char *const good[] = { "web",       "_",      "0",          "A.b-c_9", "tcp-web",
                                      "tcp-1-2-3", "fwmark", "fwmark-web", "a..b--" };
  static const char *const bad[] = { "",    ".web",  "-web", "we b", "we/b",
                                     "wéb", "web\n", "a:b",  "[a]" };
  LvsdServiceKey key = key_of ("tcp/192.0.2.1:80");

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (lvsd_service_name_check (good[i], &key, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (lvsd_service_name_check (bad[i], &key, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_prefix (error->message, "name"));
    }
}

static void
test_names_have_at_most_64_characters (void)
{
  LvsdServiceKey key = key_of ("tcp/192.0.2.1:80");
  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *longer = g_strnfill (65, 'x');

  g_assert_true (lvsd_service_name_check (longest, &key, NULL));
  g_assert_false (lvsd_service_name_check (longer, &key, NULL));
}

/* It would mislead everybody who reads it. */
static void
test_a_derived_name_goes_with_its_key_only (void)
{
  static const char *const names[] = { "tcp-192.0.2.2-80",   "udp-192.0.2.1-80",
                                       "tcp-192.0.2.1-080",  "TCP-192.0.2.1-80",
                                       "tcp-2001_db8__1-80", "fwmark-1",
                                       "fwmark6-1" };
  LvsdServiceKey key = key_of ("tcp/192.0.2.1:80");

  g_assert_true (lvsd_service_name_check ("tcp-192.0.2.1-80", &key, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (lvsd_service_name_check (names[i], &key, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "tcp-192.0.2.1-80"));
    }
}

static void
test_identity_is_shared (void)
{
  LvsdServiceKey key = key_of ("tcp/192.0.2.1:80");
  g_autoptr (LvsdServiceIdentity) identity = lvsd_service_identity_new ("web", &key);
  g_autoptr (LvsdServiceIdentity) other = lvsd_service_identity_ref (identity);

  g_assert_true (identity == other);
  g_assert_cmpstr (identity->name, ==, "web");
  g_assert_true (lvsd_service_key_equal (&identity->key, &key));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key/key-comes-back", test_key_comes_back);
  g_test_add_func ("/key/what-is-no-key-is-refused", test_what_is_no_key_is_refused);
  g_test_add_func ("/key/keys-are-told-apart", test_keys_are_told_apart);
  g_test_add_func ("/key/names-are-derived-from-keys", test_names_are_derived_from_keys);
  g_test_add_func ("/key/names-are-checked", test_names_are_checked);
  g_test_add_func ("/key/names-have-at-most-64-characters", test_names_have_at_most_64_characters);
  g_test_add_func ("/key/a-derived-name-goes-with-its-key-only",
                   test_a_derived_name_goes_with_its_key_only);
  g_test_add_func ("/key/identity-is-shared", test_identity_is_shared);
  return g_test_run ();
}
