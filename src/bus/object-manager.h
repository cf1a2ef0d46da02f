/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* org.freedesktop.DBus.ObjectManager, written by hand: the ready-made one would hold an object in
 * memory for each of ours. */
extern const GDBusInterfaceInfo lvsd_object_manager_interface;

G_END_DECLS
