/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <netlink/msg.h>

#include "model/actual.h"
#include "model/destination.h"
#include "model/service.h"
#include "model/sync-daemon.h"

G_BEGIN_DECLS

/* What the generic netlink family IPVS answers, without a socket. */

gboolean lvsd_ipvs_reply_read_service (struct nlmsghdr *message, LvsdActualEntry *ret_entry);
gboolean lvsd_ipvs_reply_read_destination (struct nlmsghdr *message,
                                           LvsdServiceIdentity *identity,
                                           LvsdActualEntry *ret_entry);

/* The same without numbers, into items that the caller has made room for and filled with zeros; a
 * service's points to an identity of the same kind, and a destination's to that of its service. */
gboolean lvsd_ipvs_reply_take_service (struct nlmsghdr *message, LvsdService *service);
gboolean lvsd_ipvs_reply_take_destination (struct nlmsghdr *message, LvsdDestination *destination);

LvsdSyncDaemon *lvsd_ipvs_reply_read_daemon (struct nlmsghdr *message);

G_END_DECLS
