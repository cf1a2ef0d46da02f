/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* What 'reconcile' would write. */
gboolean lvsctl_rehearse_reconcile (LvsctlClient *client, GError **error);

/* Rows of ListDifferences, (ssssa{sv}). */
GPtrArray *lvsctl_difference_fetch (LvsctlClient *client, guint64 *ret_generation, GError **error);

gboolean lvsctl_diff (LvsctlClient *client, GError **error);

G_END_DECLS
