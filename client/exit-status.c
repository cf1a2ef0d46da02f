/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "exit-status.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "model/error.h"

G_DEFINE_QUARK (lvsctl - error - quark, lvsctl_error)

static LvsctlExit
exit_of_lvsd_error (LvsdError code)
{
  switch (code)
    {
    case LVSD_ERROR_INVALID_ARGUMENT:
      return LVSCTL_EXIT_USAGE;
    case LVSD_ERROR_NOT_FOUND:
      return LVSCTL_EXIT_NOT_FOUND;
    case LVSD_ERROR_ALREADY_EXISTS:
      return LVSCTL_EXIT_EXISTS;
    case LVSD_ERROR_CONFLICT:
      return LVSCTL_EXIT_CONFLICT;
    case LVSD_ERROR_IN_USE:
    case LVSD_ERROR_AUTHORIZATION_DISMISSED:
    case LVSD_ERROR_AUTHORIZATION_UNAVAILABLE:
    case LVSD_ERROR_INTERACTION_REQUIRED:
      return LVSCTL_EXIT_REFUSED;
    case LVSD_ERROR_KERNEL_UNAVAILABLE:
    case LVSD_ERROR_KERNEL_REFUSED:
      return LVSCTL_EXIT_KERNEL;
    case LVSD_ERROR_NOT_SUPPORTED:
    case LVSD_ERROR_STORE_FAILED:
    case LVSD_ERROR_READ_ONLY:
    case LVSD_ERROR_LIMITS_EXCEEDED:
      break;
    }
  return LVSCTL_EXIT_FAILURE;
}

static LvsctlExit
exit_of_lvsctl_error (LvsctlError code)
{
  switch (code)
    {
    case LVSCTL_ERROR_USAGE:
      return LVSCTL_EXIT_USAGE;
    case LVSCTL_ERROR_DECLINED:
      return LVSCTL_EXIT_REFUSED;
    case LVSCTL_ERROR_UNREACHABLE:
      return LVSCTL_EXIT_UNREACHABLE;
    case LVSCTL_ERROR_FAILED:
      break;
    }
  return LVSCTL_EXIT_FAILURE;
}

LvsctlExit
lvsctl_exit_of_error (const GError *error)
{
  if (error->domain == LVSD_ERROR)
    return exit_of_lvsd_error ((LvsdError) error->code);
  if (error->domain == LVSCTL_ERROR)
    return exit_of_lvsctl_error ((LvsctlError) error->code);
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED))
    return LVSCTL_EXIT_REFUSED;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return LVSCTL_EXIT_NOT_FOUND;
  return LVSCTL_EXIT_FAILURE;
}

/* For the help. */
const char *
lvsctl_exit_meaning (LvsctlExit status)
{
  switch (status)
    {
    case LVSCTL_EXIT_SUCCESS:
      return _ ("It is done, durably, and the kernel has it");
    case LVSCTL_EXIT_FAILURE:
      return _ ("Another failure");
    case LVSCTL_EXIT_USAGE:
      return _ ("The command line or a value in it is wrong");
    case LVSCTL_EXIT_NOT_FOUND:
      return _ ("There is no such service, destination, address, role, setting or interface");
    case LVSCTL_EXIT_EXISTS:
      return _ ("It is there already");
    case LVSCTL_EXIT_REFUSED:
      return _ ("Not allowed, or in use and neither confirmed nor forced");
    case LVSCTL_EXIT_KERNEL:
      return _ ("The kernel refused it, or has no IPVS");
    case LVSCTL_EXIT_CONFLICT:
      return _ ("Something that is not lvsd's stands in the way, or it changed meanwhile");
    case LVSCTL_EXIT_ATTENTION:
      return _ (
          "'lvsctl status' alone: something needs attention; 'lvsctl diff': something differs");
    case LVSCTL_EXIT_UNREACHABLE:
      return _ ("lvsd or the system bus cannot be reached");
    }
  g_assert_not_reached ();
}
