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

/* in_use: why the change would have to be forced, or NULL. */
typedef void (*LvsdRehearsalFunc) (const GError *in_use, const GError *error, gpointer user_data);

/* What stands in the way of a change, which gets the settings that it would bring about. Nothing is
 * written. The change must stay until it is told, which may be before this returns. */
void lvsd_transaction_rehearse (LvsdNode *node,
                                LvsdChange *change,
                                LvsdRehearsalFunc rehearsed,
                                gpointer user_data);

/* What works on all addresses and roles at once. */
#define LVSD_SCOPE_ADDRESSES "addresses"
char *lvsd_scope_of_service (const LvsdServiceKey *key);

G_END_DECLS
