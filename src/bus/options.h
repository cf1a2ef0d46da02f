/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/item.h"

G_BEGIN_DECLS

/* Options of a caller. Each is taken out of the dictionary by who understands it; one that is left
 * at the end is an error, so that a misspelt one is not taken for granted. An option that is not
 * there leaves the value as it is. */
gboolean lvsd_options_take_boolean (GVariantDict *options,
                                    const char *name,
                                    gboolean *value,
                                    GError **error);
gboolean lvsd_options_take_number (GVariantDict *options,
                                   const char *name,
                                   guint32 minimum,
                                   guint32 maximum,
                                   guint32 *value,
                                   GError **error);
gboolean lvsd_options_take_text (GVariantDict *options,
                                 const char *name,
                                 guint maximum,
                                 char **value,
                                 GError **error);
gboolean lvsd_options_take_texts (GVariantDict *options,
                                  const char *name,
                                  gsize maximum,
                                  GStrv *value,
                                  GError **error);

/* Whether an argument has no more members than one call may name, so that nobody can keep the
 * daemon busy before it was even asked whether they may call. Else LimitsExceeded. */
gboolean
lvsd_options_check_count (const char *name, GVariant *members, gsize maximum, GError **error);

gboolean lvsd_options_finish (GVariantDict *options, GError **error);

gboolean
lvsd_options_fill (GVariantDict *options, gpointer draft, gboolean editing, GError **error);
gboolean
lvsd_options_fill_all (GVariant *options, gpointer draft, gboolean editing, GError **error);

G_END_DECLS
