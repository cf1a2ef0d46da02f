/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What -v and -h print. */
const char *lvsctl_ipvsadm_version (void);
char *lvsctl_ipvsadm_usage (void);

G_END_DECLS
