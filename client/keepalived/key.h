/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "block.h"
#include "model/key.h"

G_BEGIN_DECLS

/* What clients connect to, before protocol and family are known: an address with a port or 0, or a
 * firewall mark, whose address has a family alone, or none. */
typedef struct
{
  LvsctlPlace place;
  LvsdEndpoint endpoint;
  guint32 fwmark;
} LvsctlKeepalivedTarget;

/* Of a statement's words from this index on: ADDRESS [PORT], fwmark MARK. Adds to an array of
 * targets; a range adds each of its addresses. */
gboolean lvsctl_keepalived_targets_add (GArray *targets,
                                        const LvsctlKeepalivedStatement *statement,
                                        guint index,
                                        GError **error);

gboolean lvsctl_keepalived_parse_address (const LvsctlKeepalivedStatement *statement,
                                          guint index,
                                          LvsdAddress *ret_address,
                                          GError **error);
gboolean lvsctl_keepalived_parse_port (const LvsctlKeepalivedStatement *statement,
                                       guint index,
                                       guint16 *ret_port,
                                       GError **error);

G_END_DECLS
