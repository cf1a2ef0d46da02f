/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-reply.h"

#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <string.h>

/* The scheduler flags 1 to 3 in IPVS_SVC_ATTR_FLAGS: IP_VS_SVC_F_SCHED1 to _SCHED3. */
#define SCHEDULER_FLAGS_SHIFT 3
#define SCHEDULER_FLAGS 0x7

/* A mask that no prefix length can say: out of the range that a service of ours may have. */
#define PREFIX_UNKNOWN 255

/* nla_parse() leaves out attributes that it does not know and refuses those of the policy
 * that are too short; what is missing is looked for here. */

#define TEXT(size)                                                                                 \
  {                                                                                                \
    .type = NLA_STRING, .minlen = 1, .maxlen = (size)                                              \
  }

static struct nla_policy service_policy[IPVS_SVC_ATTR_MAX + 1] = {
  [IPVS_SVC_ATTR_AF] = { .type = NLA_U16 },
  [IPVS_SVC_ATTR_PROTOCOL] = { .type = NLA_U16 },
  [IPVS_SVC_ATTR_ADDR] = { .minlen = 4 },
  [IPVS_SVC_ATTR_PORT] = { .type = NLA_U16 },
  [IPVS_SVC_ATTR_FWMARK] = { .type = NLA_U32 },
  [IPVS_SVC_ATTR_SCHED_NAME] = TEXT (IP_VS_SCHEDNAME_MAXLEN),
  [IPVS_SVC_ATTR_FLAGS] = { .minlen = sizeof (struct ip_vs_flags) },
  [IPVS_SVC_ATTR_TIMEOUT] = { .type = NLA_U32 },
  [IPVS_SVC_ATTR_NETMASK] = { .type = NLA_U32 },
  [IPVS_SVC_ATTR_STATS] = { .type = NLA_NESTED },
  [IPVS_SVC_ATTR_PE_NAME] = TEXT (IP_VS_PENAME_MAXLEN),
  [IPVS_SVC_ATTR_STATS64] = { .type = NLA_NESTED },
};

static struct nla_policy destination_policy[IPVS_DEST_ATTR_MAX + 1] = {
  [IPVS_DEST_ATTR_ADDR] = { .minlen = 4 },
  [IPVS_DEST_ATTR_PORT] = { .type = NLA_U16 },
  [IPVS_DEST_ATTR_FWD_METHOD] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_WEIGHT] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_U_THRESH] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_L_THRESH] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_ACTIVE_CONNS] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_INACT_CONNS] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_PERSIST_CONNS] = { .type = NLA_U32 },
  [IPVS_DEST_ATTR_STATS] = { .type = NLA_NESTED },
  [IPVS_DEST_ATTR_ADDR_FAMILY] = { .type = NLA_U16 },
  [IPVS_DEST_ATTR_STATS64] = { .type = NLA_NESTED },
  [IPVS_DEST_ATTR_TUN_TYPE] = { .type = NLA_U8 },
  [IPVS_DEST_ATTR_TUN_PORT] = { .type = NLA_U16 },
  [IPVS_DEST_ATTR_TUN_FLAGS] = { .type = NLA_U16 },
};

static struct nla_policy daemon_policy[IPVS_DAEMON_ATTR_MAX + 1] = {
  [IPVS_DAEMON_ATTR_STATE] = { .type = NLA_U32 },
  [IPVS_DAEMON_ATTR_MCAST_IFN] = TEXT (IP_VS_IFNAME_MAXLEN),
  [IPVS_DAEMON_ATTR_SYNC_ID] = { .type = NLA_U32 },
  [IPVS_DAEMON_ATTR_SYNC_MAXLEN] = { .type = NLA_U16 },
  [IPVS_DAEMON_ATTR_MCAST_GROUP] = { .minlen = 4 },
  [IPVS_DAEMON_ATTR_MCAST_GROUP6] = { .minlen = 16 },
  [IPVS_DAEMON_ATTR_MCAST_PORT] = { .type = NLA_U16 },
  [IPVS_DAEMON_ATTR_MCAST_TTL] = { .type = NLA_U8 },
};

