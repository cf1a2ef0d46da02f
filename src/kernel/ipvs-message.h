/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <netlink/msg.h>

#include "model/plan.h"

G_BEGIN_DECLS

/* Requests to the generic netlink family IPVS, without a socket. The family's number (nlmsg_type),
 * the sequence number and the acknowledgement flag are left to who sends. */

struct nl_msg *lvsd_ipvs_message_new_step (LvsdStepVerb verb, const LvsdItem *item);
struct nl_msg *lvsd_ipvs_message_new_probe (const char *scheduler, const char *engine);
struct nl_msg *lvsd_ipvs_message_new_probe_removal (void);
struct nl_msg *lvsd_ipvs_message_new_get_services (void);
struct nl_msg *lvsd_ipvs_message_new_get_service (const LvsdServiceKey *key);
struct nl_msg *lvsd_ipvs_message_new_get_destinations (const LvsdServiceKey *key);
struct nl_msg *lvsd_ipvs_message_new_get_daemons (void);
struct nl_msg *lvsd_ipvs_message_new_zero (const LvsdServiceKey *key);

G_END_DECLS
