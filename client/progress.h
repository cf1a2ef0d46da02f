/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line at the foot of the terminal that says for how long something has been going on, once that
 * is long enough to wonder. It is gone when it is over. */
typedef struct _LvsctlProgress LvsctlProgress;

LvsctlProgress *lvsctl_progress_begin (void);
void lvsctl_progress_end (LvsctlProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlProgress, lvsctl_progress_end)

G_END_DECLS