/* STATS has the packets and rates as u32, which wrap; STATS64 has u64 throughout. */
static guint64
read_number (const struct nlattr *attribute)
{
  if (attribute == NULL)
    return 0;
  if (nla_len (attribute) >= (int) sizeof (guint64))
    return nla_get_u64 (attribute);
  return nla_len (attribute) >= (int) sizeof (guint32) ? nla_get_u32 (attribute) : 0;
}

/* One after the other, since a table of them first takes longer, and every destination has them. */
static void
read_counters (struct nlattr *wide, struct nlattr *narrow, LvsdCounters *counters)
{
  static const gsize places[] = {
    [IPVS_STATS_ATTR_CONNS] = G_STRUCT_OFFSET (LvsdCounters, connections),
    [IPVS_STATS_ATTR_INPKTS] = G_STRUCT_OFFSET (LvsdCounters, packets_in),
    [IPVS_STATS_ATTR_OUTPKTS] = G_STRUCT_OFFSET (LvsdCounters, packets_out),
    [IPVS_STATS_ATTR_INBYTES] = G_STRUCT_OFFSET (LvsdCounters, bytes_in),
    [IPVS_STATS_ATTR_OUTBYTES] = G_STRUCT_OFFSET (LvsdCounters, bytes_out),
    [IPVS_STATS_ATTR_CPS] = G_STRUCT_OFFSET (LvsdCounters, connection_rate),
    [IPVS_STATS_ATTR_INPPS] = G_STRUCT_OFFSET (LvsdCounters, packet_rate_in),
    [IPVS_STATS_ATTR_OUTPPS] = G_STRUCT_OFFSET (LvsdCounters, packet_rate_out),
    [IPVS_STATS_ATTR_INBPS] = G_STRUCT_OFFSET (LvsdCounters, byte_rate_in),
    [IPVS_STATS_ATTR_OUTBPS] = G_STRUCT_OFFSET (LvsdCounters, byte_rate_out),
  };
  struct nlattr *nest = wide != NULL ? wide : narrow;
  struct nlattr *attribute;
  int rest;

  if (nest == NULL)
    return;
  nla_for_each_nested (attribute, nest, rest)
    {
      int type = nla_type (attribute);

      if (type >= IPVS_STATS_ATTR_CONNS && type <= IPVS_STATS_ATTR_OUTBPS)
        G_STRUCT_MEMBER (guint64, counters, places[type]) = read_number (attribute);
    }
}

static gboolean
read_family (guint family, LvsdAddress *address)
{
  address->family = (guint8) family;
  return family == AF_INET || family == AF_INET6;
}

/* The family is known already. */
static gboolean
read_address (const struct nlattr *attribute, LvsdAddress *address)
{
  gsize length = address->family == AF_INET6 ? 16 : 4;

  if (attribute == NULL || (gsize) nla_len (attribute) < length)
    return FALSE;
  memcpy (address->bytes, nla_data (attribute), length);
  return TRUE;
}

/* A service with a mark is reported without protocol, address and port. */
static gboolean
read_key (struct nlattr **attributes, LvsdServiceKey *key)
{
  if (attributes[IPVS_SVC_ATTR_AF] == NULL
      || !read_family (nla_get_u16 (attributes[IPVS_SVC_ATTR_AF]), &key->endpoint.address))
    return FALSE;
  if (attributes[IPVS_SVC_ATTR_FWMARK] != NULL)
    {
      key->fwmark = nla_get_u32 (attributes[IPVS_SVC_ATTR_FWMARK]);
      return key->fwmark != 0;
    }
  if (attributes[IPVS_SVC_ATTR_PROTOCOL] == NULL || attributes[IPVS_SVC_ATTR_PORT] == NULL
      || nla_get_u16 (attributes[IPVS_SVC_ATTR_PROTOCOL]) > G_MAXUINT8)
    return FALSE;
  key->protocol = (guint8) nla_get_u16 (attributes[IPVS_SVC_ATTR_PROTOCOL]);
  key->endpoint.port = ntohs (nla_get_u16 (attributes[IPVS_SVC_ATTR_PORT]));
  return read_address (attributes[IPVS_SVC_ATTR_ADDR], &key->endpoint.address);
}

