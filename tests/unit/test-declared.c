/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/declared.h"

#include <string.h>

#include "client/sections.h"
#include "dbus/names.h"
#include "model/document.h"
#include "model/error.h"

#define SECTIONS                                                                                   \
  "{'services': <[('web', 'tcp/192.0.2.100:80', {'scheduler': <'rr'>}, [('192.0.2.11:80', "        \
  "'direct', uint32 1, @a{sv} {}), ('192.0.2.12:80', 'tunnel', 0, {'tunnel': <'gre'>})]), "        \
  "('', 'udp/[2001:db8::1]:53', {'persistence': <uint32 300>}, [])]>, "                            \
  "'settings': <[('timeout.udp', '60')]>}"

static GVariant *
parse_sections (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *sections = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return sections;
}

static char *
describe (GVariant *sections)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsdDeclared) declared = lvsd_declared_read (sections, &error);

  g_assert_no_error (error);
  return lvsd_document_format (declared->drafts, LVSD_DOCUMENT_EXPORT);
}

static void
test_packed_rows_say_the_same (void)
{
  g_autoptr (GVariant) sections = parse_sections (SECTIONS);
  g_autoptr (GVariant) packed = g_variant_ref_sink (lvsctl_sections_pack (sections));
  g_autoptr (GVariant) services = g_variant_lookup_value (packed, LVSD_SECTION_SERVICES, NULL);
  g_autofree char *plain = describe (sections);
  g_autofree char *unpacked = describe (packed);

  g_assert_true (g_variant_is_of_type (services, G_VARIANT_TYPE_BYTESTRING));
  g_assert_nonnull (strstr (plain, "destination 192.0.2.12 80=method=tunnel weight=0 tunnel=gre"));
  g_assert_cmpstr (plain, ==, unpacked);
}

static void
assert_refused (GVariant *rows, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) sections = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, LVSD_SECTION_SERVICES, rows);
  sections = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_assert_null (lvsd_declared_read (sections, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  if (strstr (error->message, word) == NULL)
    g_error ("'%s' does not say '%s'", error->message, word);
}

static GVariant *
bytes_of (const guint8 *data, gsize length)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, length, 1);
}

/* Whatever is cut off or overwritten, what comes of it is an error or rows that could be sent. */
static void
test_damaged_bytes_are_refused (void)
{
  g_autoptr (GVariant) sections = parse_sections (SECTIONS);
  g_autoptr (GVariant) packed = g_variant_ref_sink (lvsctl_sections_pack (sections));
  g_autoptr (GVariant) services = g_variant_lookup_value (packed, LVSD_SECTION_SERVICES, NULL);
  gsize length;
  const guint8 *data = g_variant_get_fixed_array (services, &length, 1);

  for (gsize cut = 1; cut < length; cut++)
    assert_refused (bytes_of (data, cut), "services: the bytes are no serialized value");
  for (gsize at = 0; at < length; at++)
    {
      g_autofree guint8 *damaged = g_memdup2 (data, length);
      g_autoptr (GVariant) rows = NULL;
      g_autoptr (GVariant) whole = NULL;
      g_autoptr (LvsdDeclared) declared = NULL;
      GVariantDict dict;

      damaged[at] ^= 0xff;
      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert_value (&dict, LVSD_SECTION_SERVICES, bytes_of (damaged, length));
      whole = g_variant_ref_sink (g_variant_dict_end (&dict));
      declared = lvsd_declared_read (whole, NULL);
    }
}

static void
test_another_type_is_refused (void)
{
  assert_refused (g_variant_new_string ("web"), "services: a value of type");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/declared/packed", test_packed_rows_say_the_same);
  g_test_add_func ("/declared/damaged", test_damaged_bytes_are_refused);
  g_test_add_func ("/declared/another-type", test_another_type_is_refused);
  return g_test_run ();
}
