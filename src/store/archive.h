/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "directory.h"
#include "model/change.h"
#include "seal.h"

G_BEGIN_DECLS

#define LVSD_GENERATION_PREFIX "generation"

/* States on their way into the archive: the one that a change begins with, where that is not the
 * newest generation's already, and the one it ends with. Both are durable before the change is
 * recorded; a file that no recorded generation has the number of is nobody's and is removed with
 * the next. All of it belongs to the worker thread until it is done. */
typedef struct
{
  const LvsdDirectory *directory;
  GPtrArray *items;   /* the state before the change */
  LvsdChange *change; /* its own references */
  GArray *kept;       /* guint32: numbers of the generations there are; NULL: remove none */
  guint32 number;     /* the first that is free; the second follows it */
  gboolean is_kept;   /* the state before is known to be the newest generation's */
  char newest[LVSD_DIGEST_LENGTH + 1]; /* of the newest generation; "" where there is none */

  char before[LVSD_DIGEST_LENGTH + 1]; /* out: "" where it was not written */
  char after[LVSD_DIGEST_LENGTH + 1];  /* out */
  GError *error;                       /* out */
} LvsdArchiving;

LvsdArchiving *
lvsd_archiving_new (const LvsdDirectory *directory, GPtrArray *items, const LvsdChange *change);
void lvsd_archiving_free (LvsdArchiving *archiving);

/* May be called from a worker thread. */
void lvsd_archiving_run (LvsdArchiving *archiving);

/* The text of a generation, without its seal. items: services before their destinations. */
GString *lvsd_archive_format (const GPtrArray *items);

/* The items of a generation. digest "": whatever the file says of itself is enough. */
GPtrArray *lvsd_archive_read (const LvsdDirectory *directory,
                              guint32 number,
                              const char *digest,
                              GError **error);

/* The greatest number of a file, also of one that is nobody's; 0 where there is none. */
guint32 lvsd_archive_greatest (const LvsdDirectory *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdArchiving, lvsd_archiving_free)

G_END_DECLS
