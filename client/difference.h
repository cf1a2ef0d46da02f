/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* What 'reconcile' would write. */
gboolean lvsctl_rehearse_reconcile (LvsctlClient *client, GError **error);

/* Rows of ListDifferences, (ssssa{sv}). */
GPtrArray *lvsctl_difference_fetch (LvsctlClient *client, guint64 *ret_generation, GError **error);

gboolean lvsctl_diff (LvsctlClient *client, GError **error);

/* Fields, a{sv}, of which those that are edited are pairs of old and new value: "weight 3, was 1".
 */
char *lvsctl_difference_describe (GVariant *fields);

/* An object with the fields, pairs as objects of their own. */
GVariant *lvsctl_difference_to_json (GVariant *fields, const char *first, const char *second);

G_END_DECLS
