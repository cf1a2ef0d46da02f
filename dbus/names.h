/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The contract's names; org.lvsd1.*.xml has the members. */
#define LVSD_BUS_NAME "org.lvsd1"
#define LVSD_OBJECT_PATH "/org/lvsd1"
#define LVSD_OBJECT_PATH_PREFIX LVSD_OBJECT_PATH "/"

#define LVSD_INTERFACE_MANAGER "org.lvsd1.Manager"
#define LVSD_INTERFACE_SERVICE "org.lvsd1.VirtualService"
#define LVSD_INTERFACE_DESTINATION "org.lvsd1.Destination"
#define LVSD_INTERFACE_ADDRESS "org.lvsd1.VirtualAddress"
#define LVSD_INTERFACE_ROLE "org.lvsd1.RealServerRole"

/* Types of the sections of Apply and GetConfiguration. */
#define LVSD_SECTION_SERVICES "services"
#define LVSD_SECTION_SERVICES_TYPE "a(ssa{sv}a(ssua{sv}))"
#define LVSD_SECTION_ADDRESSES "addresses"
#define LVSD_SECTION_ADDRESSES_TYPE "a(sa{sv})"
#define LVSD_SECTION_ROLES "roles"
#define LVSD_SECTION_ROLES_TYPE "a(sa{sv})"
#define LVSD_SECTION_SETTINGS "settings"
#define LVSD_SECTION_SETTINGS_TYPE "a(ss)"
#define LVSD_SECTION_SYNC "sync"
#define LVSD_SECTION_SYNC_TYPE "a(sa{sv})"
