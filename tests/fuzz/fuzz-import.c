/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "client/format.h"
#include "client/sections.h"
#include "fuzz.h"
#include "names.h"

/* Files of ours and of other programs. The first line is the format's name, the rest the file. */

/* Nowhere, so that what is included by a relative name is not there. */
#define FILE_NAME "/nonexistent/file"

/* A file that is included by its whole name would be one of this machine's. */
static gboolean
reads_other_files (const char *text)
{
  return strstr (text, "include") != NULL && strchr (text, '/') != NULL;
}

static void
assert_sections_carry (GPtrArray *items)
{
  g_autoptr (GVariant) sections = g_variant_ref_sink (lvsctl_sections_from_items (items));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) again = lvsctl_sections_to_items (sections, &error);

  g_assert_no_error (error);
  fuzz_assert_same_items (items, again);
}

/* Whatever was read, our own formats can say. */
static void
assert_format_carries (const char *name, GPtrArray *items)
{
  const LvsctlFormat *format = lvsctl_format_find (name, NULL);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = format->write (items, 1, notes);
  g_autoptr (LvsctlReading) again = lvsctl_reading_new ();
  g_autoptr (GError) error = NULL;

  format->read (again, FILE_NAME, text, strlen (text), &error);
  g_assert_no_error (error);
  if (format->is_own)
    fuzz_assert_same_items (items, again->items);
}

static void
read_text (const LvsctlFormat *format, const char *text, gsize length)
{
  g_autoptr (LvsctlReading) reading = lvsctl_reading_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;

  lvsctl_format_recognize (text);
  if (!format->read (reading, FILE_NAME, text, length, &error))
    {
      g_assert_nonnull (error);
      return;
    }
  g_assert_no_error (error);
  notes = lvsctl_reading_dup_notes (reading);
  fuzz_assert_valid_items (reading->items);
  assert_format_carries ("native", reading->items);
  assert_format_carries ("json", reading->items);
  assert_format_carries ("ipvsadm", reading->items);
  assert_sections_carry (reading->items);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *newline = strchr (text, '\n');
  const LvsctlFormat *format;

  fuzz_begin ();
  fuzz_know_names ();
  if (newline == NULL || reads_other_files (text))
    return 0;
  *newline = '\0';
  format = lvsctl_format_find (text, NULL);
  if (format != NULL)
    read_text (format, newline + 1, size - (gsize) (newline + 1 - text));
  return 0;
}
