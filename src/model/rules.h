/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "change.h"

G_BEGIN_DECLS

/* What items can get wrong together, where item.h has what one can get wrong by itself. All pure:
 * the table is the state before the change. */

/* Conflict where a before is no longer what the table holds, AlreadyExists where an added item is
 * there, InvalidArgument and NotFound where items do not fit each other. */
gboolean lvsd_rules_check (const LvsdChange *change, const LvsdTable *table, GError **error);

/* The one rule in which the kernel has a say as well: held is what it holds of
 * LVSD_SETTING_BACKUP_ONLY, which counts where nobody told lvsd what that is to be. */
gboolean lvsd_rules_check_backup_only (const LvsdChange *change,
                                       const LvsdTable *table,
                                       gboolean held,
                                       GError **error);

G_END_DECLS
