/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "bus/object-path.h"
#include "model/table.h"

static void
test_escape_is_systemds (void)
{
  static const struct
  {
    const char *id;
    const char *label;
  } cases[] = {
    { "web", "web" },
    { "", "_" },
    { "1web", "_31web" },
    { "web1", "web1" },
    { "a_b", "a_5fb" },
    { "web/10.0.0.1:80", "web_2f10_2e0_2e0_2e1_3a80" },
    { "2001:db8::1", "_32001_3adb8_3a_3a1" },
    { "\xc3\xa4", "_c3_a4" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = lvsd_object_path_escape (cases[i].id);
      g_autofree char *id = lvsd_object_path_unescape (label);

      g_assert_cmpstr (label, ==, cases[i].label);
      g_assert_cmpstr (id, ==, cases[i].id);
    }
}

static void
test_random_bytes_come_back (void)
{
  char id[33] = { 0 };

  for (guint round = 0; round < 10000; round++)
    {
      guint length = (guint) g_test_rand_int_range (0, sizeof id);
      g_autofree char *label = NULL;
      g_autofree char *path = NULL;
      g_autofree char *back = NULL;

      for (guint i = 0; i < length; i++)
        id[i] = (char) g_test_rand_int_range (1, 256);
      id[length] = '\0';
      label = lvsd_object_path_escape (id);
      path = g_strconcat ("/", label, NULL);
      back = lvsd_object_path_unescape (label);
      g_assert_true (g_variant_is_object_path (path));
      g_assert_cmpstr (back, ==, id);
    }
}

/* A second spelling would be a second path for the same object. */
static void
test_other_spellings_are_refused (void)
{
  static const char *const labels[] = { "",     "1web", "_61",   "a_5Fb", "a_",   "a_5",     "a_5g",
                                        "a_00", "__",   "a_2f_", "a.b",   "web_", "\xc3\xa4" };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    g_assert_null (lvsd_object_path_unescape (labels[i]));
}

static void
test_paths_of_items (void)
{
  LvsdServiceKey key;
  LvsdEndpoint endpoint;
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdDestination) destination = NULL;
  g_autofree char *path = NULL;
  g_autofree char *above = lvsd_object_path_for_kind (LVSD_KIND_DESTINATION);

  g_assert_true (lvsd_service_key_parse ("tcp/192.0.2.1:80", &key, NULL));
  g_assert_true (lvsd_endpoint_parse ("10.0.0.1:80", &endpoint, NULL, NULL));
  identity = lvsd_service_identity_new ("web", &key);
  destination = lvsd_destination_new (identity, &endpoint);
  path = lvsd_object_path_for_item (destination);
  g_assert_cmpstr (path, ==, "/org/lvsd1/destination/web_2f10_2e0_2e0_2e1_3a80");
  g_assert_cmpstr (above, ==, "/org/lvsd1/destination");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/object-path/escape-is-systemds", test_escape_is_systemds);
  g_test_add_func ("/object-path/random-bytes-come-back", test_random_bytes_come_back);
  g_test_add_func ("/object-path/other-spellings-are-refused", test_other_spellings_are_refused);
  g_test_add_func ("/object-path/paths-of-items", test_paths_of_items);
  return g_test_run ();
}
