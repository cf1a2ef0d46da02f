/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "links.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "address-change.h"
#include "link-message.h"
#include "link-monitor.h"
#include "model/error.h"
#include "model/virtual-address.h"
#include "netlink.h"
#include "refusal.h"
#include "sysctl.h"

struct _LvsdLinks
{
  LvsdNetlink *netlink;
  LvsdLinkMonitor *monitor; /* NULL when nobody listens */
};

/* changed: called from the default main context when something about a link or its addresses has
 * changed, by lvsd's own doing as well; once for a burst. NULL: nobody listens. Fails with
 * KernelUnavailable. */
LvsdLinks *
lvsd_links_new (LvsdLinksFunc changed, gpointer user_data, GError **error)
{
  g_autoptr (LvsdLinks) links = g_new0 (LvsdLinks, 1);

  links->netlink = lvsd_netlink_new (NETLINK_ROUTE);
  if (changed != NULL
      && (links->monitor = lvsd_link_monitor_new (changed, user_data, error)) == NULL)
    return NULL;
  return g_steal_pointer (&links);
}

void
lvsd_links_free (LvsdLinks *links)
{
  g_clear_pointer (&links->monitor, lvsd_link_monitor_free);
  lvsd_netlink_free (links->netlink);
  g_free (links);
}

/* Reading. */

static GPtrArray *
ask (LvsdLinks *links, struct nl_msg *question, GError **error)
{
  GPtrArray *replies = NULL;
  int failure = lvsd_netlink_ask (links->netlink, question, &replies);

  if (failure != 0)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("interfaces: the kernel does not show its links and addresses: %s (error %d)"),
                 g_strerror (failure), failure);
  return replies;
}

static gboolean
refuse_interface (const char *name, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
               _ ("interface: '%s' does not exist on this machine"), name);
  return FALSE;
}

/* Asks the kernel each time, so that a rename is never missed: one exchange. Fails with NotFound
 * when there is no interface of this very name; an alternative name is none. */
gboolean
lvsd_links_find (LvsdLinks *links, const char *name, LvsdLink *ret_link, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = NULL;
  g_autoptr (GPtrArray) replies = NULL;
  LvsdLink link;
  int failure;

  if (name[0] == '\0' || strlen (name) > LVSD_INTERFACE_MAX)
    return refuse_interface (name, error);
  question = lvsd_link_message_new_get (name);
  failure = lvsd_netlink_ask (links->netlink, question, &replies);
  if (failure == ENODEV)
    return refuse_interface (name, error);
  if (failure != 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                   _ ("interface: the kernel does not show '%s': %s (error %d)"), name,
                   g_strerror (failure), failure);
      return FALSE;
    }
  for (guint i = 0; i < replies->len; i++)
    if (lvsd_link_message_read_link (g_ptr_array_index (replies, i), &link)
        && g_str_equal (link.name, name))
      {
        *ret_link = link;
        return TRUE;
      }
  return refuse_interface (name, error);
}

/* All links of this network namespace, of LvsdLink. */
GArray *
lvsd_links_list (LvsdLinks *links, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = lvsd_link_message_new_get (NULL);
  g_autoptr (GPtrArray) replies = ask (links, question, error);
  GArray *list;

  if (replies == NULL)
    return NULL;
  list = g_array_new (FALSE, FALSE, sizeof (LvsdLink));
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdLink link;

      if (lvsd_link_message_read_link (g_ptr_array_index (replies, i), &link))
        g_array_append_val (list, link);
    }
  return list;
}

static GPtrArray *
ask_addresses (LvsdLinks *links, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = lvsd_link_message_new_get_addresses ();

  return ask (links, question, error);
}

/* The links of this name, or with NULL all; none where there is none. Index -> LvsdLink. */
static GHashTable *
choose_links (LvsdLinks *links, const char *name, GError **error)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GArray) list = NULL;
  g_autoptr (GError) failure = NULL;
  LvsdLink link;

  if (name != NULL)
    {
      if (lvsd_links_find (links, name, &link, &failure))
        g_hash_table_insert (chosen, GINT_TO_POINTER (link.index), g_memdup2 (&link, sizeof link));
      else if (!g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      return g_steal_pointer (&chosen);
    }
  if ((list = lvsd_links_list (links, error)) == NULL)
    return NULL;
  for (guint i = 0; i < list->len; i++)
    {
      link = g_array_index (list, LvsdLink, i);
      g_hash_table_insert (chosen, GINT_TO_POINTER (link.index), g_memdup2 (&link, sizeof link));
    }
  return g_steal_pointer (&chosen);
}

