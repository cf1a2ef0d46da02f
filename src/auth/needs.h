/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/change.h"

G_BEGIN_DECLS

/* One question to polkit: may somebody do this, to what the details tell. */
typedef struct
{
  const char *action;            /* static */
  LvsdServiceIdentity *identity; /* of the service that it is about, or NULL */
  gboolean existing;             /* the service is there already */
  GVariant *details;             /* a{ss} */
} LvsdNeed;

/* target stands in for the change in the details while that has no edits; either may be NULL. */
LvsdNeed *lvsd_need_new (const char *action,
                         const LvsdChange *change,
                         gconstpointer target,
                         const char *message);
void lvsd_need_free (LvsdNeed *need);

/* What a change needs, of LvsdNeed: one for each action and service; the items that belong to no
 * service are one for each action. NULL: they are more than max. */
GPtrArray *lvsd_needs_of_change (const LvsdChange *change, const LvsdTable *table, guint max);

/* Whether both, of LvsdNeed, ask the same about the same. A service of the same name that is not
 * the same any more is another one. */
gboolean lvsd_needs_equal (const GPtrArray *a, const GPtrArray *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdNeed, lvsd_need_free)

G_END_DECLS
