/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "link-message.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <string.h>

#define MESSAGE_SIZE 256

static struct nl_msg *
new_message (guint16 type, guint16 flags, const void *header, gsize size)
{
  struct nl_msg *message = nlmsg_alloc_size (MESSAGE_SIZE);
  struct nlmsghdr *start;

  if (message == NULL)
    g_error ("out of memory");
  start = nlmsg_hdr (message);
  start->nlmsg_type = type;
  start->nlmsg_flags = flags;
  nlmsg_append (message, (void *) header, size, NLMSG_ALIGNTO);
  return message;
}

/* One link, or with NULL a dump of all, without the statistics, which are most of the answer. */
struct nl_msg *
lvsd_link_message_new_get (const char *name)
{
  struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
  struct nl_msg *message =
      new_message (RTM_GETLINK, name == NULL ? NLM_F_DUMP : 0, &header, sizeof header);

  nla_put_u32 (message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  if (name != NULL)
    nla_put_string (message, IFLA_IFNAME, name);
  return message;
}

/* A new link, down. The kernel loads the module of the kind where it has to (rtnl_newlink). */
struct nl_msg *
lvsd_link_message_new_create (const char *name, const char *kind)
{
  struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
  struct nl_msg *message =
      new_message (RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);
  struct nlattr *nest;

  nla_put_string (message, IFLA_IFNAME, name);
  nest = nla_nest_start (message, IFLA_LINKINFO);
  nla_put_string (message, IFLA_INFO_KIND, kind);
  nla_nest_end (message, nest);
  return message;
}

/* Sets a link up or down, and nothing else of it. */
struct nl_msg *
lvsd_link_message_new_switch (int index, gboolean up)
{
  struct ifinfomsg header = {
    .ifi_family = AF_UNSPEC, .ifi_index = index, .ifi_flags = up ? IFF_UP : 0, .ifi_change = IFF_UP
  };

  return new_message (RTM_NEWLINK, 0, &header, sizeof header);
}

/* A dump of the addresses of both families on all links. */
struct nl_msg *
lvsd_link_message_new_get_addresses (void)
{
  struct ifaddrmsg header = { .ifa_family = AF_UNSPEC };

  return new_message (RTM_GETADDR, NLM_F_DUMP, &header, sizeof header);
}

static void
put_address (struct nl_msg *message, const LvsdAddress *address)
{
  int size = address->family == AF_INET6 ? 16 : 4;

  nla_put (message, IFA_LOCAL, size, address->bytes);
  nla_put (message, IFA_ADDRESS, size, address->bytes);
}

static struct ifaddrmsg
address_header (const LvsdVirtualAddress *address, int index)
{
  return (struct ifaddrmsg){ .ifa_family = address->address.family,
                             .ifa_prefixlen = address->prefix_length,
                             .ifa_scope = RT_SCOPE_UNIVERSE,
                             .ifa_index = (guint32) index };
}

/* IPv6: without duplicate address detection, which would end the address for good when the other
 * director still has it during a failover. A /128 is never chosen as a source (preferred for 0 s),
 * and needs no route of its own beside the one in the table 'local'. */
static void
put_ipv6_terms (struct nl_msg *message, guint prefix_length)
{
  struct ifa_cacheinfo lifetimes = { .ifa_prefered = G_MAXUINT32, .ifa_valid = G_MAXUINT32 };
  guint32 flags = IFA_F_NODAD;

  if (prefix_length == 128)
    {
      lifetimes.ifa_prefered = 0;
      flags |= IFA_F_NOPREFIXROUTE;
    }
  nla_put_u32 (message, IFA_FLAGS, flags);
  nla_put (message, IFA_CACHEINFO, sizeof lifetimes, &lifetimes);
}

/* As 'ip address add' does: no broadcast address, and the interface's name for a label where there
 * is none. index is the interface's. */
struct nl_msg *
lvsd_link_message_new_add (const LvsdVirtualAddress *address, int index)
{
  struct ifaddrmsg header = address_header (address, index);
  struct nl_msg *message;

  if (lvsd_address_is_loopback (&address->address))
    header.ifa_scope = RT_SCOPE_HOST;
  if (address->address.family == AF_INET6)
    header.ifa_flags = IFA_F_NODAD;
  message = new_message (RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);
  put_address (message, &address->address);
  if (address->address.family == AF_INET6)
    put_ipv6_terms (message, address->prefix_length);
  else if (address->label[0] != '\0')
    nla_put_string (message, IFA_LABEL, address->label);
  return message;
}

struct nl_msg *
lvsd_link_message_new_remove (const LvsdVirtualAddress *address, int index)
{
  struct ifaddrmsg header = address_header (address, index);
  struct nl_msg *message = new_message (RTM_DELADDR, 0, &header, sizeof header);

  put_address (message, &address->address);
  return message;
}

/* Adds an address that was found before exactly as it was: the kernel takes what it dumps. */
struct nl_msg *
lvsd_link_message_new_restore (struct nlmsghdr *found)
{
  struct nl_msg *message = nlmsg_convert (found);

  if (message == NULL)
    g_error ("out of memory");
  nlmsg_hdr (message)->nlmsg_type = RTM_NEWADDR;
  nlmsg_hdr (message)->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
  return message;
}

/* An RTM_NEWLINK or RTM_DELLINK, other than those by which a bridge tells of its ports. */
gboolean
lvsd_link_message_read_link (struct nlmsghdr *message, LvsdLink *ret_link)
{
  static struct nla_policy policy[IFLA_IFNAME + 1] = {
    [IFLA_IFNAME] = { .type = NLA_STRING, .minlen = 1, .maxlen = IFNAMSIZ },
  };
  struct nlattr *attributes[IFLA_IFNAME + 1];
  const struct ifinfomsg *header = nlmsg_data (message);
  const struct nlattr *hardware;
  LvsdLink link = { 0 };

  if ((message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK)
      || nlmsg_parse (message, sizeof *header, attributes, IFLA_IFNAME, policy) < 0
      || header->ifi_family != AF_UNSPEC || attributes[IFLA_IFNAME] == NULL)
    return FALSE;
  link.index = header->ifi_index;
  link.up = (header->ifi_flags & IFF_UP) != 0;
  link.running = (header->ifi_flags & IFF_RUNNING) != 0;
  link.loopback = (header->ifi_flags & IFF_LOOPBACK) != 0;
  hardware = attributes[IFLA_ADDRESS];
  if (hardware != NULL && nla_len (hardware) == sizeof link.hardware_address)
    {
      link.speaks_arp = (header->ifi_flags & (IFF_NOARP | IFF_LOOPBACK)) == 0;
      memcpy (link.hardware_address, nla_data (hardware), sizeof link.hardware_address);
    }
  g_strlcpy (link.name, nla_get_string (attributes[IFLA_IFNAME]), sizeof link.name);
  *ret_link = link;
  return TRUE;
}

static gboolean
has_peer (const struct nlattr *local, const struct nlattr *other, gsize size)
{
  return local != NULL && other != NULL && (gsize) nla_len (other) >= size
         && memcmp (nla_data (local), nla_data (other), size) != 0;
}

/* An RTM_NEWADDR or RTM_DELADDR. IFA_LOCAL is the host's own address; where the other end has one
 * IFA_ADDRESS is that. label is "" for IPv6. */
gboolean
lvsd_link_message_read_address (struct nlmsghdr *message,
                                LvsdFoundAddress *ret_found,
                                char label[LVSD_INTERFACE_MAX + 1])
{
  static struct nla_policy policy[IFA_FLAGS + 1] = {
    [IFA_ADDRESS] = { .minlen = 4 },
    [IFA_LOCAL] = { .minlen = 4 },
    [IFA_LABEL] = { .type = NLA_STRING, .minlen = 1, .maxlen = IFNAMSIZ },
    [IFA_FLAGS] = { .type = NLA_U32 },
  };
  struct nlattr *attributes[IFA_FLAGS + 1];
  const struct ifaddrmsg *header = nlmsg_data (message);
  const struct nlattr *own;
  LvsdFoundAddress found = { 0 };
  gsize size;
  guint32 flags;

  if ((message->nlmsg_type != RTM_NEWADDR && message->nlmsg_type != RTM_DELADDR)
      || nlmsg_parse (message, sizeof *header, attributes, IFA_FLAGS, policy) < 0
      || (header->ifa_family != AF_INET && header->ifa_family != AF_INET6))
    return FALSE;
  own = attributes[IFA_LOCAL] != NULL ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
  size = header->ifa_family == AF_INET6 ? 16 : 4;
  if (own == NULL || (gsize) nla_len (own) < size)
    return FALSE;
  flags = attributes[IFA_FLAGS] != NULL ? nla_get_u32 (attributes[IFA_FLAGS]) : header->ifa_flags;
  found.address.family = header->ifa_family;
  memcpy (found.address.bytes, nla_data (own), size);
  found.prefix_length = header->ifa_prefixlen;
  found.secondary = header->ifa_family == AF_INET && (flags & IFA_F_SECONDARY) != 0;
  found.failed = (flags & IFA_F_DADFAILED) != 0;
  found.permanent = (flags & IFA_F_PERMANENT) != 0;
  found.has_peer = has_peer (attributes[IFA_LOCAL], attributes[IFA_ADDRESS], size);
  found.index = (int) header->ifa_index;
  g_strlcpy (label, attributes[IFA_LABEL] != NULL ? nla_get_string (attributes[IFA_LABEL]) : "",
             LVSD_INTERFACE_MAX + 1);
  *ret_found = found;
  return TRUE;
}
