/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

#define LVSD_SYSCTL_MAX 127

/* A kernel setting that a role needed changed: what it was, what we wrote, and in which boot. The
 * record is durable before the first write, and the value goes back when nobody needs it. Besides
 * settings below /proc/sys there are those of receiver.h. */
typedef struct
{
  LvsdItem item;
  gint32 previous;
  gint32 written;
  char name[LVSD_SYSCTL_MAX
            + 1]; /* below /proc/sys, with slashes: interface names hold dots; or receiver.h's */
  char boot_id[37];
} LvsdReplaced;

extern const LvsdItemClass lvsd_replaced_class;

LvsdReplaced *lvsd_replaced_new (const char *name, gint32 previous, gint32 written);
gboolean lvsd_replaced_can_vanish (const LvsdReplaced *replaced);
gboolean lvsd_replaced_is_our_addition (const LvsdReplaced *replaced);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdReplaced, lvsd_item_unref)

G_END_DECLS
