/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"

G_BEGIN_DECLS

/* Watches the time of the generation that waits to be confirmed. The clock goes on while the
 * machine sleeps, so that what is over after it woke up is found over. */
typedef struct _LvsdConfirmation LvsdConfirmation;

typedef void (*LvsdConfirmationFunc) (guint32 fallback, gpointer user_data);

LvsdConfirmation *lvsd_confirmation_new (LvsdNode *node,
                                         LvsdConfirmationFunc expired,
                                         gpointer user_data,
                                         GError **error);
void lvsd_confirmation_free (LvsdConfirmation *confirmation);

/* To be called when the history may have changed: waits for the deadline there is now, or for none.
 * One that was there before and could not be kept comes again after a while. */
void lvsd_confirmation_follow (LvsdConfirmation *confirmation);

G_END_DECLS
