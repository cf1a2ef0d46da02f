/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus/errors.h"

#include <gio/gio.h>

static const GDBusErrorEntry entries[] = {
  { LVSD_ERROR_INVALID_ARGUMENT, "org.lvsd1.Error.InvalidArgument" },
  { LVSD_ERROR_NOT_FOUND, "org.lvsd1.Error.NotFound" },
  { LVSD_ERROR_ALREADY_EXISTS, "org.lvsd1.Error.AlreadyExists" },
  { LVSD_ERROR_NOT_SUPPORTED, "org.lvsd1.Error.NotSupported" },
  { LVSD_ERROR_CONFLICT, "org.lvsd1.Error.Conflict" },
  { LVSD_ERROR_IN_USE, "org.lvsd1.Error.InUse" },
  { LVSD_ERROR_KERNEL_UNAVAILABLE, "org.lvsd1.Error.KernelUnavailable" },
  { LVSD_ERROR_KERNEL_REFUSED, "org.lvsd1.Error.KernelRefused" },
  { LVSD_ERROR_STORE_FAILED, "org.lvsd1.Error.StoreFailed" },
  { LVSD_ERROR_READ_ONLY, "org.lvsd1.Error.ReadOnly" },
  { LVSD_ERROR_LIMITS_EXCEEDED, "org.lvsd1.Error.LimitsExceeded" },
  { LVSD_ERROR_AUTHORIZATION_DISMISSED, "org.lvsd1.Error.AuthorizationDismissed" },
  { LVSD_ERROR_AUTHORIZATION_UNAVAILABLE, "org.lvsd1.Error.AuthorizationUnavailable" },
  { LVSD_ERROR_INTERACTION_REQUIRED,
    "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (entries) == LVSD_N_ERRORS);

void
lvsd_errors_register (void)
{
  static gsize registered;
  GQuark quark = LVSD_ERROR;

  if (!g_once_init_enter (&registered))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    g_dbus_error_register_error (quark, entries[i].error_code, entries[i].dbus_error_name);
  g_once_init_leave (&registered, 1);
}
