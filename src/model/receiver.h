/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "replaced.h"
#include "role.h"

G_BEGIN_DECLS

/* The device that takes a tunnel's packets out of their wrapping: the one that the kernel makes by
 * itself, and that takes them from any sender. */
typedef struct
{
  const char *device;
  const char *kind; /* as rtnetlink calls it; the module rtnl-link-KIND makes the device */
  const char *module;
  guint8 family; /* of the wrapping, and of what is in it */
} LvsdReceiver;

/* What a role has to change of the kernel besides settings below /proc/sys, so that packets of the
 * tunnel reach it and answers fit into it. Each is an LvsdReplaced whose values are numbers, 0
 * (LVSD_REPLACED_NONE) where the kernel has none. */
typedef enum
{
  LVSD_RECEIVER_LINK,  /* "link/tunl0": 1 when it is up */
  LVSD_RECEIVER_PORT,  /* "gue/ipv4/5555": 1 when the kernel takes GUE from that UDP port */
  LVSD_RECEIVER_ROUTE, /* "route/ipv4/advmss": of the default route, in bytes */
} LvsdReceiverPart;

typedef struct
{
  LvsdReceiverPart part;
  guint8 family;
  guint16 port;                 /* of PORT */
  const LvsdReceiver *receiver; /* of LINK */
} LvsdReceiverSetting;

/* NULL for a role that no tunnel leads to. */
const LvsdReceiver *lvsd_receiver_of_role (const LvsdRole *role);
const LvsdReceiver *lvsd_receiver_of_device (const char *device);

/* The interface that has the role's address, or NULL where it is on none. */
const char *lvsd_receiver_bound_device (const LvsdRole *role);

/* How many bytes of a packet the tunnel takes for itself; 0 without a tunnel. */
guint lvsd_receiver_overhead (const LvsdRole *role);

/* Of LvsdReplaced, without a boot id: what has to hold for the role, in written. */
GPtrArray *lvsd_receiver_needs (const LvsdRole *role);

gboolean lvsd_receiver_parse (const char *name, LvsdReceiverSetting *ret_setting);

G_END_DECLS
