/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"
#include "key.h"
#include "override.h"

G_BEGIN_DECLS

#define LVSD_WEIGHT_MAX 2147483647 /* the kernel keeps weights signed and refuses more: ERANGE */

typedef struct
{
  LvsdItem item;
  guint8 method;       /* LvsdMethod */
  guint8 tunnel;       /* LvsdTunnel */
  guint8 tunnel_flags; /* IP_VS_TUNNEL_ENCAP_FLAG_* */
  guint16 tunnel_port;
  LvsdEndpoint endpoint;
  guint32 weight;
  guint32 upper_threshold; /* connections; 0: none */
  guint32 lower_threshold;
  LvsdServiceIdentity *identity; /* of the service it belongs to */
  LvsdOverride *runtime;         /* owned; NULL when none is set */
} LvsdDestination;

extern const LvsdItemClass lvsd_destination_class;

LvsdDestination *lvsd_destination_new (LvsdServiceIdentity *identity, const LvsdEndpoint *endpoint);
guint32 lvsd_destination_effective_weight (const LvsdDestination *destination);
gboolean lvsd_destination_kernel_equal (const LvsdDestination *wanted, const LvsdDestination *held);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdDestination, lvsd_item_unref)

G_END_DECLS
