/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

/* What the kernel holds and lvsd did not put there, on its way to becoming lvsd's. */

/* The command by which a person takes the thing over, for messages that name it. item is as the
 * kernel holds it; an address without an interface means whichever it is on. */
char *lvsd_adoption_command (const LvsdItem *item);

/* Whether the item, which has the kernel's values, is within what lvsd takes from a caller. The
 * error names item and field. */
gboolean lvsd_adoption_check (gconstpointer item, GError **error);

G_END_DECLS
