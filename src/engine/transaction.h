/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/node.h"
#include "model/plan.h"

G_BEGIN_DECLS

/* One call on its way from change to reply. */
typedef struct _LvsdTransaction LvsdTransaction;

/* The transaction is over and freed after this. */
typedef void (*LvsdTransactionFunc) (const GError *error, gpointer user_data);

LvsdTransaction *lvsd_transaction_new (LvsdNode *node,
                                       LvsdChange *change,
                                       LvsdSubmitFlags flags,
                                       LvsdTransactionFunc finished,
                                       gpointer user_data);

/* FALSE while another transaction, or one queued before, works on the same things. */
gboolean lvsd_transaction_may_start (const LvsdTransaction *transaction, GHashTable *queued);
void lvsd_transaction_note_scopes (const LvsdTransaction *transaction, GHashTable *scopes);
void lvsd_transaction_start (LvsdTransaction *transaction);

/* What stands in the way of a change, and what it would write. The change gets the settings that it
 * brings about. ret_in_use gets why the change has to be forced, and is NULL where nobody asks.
 * Nothing is written; may_make is as in surroundings.h. */
LvsdPlan *lvsd_transaction_rehearse (LvsdNode *node,
                                     LvsdChange *change,
                                     gboolean may_make,
                                     GError **ret_in_use,
                                     GError **error);

/* What works on all addresses and roles at once. */
#define LVSD_SCOPE_ADDRESSES "addresses"
char *lvsd_scope_of_service (const LvsdServiceKey *key);

G_END_DECLS
