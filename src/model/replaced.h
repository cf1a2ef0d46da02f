/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

#define LVSD_SYSCTL_MAX 127
#define LVSD_SYSCTL_VALUE_MAX 127

/* A kernel setting that a role or an LvsdSetting needs: what it was, what we write, and in which
 * boot. The record is durable before the first write, and the value goes back when nobody needs
 * it. Values are as the kernel prints them, with one space where that has white space. */
typedef struct
{
  LvsdItem item;
  char previous[LVSD_SYSCTL_VALUE_MAX + 1]; /* "": not known, and so not put back */
  char written[LVSD_SYSCTL_VALUE_MAX + 1];
  char name[LVSD_SYSCTL_MAX + 1]; /* below /proc/sys, with slashes: interface names hold dots */
  char boot_id[37];
} LvsdReplaced;

extern const LvsdItemClass lvsd_replaced_class;

LvsdReplaced *lvsd_replaced_new (const char *name, const char *previous, const char *written);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdReplaced, lvsd_item_unref)

G_END_DECLS
