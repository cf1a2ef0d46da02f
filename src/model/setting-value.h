/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the value of a kernel setting is written. */
typedef enum
{
  LVSD_SETTING_NUMBER,
  LVSD_SETTING_POWER_OF_TWO,
  LVSD_SETTING_DEFENCE,    /* 0 never, 1 and 2 when memory runs short, 3 always */
  LVSD_SETTING_PAIR,       /* two numbers, the first less than the second unless that is 0 */
  LVSD_SETTING_PROCESSORS, /* 0-3,8 */
} LvsdSettingForm;

gboolean lvsd_setting_value_normalize (LvsdSettingForm form,
                                       gint64 minimum,
                                       gint64 maximum,
                                       const char *text,
                                       char **ret_value,
                                       GError **error);

G_END_DECLS
