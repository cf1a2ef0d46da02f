/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <netlink/msg.h>

#include "kernel/netlink-reply.h"

G_BEGIN_DECLS

/* A request socket of one netlink protocol. libnl builds and takes apart the messages; sending and
 * receiving is ours, since libnl merges errnos and stops at the first error of a batch. */
typedef struct _LvsdNetlink LvsdNetlink;

#define LVSD_NETLINK_BATCH 128

LvsdNetlink *lvsd_netlink_new (int protocol);
void lvsd_netlink_free (LvsdNetlink *netlink);

int lvsd_netlink_exchange (LvsdNetlink *netlink,
                           struct nl_msg *const *messages,
                           guint n_messages,
                           int *ret_errnos,
                           GPtrArray *replies);
int lvsd_netlink_ask (LvsdNetlink *netlink, struct nl_msg *message, GPtrArray **ret_replies);
int lvsd_netlink_dump (LvsdNetlink *netlink,
                       struct nl_msg *message,
                       LvsdReplyFunc take,
                       gpointer user_data);
int lvsd_netlink_begin_dump (LvsdNetlink *netlink, struct nl_msg *message, LvsdExchange *exchange);
int lvsd_netlink_go_on (LvsdNetlink *netlink, LvsdExchange *exchange);
int lvsd_netlink_resolve (LvsdNetlink *netlink, const char *name, guint16 *ret_number);
const char *lvsd_netlink_explanation (const LvsdNetlink *netlink);

/* How often a dump is asked for again that was disturbed. */
#define LVSD_DUMP_ATTEMPTS 8

typedef struct nl_msg LvsdNetlinkMessage;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdNetlink, lvsd_netlink_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdNetlinkMessage, nlmsg_free)

G_END_DECLS
