/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

gboolean lvsctl_hold (LvsctlClient *client, GError **error);
gboolean lvsctl_release (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_hold (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_release (LvsctlClient *client, GError **error);

/* "90", "90s", "15m", "2h" or "1d" in seconds; an error where it is none of these, or too long. */
gboolean lvsctl_hold_parse_time (const char *text, guint32 *ret_seconds, GError **error);

G_END_DECLS
