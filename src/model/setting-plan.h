/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "change.h"

G_BEGIN_DECLS

/* Adds to change what has to become of the replaced settings in the table so that the kernel comes
 * to hold what the settings want: records of those to be written, and removals of records that no
 * setting needs any more. settings is an array of LvsdSetting, as they are after the change; held
 * has, by name, the values of those that the kernel has. boot_id marks new records; those of
 * another boot are taken afresh. */
void lvsd_setting_plan (const GPtrArray *settings,
                        const LvsdTable *table,
                        GHashTable *held,
                        const char *boot_id,
                        LvsdChange *change);

G_END_DECLS
