/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Frees in a thread what holds so many items that others would wait for it. Nobody else may know of
 * the whole; what it is made of may be shared. */
void lvsd_discard (gpointer whole, GDestroyNotify destroy);

G_END_DECLS
