/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/surroundings.h"

#include <glib/gi18n-lib.h>

#include "engine/reception.h"
#include "engine/settings.h"
#include "engine/sync-links.h"
#include "engine/sync-prerequisites.h"
#include "kernel/sockets.h"
#include "kernel/sysctl.h"
#include "model/adoption.h"
#include "model/arp.h"
#include "model/error.h"
#include "model/receiver.h"

static gboolean
add_settings (GArray *settings, const char *interface, GError **error)
{
  g_autofree char *ignore = g_strdup_printf ("net/ipv4/conf/%s/arp_ignore", interface);
  g_autofree char *announce = g_strdup_printf ("net/ipv4/conf/%s/arp_announce", interface);
  g_autofree char *source = g_strdup_printf ("net/ipv4/conf/%s/rp_filter", interface);
  LvsdArpSettings one = { 0 };

  g_strlcpy (one.interface, interface, sizeof one.interface);
  if (!lvsd_sysctl_read (ignore, &one.arp_ignore, error)
      || !lvsd_sysctl_read (announce, &one.arp_announce, error)
      || !lvsd_sysctl_read (source, &one.rp_filter, error))
    return FALSE;
  g_array_append_val (settings, one);
  return TRUE;
}

static GArray *
read_arp_settings (GError **error)
{
  g_autoptr (GArray) settings = g_array_new (FALSE, TRUE, sizeof (LvsdArpSettings));
  g_auto (GStrv) interfaces = lvsd_sysctl_list_interfaces (AF_INET, error);

  if (interfaces == NULL || !add_settings (settings, LVSD_ARP_ALL, error))
    return NULL;
  for (guint i = 0; interfaces[i] != NULL; i++)
    if (!g_str_equal (interfaces[i], "lo") && !add_settings (settings, interfaces[i], error))
      return NULL;
  return g_steal_pointer (&settings);
}

static gboolean
plan_arp (LvsdNode *node, LvsdChange *change, GError **error)
{
  g_autoptr (GPtrArray) roles = lvsd_change_outcome (change, node->table, LVSD_KIND_ROLE);
  g_autoptr (GArray) settings = NULL;
  g_autoptr (LvsdActual) receivers = NULL;

  if (roles->len == 0 && lvsd_table_count (node->table, LVSD_KIND_REPLACED) == 0)
    return TRUE;
  if ((settings = read_arp_settings (error)) == NULL
      || (receivers = lvsd_reception_read (node, roles, error)) == NULL)
    return FALSE;
  return lvsd_arp_plan (roles, node->table, settings, receivers, node->boot_id, change, error);
}

gboolean
lvsd_surroundings_plan_settings (LvsdNode *node, LvsdChange *change, GError **error)
{
  if (lvsd_change_touches (change, LVSD_KIND_SETTING))
    lvsd_settings_plan (node, change);
  return !lvsd_change_touches (change, LVSD_KIND_ROLE) || plan_arp (node, change, error);
}

gboolean
lvsd_surroundings_renew_settings (LvsdNode *node, LvsdChange *change, GError **error)
{
  lvsd_settings_plan (node, change);
  return plan_arp (node, change, error);
}

