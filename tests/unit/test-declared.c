/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/declared.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
  g_autoptr (LvsdDeclared) declared = lvsd_declared_read (sections, NULL, &error);

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
  g_assert_null (lvsd_declared_read (sections, NULL, &error));
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
      declared = lvsd_declared_read (whole, NULL, NULL);
    }
}

static void
test_another_type_is_refused (void)
{
  assert_refused (g_variant_new_string ("web"), "services: a value of type");
}

/* Services in the file of this number. */
static GVariant *
handed_over (gint32 index)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, LVSD_SECTION_SERVICES, "h", index);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
assert_file_refused (int file, gint32 index, LvsdError code, const char *word)
{
  g_autoptr (GUnixFDList) files = g_unix_fd_list_new_from_array (&file, 1);
  g_autoptr (GVariant) sections = handed_over (index);
  g_autoptr (GError) error = NULL;

  g_assert_null (lvsd_declared_read (sections, files, &error));
  g_assert_error (error, LVSD_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_a_file_in_memory_says_the_same (void)
{
  g_autoptr (GVariant) sections = parse_sections (SECTIONS);
  g_autoptr (GVariant) packed = g_variant_ref_sink (lvsctl_sections_pack (sections));
  g_autoptr (GVariant) services = g_variant_lookup_value (packed, LVSD_SECTION_SERVICES, NULL);
  gsize size = g_variant_get_size (services);
  int file = memfd_create ("test", MFD_CLOEXEC);
  g_autoptr (GUnixFDList) files = NULL;
  g_autoptr (GVariant) handed = handed_over (0);
  g_autoptr (LvsdDeclared) declared = NULL;
  g_autoptr (LvsdDeclared) plain = lvsd_declared_read (sections, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (write (file, g_variant_get_data (services), size), ==, (gssize) size);
  files = g_unix_fd_list_new_from_array (&file, 1);
  declared = lvsd_declared_read (handed, files, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (declared->drafts->len, ==, plain->drafts->len - 1); /* without the setting */
  g_assert_cmpint (ftruncate (g_unix_fd_list_peek_fds (files, NULL)[0], (off_t) size - 1), ==, 0);
  g_assert_null (lvsd_declared_read (handed, files, &error));
  g_assert_nonnull (strstr (error->message, "the bytes are no serialized value"));
}

/* Of a pipe nobody knows when its end comes. */
static void
test_what_is_no_file_in_memory_is_refused (void)
{
  g_autoptr (GVariant) sections = handed_over (0);
  g_autoptr (GError) error = NULL;
  int large = memfd_create ("test", MFD_CLOEXEC);
  int ends[2];

  g_assert_null (lvsd_declared_read (sections, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (pipe (ends), ==, 0);
  close (ends[1]);
  assert_file_refused (ends[0], 0, LVSD_ERROR_INVALID_ARGUMENT, "must be one in memory");
  assert_file_refused (open ("/proc/self/maps", O_RDONLY), 0, LVSD_ERROR_INVALID_ARGUMENT,
                       "must be one in memory");
  assert_file_refused (memfd_create ("test", 0), 1, LVSD_ERROR_INVALID_ARGUMENT, "did not come");
  assert_file_refused (memfd_create ("test", 0), -1, LVSD_ERROR_INVALID_ARGUMENT, "did not come");
  g_assert_cmpint (ftruncate (large, 64 * 1024 * 1024 + 1), ==, 0);
  assert_file_refused (large, 0, LVSD_ERROR_LIMITS_EXCEEDED, "too large");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/declared/packed", test_packed_rows_say_the_same);
  g_test_add_func ("/declared/damaged", test_damaged_bytes_are_refused);
  g_test_add_func ("/declared/another-type", test_another_type_is_refused);
  g_test_add_func ("/declared/a-file-in-memory", test_a_file_in_memory_says_the_same);
  g_test_add_func ("/declared/no-file-in-memory", test_what_is_no_file_in_memory_is_refused);
  return g_test_run ();
}
