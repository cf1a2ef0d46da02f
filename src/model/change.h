/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table.h"

G_BEGIN_DECLS

/* One item added (no before), edited, or removed (no after). Holds a reference to each. */
typedef struct
{
  LvsdItem *before;
  LvsdItem *after;
} LvsdEdit;

/* What one call does to the desired state: the unit of the journal, of the kernel's all-or-nothing,
 * and of the signals. */
typedef struct
{
  guint64 sequence; /* the store's number for it; 0 before it has one */
  guint caller;     /* who makes one change after the other; 0: lvsd itself */
  GArray *edits;    /* of LvsdEdit */
} LvsdChange;

LvsdChange *lvsd_change_new (void);
void lvsd_change_free (LvsdChange *change);
void lvsd_change_add (LvsdChange *change, gpointer before, gpointer after);
LvsdChange *lvsd_change_invert (const LvsdChange *change);
gboolean lvsd_change_is_of_configuration (const LvsdChange *change);
gboolean lvsd_change_is_large (const LvsdChange *change);
gboolean lvsd_change_touches (const LvsdChange *change, LvsdKind kind);
void lvsd_change_commit (const LvsdChange *change, LvsdTable *table);
GPtrArray *lvsd_change_outcome (const LvsdChange *change, const LvsdTable *table, LvsdKind kind);
gboolean lvsd_change_replay (const LvsdChange *change, LvsdTable *table, GError **error);

#define lvsd_change_edit(change, i) (&g_array_index ((change)->edits, LvsdEdit, (i)))

/* aa{sv}-like rows (s kind, ma{sv} before, ma{sv} after). What is read has to be in normal form. */
#define LVSD_CHANGE_VARIANT_TYPE "a(sma{sv}ma{sv})"
GVariant *lvsd_change_to_variant (const LvsdChange *change);
LvsdChange *lvsd_change_from_variant (GVariant *variant, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdChange, lvsd_change_free)

G_END_DECLS
