/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a line is $NAME=VALUE, and how long the name is. */
gboolean lvsctl_keepalived_is_definition (const char *line, gsize *ret_length);

/* A reference to a definition: where it begins and ends in a line, and what it stands for. */
typedef struct
{
  gsize begin;
  gsize end;
  const char *value; /* borrowed from the definitions */
} LvsctlKeepalivedReference;

/* The first one from where the reference begins that is handed in; definitions has texts by name.
 * What is not defined is no reference. */
gboolean lvsctl_keepalived_find_reference (GHashTable *definitions,
                                           const char *line,
                                           LvsctlKeepalivedReference *reference);
void lvsctl_keepalived_replace (GString *line,
                                const LvsctlKeepalivedReference *reference,
                                const char *value);

G_END_DECLS
