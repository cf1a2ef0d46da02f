/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "replaced.h"

G_BEGIN_DECLS

/* A connection timeout in seconds: 31 days, as ipvsadm has it. 0 would leave it as it is. A kernel
 * whose HZ is 1000 refuses those above 2147483 itself, since it multiplies them by HZ in an int:
 * ip_vs_set_timeout in net/netfilter/ipvs/ip_vs_ctl.c. */
#define LVSD_TIMEOUT_MAX 2678400

#define LVSD_SETTING_BACKUP_ONLY "net/ipv4/vs/backup_only"

/* A setting of the kernel that somebody wants to have a value: one of IPVS, of what a director
 * forwards by, or a connection timeout. */
typedef struct
{
  LvsdItem item;
  char name[LVSD_SYSCTL_MAX + 1]; /* as in LvsdReplaced, or "timeout/tcp" and the like */
  char value[LVSD_SYSCTL_VALUE_MAX + 1];
} LvsdSetting;

extern const LvsdItemClass lvsd_setting_class;

LvsdSetting *lvsd_setting_new (const char *name, const char *value, GError **error);

/* Names as people know them, "net.ipv4.vs.drop_entry", and as they are stored, with slashes. */
gboolean lvsd_setting_parse_name (const char *text, char name[LVSD_SYSCTL_MAX + 1], GError **error);
char *lvsd_setting_format_name (const char *name);

/* What is known of the settings that may be managed; names are those with slashes. */
gboolean lvsd_setting_is_managed (const char *name);
gboolean lvsd_setting_is_timeout (const char *name);
gboolean lvsd_setting_same_value (const char *name, const char *a, const char *b);
gboolean lvsd_setting_is_off_preset (const char *name, const char *value);
const char *lvsd_setting_known (guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdSetting, lvsd_item_unref)

G_END_DECLS
