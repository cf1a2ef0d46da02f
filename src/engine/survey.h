/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"
#include "model/actual.h"
#include "model/change.h"

G_BEGIN_DECLS

/* What the kernel holds of the things that a change touches, read a few services at a time, so that
 * others get through between two of them. The change must outlive it. */
typedef struct _LvsdSurvey LvsdSurvey;

LvsdSurvey *lvsd_survey_new (LvsdNode *node, const LvsdChange *change);
void lvsd_survey_free (LvsdSurvey *survey);

/* Reads some more. ret_actual is NULL until all is read, and then the caller's; no more is to be
 * asked for after that. */
gboolean lvsd_survey_go_on (LvsdSurvey *survey, LvsdActual **ret_actual, GError **error);

LvsdActual *lvsd_survey_at_once (LvsdNode *node, const LvsdChange *change, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdSurvey, lvsd_survey_free)

G_END_DECLS