static guint8
decode_netmask (guint32 netmask, guint bits)
{
  guint32 mask = ntohl (netmask);
  guint length = 0;

  if (bits == 128)
    return netmask == 128 ? 0 : (guint8) CLAMP (netmask, 1, PREFIX_UNKNOWN);
  while (length < 32 && (mask & (0x80000000u >> length)) != 0)
    length++;
  if (length == 32)
    return 0;
  return length == 0 || (mask << length) != 0 ? PREFIX_UNKNOWN : (guint8) length;
}

static void
read_service_terms (struct nlattr **attributes, LvsdService *service)
{
  guint bits = lvsd_address_bits (&service->identity->key.endpoint.address);
  struct ip_vs_flags flags;

  memcpy (&flags, nla_data (attributes[IPVS_SVC_ATTR_FLAGS]), sizeof flags);
  service->one_packet = (flags.flags & IP_VS_SVC_F_ONEPACKET) != 0;
  service->scheduler_flags = (flags.flags >> SCHEDULER_FLAGS_SHIFT) & SCHEDULER_FLAGS;
  /* The kernel takes persistence for 0 seconds; with 1 it is shown as what it is, persistent. */
  if ((flags.flags & IP_VS_SVC_F_PERSISTENT) != 0)
    {
      service->persistence = MAX (nla_get_u32 (attributes[IPVS_SVC_ATTR_TIMEOUT]), 1);
      service->persistence_prefix =
          decode_netmask (nla_get_u32 (attributes[IPVS_SVC_ATTR_NETMASK]), bits);
    }
  g_strlcpy (service->scheduler, nla_get_string (attributes[IPVS_SVC_ATTR_SCHED_NAME]),
             sizeof service->scheduler);
  if (attributes[IPVS_SVC_ATTR_PE_NAME] != NULL)
    g_strlcpy (service->engine, nla_get_string (attributes[IPVS_SVC_ATTR_PE_NAME]),
               sizeof service->engine);
}

/* A message's nest of this type, taken apart. */
static gboolean
parse_nest (struct nlmsghdr *message,
            guint8 command,
            int type,
            struct nlattr **attributes,
            int maximum,
            struct nla_policy *policy)
{
  struct genlmsghdr *header;
  struct nlattr *nest;

  if (!genlmsg_valid_hdr (message, 0))
    return FALSE;
  header = genlmsg_hdr (message);
  nest = nla_find (genlmsg_attrdata (header, 0), genlmsg_attrlen (header, 0), type);
  return header->cmd == command && nest != NULL
         && nla_parse_nested (attributes, maximum, nest, policy) >= 0;
}

static gboolean
parse_service (struct nlmsghdr *message, struct nlattr **attributes)
{
  return parse_nest (message, IPVS_CMD_NEW_SERVICE, IPVS_CMD_ATTR_SERVICE, attributes,
                     IPVS_SVC_ATTR_MAX, service_policy)
         && attributes[IPVS_SVC_ATTR_SCHED_NAME] != NULL && attributes[IPVS_SVC_ATTR_FLAGS] != NULL
         && attributes[IPVS_SVC_ATTR_TIMEOUT] != NULL && attributes[IPVS_SVC_ATTR_NETMASK] != NULL;
}

gboolean
lvsd_ipvs_reply_take_service (struct nlmsghdr *message, LvsdService *service)
{
  struct nlattr *attributes[IPVS_SVC_ATTR_MAX + 1];

  if (!parse_service (message, attributes) || !read_key (attributes, &service->identity->key))
    return FALSE;
  read_service_terms (attributes, service);
  return TRUE;
}

/* What GET_SERVICE answers. The item's identity has an empty name. A mask that is not a prefix
 * makes a persistence_prefix of 255, which no service of ours has. ret_entry: item is a reference
 * for the caller, connections are left 0. Returns FALSE for anything that is not such a message. */
