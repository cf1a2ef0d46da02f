/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/proposal.h"
#include "kernel/setting.h"
#include "kernel/sysctl.h"
#include "model/setting.h"

/* What a director is given of an interface's settings; the rest is for whoever manages the network.
 */
static const struct
{
  int family;
  const char *directory;
  const char *file;
  const char *value;
} of_interfaces[] = {
  { AF_INET, "net/ipv4/conf/", "/send_redirects", "0" },
  { AF_INET6, "net/ipv6/conf/", "/accept_ra", "2" },
};

static void
propose (LvsdProposal *proposal, LvsdSetting *before, const char *name, const char *value)
{
  GError *reason = NULL;
  g_autoptr (LvsdSetting) after = lvsd_setting_new (name, value, &reason);

  if (after == NULL)
    lvsd_proposal_leave (proposal, reason);
  else
    lvsd_proposal_offer (proposal, before, after);
}

/* Somebody gave a setting of lvsd's another value. */
static gboolean
propose_changed (gpointer item, gpointer user_data)
{
  LvsdSetting *setting = item;
  LvsdProposal *proposal = user_data;
  g_autofree char *value = lvsd_kernel_setting_read (proposal->node->ipvs, setting->name, NULL);

  if (value != NULL && !lvsd_setting_same_value (setting->name, setting->value, value))
    propose (proposal, setting, setting->name, value);
  return TRUE;
}

static gboolean
is_ours (const LvsdProposal *proposal, const char *name)
{
  return lvsd_table_find_by_id (proposal->node->table, LVSD_KIND_SETTING, name) != NULL;
}

static void
propose_known (LvsdProposal *proposal)
{
  const char *name;

  for (guint i = 0; (name = lvsd_setting_known (i)) != NULL; i++)
    {
      g_autofree char *value = lvsd_kernel_setting_read (proposal->node->ipvs, name, NULL);

      if (value != NULL && lvsd_setting_is_off_preset (name, value) && !is_ours (proposal, name))
        propose (proposal, NULL, name, value);
    }
}

static gboolean
holds (const char *name, const char *value)
{
  g_autofree char *held = lvsd_sysctl_read_text (name, NULL);

  return g_strcmp0 (held, value) == 0;
}

/* Where new interfaces are given that value too, it is the machine's way and not this one's. */
static void
propose_of_interfaces (LvsdProposal *proposal, gsize index)
{
  const char *directory = of_interfaces[index].directory;
  const char *file = of_interfaces[index].file;
  const char *value = of_interfaces[index].value;
  g_auto (GStrv) interfaces = lvsd_sysctl_list_interfaces (of_interfaces[index].family, NULL);
  g_autofree char *of_new = g_strconcat (directory, "default", file, NULL);

  if (holds (of_new, value))
    return;
  for (guint i = 0; interfaces != NULL && interfaces[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat (directory, interfaces[i], file, NULL);

      if (lvsd_setting_is_managed (name) && holds (name, value) && !is_ours (proposal, name))
        propose (proposal, NULL, name, value);
    }
}

/* Settings that somebody gave another value than a kernel begins with, and what somebody changed
 * of lvsd's own. What they were before is not known, so they stay when lvsd lets go of them. */
gboolean
lvsd_proposal_add_settings (LvsdProposal *proposal, G_GNUC_UNUSED GError **error)
{
  if (proposal->only != NULL || proposal->scope->one)
    return TRUE;
  lvsd_table_walk (proposal->node->table, LVSD_KIND_SETTING, NULL, propose_changed, proposal);
  propose_known (proposal);
  for (gsize i = 0; i < G_N_ELEMENTS (of_interfaces); i++)
    propose_of_interfaces (proposal, i);
  return TRUE;
}
