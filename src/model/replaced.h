/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

#define LVSD_SYSCTL_MAX 127
#define LVSD_SYSCTL_VALUE_MAX 127
#define LVSD_REPLACED_NONE "0"

/* A kernel setting that a role or an LvsdSetting needs: what it was, what we write, and in which
 * boot. The record is durable before the first write, and the value goes back when nobody needs
 * it. Besides settings below /proc/sys and timeouts of IPVS there are those of receiver.h. Values
 * are as the kernel prints them, with one space where that has white space; of receiver.h's the
 * value LVSD_REPLACED_NONE says that the kernel has none. */
typedef struct
{
  LvsdItem item;
  char previous[LVSD_SYSCTL_VALUE_MAX + 1]; /* "": not known, and so not put back */
  char written[LVSD_SYSCTL_VALUE_MAX + 1];
  char name[LVSD_SYSCTL_MAX + 1]; /* with slashes, since interface names hold dots: below /proc/sys,
                                   * as in LvsdSetting, or as in receiver.h */
  char boot_id[37];
} LvsdReplaced;

extern const LvsdItemClass lvsd_replaced_class;

LvsdReplaced *lvsd_replaced_new (const char *name, const char *previous, const char *written);
LvsdReplaced *lvsd_replaced_new_number (const char *name, gint32 previous, gint32 written);
gint32 lvsd_replaced_to_number (const char *value);
char *lvsd_replaced_format_name (const LvsdReplaced *replaced);
gboolean lvsd_replaced_can_vanish (const LvsdReplaced *replaced);
gboolean lvsd_replaced_is_our_addition (const LvsdReplaced *replaced);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdReplaced, lvsd_item_unref)

G_END_DECLS
