/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "block.h"

G_BEGIN_DECLS

/* Notes that a statement, with its block, was left out, and why. */
void
lvsctl_keepalived_leave_out (LvsctlReading *reading, const LvsctlKeepalivedStatement *statement);

G_END_DECLS
