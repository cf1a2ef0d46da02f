/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/reading.h"

G_BEGIN_DECLS

/* The virtual servers of keepalived.conf(5). */
gboolean lvsctl_keepalived_recognize (const char *text);
gboolean lvsctl_keepalived_read (LvsctlReading *reading,
                                 const char *file,
                                 const char *text,
                                 gsize length,
                                 GError **error);

G_END_DECLS
