/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/proposal.h"
#include "engine/surroundings.h"
#include "kernel/sysctl.h"
#include "model/adoption.h"
#include "model/error.h"
#include "model/rules.h"

static int
find_loopback (const LvsdProposal *proposal)
{
  for (guint i = 0; i < proposal->links->len; i++)
    if (g_array_index (proposal->links, LvsdLink, i).loopback)
      return g_array_index (proposal->links, LvsdLink, i).index;
  return -1;
}

static void
refuse_setting (const LvsdRole *role, const LvsdReplaced *needed, GError **error)
{
  g_autofree char *dotted = g_strdelimit (g_strdup (needed->name), "/", '.');
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("role %s: %s is %s and has to be %s, so the network may take this machine for "
                  "the director; set it first"),
               lvsd_address_format (&role->address, text), dotted, needed->previous,
               needed->written);
}

/* Whether the role holds as things are: what would have to be set for it is not set by adopting. */
static gboolean
check_holds (const LvsdProposal *proposal, LvsdRole *role, GError **error)
{
  g_autoptr (LvsdChange) trial = lvsd_change_new ();

  lvsd_change_add (trial, NULL, role);
  if (!lvsd_adoption_check (role, error) || !lvsd_rules_check (trial, proposal->node->table, error)
      || !lvsd_surroundings_plan_settings (proposal->node, trial, error))
    return FALSE;
  for (guint i = 1; i < trial->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (trial, i);

      if (edit->after != NULL)
        {
          refuse_setting (role, (const LvsdReplaced *) edit->after, error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_set (const char *interface, const char *setting)
{
  g_autofree char *name = g_strdup_printf ("net/ipv4/conf/%s/%s", interface, setting);
  gint32 value;

  return lvsd_sysctl_read (name, &value, NULL) && value > 0;
}

/* A script may have set the ARP settings of one interface alone. Where several would do, it is not
 * known which of them are meant. */
static gboolean
choose_interface (const LvsdProposal *proposal, LvsdRole *role)
{
  g_auto (GStrv) interfaces = lvsd_sysctl_list_interfaces (AF_INET, NULL);
  const char *chosen = NULL;
  guint n = 0;

  for (guint i = 0; interfaces != NULL && interfaces[i] != NULL; i++)
    {
      if (g_str_equal (interfaces[i], "lo") || strlen (interfaces[i]) > LVSD_INTERFACE_MAX
          || (!is_set (interfaces[i], "arp_ignore") && !is_set (interfaces[i], "arp_announce")))
        continue;
      g_strlcpy (role->interface, interfaces[i], sizeof role->interface);
      if (!check_holds (proposal, role, NULL))
        continue;
      chosen = interfaces[i];
      n++;
    }
  g_strlcpy (role->interface, n == 1 ? chosen : "", sizeof role->interface);
  return n == 1;
}

static void
propose (LvsdProposal *proposal, const LvsdAddress *address)
{
  g_autoptr (LvsdRole) role = lvsd_role_new (address);
  GError *reason = NULL;

  if (check_holds (proposal, role, &reason) || choose_interface (proposal, role))
    {
      lvsd_proposal_take (proposal, NULL, role);
      g_clear_error (&reason);
    }
  else
    lvsd_proposal_leave (proposal, reason);
}

static gboolean
is_candidate (const LvsdProposal *proposal, const LvsdFoundAddress *found, int loopback)
{
  const LvsdAdoptionScope *scope = proposal->scope;

  return found->index == loopback && found->prefix_length == lvsd_address_bits (&found->address)
         && !lvsd_address_is_loopback (&found->address)
         && (!scope->one || lvsd_address_compare (&scope->address, &found->address) == 0);
}

/* Whole addresses on lo, where the ARP settings hide them from the network. What those were before
 * is not known, so they stay when the role goes. */
gboolean
lvsd_proposal_add_roles (LvsdProposal *proposal, G_GNUC_UNUSED GError **error)
{
  int loopback = find_loopback (proposal);

  for (guint i = 0; proposal->only == NULL && i < proposal->found->len; i++)
    {
      const LvsdFoundAddress *found = &g_array_index (proposal->found, LvsdFoundAddress, i);

      if (!is_candidate (proposal, found, loopback))
        continue;
      proposal->seen = TRUE;
      if (lvsd_table_find_role (proposal->node->table, &found->address) == NULL)
        propose (proposal, &found->address);
    }
  return TRUE;
}
