/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* A listing that has columns while it is read, page by page. The first page is small, so that
 * something can be shown at once; from the second one on the next is asked for before this one is
 * looked at. */
typedef struct _LvsctlReader LvsctlReader;

/* options, a{sv}, may be NULL and floating; first_rows are on the first page at most. */
LvsctlReader *lvsctl_reader_new (LvsctlClient *client,
                                 const LvsctlListing *listing,
                                 GVariant *options,
                                 guint32 first_rows);
void lvsctl_reader_free (LvsctlReader *reader);

/* NULL behind the last page, and with error on an error. */
LvsctlPage *lvsctl_reader_next (LvsctlReader *reader, GError **error);

/* Whether the page that was returned last is known to be the last. */
gboolean lvsctl_reader_is_at_end (const LvsctlReader *reader);

/* Of the first page; and whether those since were of the same. */
guint64 lvsctl_reader_generation (const LvsctlReader *reader);
gboolean lvsctl_reader_is_consistent (const LvsctlReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlReader, lvsctl_reader_free)

G_END_DECLS
