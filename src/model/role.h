/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "virtual-address.h"

G_BEGIN_DECLS

/* This machine answers for a VIP that a director forwards to it. */
typedef struct
{
  LvsdItem item;
  guint8 method;       /* LvsdMethod, other than local */
  guint8 tunnel;       /* LvsdTunnel; the wrapping is of the address's own family */
  guint16 tunnel_port; /* UDP, of gue; otherwise 0 */
  guint16 advmss;      /* bytes, on the default route of the family; 0: left as it is */
  LvsdAddress address;
  char interface[LVSD_INTERFACE_MAX + 1]; /* "": every interface */
} LvsdRole;

extern const LvsdItemClass lvsd_role_class;

LvsdRole *lvsd_role_new (const LvsdAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdRole, lvsd_item_unref)

G_END_DECLS