gboolean
lvsd_ipvs_reply_read_service (struct nlmsghdr *message, LvsdActualEntry *ret_entry)
{
  struct nlattr *attributes[IPVS_SVC_ATTR_MAX + 1];
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  LvsdActualEntry entry = { 0 };
  LvsdServiceKey key = { 0 };
  LvsdService *service;

  if (!parse_service (message, attributes) || !read_key (attributes, &key))
    return FALSE;
  read_counters (attributes[IPVS_SVC_ATTR_STATS64], attributes[IPVS_SVC_ATTR_STATS],
                 &entry.counters);
  identity = lvsd_service_identity_new ("", &key);
  service = lvsd_service_new (identity);
  read_service_terms (attributes, service);
  entry.item = (LvsdItem *) service;
  *ret_entry = entry;
  return TRUE;
}

static void
read_tunnel (struct nlattr **attributes, LvsdDestination *destination)
{
  if (attributes[IPVS_DEST_ATTR_TUN_TYPE] != NULL)
    destination->tunnel = nla_get_u8 (attributes[IPVS_DEST_ATTR_TUN_TYPE]);
  if (attributes[IPVS_DEST_ATTR_TUN_PORT] != NULL)
    destination->tunnel_port = ntohs (nla_get_u16 (attributes[IPVS_DEST_ATTR_TUN_PORT]));
  if (attributes[IPVS_DEST_ATTR_TUN_FLAGS] != NULL)
    destination->tunnel_flags = (guint8) nla_get_u16 (attributes[IPVS_DEST_ATTR_TUN_FLAGS]);
}

/* Kernels before 3.18 do not name the family of a destination, which is its service's then. */
static gboolean
read_endpoint (struct nlattr **attributes, int service_family, LvsdEndpoint *endpoint)
{
  const struct nlattr *family = attributes[IPVS_DEST_ATTR_ADDR_FAMILY];

  if (attributes[IPVS_DEST_ATTR_PORT] == NULL
      || !read_family (family != NULL ? nla_get_u16 (family) : (guint) service_family,
                       &endpoint->address))
    return FALSE;
  endpoint->port = ntohs (nla_get_u16 (attributes[IPVS_DEST_ATTR_PORT]));
  return read_address (attributes[IPVS_DEST_ATTR_ADDR], &endpoint->address);
}

static gboolean
parse_destination (struct nlmsghdr *message, struct nlattr **attributes)
{
  return parse_nest (message, IPVS_CMD_NEW_DEST, IPVS_CMD_ATTR_DEST, attributes, IPVS_DEST_ATTR_MAX,
                     destination_policy)
         && attributes[IPVS_DEST_ATTR_FWD_METHOD] != NULL
         && attributes[IPVS_DEST_ATTR_WEIGHT] != NULL && attributes[IPVS_DEST_ATTR_U_THRESH] != NULL
         && attributes[IPVS_DEST_ATTR_L_THRESH] != NULL;
}

static void
read_destination_terms (struct nlattr **attributes, LvsdDestination *destination)
{
  destination->method = nla_get_u32 (attributes[IPVS_DEST_ATTR_FWD_METHOD]) & IP_VS_CONN_F_FWD_MASK;
  destination->weight = nla_get_u32 (attributes[IPVS_DEST_ATTR_WEIGHT]);
  destination->upper_threshold = nla_get_u32 (attributes[IPVS_DEST_ATTR_U_THRESH]);
  destination->lower_threshold = nla_get_u32 (attributes[IPVS_DEST_ATTR_L_THRESH]);
  read_tunnel (attributes, destination);
}

gboolean
lvsd_ipvs_reply_take_destination (struct nlmsghdr *message, LvsdDestination *destination)
{
  struct nlattr *attributes[IPVS_DEST_ATTR_MAX + 1];

  if (!parse_destination (message, attributes)
      || !read_endpoint (attributes, destination->identity->key.endpoint.address.family,
                         &destination->endpoint))
    return FALSE;
  read_destination_terms (attributes, destination);
  return TRUE;
}

/* What GET_DEST answers about a destination of the service with this identity, of which the item
 * takes a reference. ret_entry: item is a reference for the caller. */
