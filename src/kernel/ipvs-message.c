/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-message.h"

#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "model/destination.h"
#include "model/service.h"
#include "model/sync-daemon.h"

/* The longest, a destination's with tunnel, has 172 bytes. */
#define MESSAGE_SIZE 256

/* The scheduler flags 1 to 3 in IPVS_SVC_ATTR_FLAGS: IP_VS_SVC_F_SCHED1 to _SCHED3. */
#define SCHEDULER_FLAGS_SHIFT 3
#define SCHEDULER_FLAGS 0x7

/* The flags that are ours to say. IP_VS_SVC_F_HASHED is the kernel's: always set in what it
 * reports, whatever was written. */
#define OWN_FLAGS                                                                                  \
  (IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET | SCHEDULER_FLAGS << SCHEDULER_FLAGS_SHIFT)

/* The firewall mark that the probe's service would have; 0xffffffff is the least likely one. */
#define PROBE_MARK G_MAXUINT32

/* A message has room for everything that is put, so the results of nla_put need no looking at. */

static struct nl_msg *
new_message (guint8 command, int flags)
{
  struct nl_msg *message = nlmsg_alloc_size (MESSAGE_SIZE);

  if (message == NULL)
    g_error ("out of memory");
  genlmsg_put (message, 0, 0, 0, 0, flags, command, IPVS_GENL_VERSION);
  return message;
}

/* Linux demands all 16 bytes for IPv4 too: older versions as the least, newer as the most. */
static void
put_address (struct nl_msg *message, int attribute, const LvsdAddress *address)
{
  nla_put (message, attribute, sizeof address->bytes, address->bytes);
}

/* AF and either FWMARK or PROTOCOL, ADDR and PORT. A mark of 0 is never sent: the kernel would take
 * it for TCP 0.0.0.0:0. */
static void
put_key (struct nl_msg *message, const LvsdServiceKey *key)
{
  nla_put_u16 (message, IPVS_SVC_ATTR_AF, key->endpoint.address.family);
  if (key->fwmark != 0)
    {
      nla_put_u32 (message, IPVS_SVC_ATTR_FWMARK, key->fwmark);
      return;
    }
  nla_put_u16 (message, IPVS_SVC_ATTR_PROTOCOL, key->protocol);
  put_address (message, IPVS_SVC_ATTR_ADDR, &key->endpoint.address);
  nla_put_u16 (message, IPVS_SVC_ATTR_PORT, htons (key->endpoint.port));
}

/* IPv4: the mask in network order; IPv6: the prefix length as a number, of which the kernel wants 1
 * to 128 even of a service that is not persistent (ip_vs_add_service). */
static guint32
encode_netmask (const LvsdService *service)
{
  guint bits = lvsd_address_bits (&service->identity->key.endpoint.address);
  guint length = bits;

  if (service->persistence != 0)
    length = MIN (lvsd_service_prefix_length (service), bits);
  if (bits == 128)
    return length;
  return htonl ((guint32) (G_MAXUINT32 << (32 - length)));
}

static void
put_service (struct nl_msg *message, const LvsdService *service)
{
  struct ip_vs_flags flags = { .mask = OWN_FLAGS };
  struct nlattr *nest = nla_nest_start (message, IPVS_CMD_ATTR_SERVICE);

  flags.flags = (guint32) (service->scheduler_flags & SCHEDULER_FLAGS) << SCHEDULER_FLAGS_SHIFT;
  if (service->persistence != 0)
    flags.flags |= IP_VS_SVC_F_PERSISTENT;
  if (service->one_packet)
    flags.flags |= IP_VS_SVC_F_ONEPACKET;

  put_key (message, &service->identity->key);
  nla_put_string (message, IPVS_SVC_ATTR_SCHED_NAME, service->scheduler);
  if (service->engine[0] != '\0')
    nla_put_string (message, IPVS_SVC_ATTR_PE_NAME, service->engine);
  nla_put (message, IPVS_SVC_ATTR_FLAGS, sizeof flags, &flags);
  nla_put_u32 (message, IPVS_SVC_ATTR_TIMEOUT, service->persistence);
  nla_put_u32 (message, IPVS_SVC_ATTR_NETMASK, encode_netmask (service));
  nla_nest_end (message, nest);
}

