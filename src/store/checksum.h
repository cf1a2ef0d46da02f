/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tells what was written from what a disk or a power cut made of it; nobody is kept from forging
 * it. sum: 0, or that of what stands before. */
guint64 lvsd_checksum (guint64 sum, gconstpointer data, gsize length);

G_END_DECLS
