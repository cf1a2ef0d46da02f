/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* --dry-run of the verbs that change one thing: the change is made to a copy of the configuration,
 * and the daemon says what applying that would do. */
gboolean lvsctl_rehearse_add (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_edit (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_delete (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_up (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_set (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_unset (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_clear (LvsctlClient *client, GError **error);

/* Of the verbs that do something to what is there and change no configuration. */
gboolean lvsctl_rehearse_announce (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_zero (LvsctlClient *client, GError **error);
gboolean lvsctl_rehearse_confirm (LvsctlClient *client, GError **error);

G_END_DECLS
