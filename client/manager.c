/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "manager.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The name is as in /proc/PID/comm, where a script that renames itself may add to it. What each
 * does is its own documentation's: keepalived(8) on SIGTERM, ldirectord(8) on cleanstop, kube-proxy
 * on its sync period. */
static const struct
{
  const char *name;
  const char *conduct;
} managers[] = {
  { "keepalived",
    N_ ("when it is stopped it deletes what it made, adopted or not; end it without its clean-up: "
        "'systemctl disable keepalived', 'systemctl freeze keepalived', and then 'systemctl kill "
        "--signal=SIGKILL keepalived'; see lvs(7)") },
  { "ldirectord",
    N_ ("it goes on setting weights, and when it is stopped it deletes its services, adopted or "
        "not, unless its configuration says cleanstop=no") },
  { "kube-proxy",
    N_ ("it writes its services again and again and deletes what it takes for leftovers of them; "
        "leave them to it; that it is stopped deletes nothing, and 'kube-proxy --cleanup' "
        "deletes all that IPVS has, adopted or not") },
};

static void
note_process (GPtrArray *warnings, const char *pid, gboolean *seen)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/comm", pid);
  g_autofree char *name = NULL;

  if (!g_ascii_isdigit (pid[0]) || !g_file_get_contents (path, &name, NULL, NULL))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (managers); i++)
    {
      if (seen[i] || !g_str_has_prefix (name, managers[i].name)
          || strchr ("\n ", name[strlen (managers[i].name)]) == NULL)
        continue;
      seen[i] = TRUE;
      g_ptr_array_add (warnings, g_strdup_printf (_ ("%s is running (process %s): %s"),
                                                  managers[i].name, pid, _ (managers[i].conduct)));
    }
}

GPtrArray *
lvsctl_manager_warnings (void)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  gboolean seen[G_N_ELEMENTS (managers)] = { FALSE };
  const char *pid;

  while (processes != NULL && (pid = g_dir_read_name (processes)) != NULL)
    note_process (warnings, pid, seen);
  return warnings;
}
