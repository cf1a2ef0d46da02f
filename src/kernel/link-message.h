/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <netlink/msg.h>

#include "kernel/links.h"

G_BEGIN_DECLS

/* rtnetlink messages about links and addresses, without a socket. */

struct nl_msg *lvsd_link_message_new_get (const char *name);
struct nl_msg *lvsd_link_message_new_create (const char *name, const char *kind);
struct nl_msg *lvsd_link_message_new_switch (int index, gboolean up);
struct nl_msg *lvsd_link_message_new_get_addresses (void);
struct nl_msg *lvsd_link_message_new_add (const LvsdVirtualAddress *address, int index);
struct nl_msg *lvsd_link_message_new_remove (const LvsdVirtualAddress *address, int index);
struct nl_msg *lvsd_link_message_new_restore (struct nlmsghdr *found);

gboolean lvsd_link_message_read_link (struct nlmsghdr *message, LvsdLink *ret_link);
gboolean lvsd_link_message_read_address (struct nlmsghdr *message,
                                         LvsdFoundAddress *ret_found,
                                         char label[LVSD_INTERFACE_MAX + 1]);

G_END_DECLS
