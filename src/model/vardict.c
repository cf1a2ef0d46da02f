/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vardict.h"

#include <string.h>

/* What begins with a variant or with a 64-bit number does so at a multiple of this. */
#define ALIGNMENT 8

void
lvsd_serial_align (GByteArray *bytes)
{
  static const guint8 padding[ALIGNMENT];

  g_byte_array_append (bytes, padding, -bytes->len % ALIGNMENT);
}

void
lvsd_serial_add_string (GByteArray *bytes, const char *text)
{
  g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text) + 1);
}

void
lvsd_serial_add_uint32 (GByteArray *bytes, guint32 number)
{
  static const guint8 padding[sizeof number];

  g_byte_array_append (bytes, padding, -bytes->len % sizeof number);
  g_byte_array_append (bytes, (const guint8 *) &number, sizeof number);
}

/* Each number has the least size that can count the whole container, these numbers included. */
static gsize
number_size (gsize body, gsize n_numbers)
{
  if (body + n_numbers <= G_MAXUINT8)
    return 1;
  if (body + 2 * n_numbers <= G_MAXUINT16)
    return 2;
  return body + 4 * n_numbers <= G_MAXUINT32 ? 4 : 8;
}

/* Closes a container: where its members end, counted from its start, in little endian. */
void
lvsd_serial_add_ends (GByteArray *bytes, gsize start, const gsize *ends, gsize n_ends)
{
  gsize size = number_size (bytes->len - start, n_ends);

  for (gsize i = 0; i < n_ends; i++)
    {
      guint64 number = GUINT64_TO_LE ((guint64) (ends[i] - start));

      g_byte_array_append (bytes, (const guint8 *) &number, (guint) size);
    }
}

/* GVariants are of the machine's byte order; swapping is its own inverse. */
GVariant *
lvsd_serial_little_endian (GVariant *value)
{
  return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (value) : g_variant_ref (value);
}

/* Returns a floating ay, which a message takes in one piece and not value by value. */
GVariant *
lvsd_serial_pack (GVariant *value)
{
  g_autoptr (GVariant) little = lvsd_serial_little_endian (value);
  g_autoptr (GBytes) data = g_variant_get_data_as_bytes (little);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, data, TRUE);
}

/* NULL where the bytes, whoever sent them, are no value of that type. */
GVariant *
lvsd_serial_unpack (GVariant *bytes, const GVariantType *type)
{
  g_autoptr (GBytes) data = g_variant_get_data_as_bytes (bytes);
  g_autoptr (GVariant) little = g_variant_ref_sink (g_variant_new_from_bytes (type, data, FALSE));

  return g_variant_is_normal_form (little) ? lvsd_serial_little_endian (little) : NULL;
}

/* Appends to bytes, which other things may stand in already; nothing else may be appended until the
 * end. */
void
lvsd_vardict_begin (LvsdVardict *dict, GByteArray *bytes)
{
  lvsd_serial_align (bytes);
  dict->bytes = bytes;
  dict->n_entries = 0;
  dict->start = bytes->len;
}

static void
add (LvsdVardict *dict, const char *name, const char *type, gconstpointer data, gsize length)
{
  GByteArray *bytes = dict->bytes;
  gsize start;
  gsize end;

  g_assert (dict->n_entries < LVSD_VARDICT_MAX);
  lvsd_serial_align (bytes);
  start = bytes->len;
  lvsd_serial_add_string (bytes, name);
  end = bytes->len;
  lvsd_serial_align (bytes);
  if (length > 0)
    g_byte_array_append (bytes, data, (guint) length);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_byte_array_append (bytes, (const guint8 *) type, (guint) strlen (type));
  lvsd_serial_add_ends (bytes, start, &end, 1);
  dict->ends[dict->n_entries++] = bytes->len;
}

void
lvsd_vardict_add_string (LvsdVardict *dict, const char *name, const char *value)
{
  add (dict, name, "s", value, strlen (value) + 1);
}

/* Consumes value if it is floating. */
void
lvsd_vardict_add_value (LvsdVardict *dict, const char *name, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);

  add (dict, name, g_variant_get_type_string (owned), g_variant_get_data (owned),
       g_variant_get_size (owned));
}

void
lvsd_vardict_end (LvsdVardict *dict)
{
  lvsd_serial_add_ends (dict->bytes, dict->start, dict->ends, dict->n_entries);
}
