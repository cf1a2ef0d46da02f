/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/destination.h"

G_BEGIN_DECLS

/* The addresses of this machine, a set of LvsdAddress. */
GHashTable *lvsctl_local_addresses (void);

/* What ipvsadm has no option for: packets to a destination on this machine are not forwarded,
 * whichever of -g and -i was given. lvsd wants that said. */
void lvsctl_local_settle (GHashTable *local, LvsdDestination *destination);

G_END_DECLS
