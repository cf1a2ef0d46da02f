/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

typedef enum
{
  LVSD_DOCUMENT_EXPORT,     /* what a person may edit and apply: no internal fields, no overrides */
  LVSD_DOCUMENT_CHECKPOINT, /* everything */
} LvsdDocumentScope;

gboolean lvsd_document_hides (const LvsdField *field, LvsdDocumentScope scope);

/* The number in the first group. A change that an older lvsd would misread raises it. In a
 * checkpoint it stands for the seal as well: 1 was sealed with SHA-256. */
#define LVSD_DOCUMENT_FORMAT 1
#define LVSD_CHECKPOINT_FORMAT 2
int lvsd_document_newest (LvsdDocumentScope scope);

/* The native text of a desired state: a keyfile with a group for each service, address, role and
 * replaced setting, a key in its service's group for each destination, and one group that has a key
 * for each setting. */
char *lvsd_document_format (const GPtrArray *items, LvsdDocumentScope scope);
GPtrArray *
lvsd_document_parse (const char *text, gsize length, LvsdDocumentScope scope, GError **error);
/* The same of a text that ends with a NUL and is used up. */
GPtrArray *lvsd_document_take (char *text, gsize length, LvsdDocumentScope scope, GError **error);

/* The same piece by piece: the first group, to which the caller may add keys of its own, and then
 * one item after the other, each destination behind its service. */
void lvsd_document_begin (GString *text, LvsdDocumentScope scope);
void lvsd_document_append (GString *text, gconstpointer item, LvsdDocumentScope scope);

G_END_DECLS