gboolean
lvsd_ipvs_reply_read_destination (struct nlmsghdr *message,
                                  LvsdServiceIdentity *identity,
                                  LvsdActualEntry *ret_entry)
{
  struct nlattr *attributes[IPVS_DEST_ATTR_MAX + 1];
  LvsdActualEntry entry = { 0 };
  LvsdEndpoint endpoint = { 0 };
  LvsdDestination *destination;

  if (!parse_destination (message, attributes)
      || !read_endpoint (attributes, identity->key.endpoint.address.family, &endpoint))
    return FALSE;
  read_counters (attributes[IPVS_DEST_ATTR_STATS64], attributes[IPVS_DEST_ATTR_STATS],
                 &entry.counters);
  destination = lvsd_destination_new (identity, &endpoint);
  read_destination_terms (attributes, destination);
  entry.item = (LvsdItem *) destination;
  entry.connections.active = (guint32) read_number (attributes[IPVS_DEST_ATTR_ACTIVE_CONNS]);
  entry.connections.inactive = (guint32) read_number (attributes[IPVS_DEST_ATTR_INACT_CONNS]);
  entry.connections.persistent = (guint32) read_number (attributes[IPVS_DEST_ATTR_PERSIST_CONNS]);
  *ret_entry = entry;
  return TRUE;
}

static void
read_group (struct nlattr **attributes, LvsdAddress *group)
{
  LvsdAddress read = { .family = AF_INET6 };

  if (read_address (attributes[IPVS_DAEMON_ATTR_MCAST_GROUP6], &read))
    {
      *group = read;
      return;
    }
  read.family = AF_INET;
  if (read_address (attributes[IPVS_DAEMON_ATTR_MCAST_GROUP], &read))
    *group = read;
}

/* What GET_DAEMON answers about one sync daemon, as a reference for the caller. Kernels before 4.3
 * show neither length nor group, port and TTL: those stay at what is built into them, which the
 * presets are. Returns NULL for anything that is not such a message. */
LvsdSyncDaemon *
lvsd_ipvs_reply_read_daemon (struct nlmsghdr *message)
{
  struct nlattr *attributes[IPVS_DAEMON_ATTR_MAX + 1];
  LvsdSyncDaemon *daemon;
  guint32 state;

  if (!parse_nest (message, IPVS_CMD_NEW_DAEMON, IPVS_CMD_ATTR_DAEMON, attributes,
                   IPVS_DAEMON_ATTR_MAX, daemon_policy)
      || attributes[IPVS_DAEMON_ATTR_STATE] == NULL
      || attributes[IPVS_DAEMON_ATTR_MCAST_IFN] == NULL
      || attributes[IPVS_DAEMON_ATTR_SYNC_ID] == NULL)
    return NULL;
  state = nla_get_u32 (attributes[IPVS_DAEMON_ATTR_STATE]);
  if (state != LVSD_SYNC_MASTER && state != LVSD_SYNC_BACKUP)
    return NULL;
  daemon = lvsd_sync_daemon_new ((LvsdSyncState) state);
  g_strlcpy (daemon->interface, nla_get_string (attributes[IPVS_DAEMON_ATTR_MCAST_IFN]),
             sizeof daemon->interface);
  daemon->id = (guint8) nla_get_u32 (attributes[IPVS_DAEMON_ATTR_SYNC_ID]);
  read_group (attributes, &daemon->group);
  if (attributes[IPVS_DAEMON_ATTR_SYNC_MAXLEN] != NULL)
    daemon->max_length = nla_get_u16 (attributes[IPVS_DAEMON_ATTR_SYNC_MAXLEN]);
  if (attributes[IPVS_DAEMON_ATTR_MCAST_PORT] != NULL)
    daemon->port = nla_get_u16 (attributes[IPVS_DAEMON_ATTR_MCAST_PORT]);
  if (attributes[IPVS_DAEMON_ATTR_MCAST_TTL] != NULL)
    daemon->ttl = nla_get_u8 (attributes[IPVS_DAEMON_ATTR_MCAST_TTL]);
  return daemon;
}