static void
put_key_nest (struct nl_msg *message, const LvsdServiceKey *key)
{
  struct nlattr *nest = nla_nest_start (message, IPVS_CMD_ATTR_SERVICE);

  put_key (message, key);
  nla_nest_end (message, nest);
}

/* The kernel forgets what a SET leaves out, so everything goes along each time. */
static void
put_destination_terms (struct nl_msg *message, const LvsdDestination *destination)
{
  nla_put_u32 (message, IPVS_DEST_ATTR_FWD_METHOD, destination->method);
  nla_put_u32 (message, IPVS_DEST_ATTR_WEIGHT, lvsd_destination_effective_weight (destination));
  nla_put_u32 (message, IPVS_DEST_ATTR_U_THRESH, destination->upper_threshold);
  nla_put_u32 (message, IPVS_DEST_ATTR_L_THRESH, destination->lower_threshold);
  if (destination->method != LVSD_METHOD_TUNNEL)
    return;
  nla_put_u8 (message, IPVS_DEST_ATTR_TUN_TYPE, destination->tunnel);
  nla_put_u16 (message, IPVS_DEST_ATTR_TUN_PORT, htons (destination->tunnel_port));
  nla_put_u16 (message, IPVS_DEST_ATTR_TUN_FLAGS, destination->tunnel_flags);
}

static void
put_destination (struct nl_msg *message, LvsdStepVerb verb, const LvsdDestination *destination)
{
  const LvsdEndpoint *endpoint = &destination->endpoint;
  struct nlattr *nest;

  put_key_nest (message, &destination->identity->key);
  nest = nla_nest_start (message, IPVS_CMD_ATTR_DEST);
  put_address (message, IPVS_DEST_ATTR_ADDR, &endpoint->address);
  nla_put_u16 (message, IPVS_DEST_ATTR_PORT, htons (endpoint->port));
  nla_put_u16 (message, IPVS_DEST_ATTR_ADDR_FAMILY, endpoint->address.family);
  if (verb != LVSD_STEP_DELETE)
    put_destination_terms (message, destination);
  nla_nest_end (message, nest);
}

static void
put_group (struct nl_msg *message, const LvsdAddress *group)
{
  if (group->family == AF_INET6)
    nla_put (message, IPVS_DAEMON_ATTR_MCAST_GROUP6, 16, group->bytes);
  else
    nla_put (message, IPVS_DAEMON_ATTR_MCAST_GROUP, 4, group->bytes);
}

/* The port is in host order, unlike every other one (ip_vs_genl_new_daemon). Kernels before 4.3
 * know the first three attributes alone and leave out the rest. */
static struct nl_msg *
new_daemon_message (LvsdStepVerb verb, const LvsdSyncDaemon *daemon)
{
  struct nl_msg *message =
      new_message (verb == LVSD_STEP_DELETE ? IPVS_CMD_DEL_DAEMON : IPVS_CMD_NEW_DAEMON, 0);
  struct nlattr *nest = nla_nest_start (message, IPVS_CMD_ATTR_DAEMON);

  nla_put_u32 (message, IPVS_DAEMON_ATTR_STATE, daemon->state);
  if (verb != LVSD_STEP_DELETE)
    {
      nla_put_string (message, IPVS_DAEMON_ATTR_MCAST_IFN, daemon->interface);
      nla_put_u32 (message, IPVS_DAEMON_ATTR_SYNC_ID, daemon->id);
      if (daemon->max_length != 0)
        nla_put_u16 (message, IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon->max_length);
      put_group (message, &daemon->group);
      nla_put_u16 (message, IPVS_DAEMON_ATTR_MCAST_PORT, daemon->port);
      nla_put_u8 (message, IPVS_DAEMON_ATTR_MCAST_TTL, daemon->ttl);
    }
  nla_nest_end (message, nest);
  return message;
}

/* What NEW, SET or DELETE of a service or destination says, or NEW or DELETE of a sync daemon,
 * which the kernel cannot edit. Returns a message to be freed. */
