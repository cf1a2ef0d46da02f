/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "address.h"
#include "interface.h"
#include "item.h"

G_BEGIN_DECLS

/* A VIP that the director holds on an interface. */
typedef struct
{
  LvsdItem item;
  guint8 prefix_length;
  guint8 primary; /* allowed to become its subnet's primary address, and so a source address */
  guint8 up;
  LvsdAddress address;
  char interface[LVSD_INTERFACE_MAX + 1];
  char label[LVSD_INTERFACE_MAX + 1];
} LvsdVirtualAddress;

extern const LvsdItemClass lvsd_virtual_address_class;

LvsdVirtualAddress *lvsd_virtual_address_new (const LvsdAddress *address, guint prefix_length);
gboolean lvsd_virtual_address_kernel_equal (const LvsdVirtualAddress *wanted,
                                            const LvsdVirtualAddress *held);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdVirtualAddress, lvsd_item_unref)

G_END_DECLS
