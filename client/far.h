/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The system bus of another machine, reached as systemctl --host does: ssh runs
 * systemd-stdio-bridge there, and what goes through its input and output is D-Bus. */
typedef struct _LvsctlFar LvsctlFar;

/* host: [USER@]HOST, as for ssh. It does not begin with '-'. Asks on the terminal where ssh does.
 * Errors, all of them LVSCTL_ERROR_UNREACHABLE: ssh is not here, does not get there, or there is no
 * bridge or no bus there. */
LvsctlFar *lvsctl_far_new (const char *host, GError **error);

/* Closes the connection and waits for ssh to end. */
void lvsctl_far_free (LvsctlFar *far);

/* Owned by far. */
GDBusConnection *lvsctl_far_bus (LvsctlFar *far);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlFar, lvsctl_far_free)

G_END_DECLS
