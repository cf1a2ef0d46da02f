/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* Bytes that a caller hands over in a file in memory, by its descriptor: the bus passes that on as
 * it is, where it would copy the bytes of a message, and GDBus keeps the room that the largest
 * message ever took. handle: a value of type h; files: of the message, or NULL. */
GBytes *lvsd_parcel_read (GVariant *handle, GUnixFDList *files, const char *name, GError **error);

G_END_DECLS
