/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What lvsd.conf says in its group [ipvsadm]. */
typedef struct
{
  gboolean runtime_weights; /* weights=runtime: -e sets them for now */
} LvsctlPreferences;

/* A file that is not there says nothing; one that is wrong is an error. */
gboolean
lvsctl_preferences_read (const char *path, LvsctlPreferences *ret_preferences, GError **error);

G_END_DECLS
