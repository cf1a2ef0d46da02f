/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "rule.h"

G_BEGIN_DECLS

/* Which options go with which command, and with each other. */
gboolean lvsctl_combinations_check (const LvsctlRule *rule, GError **error);

G_END_DECLS
