/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The last line of a file that is written whole: a checksum of what stands before it. It is a
 * comment, so that the file is a document like any other. */

#define LVSD_DIGEST_LENGTH 64 /* at most */

char *lvsd_seal_digest (const GString *text);
gboolean lvsd_seal_digest_fits (const GString *text, const char *digest);

void lvsd_seal_append (GString *text);
void lvsd_seal_append_digest (GString *text, const char *digest);

gboolean lvsd_seal_is_there (GBytes *content);
gboolean lvsd_seal_is_whole (GBytes *content);
gboolean lvsd_seal_holds (GBytes *content, const char *digest);

G_END_DECLS
