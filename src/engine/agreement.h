/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Which services the kernel holds as they are desired, found without a plan. It is about one
 * moment: what is edited later does not agree. */
typedef struct _LvsdAgreement LvsdAgreement;

/* Looks at all services, but not at their destinations. Fails where the kernel cannot be asked. */
LvsdAgreement *lvsd_agreement_new (LvsdNode *node, GError **error);
void lvsd_agreement_free (LvsdAgreement *agreement);

/* Whether the kernel holds no service at all, whoever would have put it there. */
gboolean lvsd_agreement_is_void (const LvsdAgreement *agreement);

/* Those that it held as they are desired, whatever their destinations, in the kernel's order. */
GPtrArray *lvsd_agreement_services (const LvsdAgreement *agreement);

/* Whether it held the service as it is desired, whatever its destinations. */
gboolean lvsd_agreement_has (const LvsdAgreement *agreement, const LvsdService *service);

/* Looks at the destinations of a service as well, now. TRUE: all of it is as desired, and nothing
 * else was noted of it, so that there is nothing to write or to note. FALSE says no more than that
 * a closer look is due. */
gboolean lvsd_agreement_holds (const LvsdAgreement *agreement, const LvsdService *service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdAgreement, lvsd_agreement_free)

G_END_DECLS
