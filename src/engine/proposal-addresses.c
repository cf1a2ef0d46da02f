/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "engine/proposal.h"
#include "model/adoption.h"
#include "model/error.h"
#include "model/receiver.h"

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
  return lvsd_address_compare (a, b) == 0;
}

typedef struct
{
  const LvsdProposal *proposal;
  GHashTable *addresses;
} Listeners;

static gboolean
note_listener (gpointer item, gpointer user_data)
{
  LvsdService *service = item;
  Listeners *listeners = user_data;
  LvsdServiceKey *key = &service->identity->key;
  const LvsdServiceKey *only = listeners->proposal->only;

  if (key->fwmark == 0 && (only == NULL || lvsd_service_key_equal (key, only)))
    g_hash_table_add (listeners->addresses, &key->endpoint.address);
  return TRUE;
}

/* The addresses that services listen on, be they lvsd's or not; borrowed. */
static GHashTable *
collect_listeners (const LvsdProposal *proposal)
{
  Listeners listeners = { proposal,
                          g_hash_table_new ((GHashFunc) lvsd_address_hash, equal_addresses) };
  const GPtrArray *entries = lvsd_actual_entries (proposal->actual);

  lvsd_table_walk (proposal->node->table, LVSD_KIND_SERVICE, NULL, note_listener, &listeners);
  for (guint i = 0; i < entries->len; i++)
    {
      LvsdItem *held = ((const LvsdActualEntry *) g_ptr_array_index (entries, i))->item;

      if (lvsd_item_get_kind (held) == LVSD_KIND_SERVICE)
        note_listener (held, &listeners);
    }
  return listeners.addresses;
}

static const LvsdLink *
find_link (const LvsdProposal *proposal, int index)
{
  for (guint i = 0; i < proposal->links->len; i++)
    {
      const LvsdLink *link = &g_array_index (proposal->links, LvsdLink, i);

      if (link->index == index)
        return link;
    }
  return NULL;
}

static gboolean
is_named (const LvsdProposal *proposal, const LvsdFoundAddress *found, const LvsdLink *link)
{
  const LvsdAdoptionScope *scope = proposal->scope;

  return scope->one && lvsd_address_compare (&scope->address, &found->address) == 0
         && (scope->prefix_length == 0 || scope->prefix_length == found->prefix_length)
         && (scope->interface == NULL || g_str_equal (scope->interface, link->name));
}

/* The machine's own address is more to it than one that services listen on. */
static gboolean
is_own (const LvsdFoundAddress *found)
{
  return found->prefix_length < lvsd_address_bits (&found->address) && !found->secondary;
}

/* The item for an address as it was found, with a label only where it is not the usual one. */
static LvsdVirtualAddress *
describe (const LvsdProposal *proposal, const LvsdFoundAddress *found, const LvsdLink *link)
{
  LvsdVirtualAddress *address = lvsd_virtual_address_new (&found->address, found->prefix_length);
  const LvsdActualEntry *entry;

  g_strlcpy (address->interface, link->name, sizeof address->interface);
  entry = lvsd_actual_find (proposal->actual, address);
  if (entry != NULL
      && !lvsd_virtual_address_kernel_equal (address, (LvsdVirtualAddress *) entry->item))
    g_strlcpy (address->label, ((LvsdVirtualAddress *) entry->item)->label, sizeof address->label);
  address->primary = found->address.family == AF_INET && is_own (found);
  return address;
}

static GError *
refuse (const LvsdVirtualAddress *address, LvsdError code, const char *why)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_error_new (LVSD_ERROR, (int) code, _ ("address %s/%u on %s: %s"),
                      lvsd_address_format (&address->address, text), address->prefix_length,
                      address->interface, why);
}

static GError *
refuse_own (const LvsdVirtualAddress *address)
{
  g_autofree char *command = lvsd_adoption_command ((const LvsdItem *) address);
  g_autofree char *why =
      g_strdup_printf (_ ("is this machine's own address in its subnet, and stays with whoever put "
                          "it there; '%s' takes it over all the same"),
                       command);

  return refuse (address, LVSD_ERROR_CONFLICT, why);
}

