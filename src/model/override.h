/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LVSD_OVERRIDE_TEXT_MAX 120

/* A weight that stands in for the configured one for a while: who set it, why, since when, and in
 * which boot, since a weight set by hand for now does not outlive the machine's uptime. */
typedef struct
{
  guint32 weight;
  gint64 since; /* seconds since the Epoch */
  char *owner;
  char *reason;
  char *boot_id;
} LvsdOverride;

LvsdOverride *lvsd_override_copy (const LvsdOverride *override);
void lvsd_override_free (LvsdOverride *override);
gboolean lvsd_override_equal (const LvsdOverride *a, const LvsdOverride *b);
GVariant *lvsd_override_to_variant (const LvsdOverride *override);
LvsdOverride *lvsd_override_from_variant (GVariant *variant, GError **error);

/* weight=, since=, owner=, boot-id= and reason=, each once, as a checkpoint has them; else NULL. */
LvsdOverride *lvsd_override_parse (char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdOverride, lvsd_override_free)

G_END_DECLS
