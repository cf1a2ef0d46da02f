/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record.h"

#include <glib/gi18n-lib.h>
#include <lzma.h>
#include <string.h>

#include "model/error.h"

/* All numbers are little endian.
 *
 * head:    magic (8), version (4), zero (4), base sequence (8), checksum (8)
 * record:  length of the payload (4), type (1), zero (3), sequence (8), synced (8), checksum (8),
 *          payload
 *
 * The checksum is of all the rest: of a head the first eight bytes of a SHA-256, as of records in
 * version 1, and of records the CRC-64 that xz has. It tells what was written from what a disk or
 * a power cut made of it, and keeps nobody from forging it. */
#define VERSION_AT 8
#define VERSION_OF_SHA256 1
#define RECORD_SIZE 32
#define CHECKSUM_AT 24

static const char magic[8] = { 'l', 'v', 's', 'd', 'j', 'r', 'n', 'l' };

LvsdRecord *
lvsd_record_new (LvsdRecordType type, guint64 sequence, GBytes *payload)
{
  LvsdRecord *record = g_atomic_rc_box_new0 (LvsdRecord);

  record->type = type;
  record->sequence = sequence;
  record->payload = g_bytes_ref (payload);
  return record;
}

LvsdRecord *
lvsd_record_ref (LvsdRecord *record)
{
  return g_atomic_rc_box_acquire (record);
}

static void
clear_record (gpointer data)
{
  g_bytes_unref (((LvsdRecord *) data)->payload);
}

void
lvsd_record_unref (LvsdRecord *record)
{
  g_atomic_rc_box_release_full (record, clear_record);
}

/* Numbers */

static void
put32 (guint8 *at, guint32 number)
{
  number = GUINT32_TO_LE (number);
  memcpy (at, &number, sizeof number);
}

static void
put64 (guint8 *at, guint64 number)
{
  number = GUINT64_TO_LE (number);
  memcpy (at, &number, sizeof number);
}

static guint32
get32 (const guint8 *at)
{
  guint32 number;

  memcpy (&number, at, sizeof number);
  return GUINT32_FROM_LE (number);
}

static guint64
get64 (const guint8 *at)
{
  guint64 number;

  memcpy (&number, at, sizeof number);
  return GUINT64_FROM_LE (number);
}

static guint64
sum_sha256 (const guint8 *head, const guint8 *payload, gsize length)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_length = sizeof digest;

  g_checksum_update (sum, head, CHECKSUM_AT);
  if (length > 0)
    g_checksum_update (sum, payload, (gssize) length);
  g_checksum_get_digest (sum, digest, &digest_length);
  return get64 (digest);
}

static guint64
checksum (guint32 version, const guint8 *head, const guint8 *payload, gsize length)
{
  if (version == VERSION_OF_SHA256)
    return sum_sha256 (head, payload, length);
  return lzma_crc64 (payload, length, lzma_crc64 (head, CHECKSUM_AT, 0));
}

/* Payloads */

GBytes *
lvsd_record_pack_change (const LvsdChange *change)
{
  g_autoptr (GVariant) native = g_variant_ref_sink (lvsd_change_to_variant (change));
  g_autoptr (GVariant) little = lvsd_serial_little_endian (native);

  return g_variant_get_data_as_bytes (little);
}

/* The payload must be aligned as memory of its own is. */
LvsdChange *
lvsd_record_unpack_change (guint64 sequence, GBytes *payload, GError **error)
{
  g_autoptr (GVariant) little = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (LVSD_CHANGE_VARIANT_TYPE), payload, FALSE));
  g_autoptr (GVariant) native = NULL;
  LvsdChange *change;

  if (!g_variant_is_normal_form (little))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
                           _ ("a recorded change is no serialized change at all"));
      return NULL;
    }
  native = lvsd_serial_little_endian (little);
  change = lvsd_change_from_variant (native, error);
  if (change != NULL)
    change->sequence = sequence;
  return change;
}

GBytes *
lvsd_record_pack_settled (const GArray *sequences)
{
  guint8 *data = g_malloc (sizeof (guint64) * sequences->len);

  for (guint i = 0; i < sequences->len; i++)
    put64 (data + sizeof (guint64) * i, g_array_index (sequences, guint64, i));
  return g_bytes_new_take (data, sizeof (guint64) * sequences->len);
}