/* Reasons that go away by themselves, so that a restored address waits for it. */
char *
lvsd_surroundings_obstacle (LvsdNode *node,
                            const LvsdVirtualAddress *address,
                            LvsdError *ret_code,
                            GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char text[LVSD_ADDRESS_TEXT_SIZE];
  gboolean primary = FALSE;
  LvsdLink link;

  lvsd_address_format (&address->address, text);
  if (!lvsd_links_find (node->links, address->interface, &link, &local_error))
    {
      *ret_code = LVSD_ERROR_NOT_FOUND;
      if (g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
        return g_strdup_printf (_ ("address %s: interface '%s' does not exist on this machine"),
                                text, address->interface);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (address->primary || !lvsd_links_would_be_primary (node->links, address, &primary, error)
      || !primary)
    return NULL;
  *ret_code = LVSD_ERROR_CONFLICT;
  return g_strdup_printf (
      _ ("address %s/%u: %s has no other address of that subnet, so this one would become the "
         "machine's own source address; use /32, or allow it with 'primary'"),
      text, address->prefix_length, address->interface);
}

static gboolean
refuse_present (const LvsdFoundAddress *found, const LvsdVirtualAddress *address, GError **error)
{
  g_autoptr (LvsdVirtualAddress) present =
      lvsd_virtual_address_new (&found->address, found->prefix_length);
  g_autofree char *command = lvsd_adoption_command ((const LvsdItem *) present);
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("address %s: is on this machine already, as /%u, and lvsd did not put it there; "
                  "remove it first, or take it over with '%s'"),
               lvsd_address_format (&address->address, text), found->prefix_length, command);
  return FALSE;
}

/* Where a role has bound the address, or would; lo is the place for most. */
static const char *
place_of_role (LvsdNode *node, const LvsdAddress *address)
{
  const LvsdRole *role = lvsd_table_find_role (node->table, address);
  const char *device = role != NULL ? lvsd_receiver_bound_device (role) : NULL;

  return device != NULL ? device : "lo";
}

/* An address that is bound already, other than by the item that is edited and but for a role's:
 * one VIP may be both. */
static gboolean
check_absent (LvsdNode *node,
              const LvsdVirtualAddress *before,
              const LvsdVirtualAddress *after,
              GError **error)
{
  g_autoptr (GArray) found = lvsd_links_addresses (node->links, NULL, error);
  LvsdLink place = { .index = 0 };
  LvsdLink link = { .index = 0 };

  if (found == NULL)
    return FALSE;
  lvsd_links_find (node->links, place_of_role (node, &after->address), &place, NULL);
  if (before != NULL)
    lvsd_links_find (node->links, before->interface, &link, NULL);
  for (guint i = 0; i < found->len; i++)
    {
      const LvsdFoundAddress *candidate = &g_array_index (found, LvsdFoundAddress, i);
      gboolean ours = before != NULL && before->up && candidate->index == link.index
                      && candidate->prefix_length == before->prefix_length;

      if (lvsd_address_compare (&candidate->address, &after->address) == 0 && !ours
          && candidate->index != place.index)
        return refuse_present (candidate, after, error);
    }
  return TRUE;
}

static gboolean
check_address (LvsdNode *node, const LvsdEdit *edit, GError **error)
{
  const LvsdVirtualAddress *before = (const LvsdVirtualAddress *) edit->before;
  const LvsdVirtualAddress *after = (const LvsdVirtualAddress *) edit->after;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *obstacle = NULL;
  LvsdError code;

  if (after == NULL || !after->up)
    return TRUE;
  if (!check_absent (node, before, after, error))
    return FALSE;
  obstacle = lvsd_surroundings_obstacle (node, after, &code, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (obstacle != NULL)
    {
      g_set_error_literal (error, LVSD_ERROR, (int) code, obstacle);
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_forwarded_to_others (const LvsdDestination *destination)
{
  return destination->method == LVSD_METHOD_DIRECT || destination->method == LVSD_METHOD_TUNNEL;
}

static gboolean
check_destination (GHashTable *local, const LvsdDestination *destination, GError **error)
{
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  if (!is_forwarded_to_others (destination)
      || !g_hash_table_contains (local, &destination->endpoint.address))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("destination %s of service %s: method: the address is this machine's own; use "
                  "method local"),
               lvsd_endpoint_format (&destination->endpoint, endpoint),
               destination->identity->name);
  return FALSE;
}

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
  return lvsd_address_compare (a, b) == 0;
}

/* A change of weight need not ask the kernel for every address of the machine. */
static gboolean
sends_elsewhere (const LvsdEdit *edit)
{
  const LvsdDestination *before = (const LvsdDestination *) edit->before;
  const LvsdDestination *after = (const LvsdDestination *) edit->after;

  return after != NULL && lvsd_item_get_kind (after) == LVSD_KIND_DESTINATION
         && (before == NULL || before->method != after->method);
}

static gboolean
any_sends_elsewhere (const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    if (sends_elsewhere (lvsd_change_edit (change, i)))
      return TRUE;
  return FALSE;
}

static gboolean
check_destinations (LvsdNode *node, const LvsdChange *change, GError **error)
{
  g_autoptr (GHashTable) local = g_hash_table_new ((GHashFunc) lvsd_address_hash, equal_addresses);
  g_autoptr (GArray) found = NULL;

  if (!any_sends_elsewhere (change))
    return TRUE;
  found = lvsd_links_addresses (node->links, NULL, error);
  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    g_hash_table_add (local, &g_array_index (found, LvsdFoundAddress, i).address);
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (sends_elsewhere (edit)
          && !check_destination (local, (const LvsdDestination *) edit->after, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether interfaces, addresses and settings of this machine allow the change. */
gboolean
lvsd_surroundings_check (LvsdNode *node,
                         const LvsdChange *change,
                         gboolean may_make,
                         GError **error)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;

      if (lvsd_item_get_kind (either) == LVSD_KIND_ADDRESS && !check_address (node, edit, error))
        return FALSE;
      if (lvsd_item_get_kind (either) == LVSD_KIND_ROLE
          && !lvsd_reception_check (node, edit, may_make, error))
        return FALSE;
    }
  return lvsd_settings_check (node, change, error) && check_destinations (node, change, error)
         && lvsd_sync_prerequisites_check (node, change, error);
}

static gboolean
check_role_use (const LvsdRole *role, GError **error)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];
  guint established;

  if (lvsd_receiver_bound_device (role) == NULL)
    return TRUE;
  if (!lvsd_sockets_count_established (&role->address, &established, error))
    return FALSE;
  if (established == 0)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_IN_USE,
               _ ("role %s: %u established connections to that address would be cut; take this "
                  "machine out of its services first, or force it"),
               lvsd_address_format (&role->address, text), established);
  return FALSE;
}

/* InUse where a role that clients are connected to would go: not asked when the change is forced.
 */
gboolean
lvsd_surroundings_check_use (const LvsdChange *change, GError **error)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (edit->before != NULL && edit->after == NULL
          && lvsd_item_get_kind (edit->before) == LVSD_KIND_ROLE
          && !check_role_use ((const LvsdRole *) edit->before, error))
        return FALSE;
    }
  return TRUE;
}
