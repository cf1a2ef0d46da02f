/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kernel/netlink.h"

G_BEGIN_DECLS

/* The generic netlink family IPVS, whichever number it has at the moment: it is given out anew each
 * time that the module is loaded. */
typedef struct _LvsdIpvsFamily LvsdIpvsFamily;

LvsdIpvsFamily *lvsd_ipvs_family_new (void);
void lvsd_ipvs_family_free (LvsdIpvsFamily *family);

gboolean lvsd_ipvs_family_connect (LvsdIpvsFamily *family, GError **error);
void lvsd_ipvs_family_send (LvsdIpvsFamily *family, GPtrArray *messages, int *ret_failures);
int lvsd_ipvs_family_ask (LvsdIpvsFamily *family, struct nl_msg *message, GPtrArray **ret_replies);
int lvsd_ipvs_family_dump (LvsdIpvsFamily *family,
                           struct nl_msg *message,
                           LvsdReplyFunc take,
                           gpointer user_data);
int lvsd_ipvs_family_begin_dump (LvsdIpvsFamily *family,
                                 struct nl_msg *message,
                                 LvsdExchange *exchange);
int lvsd_ipvs_family_go_on (LvsdIpvsFamily *family, LvsdExchange *exchange);
void lvsd_ipvs_family_set_unavailable (int failure, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdIpvsFamily, lvsd_ipvs_family_free)

G_END_DECLS
