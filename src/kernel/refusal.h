/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/plan.h"

G_BEGIN_DECLS

char *lvsd_refusal_describe (const LvsdItem *item);
void lvsd_refusal_set (GError **error, const LvsdStep *step, int failure);
void lvsd_refusal_set_capability (GError **error);
void lvsd_refusal_set_unreadable (int failure, GError **error);

G_END_DECLS
