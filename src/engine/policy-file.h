/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Reads lvsd.conf again. One that is not there asks for nothing special; with one that is wrong all
 * stays as it was, and the node says what is wrong. */
void lvsd_policy_file_read (LvsdNode *node);

G_END_DECLS
