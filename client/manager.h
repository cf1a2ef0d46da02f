/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Warnings about other programs that look after the load balancing of this machine and are running:
 * what they and their end do to what lvsd has. An array of char *, empty where there is none. */
GPtrArray *lvsctl_manager_warnings (void);

G_END_DECLS
