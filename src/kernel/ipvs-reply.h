/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <netlink/msg.h>

#include "model/actual.h"
#include "model/sync-daemon.h"

G_BEGIN_DECLS

/* What the generic netlink family IPVS answers, without a socket. */

gboolean lvsd_ipvs_reply_read_service (struct nlmsghdr *message, LvsdActualEntry *ret_entry);
gboolean lvsd_ipvs_reply_read_destination (struct nlmsghdr *message,
                                           LvsdServiceIdentity *identity,
                                           LvsdActualEntry *ret_entry);
LvsdSyncDaemon *lvsd_ipvs_reply_read_daemon (struct nlmsghdr *message);

G_END_DECLS