gboolean
lvsd_record_unpack_settled (GBytes *payload, GArray *sequences)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (payload, &length);

  if (length % sizeof (guint64) != 0)
    return FALSE;
  for (gsize i = 0; i < length; i += sizeof (guint64))
    {
      guint64 sequence = get64 (data + i);

      g_array_append_val (sequences, sequence);
    }
  return TRUE;
}

/* Records */

void
lvsd_record_encode (const LvsdRecord *record, guint32 version, guint64 synced, GByteArray *into)
{
  guint8 head[RECORD_SIZE] = { 0 };
  gsize length;
  const guint8 *payload = g_bytes_get_data (record->payload, &length);

  put32 (head, (guint32) length);
  head[4] = (guint8) record->type;
  put64 (head + 8, record->sequence);
  put64 (head + 16, synced);
  put64 (head + CHECKSUM_AT, checksum (version, head, payload, length));
  g_byte_array_append (into, head, sizeof head);
  if (length > 0)
    g_byte_array_append (into, payload, (guint) length);
}

/* Cheap tests first, since this is also asked of offsets at which nothing begins. */
static gboolean
is_record (guint32 version, const guint8 *head, gsize left, gsize *ret_length)
{
  gsize length;

  if (left < RECORD_SIZE || head[4] < LVSD_RECORD_CHANGE || head[4] > LVSD_RECORD_CARRIED
      || head[5] != 0 || head[6] != 0 || head[7] != 0)
    return FALSE;
  length = get32 (head);
  if (length > LVSD_RECORD_MAX || length > left - RECORD_SIZE
      || checksum (version, head, head + RECORD_SIZE, length) != get64 (head + CHECKSUM_AT))
    return FALSE;
  *ret_length = length;
  return TRUE;
}

/* Returns NULL where no whole record begins at the offset, which is else moved behind it. The
 * journal's head was found good. */
LvsdRecord *
lvsd_record_decode (GBytes *journal, gsize *offset)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (journal, &size);
  const guint8 *head = data + *offset;
  g_autoptr (GBytes) payload = NULL;
  gsize length;

  if (*offset >= size || !is_record (lvsd_head_version (journal), head, size - *offset, &length))
    return NULL;
  payload = g_bytes_new (head + RECORD_SIZE, length);
  *offset += RECORD_SIZE + length;
  return lvsd_record_new ((LvsdRecordType) head[4], get64 (head + 8), payload);
}

/* Whether what stands at the offset was durable once, and so was damaged later: a record further on
 * was written after a sync that covered it. Without such a proof it may be that the machine went
 * down while the last group was being written, in which case any part of that group, and not just
 * its end, may be missing. */
gboolean
lvsd_record_proves_sync (GBytes *journal, gsize offset)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (journal, &size);
  gsize length;

  for (gsize at = offset + 1; at + RECORD_SIZE <= size; at++)
    {
      guint64 synced = get64 (data + at + 16);

      if (synced > offset && synced <= at
          && is_record (lvsd_head_version (journal), data + at, size - at, &length))
        return TRUE;
    }
  return FALSE;
}

/* Heads */

void
lvsd_head_encode (guint64 base, GByteArray *into)
{
  guint8 head[LVSD_HEAD_SIZE] = { 0 };

  memcpy (head, magic, sizeof magic);
  put32 (head + VERSION_AT, LVSD_JOURNAL_VERSION);
  put64 (head + 16, base);
  put64 (head + CHECKSUM_AT, sum_sha256 (head, NULL, 0));
  g_byte_array_append (into, head, sizeof head);
}

/* Of a journal whose head was found good. */
guint32
lvsd_head_version (GBytes *journal)
{
  return get32 ((const guint8 *) g_bytes_get_data (journal, NULL) + VERSION_AT);
}

/* base is what the name of the file says. Later versions keep the first twelve bytes and a checksum
 * in this place, so that a damaged head is not taken for a newer one. */
LvsdHead
lvsd_head_decode (GBytes *journal, guint64 base)
{
  gsize size;
  const guint8 *head = g_bytes_get_data (journal, &size);
  guint32 version;

  if (size < LVSD_HEAD_SIZE || memcmp (head, magic, sizeof magic) != 0
      || sum_sha256 (head, NULL, 0) != get64 (head + CHECKSUM_AT))
    return LVSD_HEAD_BAD;
  version = get32 (head + VERSION_AT);
  if (version > LVSD_JOURNAL_VERSION)
    return LVSD_HEAD_NEWER;
  return version > 0 && get64 (head + 16) == base ? LVSD_HEAD_GOOD : LVSD_HEAD_BAD;
}
