/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <netlink/msg.h>

G_BEGIN_DECLS

/* Called with each answer, which is gone when this returns. */
typedef void (*LvsdReplyFunc) (struct nlmsghdr *reply, gpointer user_data);

/* One that keeps copies, freed with g_free(), in a GPtrArray. */
void lvsd_reply_copy (struct nlmsghdr *reply, gpointer copies);

/* What the kernel answers to a batch of messages, whichever they are, without a socket. */
typedef struct
{
  guint32 first; /* sequence number of the first message */
  guint n;
  int *errnos;        /* of n: what came of each so far; 0 or a positive errno */
  LvsdReplyFunc take; /* NULL: nobody wants them */
  gpointer take_data;
  gint64 deadline;   /* monotonic; 0: nothing was waited for since the last sign of life */
  char *explanation; /* the kernel's words about the first failure, owned; or NULL */
  gboolean complete;
  gboolean interrupted; /* a dump was, by changes to what it shows */
} LvsdExchange;

/* Takes what came in one datagram. Answers to other questions are passed over. Returns 0, or
 * EBADMSG for what the kernel cannot have meant. buffer is aligned as memory of its own is. */
int lvsd_exchange_take (LvsdExchange *exchange, gpointer buffer, gsize length);

/* The number in an answer to CTRL_CMD_GETFAMILY; 0: there is none. */
guint16 lvsd_netlink_reply_read_family (const GPtrArray *replies);

G_END_DECLS
