/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "rule.h"

G_BEGIN_DECLS

/* What ipvsadm -L and -S print, to the letter. table is of LvsctlKernelService; the rule's options
 * choose the columns. */
char *lvsctl_ipvsadm_list (const LvsctlRule *rule, GPtrArray *table);

G_END_DECLS
