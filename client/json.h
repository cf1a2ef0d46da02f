/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON is put together as GVariants, which keep the order of members. */
void lvsctl_json_add (GVariantBuilder *object, const char *name, GVariant *value);
GVariant *lvsctl_json_extend (GVariant *object, const char *name, GVariant *value);
char *lvsctl_json_format (GVariant *value);

/* The same in one line, with its end. */
char *lvsctl_json_format_line (GVariant *value);
void lvsctl_json_print (GVariant *value);

G_END_DECLS
