/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Compares the kernel with what is desired, again and again, and puts back what is missing. */
typedef struct _LvsdKeeper LvsdKeeper;

/* Takes a change over that is the daemon's own wish, and that is made like a caller's. */
typedef void (*LvsdKeeperSubmitFunc) (LvsdChange *change, gpointer user_data);

LvsdKeeper *lvsd_keeper_new (LvsdNode *node, LvsdKeeperSubmitFunc submit, gpointer user_data);
void lvsd_keeper_free (LvsdKeeper *keeper);

/* Something happened to the interfaces: look at addresses and roles soon. */
void lvsd_keeper_links_changed (LvsdKeeper *keeper);

void lvsd_keeper_start (LvsdKeeper *keeper);

/* Looks at everything now, rather than when it is time again. */
void lvsd_keeper_look (LvsdKeeper *keeper);

G_END_DECLS
