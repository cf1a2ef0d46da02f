/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "directory.h"
#include "model/document.h"

G_BEGIN_DECLS

#define LVSD_CHECKPOINT_PREFIX "checkpoint"

/* The whole state after one change, as text. */
GString *lvsd_checkpoint_format (guint64 sequence, const GPtrArray *items);
gboolean lvsd_checkpoint_write (const LvsdDirectory *directory,
                                guint64 sequence,
                                GString *text,
                                GError **error);
gboolean lvsd_checkpoint_is_newer (GBytes *content);
GPtrArray *lvsd_checkpoint_parse (char *text, gsize length, guint64 sequence, GError **error);

G_END_DECLS
