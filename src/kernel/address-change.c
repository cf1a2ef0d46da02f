/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "address-change.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "link-message.h"
#include "model/adoption.h"
#include "model/error.h"
#include "refusal.h"
#include "sysctl.h"

static void
set_present (GError **error, const LvsdVirtualAddress *address)
{
  g_autofree char *what = lvsd_refusal_describe ((const LvsdItem *) address);
  g_autofree char *command = lvsd_adoption_command ((const LvsdItem *) address);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("%s: is there already and was not put there by lvsd; '%s' takes it over"), what,
               command);
}

static void
set_refusal (GError **error,
             const LvsdVirtualAddress *address,
             int failure,
             const char *explanation)
{
  g_autofree char *what = lvsd_refusal_describe ((const LvsdItem *) address);

  if (failure == EPERM)
    lvsd_refusal_set_capability (error);
  else if (failure == EEXIST)
    set_present (error, address);
  else if (failure == ENODEV)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("%s: interface: has just gone away"),
                 what);
  else if (failure == EACCES && address->address.family == AF_INET6)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("%s: IPv6 is switched off there; set net/ipv6/conf/%s/disable_ipv6 to 0"), what,
                 address->interface);
  else if (failure == EOPNOTSUPP || failure == EAFNOSUPPORT)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
                 _ ("%s: this kernel has no IPv6; load it with 'modprobe ipv6'"), what);
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("%s: the kernel refused it: %s (error %d)"), what,
                 explanation != NULL ? explanation : g_strerror (failure), failure);
}

/* Sends one message; failure is a positive errno or 0. */
static int
send_one (LvsdNetlink *netlink, struct nl_msg *message)
{
  g_autoptr (LvsdNetlinkMessage) owned = message;
  int failure;

  lvsd_netlink_exchange (netlink, &owned, 1, &failure, NULL);
  return failure;
}

/* Fails with Conflict when the address is on the link already, NotFound when the link has gone,
 * NotSupported or KernelRefused. */
gboolean
lvsd_address_change_add (LvsdNetlink *netlink,
                         const LvsdLink *link,
                         const LvsdVirtualAddress *address,
                         GError **error)
{
  int failure = send_one (netlink, lvsd_link_message_new_add (address, link->index));

  if (failure == 0)
    return TRUE;
  set_refusal (error, address, failure, lvsd_netlink_explanation (netlink));
  return FALSE;
}

/* An address that is gone already, or whose link is, counts as removed. */
static gboolean
remove_plainly (LvsdNetlink *netlink,
                const LvsdLink *link,
                const LvsdVirtualAddress *address,
                GError **error)
{
  int failure = send_one (netlink, lvsd_link_message_new_remove (address, link->index));

  if (failure == 0 || failure == EADDRNOTAVAIL || failure == ENODEV)
    return TRUE;
  set_refusal (error, address, failure, lvsd_netlink_explanation (netlink));
  return FALSE;
}

static GPtrArray *
ask_addresses (LvsdNetlink *netlink, const LvsdVirtualAddress *address, GError **error)
{
  g_autoptr (LvsdNetlinkMessage) question = lvsd_link_message_new_get_addresses ();
  GPtrArray *replies = NULL;
  int failure = lvsd_netlink_ask (netlink, question, &replies);

  if (failure != 0)
    set_refusal (error, address, failure, NULL);
  return replies;
}

/* What the deletion of the address would take along (__inet_del_ifa): the secondaries of its
 * subnet, if it is the primary one. Of struct nlmsghdr, borrowed from the dump. */
static GPtrArray *
find_dependants (GPtrArray *dump, const LvsdLink *link, const LvsdVirtualAddress *address)
{
  g_autoptr (GPtrArray) secondaries = g_ptr_array_new ();
  gboolean is_primary = FALSE;

  for (guint i = 0; i < dump->len; i++)
    {
      LvsdFoundAddress found;
      char label[LVSD_INTERFACE_MAX + 1];

      if (!lvsd_link_message_read_address (g_ptr_array_index (dump, i), &found, label)
          || found.index != link->index || found.prefix_length != address->prefix_length
          || !lvsd_address_same_network (&found.address, &address->address, found.prefix_length))
        continue;
      if (lvsd_address_compare (&found.address, &address->address) == 0)
        is_primary = !found.secondary;
      else if (found.secondary)
        g_ptr_array_add (secondaries, g_ptr_array_index (dump, i));
    }
  if (!is_primary)
    g_ptr_array_set_size (secondaries, 0);
  return g_steal_pointer (&secondaries);
}

