/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/actual.h"
#include "model/plan.h"

G_BEGIN_DECLS

/* The desired state beside the kernel's, which is read a few services at a time. Others may change
 * something meanwhile: what is not any more as it was at the beginning is passed over. */
typedef struct _LvsdComparison LvsdComparison;

void lvsd_comparison_free (LvsdComparison *comparison);

/* The steps that would make the kernel hold what is desired. */
const LvsdPlan *lvsd_comparison_plan (const LvsdComparison *comparison);

/* What the kernel holds; LvsdActualEntry. */
const GPtrArray *lvsd_comparison_held (const LvsdComparison *comparison);

/* What a step is about, borrowed from the table; NULL: not ours any more, or changed meanwhile. */
gpointer lvsd_comparison_find_subject (const LvsdComparison *comparison, const LvsdStep *step);

/* Whether something that the kernel holds was ours when it was read. */
gboolean lvsd_comparison_was_ours (const LvsdComparison *comparison, gconstpointer item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdComparison, lvsd_comparison_free)

G_END_DECLS
