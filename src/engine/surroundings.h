/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"
#include "model/error.h"

G_BEGIN_DECLS

/* What the machine around the desired state says to a change: whether interfaces and addresses
 * allow it. */

/* Adds the settings that the roles and settings after the change need, and removes those that none
 * needs. */
gboolean lvsd_surroundings_plan_settings (LvsdNode *node, LvsdChange *change, GError **error);
/* The same for all of them as they are, whose records may be another boot's. What the settings need
 * is there even where this fails, which is because of the roles. */
gboolean lvsd_surroundings_renew_settings (LvsdNode *node, LvsdChange *change, GError **error);

/* may_make: the kernel may be asked to make the device of a tunnel, for which it loads a module. */
gboolean lvsd_surroundings_check (LvsdNode *node,
                                  const LvsdChange *change,
                                  gboolean may_make,
                                  GError **error);
gboolean lvsd_surroundings_check_use (const LvsdChange *change, GError **error);

/* Why an address cannot be put on its interface now, or NULL. ret_code is the error it would be
 * to a caller who asks for the address now. */
char *lvsd_surroundings_obstacle (LvsdNode *node,
                                  const LvsdVirtualAddress *address,
                                  LvsdError *ret_code,
                                  GError **error);

G_END_DECLS
