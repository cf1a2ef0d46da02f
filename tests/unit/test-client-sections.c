/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/compression.h"
#include "client/sections.h"
#include "dbus/names.h"
#include "model/document.h"
#include "model/error.h"

#define SECTIONS                                                                                   \
  "{'services': <[('web', 'tcp/192.0.2.100:80', {'scheduler': <'rr'>}, [('192.0.2.11:80', "        \
  "'direct', uint32 1, @a{sv} {}), ('192.0.2.12:80', 'direct', 0, {'upper-threshold': <uint32 "    \
  "9>})]), ('tcp-192.0.2.101-80', 'tcp/192.0.2.101:80', {'scheduler': <'wlc'>, 'persistence': "    \
  "<uint32 300>}, [])]>, 'addresses': <[('192.0.2.100/24', {'interface': <'ens33'>, 'label': "     \
  "<'ens33:2'>, 'up': <false>})]>, 'roles': <[('192.0.2.102', {'interface': <'eth1'>})]>, "        \
  "'settings': <[('net.ipv4.vs.sync_threshold', '3 50'), ('timeout.udp', '60')]>, "                \
  "'sync': <[('backup', {'interface': <'eth0'>, 'group': <'ff02::81'>})]>}"

static GVariant *
parse_sections (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *sections = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return sections;
}

static void
test_types_are_those_of_the_contract (void)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GVariant) sections = g_variant_ref_sink (lvsctl_sections_from_items (items));
  static const struct
  {
    const char *name;
    const char *type;
  } expected[] = {
    { LVSD_SECTION_SERVICES, LVSD_SECTION_SERVICES_TYPE },
    { LVSD_SECTION_ADDRESSES, LVSD_SECTION_ADDRESSES_TYPE },
    { LVSD_SECTION_ROLES, LVSD_SECTION_ROLES_TYPE },
    { LVSD_SECTION_SETTINGS, LVSD_SECTION_SETTINGS_TYPE },
    { LVSD_SECTION_SYNC, LVSD_SECTION_SYNC_TYPE },
  };

  g_assert_cmpuint (g_variant_n_children (sections), ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GVariant) section = g_variant_lookup_value (sections, expected[i].name, NULL);

      g_assert_true (g_variant_is_of_type (section, G_VARIANT_TYPE (expected[i].type)));
    }
}

static void
test_sections_survive_text (void)
{
  g_autoptr (GVariant) sections = parse_sections (SECTIONS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = lvsctl_sections_to_items (sections, &error);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) parsed = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autofree char *printed = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 9);
  text = lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
  parsed = lvsd_document_parse (text, strlen (text), LVSD_DOCUMENT_EXPORT, &error);
  g_assert_no_error (error);
  again = g_variant_ref_sink (lvsctl_sections_from_items (parsed));
  printed = g_variant_print (again, FALSE);
  g_assert_cmpstr (printed, !=, "");
  if (!g_variant_equal (sections, again))
    g_error ("%s", printed);
}

static void
test_destinations_find_their_service (void)
{
  g_autoptr (GVariant) sections = parse_sections (SECTIONS);
  g_autoptr (GPtrArray) items = lvsctl_sections_to_items (sections, NULL);
  g_autoptr (GPtrArray) mixed = g_ptr_array_new ();
  g_autoptr (GVariant) again = NULL;
  g_autoptr (GVariant) services = NULL;
  g_autoptr (GVariant) first = NULL;

  for (guint i = items->len; i > 0; i--)
    g_ptr_array_add (mixed, items->pdata[i - 1]);
  again = g_variant_ref_sink (lvsctl_sections_from_items (mixed));
  services = g_variant_lookup_value (again, LVSD_SECTION_SERVICES, NULL);
  first = g_variant_get_child_value (services, 1);
  g_assert_cmpuint (g_variant_n_children (services), ==, 2);
  {
    g_autoptr (GVariant) destinations = g_variant_get_child_value (first, 3);

    g_assert_cmpuint (g_variant_n_children (destinations), ==, 2);
  }
}

static void
test_wrong_sections (void)
{
  static const struct
  {
    const char *text;
    LvsdError code;
    const char *message;
  } cases[] = {
    { "{'more': <['x']>}", LVSD_ERROR_NOT_SUPPORTED,
      "lvsd has a section 'more' of type 'as', which this lvsctl does not know; upgrade lvsctl" },
    { "{'services': <'web'>}", LVSD_ERROR_NOT_SUPPORTED,
      "lvsd has a section 'services' of type 's', which this lvsctl does not know; upgrade "
      "lvsctl" },
    { "{'addresses': <[('x', {'interface': <'eth0'>})]>}", LVSD_ERROR_INVALID_ARGUMENT,
      "'x' is not an IP address; write it like 192.0.2.1 or 2001:db8::1" },
    { "{'roles': <[('192.0.2.1', {'frobs': <true>})]>}", LVSD_ERROR_INVALID_ARGUMENT,
      "'frobs' is not known for a role" },
    { "{'services': <[('web', 'x', @a{sv} {}, @a(ssua{sv}) [])]>}", LVSD_ERROR_INVALID_ARGUMENT,
      "key 'x': write it like tcp/192.0.2.1:80, udp/[2001:db8::1]:53 or fwmark/1" },
    { "{'services': <[('web', 'tcp/192.0.2.1:80', {'scheduler': <uint32 1>},"
      "  @a(ssua{sv}) [])]>}",
      LVSD_ERROR_INVALID_ARGUMENT, "scheduler: a value of type 's' is expected, not 'u'" },
    { "{'services': <[('web', 'tcp/192.0.2.1:80', {'scheduler': <'rr'>},"
      "  [('192.0.2.7:80', 'x', uint32 1, @a{sv} {})])]>}",
      LVSD_ERROR_INVALID_ARGUMENT, "method: 'x' is not one of direct, tunnel, masquerade, local" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) sections = parse_sections (cases[i].text);
      g_autoptr (GError) error = NULL;

      g_assert_null (lvsctl_sections_to_items (sections, &error));
      g_assert_error (error, LVSD_ERROR, (int) cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

/* They must not be taken for an answer without rows. */
static void
test_rows_that_cannot_be_read_are_an_error (void)
{
  static const char *const given[] = { "b'no zlib'", "@ay []", "'text'", "[('one', 1)]" };

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GVariant) rows = g_variant_ref_sink (g_variant_new_parsed (given[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (lvsctl_decompress (rows, "a(ss)", &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sections/types-are-those-of-the-contract",
                   test_types_are_those_of_the_contract);
  g_test_add_func ("/sections/sections-survive-text", test_sections_survive_text);
  g_test_add_func ("/sections/destinations-find-their-service",
                   test_destinations_find_their_service);
  g_test_add_func ("/sections/wrong-sections", test_wrong_sections);
  g_test_add_func ("/sections/rows-that-cannot-be-read-are-an-error",
                   test_rows_that_cannot_be_read_are_an_error);
  return g_test_run ();
}
