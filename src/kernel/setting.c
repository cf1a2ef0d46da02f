/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "setting.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "model/setting.h"
#include "sysctl.h"

static guint32 *
find_timeout (LvsdIpvsTimeouts *timeouts, const char *name)
{
  if (g_str_equal (name, "timeout/tcp"))
    return &timeouts->tcp;
  if (g_str_equal (name, "timeout/tcp-fin"))
    return &timeouts->tcp_fin;
  return &timeouts->udp;
}

static char *
read_timeout (LvsdIpvs *ipvs, const char *name, GError **error)
{
  LvsdIpvsTimeouts timeouts;
  g_autofree char *shown = NULL;

  if (!lvsd_ipvs_read_timeouts (ipvs, &timeouts, error))
    return NULL;
  if (*find_timeout (&timeouts, name) != 0)
    return g_strdup_printf ("%u", *find_timeout (&timeouts, name));
  shown = lvsd_setting_format_name (name);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
               _ ("setting %s: the IPVS of this kernel was built without that protocol"), shown);
  return NULL;
}

/* Fails with NotFound where this kernel has no such setting, be it that a module is not loaded. */
char *
lvsd_kernel_setting_read (LvsdIpvs *ipvs, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char *value;

  if (!lvsd_setting_is_timeout (name))
    return lvsd_sysctl_read_text (name, error);
  value = read_timeout (ipvs, name, &local_error);
  if (value == NULL && g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE))
    local_error->code = LVSD_ERROR_NOT_FOUND;
  if (value == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return value;
}

/* Writes what the item of the step, an LvsdReplaced, wants written. Settings always exist, so there
 * is no NEW or DELETE of one. Fails with NotFound, KernelRefused, InvalidArgument, or
 * KernelUnavailable. */
gboolean
lvsd_kernel_setting_apply (LvsdIpvs *ipvs, const LvsdStep *step, GError **error)
{
  const LvsdReplaced *replaced = (const LvsdReplaced *) step->item;
  LvsdIpvsTimeouts timeouts = { 0 };

  g_return_val_if_fail (step->verb == LVSD_STEP_SET, FALSE);
  if (!lvsd_setting_is_timeout (replaced->name))
    return lvsd_sysctl_write_text (replaced->name, replaced->written, error);
  *find_timeout (&timeouts, replaced->name) =
      (guint32) g_ascii_strtoull (replaced->written, NULL, 10);
  return lvsd_ipvs_write_timeouts (ipvs, &timeouts, error);
}
