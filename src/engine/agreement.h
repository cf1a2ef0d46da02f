/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Whether the kernel holds a service and its destinations just as they are desired, and nothing
 * else was noted of them: then there is nothing to plan, to write or to note. FALSE says no more
 * than that a closer look is due. heads: services that the kernel holds, without destinations. */
gboolean lvsd_agreement_holds (LvsdNode *node, const LvsdService *service, const LvsdActual *heads);

G_END_DECLS
