/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/links.h"
#include "kernel/netlink.h"

G_BEGIN_DECLS

/* Puts addresses on a link and takes them off again without harm to the others there. */

gboolean lvsd_address_change_add (LvsdNetlink *netlink,
                                  const LvsdLink *link,
                                  const LvsdVirtualAddress *address,
                                  GError **error);
gboolean lvsd_address_change_remove (LvsdNetlink *netlink,
                                     const LvsdLink *link,
                                     const LvsdVirtualAddress *address,
                                     GError **error);

G_END_DECLS
