/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be called whenever something was freed: what many or large calls took is given back to the
 * machine some seconds after them. */
void lvsd_memory_give_back (void);

G_END_DECLS
