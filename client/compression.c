/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compression.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "model/vardict.h"

/* NULL where it is not what zlib makes. */
static GBytes *
inflate (GVariant *given)
{
  g_autoptr (GBytes) data = g_variant_get_data_as_bytes (given);
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (data);
  g_autoptr (GConverter) decompressor =
      G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, decompressor);
  g_autoptr (GOutputStream) inflated = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (inflated, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL)
      < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (inflated));
}

static GVariant *
unpack (GVariant *given, const char *type)
{
  g_autoptr (GBytes) bytes = inflate (given);
  g_autoptr (GVariant) packed = NULL;

  if (bytes == NULL)
    return NULL;
  packed = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
  return lvsd_serial_unpack (packed, G_VARIANT_TYPE (type));
}

GVariant *
lvsctl_decompress (GVariant *given, const char *type, GError **error)
{
  GVariant *rows = NULL;

  if (g_variant_is_of_type (given, G_VARIANT_TYPE (type)))
    rows = g_variant_ref (given);
  else if (g_variant_is_of_type (given, G_VARIANT_TYPE_BYTESTRING))
    rows = unpack (given, type);
  if (rows == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
                 _ ("lvsd has answered with rows that are not of type '%s', which this lvsctl does "
                    "not know; upgrade lvsctl"),
                 type);
  return rows;
}
