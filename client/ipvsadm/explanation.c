/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explanation.h"

#include "client/exit-status.h"
#include "model/error.h"

static const struct
{
  LvsctlSwitchId command;
  LvsdError code;
  const char *words;
} known[] = {
  { LVSCTL_SWITCH_ADD_SERVICE, LVSD_ERROR_ALREADY_EXISTS, LVSCTL_SERVICE_EXISTS },
  { LVSCTL_SWITCH_EDIT_SERVICE, LVSD_ERROR_NOT_FOUND, LVSCTL_NO_SERVICE },
  { LVSCTL_SWITCH_DELETE_SERVICE, LVSD_ERROR_NOT_FOUND, LVSCTL_NO_SERVICE },
  { LVSCTL_SWITCH_ZERO, LVSD_ERROR_NOT_FOUND, LVSCTL_NO_SERVICE },
  { LVSCTL_SWITCH_ADD_SERVER, LVSD_ERROR_NOT_FOUND, "Service not defined" },
  { LVSCTL_SWITCH_ADD_SERVER, LVSD_ERROR_ALREADY_EXISTS, LVSCTL_DESTINATION_EXISTS },
  { LVSCTL_SWITCH_EDIT_SERVER, LVSD_ERROR_NOT_FOUND, "Service not defined" },
  { LVSCTL_SWITCH_DELETE_SERVER, LVSD_ERROR_NOT_FOUND, "Service not defined" },
  { LVSCTL_SWITCH_START_DAEMON, LVSD_ERROR_ALREADY_EXISTS, "Daemon has already run" },
  { LVSCTL_SWITCH_STOP_DAEMON, LVSD_ERROR_NOT_FOUND, "No daemon is running" },
};

static const char *
find_words (LvsctlSwitchId command, const GError *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].command == command && g_error_matches (reason, LVSD_ERROR, (int) known[i].code))
      return known[i].words;
  return NULL;
}

/* Without a kernel or rights ipvsadm does not even begin. */
static LvsctlIpvsadmExit
find_exit (const GError *reason)
{
  LvsctlExit exit = lvsctl_exit_of_error (reason);

  if (exit == LVSCTL_EXIT_UNREACHABLE || exit == LVSCTL_EXIT_REFUSED
      || g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE))
    return LVSCTL_IPVSADM_EXIT_ILLEGAL;
  return LVSCTL_IPVSADM_EXIT_FAILED;
}

void
lvsctl_ipvsadm_explain (LvsctlSwitchId command, GError *reason, GError **error)
{
  const char *words = find_words (command, reason);

  if (reason->domain == LVSCTL_IPVSADM_ERROR)
    {
      g_propagate_error (error, reason);
      return;
    }
  if (words != NULL)
    g_set_error (error, LVSCTL_IPVSADM_ERROR, (int) find_exit (reason), "%s: %s", words,
                 reason->message);
  else
    g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, (int) find_exit (reason), reason->message);
  g_error_free (reason);
}
