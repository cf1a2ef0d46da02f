/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "model/key.h"

G_BEGIN_DECLS

/* One entry of the kernel's connection table (/proc/net/ip_vs_conn). */
typedef struct
{
  LvsdEndpoint client; /* port 0: a persistence template */
  LvsdEndpoint virtual_address;
  LvsdEndpoint destination;
  guint8 protocol;
  guint32 expires; /* seconds */
  char state[16];
} LvsdConnection;

gboolean lvsd_connection_parse (const char *line, LvsdConnection *ret_connection);

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
