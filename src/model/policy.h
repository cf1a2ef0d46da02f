/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "terms.h"

G_BEGIN_DECLS

/* The ways in which the kernel can differ from what is desired. */
typedef enum
{
  LVSD_DRIFT_MISSING, /* the kernel does not hold it */
  LVSD_DRIFT_CHANGED, /* it holds it otherwise */
  LVSD_DRIFT_EXTRA,   /* a destination that somebody put into a service of ours */
  LVSD_DRIFT_ADDRESS, /* an address is missing, or what a role needs on its interface */
} LvsdDrift;

#define LVSD_N_DRIFTS (LVSD_DRIFT_ADDRESS + 1)

/* What is done about each of them while lvsd runs, and what else lvsd.conf says. */
typedef struct
{
  gboolean repairs[LVSD_N_DRIFTS]; /* FALSE: only reported */
  gboolean runtime_weights;        /* a weight that ipvsadm's command line sets is for now */
} LvsdPolicy;

extern const LvsdTerm lvsd_drift_terms[];
extern const LvsdTerm lvsd_remedy_terms[];  /* of repairs */
extern const LvsdTerm lvsd_weights_terms[]; /* of runtime_weights */

/* What holds where lvsd.conf says nothing. */
void lvsd_policy_reset (LvsdPolicy *policy);

/* Reads the text of lvsd.conf, whatever it is. A mistake is an error with its line, and then policy
 * is as it was. */
gboolean lvsd_policy_parse (const char *text, gsize length, LvsdPolicy *policy, GError **error);

G_END_DECLS