struct nl_msg *
lvsd_ipvs_message_new_step (LvsdStepVerb verb, const LvsdItem *item)
{
  static const guint8 service_commands[] = {
    [LVSD_STEP_NEW] = IPVS_CMD_NEW_SERVICE,
    [LVSD_STEP_SET] = IPVS_CMD_SET_SERVICE,
    [LVSD_STEP_DELETE] = IPVS_CMD_DEL_SERVICE,
  };
  static const guint8 destination_commands[] = {
    [LVSD_STEP_NEW] = IPVS_CMD_NEW_DEST,
    [LVSD_STEP_SET] = IPVS_CMD_SET_DEST,
    [LVSD_STEP_DELETE] = IPVS_CMD_DEL_DEST,
  };
  struct nl_msg *message;

  if (lvsd_item_get_kind (item) == LVSD_KIND_SYNC)
    return new_daemon_message (verb, (const LvsdSyncDaemon *) item);
  if (lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION)
    {
      message = new_message (destination_commands[verb], 0);
      put_destination (message, verb, (const LvsdDestination *) item);
      return message;
    }
  message = new_message (service_commands[verb], 0);
  if (verb == LVSD_STEP_DELETE)
    put_key_nest (message, &((const LvsdService *) item)->identity->key);
  else
    put_service (message, (const LvsdService *) item);
  return message;
}

static LvsdServiceKey
probe_key (void)
{
  LvsdServiceKey key = { .fwmark = PROBE_MARK };

  key.endpoint.address.family = AF_INET6;
  return key;
}

/* Asks whether a scheduler, and an engine unless it is "", exist, without leaving a trace: a new
 * IPv6 service with a prefix length of 0. ip_vs_add_service looks both names up (and loads their
 * modules) before it checks the length, so the answer is ENOENT when one is unknown and EINVAL
 * when both exist. The list of loaded modules would not do: it lacks what is built in and what the
 * kernel would load by itself. */
struct nl_msg *
lvsd_ipvs_message_new_probe (const char *scheduler, const char *engine)
{
  struct nl_msg *message = new_message (IPVS_CMD_NEW_SERVICE, 0);
  struct nlattr *nest = nla_nest_start (message, IPVS_CMD_ATTR_SERVICE);
  struct ip_vs_flags flags = { .mask = OWN_FLAGS };
  LvsdServiceKey key = probe_key ();

  put_key (message, &key);
  nla_put_string (message, IPVS_SVC_ATTR_SCHED_NAME, scheduler);
  if (engine[0] != '\0')
    nla_put_string (message, IPVS_SVC_ATTR_PE_NAME, engine);
  nla_put (message, IPVS_SVC_ATTR_FLAGS, sizeof flags, &flags);
  nla_put_u32 (message, IPVS_SVC_ATTR_TIMEOUT, 0);
  nla_put_u32 (message, IPVS_SVC_ATTR_NETMASK, 0);
  nla_nest_end (message, nest);
  return message;
}

/* Takes the probe's service away again, should a kernel ever accept it. */
struct nl_msg *
lvsd_ipvs_message_new_probe_removal (void)
{
  struct nl_msg *message = new_message (IPVS_CMD_DEL_SERVICE, 0);
  LvsdServiceKey key = probe_key ();

  put_key_nest (message, &key);
  return message;
}

/* A dump of all services. */
struct nl_msg *
lvsd_ipvs_message_new_get_services (void)
{
  return new_message (IPVS_CMD_GET_SERVICE, NLM_F_DUMP);
}

struct nl_msg *
lvsd_ipvs_message_new_get_service (const LvsdServiceKey *key)
{
  struct nl_msg *message = new_message (IPVS_CMD_GET_SERVICE, 0);

  put_key_nest (message, key);
  return message;
}

/* A dump of the destinations of one service; empty when there is no such service. */
struct nl_msg *
lvsd_ipvs_message_new_get_destinations (const LvsdServiceKey *key)
{
  struct nl_msg *message = new_message (IPVS_CMD_GET_DEST, NLM_F_DUMP);

  put_key_nest (message, key);
  return message;
}

/* A dump of the sync daemons that run: two at most. */
struct nl_msg *
lvsd_ipvs_message_new_get_daemons (void)
{
  return new_message (IPVS_CMD_GET_DAEMON, NLM_F_DUMP);
}

/* Sets the counters of a service and its destinations to 0. Without a service it would be those of
 * all, and so of other programs' as well. */
struct nl_msg *
lvsd_ipvs_message_new_zero (const LvsdServiceKey *key)
{
  struct nl_msg *message = new_message (IPVS_CMD_ZERO, 0);

  put_key_nest (message, key);
  return message;
}
