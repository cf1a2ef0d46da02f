/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "item.h"

G_BEGIN_DECLS

/* The name of the hold of everything: no service has it. */
#define LVSD_HOLD_ALL "*"

/* The longest that one may be asked for, a year; whoever wants it longer gives no time. */
#define LVSD_HOLD_SECONDS_MAX (365 * 24 * 60 * 60)

/* What a person has asked to leave as the kernel has it. As an item it is as durable as the
 * services are; it is the daemon's own, and no part of a configuration. */
typedef struct
{
  LvsdItem item;
  char name[LVSD_NAME_MAX + 1]; /* identity: of the service, or LVSD_HOLD_ALL */
  guint32 time;                 /* seconds since the Epoch, when it began */
  guint32 uid;                  /* of whoever asked for it */
  guint32 seconds;              /* that it lasts; 0: until it is released */
  guint32 deadline;             /* seconds of CLOCK_BOOTTIME; 0: none */
  char boot_id[37];             /* that the deadline is of, or the last in which all was restored */
} LvsdHold;

extern const LvsdItemClass lvsd_hold_class;

LvsdHold *lvsd_hold_new (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdHold, lvsd_item_unref)

G_END_DECLS
