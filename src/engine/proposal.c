/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/proposal.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "model/rules.h"

#define ALL "all"

/* A further kind of thing that can be taken over is a row here. */
static const struct
{
  const char *name;
  gboolean (*add) (LvsdProposal *proposal, GError **error);
} kinds[] = {
  { "services", lvsd_proposal_add_services }, { "addresses", lvsd_proposal_add_addresses },
  { "roles", lvsd_proposal_add_roles },       { "sync", lvsd_proposal_add_sync },
  { "sysctls", lvsd_proposal_add_settings },
};

void
lvsd_adoption_scope_clear (LvsdAdoptionScope *scope)
{
  g_clear_pointer (&scope->kinds, g_strfreev);
  g_clear_pointer (&scope->service, g_free);
  g_clear_pointer (&scope->interface, g_free);
}

void
lvsd_adoption_free (LvsdAdoption *adoption)
{
  g_clear_pointer (&adoption->change, lvsd_change_free);
  g_ptr_array_unref (adoption->refusals);
  g_free (adoption);
}

static LvsdAdoption *
new_adoption (void)
{
  LvsdAdoption *adoption = g_new0 (LvsdAdoption, 1);

  adoption->change = lvsd_change_new ();
  adoption->refusals = g_ptr_array_new_with_free_func (g_free);
  return adoption;
}

void
lvsd_proposal_take (LvsdProposal *proposal, gpointer before, gpointer after)
{
  lvsd_change_add (proposal->adoption->change, before, after);
}

void
lvsd_proposal_leave (LvsdProposal *proposal, GError *reason)
{
  g_ptr_array_add (proposal->adoption->refusals, g_strdup (reason->message));
  if (proposal->refusal == NULL)
    proposal->refusal = reason;
  else
    g_error_free (reason);
}

void
lvsd_proposal_offer (LvsdProposal *proposal, gpointer before, gpointer after)
{
  const LvsdChange *change = proposal->adoption->change;
  g_autoptr (LvsdChange) trial = lvsd_change_new ();
  GError *reason = NULL;

  for (guint i = 0; i < change->edits->len; i++)
    lvsd_change_add (trial, lvsd_change_edit (change, i)->before,
                     lvsd_change_edit (change, i)->after);
  lvsd_change_add (trial, before, after);
  if (lvsd_rules_check (trial, proposal->node->table, &reason))
    lvsd_proposal_take (proposal, before, after);
  else
    lvsd_proposal_leave (proposal, reason);
}

static gboolean
is_kind (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, word))
      return TRUE;
  return g_str_equal (word, ALL);
}

static gboolean
check_kinds (const LvsdAdoptionScope *scope, GError **error)
{
  if (scope->kinds[0] == NULL)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("what: name at least one kind of thing, or 'all'"));
      return FALSE;
    }
  for (guint i = 0; scope->kinds[i] != NULL; i++)
    if (!is_kind (scope->kinds[i]))
      {
        g_autoptr (GString) known = g_string_new (NULL);

        for (gsize j = 0; j < G_N_ELEMENTS (kinds); j++)
          g_string_append_printf (known, "%s, ", kinds[j].name);
        g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                     _ ("what: '%s' is not one of %s%s"), scope->kinds[i], known->str, ALL);
        return FALSE;
      }
  return TRUE;
}

/* A service of another program has no name but the one that it would get. */
static gboolean
find_only (LvsdProposal *proposal, GError **error)
{
  const char *text = proposal->scope->service;
  const LvsdService *own;

  if (text == NULL)
    return TRUE;
  own = lvsd_table_find_service (proposal->node->table, text);
  if (own != NULL)
    proposal->only_key = own->identity->key;
  else if (!lvsd_service_key_parse (text, &proposal->only_key, NULL))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("service '%s': lvsd has none of this name; name one of another program by "
                      "its key, such as tcp/192.0.2.100:80"),
                   text);
      return FALSE;
    }
  proposal->only = &proposal->only_key;
  return TRUE;
}

static gboolean
find_wanted_service (const LvsdProposal *proposal, GError **error)
{
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdService) like = NULL;

  if (proposal->only == NULL)
    return TRUE;
  identity = lvsd_service_identity_new ("", proposal->only);
  like = lvsd_service_new (identity);
  if (lvsd_actual_find (proposal->actual, like) != NULL)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service %s: the kernel has none"),
               lvsd_service_key_format (proposal->only, text));
  return FALSE;
}

/* A real server needs no IPVS, so only who asks for services alone is told that there is none. */
static gboolean
read_kernel (LvsdProposal *proposal, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean only_services = g_strv_length (proposal->scope->kinds) == 1
                           && g_str_equal (proposal->scope->kinds[0], kinds[0].name);

  if (!lvsd_ipvs_read_all (proposal->node->ipvs, proposal->actual, &local_error)
      && (only_services
          || !g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE)))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!find_wanted_service (proposal, error)
      || !lvsd_links_read (proposal->node->links, NULL, proposal->actual, error))
    return FALSE;
  proposal->found = lvsd_links_addresses (proposal->node->links, NULL, error);
  if (proposal->found != NULL)
    proposal->links = lvsd_links_list (proposal->node->links, error);
  return proposal->links != NULL;
}

static gboolean
add_kinds (LvsdProposal *proposal, GError **error)
{
  const char *const *named = (const char *const *) proposal->scope->kinds;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if ((g_strv_contains (named, kinds[i].name) || g_strv_contains (named, ALL))
        && !kinds[i].add (proposal, error))
      return FALSE;
  return TRUE;
}

static gboolean
refuse_absent (const LvsdAdoptionScope *scope, GError **error)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
               _ ("address %s: is not on this machine in that place; see 'ip address'"),
               lvsd_address_format (&scope->address, text));
  return FALSE;
}

/* Who named one thing is told why it cannot be had; among many it holds nothing else back. */
static gboolean
check_outcome (LvsdProposal *proposal, GError **error)
{
  const LvsdAdoptionScope *scope = proposal->scope;

  if (scope->one && !proposal->seen)
    return refuse_absent (scope, error);
  if ((scope->service == NULL && !scope->one) || proposal->adoption->change->edits->len > 0
      || proposal->refusal == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&proposal->refusal));
  return FALSE;
}

LvsdAdoption *
lvsd_proposal_make (LvsdNode *node, const LvsdAdoptionScope *scope, GError **error)
{
  g_autoptr (LvsdAdoption) adoption = new_adoption ();
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  LvsdProposal proposal = { .node = node, .scope = scope, .adoption = adoption, .actual = actual };
  gboolean made = check_kinds (scope, error) && find_only (&proposal, error)
                  && read_kernel (&proposal, error) && add_kinds (&proposal, error)
                  && check_outcome (&proposal, error);

  g_clear_pointer (&proposal.found, g_array_unref);
  g_clear_pointer (&proposal.links, g_array_unref);
  g_clear_error (&proposal.refusal);
  return made ? g_steal_pointer (&adoption) : NULL;
}