static void
add_found (LvsdActual *into, const LvsdLink *link, const LvsdFoundAddress *found, const char *label)
{
  LvsdVirtualAddress *address = lvsd_virtual_address_new (&found->address, found->prefix_length);

  g_strlcpy (address->interface, link->name, sizeof address->interface);
  g_strlcpy (address->label, label, sizeof address->label);
  lvsd_actual_add (into, address);
}

/* Adds an LvsdVirtualAddress for each address on the interface, or with NULL on any; nothing when
 * there is no such interface. IPv4 addresses have the kernel's label, IPv6 ones "". */
gboolean
lvsd_links_read (LvsdLinks *links, const char *name, LvsdActual *into, GError **error)
{
  g_autoptr (GHashTable) chosen = choose_links (links, name, error);
  g_autoptr (GPtrArray) replies = NULL;

  if (chosen == NULL || (replies = ask_addresses (links, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdFoundAddress found;
      char label[LVSD_INTERFACE_MAX + 1];
      const LvsdLink *link;

      if (lvsd_link_message_read_address (g_ptr_array_index (replies, i), &found, label)
          && (link = g_hash_table_lookup (chosen, GINT_TO_POINTER (found.index))) != NULL)
        add_found (into, link, &found, label);
    }
  return TRUE;
}

/* Of LvsdFoundAddress, in the kernel's order, in which a primary address precedes its secondaries;
 * empty when there is no such interface. NULL for name: of all interfaces. */
GArray *
lvsd_links_addresses (LvsdLinks *links, const char *name, GError **error)
{
  g_autoptr (GHashTable) chosen = choose_links (links, name, error);
  g_autoptr (GPtrArray) replies = NULL;
  GArray *addresses;

  if (chosen == NULL || (replies = ask_addresses (links, error)) == NULL)
    return NULL;
  addresses = g_array_new (FALSE, FALSE, sizeof (LvsdFoundAddress));
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdFoundAddress found;
      char label[LVSD_INTERFACE_MAX + 1];

      if (lvsd_link_message_read_address (g_ptr_array_index (replies, i), &found, label)
          && g_hash_table_contains (chosen, GINT_TO_POINTER (found.index)))
        g_array_append_val (addresses, found);
    }
  return addresses;
}

/* Whether the address is one of this host: on any interface, or in 127.0.0.0/8, or ::1. Returns
 * FALSE with an error set when the kernel did not tell. */
gboolean
lvsd_links_is_local (LvsdLinks *links, const LvsdAddress *address, GError **error)
{
  g_autoptr (GPtrArray) replies = NULL;

  if (lvsd_address_is_loopback (address))
    return TRUE;
  if ((replies = ask_addresses (links, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < replies->len; i++)
    {
      LvsdFoundAddress found;
      char label[LVSD_INTERFACE_MAX + 1];

      if (lvsd_link_message_read_address (g_ptr_array_index (replies, i), &found, label)
          && lvsd_address_compare (&found.address, address) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The kernel's rule (__inet_insert_ifa): secondary is what has the same mask and network as an
 * address that was there first. */
static gboolean
shares_subnet (const LvsdFoundAddress *found, const LvsdVirtualAddress *address)
{
  return found->prefix_length == address->prefix_length
         && lvsd_address_same_network (&found->address, &address->address, address->prefix_length)
         && lvsd_address_compare (&found->address, &address->address) != 0;
}

/* Whether the address, put on its interface now, would be the primary one of its subnet: a source
 * address of the host, and the one whose deletion takes the others along. Never of IPv6 or of a
 * /32. An interface that does not exist has no other address. */
gboolean
lvsd_links_would_be_primary (LvsdLinks *links,
                             const LvsdVirtualAddress *address,
                             gboolean *ret_primary,
                             GError **error)
{
  g_autoptr (GArray) addresses = NULL;
  gboolean primary = address->address.family == AF_INET && address->prefix_length < 32;

  if (primary && (addresses = lvsd_links_addresses (links, address->interface, error)) == NULL)
    return FALSE;
  for (guint i = 0; primary && i < addresses->len; i++)
    if (shares_subnet (&g_array_index (addresses, LvsdFoundAddress, i), address))
      primary = FALSE;
  *ret_primary = primary;
  return TRUE;
}

/* Writing. */

static gboolean
add_address (LvsdLinks *links, const LvsdVirtualAddress *address, GError **error)
{
  LvsdLink link;

  return lvsd_links_find (links, address->interface, &link, error)
         && lvsd_address_change_add (links->netlink, &link, address, error);
}

/* With its interface an address has gone too. */
static gboolean
remove_address (LvsdLinks *links, const LvsdVirtualAddress *address, GError **error)
{
  g_autoptr (GError) failure = NULL;
  LvsdLink link;

  if (lvsd_links_find (links, address->interface, &link, &failure))
    return lvsd_address_change_remove (links->netlink, &link, address, error);
  if (g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The kernel has no way to edit a label, so here alone the order is forced: delete, then add. */
static gboolean
replace_address (LvsdLinks *links,
                 const LvsdVirtualAddress *held,
                 const LvsdVirtualAddress *wanted,
                 GError **error)
{
  if (!remove_address (links, held, error))
    return FALSE;
  if (add_address (links, wanted, error))
    return TRUE;
  if (!add_address (links, held, NULL))
    g_prefix_error (error, "%s: ", _ ("undo incomplete"));
  return FALSE;
}

/* Carries out one step on an address. NEW: the caller has made sure, by
 * lvsd_links_would_be_primary(), that it may be what it will be. SET is a change of label, during
 * which the address is gone for a moment. DELETE of what is gone already is done; other addresses
 * of its subnet stay. Fails with NotFound (no such interface), Conflict (there already),
 * NotSupported or KernelRefused. */
gboolean
lvsd_links_apply (LvsdLinks *links, const LvsdStep *step, GError **error)
{
  switch (step->verb)
    {
    case LVSD_STEP_NEW:
      return add_address (links, (const LvsdVirtualAddress *) step->item, error);
    case LVSD_STEP_SET:
      return replace_address (links, (const LvsdVirtualAddress *) step->held,
                              (const LvsdVirtualAddress *) step->item, error);
    case LVSD_STEP_DELETE:
      return remove_address (links, (const LvsdVirtualAddress *) step->held, error);
    }
  g_assert_not_reached ();
}

static gboolean
send_about_link (LvsdLinks *links, struct nl_msg *message, const char *name, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) owned = message;
  int failure;

  lvsd_netlink_exchange (links->netlink, &owned, 1, &failure, NULL);
  if (failure == 0)
    return TRUE;
  if (failure == EPERM)
    lvsd_refusal_set_capability (error);
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("interface %s: the kernel refused it: %s (error %d)"), name,
                 lvsd_netlink_explanation (links->netlink) != NULL
                     ? lvsd_netlink_explanation (links->netlink)
                     : g_strerror (failure),
                 failure);
  return FALSE;
}

/* Finds the device of a kind of tunnel, if need be after having the kernel load the module, which
 * makes it. Fails with NotSupported where the kernel has no such module. */
gboolean
lvsd_links_ensure (LvsdLinks *links,
                   const LvsdReceiver *receiver,
                   LvsdLink *ret_link,
                   GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GError) refusal = NULL;

  if (lvsd_links_find (links, receiver->device, ret_link, &failure))
    return TRUE;
  if (!g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  /* Refused as being there already when the module has made it. */
  send_about_link (links, lvsd_link_message_new_create (receiver->device, receiver->kind),
                   receiver->device, &refusal);
  if (lvsd_links_find (links, receiver->device, ret_link, NULL))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
               _ ("interface %s: does not exist, and the kernel cannot make it: %s; see that its "
                  "module is installed: 'modprobe %s'"),
               receiver->device, refusal != NULL ? refusal->message : _ ("it has gone again"),
               receiver->module);
  return FALSE;
}

/* Sets a link up or down. */
gboolean
lvsd_links_switch (LvsdLinks *links, const LvsdLink *link, gboolean up, GError **error)
{
  return send_about_link (links, lvsd_link_message_new_switch (link->index, up), link->name, error);
}
