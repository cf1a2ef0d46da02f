/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Whether packets reach roles that are behind a tunnel or a director's masquerade, and the answers
 * their way back. */

gboolean
lvsd_reception_check (LvsdNode *node, const LvsdEdit *edit, gboolean may_make, GError **error);
void lvsd_reception_prepare (LvsdNode *node, const GPtrArray *items);
gboolean
lvsd_reception_read_setting (LvsdNode *node, const char *name, LvsdActual *into, GError **error);
LvsdActual *lvsd_reception_read (LvsdNode *node, const GPtrArray *roles, GError **error);

/* Why a setting of model/receiver.h has to wait, or NULL; error where waiting would not help. */
char *lvsd_reception_obstacle (LvsdNode *node, const LvsdReplaced *setting, GError **error);

/* Adds LvsdProblem. */
void lvsd_reception_inspect (LvsdNode *node, GPtrArray *problems);

G_END_DECLS
