/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "change.h"

G_BEGIN_DECLS

/* What somebody declares to be wanted, and how much of a change that is. */
typedef struct
{
  guint32 added;
  guint32 changed;
  guint32 removed;
  guint32 unchanged;
} LvsdDeclarationCounts;

#define LVSD_KIND_BIT(kind) (1u << (kind))

/* Of what callers may declare: everything but the daemon's own. */
guint lvsd_declaration_all_kinds (void);

/* The drafts by their identity, where no two have the same; else InvalidArgument. It is what a
 * comparison begins with, and looks at the drafts alone. */
GHashTable *lvsd_declaration_index (const GPtrArray *wanted, GError **error);

/* Adds to the change what turns the table into what is declared: each item of wanted, as it is
 * there, and of the kinds in whole (bits) nothing else. wanted holds drafts, which get what no
 * declaration has from the items that they take the place of, services before their destinations.
 * index: theirs, or NULL to have it made. Pure. Fails with InvalidArgument where
 * something is named twice, and with Conflict where an edit would change what is fixed; of kinds in
 * whole such an item is removed and added anew. */
gboolean lvsd_declaration_compare (const LvsdTable *table,
                                   GPtrArray *wanted,
                                   GHashTable *index,
                                   guint whole,
                                   LvsdChange *change,
                                   LvsdDeclarationCounts *ret_counts,
                                   GError **error);

/* Says in the draft how much of a change it is. */
void lvsd_declaration_note (const LvsdDeclarationCounts *counts, LvsdGeneration *draft);

G_END_DECLS
