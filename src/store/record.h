/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/change.h"

G_BEGIN_DECLS

/* A change takes the next sequence number. A settled record names changes that the kernel has, and
 * has the number of the change before it. A carried record is a copy of a change that a checkpoint
 * holds but that was not settled when its journal began. */
typedef enum
{
  LVSD_RECORD_CHANGE = 1,
  LVSD_RECORD_SETTLED = 2,
  LVSD_RECORD_CARRIED = 3,
} LvsdRecordType;

#define LVSD_RECORD_MAX (64 * 1024 * 1024) /* bytes of payload */

/* Never changed after it was made, so that threads may share it. */
typedef struct
{
  LvsdRecordType type;
  guint64 sequence;
  GBytes *payload;
} LvsdRecord;

LvsdRecord *lvsd_record_new (LvsdRecordType type, guint64 sequence, GBytes *payload);
LvsdRecord *lvsd_record_ref (LvsdRecord *record);
void lvsd_record_unref (LvsdRecord *record);

GBytes *lvsd_record_pack_change (const LvsdChange *change);
LvsdChange *lvsd_record_unpack_change (guint64 sequence, GBytes *payload, GError **error);
GBytes *lvsd_record_pack_settled (const GArray *sequences);
gboolean lvsd_record_unpack_settled (GBytes *payload, GArray *sequences);

/* What is written into a journal that is begun; one that was begun in an older version goes on in
 * that. */
#define LVSD_JOURNAL_VERSION 2

/* synced: how much of the journal was durable when this was written. */
void
lvsd_record_encode (const LvsdRecord *record, guint32 version, guint64 synced, GByteArray *into);

/* Returns FALSE where no whole record begins at the offset. The offset is moved behind it. */
LvsdRecord *lvsd_record_decode (GBytes *journal, gsize *offset);
gboolean lvsd_record_proves_sync (GBytes *journal, gsize offset);

/* What a journal begins with. */
typedef enum
{
  LVSD_HEAD_GOOD,
  LVSD_HEAD_NEWER,
  LVSD_HEAD_BAD,
} LvsdHead;

#define LVSD_HEAD_SIZE 32
void lvsd_head_encode (guint64 base, GByteArray *into);
LvsdHead lvsd_head_decode (GBytes *journal, guint64 base);
guint32 lvsd_head_version (GBytes *journal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdRecord, lvsd_record_unref)

G_END_DECLS
