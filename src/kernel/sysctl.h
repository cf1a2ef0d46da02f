/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* name is below /proc/sys, with slashes: "net/ipv4/conf/all/arp_ignore". */
gboolean lvsd_sysctl_read (const char *name, gint32 *ret_value, GError **error);
gboolean lvsd_sysctl_write (const char *name, gint32 value, GError **error);
char *lvsd_sysctl_read_text (const char *name, GError **error);
gboolean lvsd_sysctl_write_text (const char *name, const char *value, GError **error);
/* The names of the interfaces that have settings of this family, without "all" and "default". */
GStrv lvsd_sysctl_list_interfaces (int family, GError **error);

G_END_DECLS
