/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* The settings of the desired state and what this machine's kernel has of them. */

/* Adds the records of what the settings after the change need, as far as the kernel has them, and
 * removes those that none needs. */
void lvsd_settings_plan (LvsdNode *node, LvsdChange *change);

/* NotFound where the change wants a setting that this kernel does not have. */
gboolean lvsd_settings_check (LvsdNode *node, const LvsdChange *change, GError **error);

/* What has to be recorded because the kernel has a setting that it did not have when this boot's
 * values were taken; NULL for nothing. Each edit can be made by itself. */
LvsdChange *lvsd_settings_welcome (LvsdNode *node);

G_END_DECLS
