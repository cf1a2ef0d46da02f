/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

typedef enum
{
  LVSD_REPAIR_ALL,       /* at the start: the store is the truth */
  LVSD_REPAIR_UNHELD,    /* likewise, but for what is held */
  LVSD_REPAIR_BY_POLICY, /* while running, as lvsd.conf says */
  LVSD_REPAIR_MISSING,   /* what differs is left */
  LVSD_REPAIR_NOTHING,   /* degraded: only look */
} LvsdRepair;

/* What a step that would end a difference between the kernel and what is desired says of it. */

/* The item of the table that the step is about: the kernel holds a role as an address. NULL where
 * there is none. */
gpointer lvsd_assessment_find_subject (LvsdNode *node, const LvsdStep *step);

/* Where nothing of ours is meant, it is a destination that somebody put into a service of ours. A
 * reference; NULL: neither. */
gpointer lvsd_assessment_dup_subject (LvsdNode *node, const LvsdStep *step);

LvsdDrift lvsd_assessment_drift (LvsdNode *node, const LvsdStep *step);

/* Whether as much as this is to be repaired. */
gboolean lvsd_assessment_is_wanted (LvsdNode *node, const LvsdStep *step, LvsdRepair extent);

/* What the kernel did not take nobody has changed by hand. */
gboolean lvsd_assessment_was_refused (LvsdNode *node, const LvsdStep *step);

/* A sync daemon whose thread is there, but of what it does nothing. */
gboolean lvsd_assessment_is_deaf (const LvsdStep *step);

/* A setting that keeps a role's address from being told to the network. */
gboolean lvsd_assessment_is_of_role (const LvsdStep *step);

/* A setting below /proc/sys or a timeout, which the kernel always has while it has the module. */
gboolean lvsd_assessment_is_setting (gconstpointer item);

G_END_DECLS
