/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* The interface of the objects of a kind; NULL for those that have no objects. */
const GDBusInterfaceInfo *lvsd_properties_interface (LvsdKind kind);

/* "upper-threshold" is the property "UpperThreshold". */
char *lvsd_properties_name (const LvsdField *field);

/* Floating; NULL for a property that the interface does not have. */
GVariant *lvsd_properties_get (LvsdEngine *engine, gpointer item, const char *name);
GVariant *lvsd_properties_get_all (LvsdEngine *engine, gpointer item);

GVariant *lvsd_properties_get_of_node (LvsdEngine *engine, const char *name);

/* Whether the property comes from the kernel rather than from the item. */
gboolean lvsd_properties_is_live (const char *name);

/* A weight set for now as callers see it. */
GVariant *lvsd_properties_override (const LvsdOverride *override);

G_END_DECLS
