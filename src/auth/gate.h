/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "auth/unit.h"

G_BEGIN_DECLS

/* The only door to what changes something: asks who the caller is, and polkit whether they may. */
typedef struct _LvsdGate LvsdGate;

/* Of somebody on the bus, as the bus vouches for. */
typedef struct
{
  guint32 uid;
  guint32 pid;    /* 0: the bus cannot tell */
  LvsdUnit *unit; /* that it runs in; NULL: nobody was identified */
} LvsdCredentials;

void lvsd_credentials_clear (LvsdCredentials *credentials);
void lvsd_credentials_copy (const LvsdCredentials *from, LvsdCredentials *to);

LvsdGate *lvsd_gate_new (GDBusConnection *connection);
void lvsd_gate_free (LvsdGate *gate);

void lvsd_gate_identify_async (LvsdGate *gate,
                               const char *sender,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean
lvsd_gate_identify_finish (GAsyncResult *result, LvsdCredentials *ret_credentials, GError **error);

void lvsd_gate_check_async (LvsdGate *gate,
                            const char *sender,
                            const char *action,
                            GVariant *details,
                            gboolean interactive,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean lvsd_gate_check_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdGate, lvsd_gate_free)

G_END_DECLS
