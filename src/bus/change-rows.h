/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/change.h"

G_BEGIN_DECLS

/* How rows call a kind: what a role replaced is a setting to everybody else. */
const char *lvsd_change_kind_name (gconstpointer item);

/* A floating a(sssa{sv}): verb ("new", "set", "delete"), kind, id, details; in the order in which
 * the kernel is written to. Details are the fields that are not at their preset; of "set" those
 * that differ, each as the pair of old and new value. */
GVariant *lvsd_change_rows (const LvsdChange *change);

/* The fields in which two items of a kind differ, as such pairs. */
GVariant *lvsd_change_pairs (gconstpointer before, gconstpointer after);

G_END_DECLS
