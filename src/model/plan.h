/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "actual.h"
#include "change.h"

G_BEGIN_DECLS

typedef enum
{
  LVSD_STEP_NEW,
  LVSD_STEP_SET,
  LVSD_STEP_DELETE,
} LvsdStepVerb;

/* One write to the kernel. NEW and SET have item, SET and DELETE have held: what the kernel holds
 * now, and so what undoing puts back. */
typedef struct
{
  LvsdStepVerb verb;
  guint8 phase; /* where in the order it stands */
  LvsdItem *item;
  LvsdItem *held;
} LvsdStep;

/* An ordered list of LvsdStep: new, then set, then delete, and within each what others stand on
 * first. Undoing walks it backwards, so it only deletes what was added or sets back. Sync daemons
 * are the exception: they are stopped first of all and started last. A SET of one stops and starts
 * it, as the kernel cannot edit it. */
typedef GArray LvsdPlan;

LvsdPlan *lvsd_plan_new (void);

/* Pure: what has to be written so that the kernel, which holds actual, comes to hold the afters of
 * the edits and none of the befores. Fails with Conflict when something stands in the way that is
 * not ours. Members of actual that no edit names are left alone. */
LvsdPlan *lvsd_plan_compute (const LvsdChange *change, const LvsdActual *actual, GError **error);

/* The steps that undo the first n steps of the plan, in the order in which to take them. */
LvsdPlan *lvsd_plan_undo (const LvsdPlan *plan, guint n);

gboolean lvsd_step_is_groundwork (const LvsdStep *step);

#define lvsd_plan_step(plan, i) (&g_array_index ((plan), LvsdStep, (i)))

#define lvsd_step_subject(step) ((step)->item != NULL ? (step)->item : (step)->held)

G_END_DECLS
