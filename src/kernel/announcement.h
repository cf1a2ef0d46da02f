/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/links.h"

G_BEGIN_DECLS

/* Tells the neighbours which hardware address has a VIP now. */
typedef struct _LvsdAnnouncer LvsdAnnouncer;

LvsdAnnouncer *lvsd_announcer_new (LvsdLinks *links);
void lvsd_announcer_free (LvsdAnnouncer *announcer);

gboolean lvsd_announcer_announce (LvsdAnnouncer *announcer,
                                  const LvsdVirtualAddress *address,
                                  GError **error);
void lvsd_announcer_cancel (LvsdAnnouncer *announcer, const LvsdVirtualAddress *address);
void lvsd_announcer_links_changed (LvsdAnnouncer *announcer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdAnnouncer, lvsd_announcer_free)

G_END_DECLS
