/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reading.h"

G_BEGIN_DECLS

/* A member of the whole that is an array of items of a kind; the last has no name. */
typedef struct
{
  const char *name;
  LvsdKind kind;
} LvsctlJsonSection;

extern const LvsctlJsonSection lvsctl_json_sections[];

/* A configuration as JSON: every field of every item, named as the options are with _ for -, and
 * destinations within their service. Nothing is lost on the way there and back. */
gboolean lvsctl_json_document_recognize (const char *text);
gboolean lvsctl_json_document_read (LvsctlReading *reading,
                                    const char *file,
                                    const char *text,
                                    gsize length,
                                    GError **error);
char *lvsctl_json_document_write (GPtrArray *items, guint64 generation, GPtrArray *notes);

G_END_DECLS
