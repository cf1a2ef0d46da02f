/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/reading.h"

G_BEGIN_DECLS

/* The virtual services of ldirectord(8)'s ldirectord.cf. */
gboolean lvsctl_ldirectord_recognize (const char *text);
gboolean lvsctl_ldirectord_read (LvsctlReading *reading,
                                 const char *file,
                                 const char *text,
                                 gsize length,
                                 GError **error);

G_END_DECLS
