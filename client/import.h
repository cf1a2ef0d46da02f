/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

gboolean lvsctl_import (LvsctlClient *client, GError **error);

G_END_DECLS
