/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "json-writer.h"

G_BEGIN_DECLS

/* Of the documents that are printed: it grows when a member goes or changes its meaning, which has
 * not happened yet. data/schema/ describes them. */
#define LVSCTL_JSON_VERSION 1

/* JSON that is small is put together as GVariants, which keep the order of members. */
void lvsctl_json_add (GVariantBuilder *object, const char *name, GVariant *value);
GVariant *lvsctl_json_extend (GVariant *object, const char *name, GVariant *value);
char *lvsctl_json_format (GVariant *value);
char *lvsctl_json_format_line (GVariant *value);

/* An object, with "version" before its members. */
void lvsctl_json_print (GVariant *object);
void lvsctl_json_print_line (GVariant *object);

/* The same of one that is too large for that: it is written as it comes, and printed with each
 * flush. */
void lvsctl_json_begin_document (LvsctlJsonWriter *writer, gboolean pretty);
void lvsctl_json_flush (LvsctlJsonWriter *writer);
void lvsctl_json_end_document (LvsctlJsonWriter *writer);

/* From here on objects say which of several machines they are of; NULL: of the only one. */
void lvsctl_json_set_host (const char *host);

G_END_DECLS
