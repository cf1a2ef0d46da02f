/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The only door to what changes something: asks who the caller is, and polkit whether they may. */
typedef struct _LvsdGate LvsdGate;

LvsdGate *lvsd_gate_new (GDBusConnection *connection);
void lvsd_gate_free (LvsdGate *gate);

void lvsd_gate_check_async (LvsdGate *gate,
                            const char *sender,
                            gboolean interactive,
                            const char *action,
                            GVariant *details,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean lvsd_gate_check_finish (GAsyncResult *result, guint32 *ret_uid, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdGate, lvsd_gate_free)

G_END_DECLS
