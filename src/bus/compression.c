/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/compression.h"

#include "model/vardict.h"

/* Of what zlib has, 1 to 9, that which takes least time: rows are much alike. */
#define LEVEL 1

/* Neither memory nor zlib refuses: they would rather abort. */
GVariant *
lvsd_compress (GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autoptr (GVariant) little = lvsd_serial_little_endian (owned);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GConverter) compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, LEVEL));
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, compressor);
  g_autoptr (GBytes) bytes = NULL;

  g_output_stream_write_all (stream, g_variant_get_data (little), g_variant_get_size (little), NULL,
                             NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}
