/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/reading.h"

G_BEGIN_DECLS

/* A line as keepalived's own parser gets to see it: without comments, of this machine's
 * conditions, with definitions replaced, sequences written out and included files in their place.
 */
typedef struct
{
  LvsctlPlace place; /* of its first character in the file */
  char *text;
} LvsctlKeepalivedLine;

/* Of LvsctlKeepalivedLine. config_id is what lines that begin with @ are compared with. */
GPtrArray *lvsctl_keepalived_lines_read (LvsctlReading *reading,
                                         const char *file,
                                         const char *text,
                                         const char *config_id,
                                         GError **error);

G_END_DECLS
