/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "section.h"

G_BEGIN_DECLS

/* Notes what ldirectord knows and lvsd has no counterpart for; refuses what ldirectord does not
 * know. */
gboolean lvsctl_ldirectord_leave_out (LvsctlReading *reading,
                                      const LvsctlLdirectordDirective *directive,
                                      GError **error);

G_END_DECLS