/* Why the address cannot be lvsd's, or NULL. */
static GError *
find_obstacle (const LvsdProposal *proposal,
               const LvsdFoundAddress *found,
               const LvsdVirtualAddress *address,
               gboolean named)
{
  GError *error = NULL;

  if (lvsd_receiver_of_device (address->interface) != NULL)
    return refuse (address, LVSD_ERROR_CONFLICT,
                   _ ("takes a tunnel's packets, which is for a role to keep up; remove it there, "
                      "then 'lvsctl role add'"));
  if (!named && is_own (found))
    return refuse_own (address);
  if (lvsd_table_find_address (proposal->node->table, &found->address) != NULL)
    return refuse (address, LVSD_ERROR_CONFLICT,
                   _ ("lvsd has that address already, in another place or with another length; "
                      "remove one of the two"));
  if (!found->permanent)
    return refuse (address, LVSD_ERROR_CONFLICT,
                   _ ("lifetime: it ends unless another program renews it, which is the one it "
                      "belongs to"));
  if (found->has_peer)
    return refuse (address, LVSD_ERROR_INVALID_ARGUMENT, _ ("peer: a virtual address has none"));
  lvsd_adoption_check (address, &error);
  return error;
}

static gboolean
is_in (const LvsdVirtualAddress *before, const LvsdVirtualAddress *address)
{
  return before != NULL && before->up && lvsd_kernel_item_equal (before, address);
}

/* Somebody gave an address of lvsd's another label. */
static void
propose_label (LvsdProposal *proposal, LvsdVirtualAddress *before, LvsdVirtualAddress *address)
{
  if (g_str_equal (before->label, address->label))
    return;
  address->primary = before->primary;
  lvsd_proposal_take (proposal, before, address);
}

static void
propose (LvsdProposal *proposal,
         const LvsdFoundAddress *found,
         const LvsdLink *link,
         gboolean named,
         GHashTable *taken)
{
  g_autoptr (LvsdVirtualAddress) address = describe (proposal, found, link);
  LvsdVirtualAddress *before = lvsd_table_find_address (proposal->node->table, &found->address);
  GError *obstacle = NULL;

  if (is_in (before, address))
    {
      propose_label (proposal, before, address);
      return;
    }
  if (g_hash_table_contains (taken, &found->address))
    obstacle = refuse (address, LVSD_ERROR_CONFLICT,
                       _ ("that address is on this machine twice, and one of them is taken over"));
  else
    obstacle = find_obstacle (proposal, found, address, named);
  if (obstacle != NULL)
    {
      lvsd_proposal_leave (proposal, obstacle);
      return;
    }
  g_hash_table_add (taken, (gpointer) &found->address);
  lvsd_proposal_take (proposal, NULL, address);
}

/* A director may be one of its own real servers. */
static gboolean
is_of_role (const LvsdProposal *proposal, const LvsdFoundAddress *found, const LvsdLink *link)
{
  const LvsdRole *role = lvsd_table_find_role (proposal->node->table, &found->address);

  return role != NULL && g_strcmp0 (lvsd_receiver_bound_device (role), link->name) == 0;
}

/* Addresses that services listen on, and that are not the machine's own; or the one named. Those on
 * lo are roles. */
gboolean
lvsd_proposal_add_addresses (LvsdProposal *proposal, G_GNUC_UNUSED GError **error)
{
  g_autoptr (GHashTable) listeners = collect_listeners (proposal);
  g_autoptr (GHashTable) taken = g_hash_table_new ((GHashFunc) lvsd_address_hash, equal_addresses);

  for (guint i = 0; i < proposal->found->len; i++)
    {
      const LvsdFoundAddress *found = &g_array_index (proposal->found, LvsdFoundAddress, i);
      const LvsdLink *link = find_link (proposal, found->index);
      gboolean named = link != NULL && is_named (proposal, found, link);

      if (link == NULL || link->loopback
          || (proposal->scope->one ? !named : !g_hash_table_contains (listeners, &found->address)))
        continue;
      proposal->seen = TRUE;
      if (!is_of_role (proposal, found, link))
        propose (proposal, found, link, named, taken);
    }
  return TRUE;
}
