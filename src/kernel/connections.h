/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/connection.h"

G_BEGIN_DECLS

/* The kernel's connection table (/proc/net/ip_vs_conn). */
typedef gboolean (*LvsdConnectionFunc) (const LvsdConnection *connection, gpointer user_data);

/* Calls function, in a worker thread, for each line until it returns FALSE; nothing is kept. */
void lvsd_connections_read_async (LvsdConnectionFunc function,
                                  gpointer user_data,
                                  GDestroyNotify destroy,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer callback_data);
gboolean lvsd_connections_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
