/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <netlink/msg.h>

#include "ipvs.h"

G_BEGIN_DECLS

/* What is asked and answered about them, without a socket, as in ipvs-message.h and ipvs-reply.h.
 */
struct nl_msg *lvsd_ipvs_timeouts_new_get (void);
struct nl_msg *lvsd_ipvs_timeouts_new_set (const LvsdIpvsTimeouts *timeouts);
gboolean lvsd_ipvs_timeouts_read_reply (struct nlmsghdr *message, LvsdIpvsTimeouts *ret_timeouts);

G_END_DECLS