static gboolean
holds (GPtrArray *dump, const LvsdFoundAddress *wanted)
{
  for (guint i = 0; i < dump->len; i++)
    {
      LvsdFoundAddress found;
      char label[LVSD_INTERFACE_MAX + 1];

      if (lvsd_link_message_read_address (g_ptr_array_index (dump, i), &found, label)
          && found.index == wanted->index && found.prefix_length == wanted->prefix_length
          && lvsd_address_compare (&found.address, &wanted->address) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The kernel was told to keep them, and here it is looked at. One that was lost nevertheless is put
 * back exactly as it was. */
static gboolean
restore_lost (LvsdNetlink *netlink,
              const LvsdVirtualAddress *address,
              GPtrArray *dependants,
              GError **error)
{
  g_autoptr (GPtrArray) now = ask_addresses (netlink, address, error);

  if (now == NULL)
    return FALSE;
  for (guint i = 0; i < dependants->len; i++)
    {
      struct nlmsghdr *message = g_ptr_array_index (dependants, i);
      LvsdFoundAddress lost;
      char label[LVSD_INTERFACE_MAX + 1];
      char text[LVSD_ADDRESS_TEXT_SIZE];
      int failure;

      if (!lvsd_link_message_read_address (message, &lost, label) || holds (now, &lost))
        continue;
      failure = send_one (netlink, lvsd_link_message_new_restore (message));
      if (failure == 0 || failure == EEXIST)
        continue;
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                   _ ("address %s: the kernel deleted it from %s along with the one that was to be "
                      "deleted, and refused to take it back: %s; add it by hand"),
                   lvsd_address_format (&lost.address, text), address->interface,
                   g_strerror (failure));
      return FALSE;
    }
  return TRUE;
}

/* Makes promote_secondaries effective, which is when 'all' or the interface has it. ret_raised: the
 * interface's was 0 before and is to be so again. */
static gboolean
ensure_promotion (const char *name, gboolean *ret_raised, GError **error)
{
  gint32 all = 0;
  gint32 own = 0;

  *ret_raised = FALSE;
  if (!lvsd_sysctl_read ("net/ipv4/conf/all/promote_secondaries", &all, error)
      || !lvsd_sysctl_read (name, &own, error))
    return FALSE;
  if (all != 0 || own != 0)
    return TRUE;
  *ret_raised = lvsd_sysctl_write (name, 1, error);
  return *ret_raised;
}

/* The last moment at which the network's routes can be kept is before the deletion, so without
 * promotion it is refused. */
static gboolean
remove_primary (LvsdNetlink *netlink,
                const LvsdLink *link,
                const LvsdVirtualAddress *address,
                GPtrArray *dependants,
                GError **error)
{
  g_autofree char *name = g_strdup_printf ("net/ipv4/conf/%s/promote_secondaries", link->name);
  g_autoptr (GError) local_error = NULL;
  char text[LVSD_ADDRESS_TEXT_SIZE];
  gboolean raised;
  gboolean removed;

  if (!ensure_promotion (name, &raised, error))
    {
      g_prefix_error (error, _ ("deleting address %s would delete others on %s along with it: "),
                      lvsd_address_format (&address->address, text), link->name);
      return FALSE;
    }
  removed = remove_plainly (netlink, link, address, error)
            && restore_lost (netlink, address, dependants, error);
  if (raised && !lvsd_sysctl_write (name, 0, &local_error))
    g_warning ("%s", local_error->message);
  return removed;
}

/* Fails with KernelRefused. Where others hang on the address they live on: one of them becomes the
 * primary address of the subnet. */
gboolean
lvsd_address_change_remove (LvsdNetlink *netlink,
                            const LvsdLink *link,
                            const LvsdVirtualAddress *address,
                            GError **error)
{
  g_autoptr (GPtrArray) dump = NULL;
  g_autoptr (GPtrArray) dependants = NULL;

  if (address->address.family != AF_INET || address->prefix_length == 32)
    return remove_plainly (netlink, link, address, error);
  if ((dump = ask_addresses (netlink, address, error)) == NULL)
    return FALSE;
  dependants = find_dependants (dump, link, address);
  if (dependants->len == 0)
    return remove_plainly (netlink, link, address, error);
  return remove_primary (netlink, link, address, dependants, error);
}
