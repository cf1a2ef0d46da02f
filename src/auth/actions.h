/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* polkit/org.lvsd1.policy says who may do these. */
#define LVSD_ACTION_MANAGE_SERVICES "org.lvsd1.manage-services"
#define LVSD_ACTION_MANAGE_DESTINATIONS "org.lvsd1.manage-destinations"
#define LVSD_ACTION_SET_WEIGHT "org.lvsd1.set-weight"
#define LVSD_ACTION_SET_RUNTIME_WEIGHT "org.lvsd1.set-runtime-weight"
#define LVSD_ACTION_MANAGE_ADDRESSES "org.lvsd1.manage-addresses"
#define LVSD_ACTION_MANAGE_ROLES "org.lvsd1.manage-roles"
#define LVSD_ACTION_MANAGE_SETTINGS "org.lvsd1.manage-settings"
#define LVSD_ACTION_MANAGE_SYNC "org.lvsd1.manage-sync"
#define LVSD_ACTION_ZERO_STATISTICS "org.lvsd1.zero-statistics"
#define LVSD_ACTION_APPLY "org.lvsd1.apply"
#define LVSD_ACTION_CLEAR "org.lvsd1.clear"
#define LVSD_ACTION_ADOPT "org.lvsd1.adopt"
#define LVSD_ACTION_RECONCILE "org.lvsd1.reconcile"
#define LVSD_ACTION_LIST_CONNECTIONS "org.lvsd1.list-connections"
