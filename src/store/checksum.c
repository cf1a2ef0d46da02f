/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checksum.h"

#include <string.h>

/* CRC-64 of ECMA-182, reflected, begun and ended with all bits turned over, as xz has it: it sees
 * any damage within 64 bits, and all but one of 2^64 of the rest. At ten thousand destinations
 * SHA-256 took a third of what an apply takes the daemon. */
#define POLYNOMIAL G_GUINT64_CONSTANT (0xc96c5795d7870f42)

#define WORD sizeof (guint64)

/* tables[n][byte]: what the byte comes to when n more have come. */
static guint64 tables[WORD][256];

static void
fill_tables (void)
{
  for (guint byte = 0; byte < 256; byte++)
    {
      guint64 rest = byte;

      for (guint bit = 0; bit < 8; bit++)
        rest = (rest >> 1) ^ ((rest & 1) != 0 ? POLYNOMIAL : 0);
      tables[0][byte] = rest;
    }
  for (guint n = 1; n < WORD; n++)
    for (guint byte = 0; byte < 256; byte++)
      tables[n][byte] = (tables[n - 1][byte] >> 8) ^ tables[0][tables[n - 1][byte] & 255];
}

static guint64
add_word (guint64 sum, const guint8 *data)
{
  guint64 word;
  guint64 next = 0;

  memcpy (&word, data, sizeof word);
  word = sum ^ GUINT64_FROM_LE (word);
  for (guint i = 0; i < WORD; i++)
    next ^= tables[WORD - 1 - i][word >> 8 * i & 255];
  return next;
}

guint64
lvsd_checksum (guint64 sum, gconstpointer data, gsize length)
{
  static gsize filled;
  const guint8 *at = data;
  const guint8 *end = at + length;

  if (g_once_init_enter (&filled))
    {
      fill_tables ();
      g_once_init_leave (&filled, 1);
    }
  sum = ~sum;
  for (; end - at >= (gssize) WORD; at += WORD)
    sum = add_word (sum, at);
  for (; at < end; at++)
    sum = (sum >> 8) ^ tables[0][(sum ^ *at) & 255];
  return ~sum;
}
