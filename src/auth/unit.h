/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* systemd, which is asked. */
typedef struct _LvsdUnits LvsdUnits;

LvsdUnits *lvsd_units_new (GDBusConnection *connection);
void lvsd_units_unref (LvsdUnits *units);

/* The systemd unit in which somebody's process runs, which systemd tells some time later. */
typedef struct _LvsdUnit LvsdUnit;

/* name: NULL where there is none, no systemd, or nobody who would say. */
typedef void (*LvsdUnitKnown) (const char *name, gpointer user_data);

LvsdUnit *lvsd_unit_new (LvsdUnits *units, guint32 pid);
LvsdUnit *lvsd_unit_ref (LvsdUnit *unit);
void lvsd_unit_unref (LvsdUnit *unit);
void lvsd_unit_when_known (LvsdUnit *unit, LvsdUnitKnown known, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdUnit, lvsd_unit_unref)

G_END_DECLS
