/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

/* The sections of Apply and GetConfiguration. */
GVariant *lvsd_configuration_sections (const GPtrArray *items, gboolean compressed);

/* What Apply, Rollback and their dry runs answer: added, changed, removed, unchanged; the plan, or
 * the generation. A make_reply. */
GVariant *lvsd_apply_result (LvsdRequest *request);

/* "dry-run", "force" and "confirm-timeout", and the draft of the generation that is made. */
gboolean lvsd_apply_take_options (LvsdRequest *request,
                                  GVariantDict *options,
                                  LvsdCause cause,
                                  GError **error);

G_END_DECLS
