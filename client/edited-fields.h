/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Fields, a{sv}, of which those that are edited are pairs of old and new value: "weight 3, was 1".
 */
char *lvsctl_edited_fields_describe (GVariant *fields);

/* An object with the fields, pairs as objects of their own. */
GVariant *lvsctl_edited_fields_to_json (GVariant *fields, const char *first, const char *second);

G_END_DECLS
