/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* A call that was made and is answered while something else is done. Of methods that are open to
 * everybody: nobody is asked for a password. */
typedef struct _LvsctlPending LvsctlPending;

/* parameters may be floating. */
LvsctlPending *lvsctl_pending_new (LvsctlClient *client,
                                   const LvsctlObject *object,
                                   const char *method,
                                   GVariant *parameters,
                                   const char *reply_type,
                                   GError **error);

/* Waits for the answer, once. */
GVariant *lvsctl_pending_wait (LvsctlPending *pending, GError **error);

/* Whether or not it was answered. */
void lvsctl_pending_free (LvsctlPending *pending);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlPending, lvsctl_pending_free)

G_END_DECLS
