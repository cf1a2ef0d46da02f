/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-scheduler.h"

#include <errno.h>

#include "ipvs-family.h"
#include "ipvs-message.h"
#include "refusal.h"

/* Whatever Linux has had up to now, in the order of the manual of ipvsadm. */
static const char *const schedulers[] = { "rr", "wrr", "lc",  "wlc", "lblc", "lblcr", "dh",
                                          "sh", "mh",  "sed", "nq",  "fo",   "ovf",   "twos" };

/* Asks whether the kernel has a scheduler, and a persistence engine unless that is ""; it loads
 * their modules as it would for a service. Returns ENOENT when it lacks one of them, ENOPROTOOPT
 * when IPVS has left the kernel, EPERM, or something else when it lacks neither. IPVS is connected.
 */
int
lvsd_ipvs_probe (LvsdIpvs *ipvs, const char *scheduler, const char *engine)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) nlmsg_free);
  LvsdIpvsFamily *family = lvsd_ipvs_get_family (ipvs);
  int failure;

  g_ptr_array_add (messages, lvsd_ipvs_message_new_probe (scheduler, engine));
  lvsd_ipvs_family_send (family, messages, &failure);
  if (failure == 0)
    {
      g_ptr_array_set_size (messages, 0);
      g_ptr_array_add (messages, lvsd_ipvs_message_new_probe_removal ());
      lvsd_ipvs_family_send (family, messages, &failure);
    }
  return failure;
}

/* The names of the schedulers that this kernel has, or can load. Fails with KernelUnavailable or
 * KernelRefused. */
GStrv
lvsd_ipvs_list_schedulers (LvsdIpvs *ipvs, GError **error)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();

  if (!lvsd_ipvs_connect (ipvs, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (schedulers); i++)
    {
      int failure = lvsd_ipvs_probe (ipvs, schedulers[i], "");

      if (failure == EPERM || failure == ENOPROTOOPT)
        {
          lvsd_refusal_set_unreadable (failure, error);
          return NULL;
        }
      if (failure != ENOENT)
        g_strv_builder_add (found, schedulers[i]);
    }
  return g_strv_builder_end (found);
}
