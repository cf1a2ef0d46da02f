/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* The whole configuration in the editor of whoever calls, and back. */
gboolean lvsctl_edit (LvsctlClient *client, GError **error);

G_END_DECLS
