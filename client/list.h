/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

gboolean lvsctl_list (LvsctlClient *client, GError **error);
