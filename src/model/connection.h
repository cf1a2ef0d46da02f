/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "key.h"

G_BEGIN_DECLS

/* One entry of the kernel's connection table. */
typedef struct
{
  LvsdEndpoint client; /* port 0: a persistence template */
  LvsdEndpoint virtual_address;
  LvsdEndpoint destination;
  guint8 protocol;
  guint32 expires; /* seconds */
  char state[16];
} LvsdConnection;

/* Which entries to list. Plain data: it is handed to a thread. */
typedef struct
{
  gboolean of_service;
  LvsdServiceKey service;   /* port 0: all ports */
  LvsdEndpoint destination; /* family AF_UNSPEC: any; port 0: all ports */
  LvsdAddress client;       /* family AF_UNSPEC: any */
  guint client_prefix;      /* how many of its leading bits count */
  char state[16];           /* "": any */
  guint limit;
} LvsdConnectionFilter;

gboolean lvsd_connection_parse (const char *line, LvsdConnection *ret_connection);
gboolean lvsd_connection_filter_matches (const LvsdConnectionFilter *filter,
                                         const LvsdConnection *connection);

G_END_DECLS
