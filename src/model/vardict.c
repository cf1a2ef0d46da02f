/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vardict.h"

#include <string.h>

/* What begins with a variant or with a 64-bit number does so at a multiple of this. */
#define ALIGNMENT 8

static gsize
aligned (gsize at, gsize alignment)
{
  return at + (-at & (alignment - 1));
}

void
lvsd_serial_align (GByteArray *bytes)
{
  static const guint8 padding[ALIGNMENT];

  if (bytes->len % ALIGNMENT != 0)
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

/* NULL where the bytes, whoever sent them, are no value of that type. One that GLib 2.74 was not
 * told to trust it goes through up to the child that it is asked for, each time. */
GVariant *
lvsd_serial_unpack (GVariant *bytes, const GVariantType *type)
{
  g_autoptr (GBytes) data = g_variant_get_data_as_bytes (bytes);
  g_autoptr (GVariant) given = g_variant_ref_sink (g_variant_new_from_bytes (type, data, FALSE));
  g_autoptr (GBytes) aligned = NULL;
  g_autoptr (GVariant) trusted = NULL;

  if (!g_variant_is_normal_form (given))
    return NULL;
  aligned = g_variant_get_data_as_bytes (given);
  trusted = g_variant_ref_sink (g_variant_new_from_bytes (type, aligned, TRUE));
  return lvsd_serial_little_endian (trusted);
}

/* Of the ends of a container's members, the one so many before its own. */
static gsize
end_before (const LvsdSerial *container, gsize n)
{
  gsize size = number_size (container->size, 0);
  guint64 number = 0;

  memcpy (&number, container->data + container->size - n * size, size);
  return (gsize) GUINT64_FROM_LE (number);
}

/* Of an array whose members have no fixed size and begin at multiples of eight. */
guint
lvsd_serial_count (const LvsdSerial *array)
{
  if (array->size == 0)
    return 0;
  return (guint) ((array->size - end_before (array, 1)) / number_size (array->size, 0));
}

LvsdSerial
lvsd_serial_child (const LvsdSerial *array, guint index)
{
  guint n = lvsd_serial_count (array);
  gsize start = index > 0 ? aligned (end_before (array, n - index + 1), ALIGNMENT) : 0;

  return (LvsdSerial){ array->data + start, end_before (array, n - index) - start };
}

/* The member of a tuple that begins there, which becomes where it ends. */
const char *
lvsd_serial_take_string (const LvsdSerial *tuple, gsize *at)
{
  const char *text = (const char *) tuple->data + *at;

  *at += strlen (text) + 1;
  return text;
}

guint32
lvsd_serial_take_uint32 (const LvsdSerial *tuple, gsize *at)
{
  guint32 number;

  *at = aligned (*at, sizeof number);
  memcpy (&number, tuple->data + *at, sizeof number);
  *at += sizeof number;
  return number;
}

/* The last member, which begins at a multiple of eight, of a tuple that has so many ends. */
LvsdSerial
lvsd_serial_take_last (const LvsdSerial *tuple, gsize at, guint n_ends)
{
  gsize start = aligned (at, ALIGNMENT);

  return (LvsdSerial){ tuple->data + start,
                       tuple->size - n_ends * number_size (tuple->size, 0) - start };
}

/* Appends to bytes, which other things may stand in already; nothing else may be appended until the
 * end. */
void
lvsd_vardict_begin (LvsdVardict *dict, GByteArray *bytes)
{
  lvsd_serial_align (bytes);
  dict->bytes = bytes;
  dict->is_brief = FALSE;
  dict->n_entries = 0;
  dict->start = bytes->len;
}

/* In one piece: there are several of these for each of very many items. */
static void
add (LvsdVardict *dict, const char *name, const char *type, gconstpointer data, gsize length)
{
  GByteArray *bytes = dict->bytes;
  gsize padding = -bytes->len % ALIGNMENT;
  gsize end = strlen (name) + 1;
  gsize type_length = strlen (type);
  gsize value = aligned (end, ALIGNMENT);
  gsize body = value + length + 1 + type_length;
  gsize size = number_size (body, 1);
  guint64 number = GUINT64_TO_LE ((guint64) end);
  guint8 *at;

  g_assert (dict->n_entries < LVSD_VARDICT_MAX);
  g_byte_array_set_size (bytes, bytes->len + (guint) (padding + body + size));
  at = bytes->data + bytes->len - body - size;
  memset (at - padding, 0, padding);
  memcpy (at, name, end);
  memset (at + end, 0, value - end);
  if (length > 0)
    memcpy (at + value, data, length);
  at[value + length] = 0;
  memcpy (at + value + length + 1, type, type_length);
  memcpy (at + body, &number, size);
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
