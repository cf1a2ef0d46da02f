/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

/* What made a state worth keeping. */
typedef enum
{
  LVSD_CAUSE_EDITS, /* single edits since the generation before, kept when another one came */
  LVSD_CAUSE_APPLY,
  LVSD_CAUSE_CLEAR,
  LVSD_CAUSE_ROLLBACK,
  LVSD_CAUSE_EXPIRY, /* of the time in which the one before it had to be confirmed */
  LVSD_CAUSE_IMPORT, /* an apply of what another program's file says */
} LvsdCause;

extern const LvsdTerm lvsd_cause_terms[];

/* A state that one can go back to. The store keeps its text in a file of its own; this says that it
 * is there, what it came from, and whether it still has to be confirmed. As an item it is in the
 * same record as the change that made it: no crash can tell the two apart. */
typedef struct
{
  LvsdItem item;
  guint8 cause;   /* LvsdCause */
  guint32 number; /* identity; grows, and is not that of a change */
  guint32 time;   /* seconds since the Epoch */
  guint32 uid;    /* of whoever asked for it */
  guint32 added;  /* items, against the generation before; 0 where it is not known */
  guint32 changed;
  guint32 removed;
  guint32 deadline; /* seconds of CLOCK_BOOTTIME to confirm it in; 0: it stands */
  guint32 fallback; /* the generation that comes back when nobody confirms */
  char boot_id[37]; /* that the deadline is of */
  char digest[65];  /* of the text, in hex: CRC-64, or SHA-256 where an older lvsd kept it */
} LvsdGeneration;

extern const LvsdItemClass lvsd_generation_class;

LvsdGeneration *lvsd_generation_new (LvsdCause cause);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdGeneration, lvsd_item_unref)

G_END_DECLS
