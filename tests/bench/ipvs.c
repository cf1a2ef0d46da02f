/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "workload.h"

#define RECEIVE_SIZE (64 * 1024)
#define SOCKET_BUFFER (1024 * 1024)

/* No message of the workload is longer. */
#define MESSAGE_SIZE 256

/* Nothing is remembered, checked or allocated that sending the messages does not need: this is what
 * lvsd is measured against. A refusal ends the program. */
struct _Ipvs
{
  int fd;
  guint16 family;
  guint32 sequence;
  guint n_messages; /* in out */
  gsize length;
  guint8 *last; /* header of the last message in out */
  guint8 out[IPVS_BATCH * MESSAGE_SIZE];
  guint8 in[RECEIVE_SIZE];
};

static struct nlmsghdr *
begin (Ipvs *ipvs, guint16 type, guint8 command, guint8 version, guint16 flags)
{
  struct nlmsghdr *header = (struct nlmsghdr *) (gpointer) (ipvs->out + ipvs->length);
  struct genlmsghdr *generic = NLMSG_DATA (header);

  *header = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH (GENL_HDRLEN),
                               .nlmsg_type = type,
                               .nlmsg_flags = (guint16) (NLM_F_REQUEST | flags),
                               .nlmsg_seq = ++ipvs->sequence };
  *generic = (struct genlmsghdr){ .cmd = command, .version = version };
  ipvs->last = (guint8 *) header;
  return header;
}

static void
end (Ipvs *ipvs, const struct nlmsghdr *header)
{
  ipvs->length += NLMSG_ALIGN (header->nlmsg_len);
  ipvs->n_messages++;
}

static struct nlattr *
put (struct nlmsghdr *header, guint16 type, const void *data, gsize length)
{
  struct nlattr *attribute = (struct nlattr *) (gpointer) ((guint8 *) header + header->nlmsg_len);

  attribute->nla_type = type;
  attribute->nla_len = (guint16) (NLA_HDRLEN + length);
  if (length > 0)
    memcpy ((guint8 *) attribute + NLA_HDRLEN, data, length);
  header->nlmsg_len += NLA_ALIGN (attribute->nla_len);
  return attribute;
}

static void
put_u16 (struct nlmsghdr *header, guint16 type, guint16 value)
{
  put (header, type, &value, sizeof value);
}

static void
put_u32 (struct nlmsghdr *header, guint16 type, guint32 value)
{
  put (header, type, &value, sizeof value);
}

static void
put_address (struct nlmsghdr *header, guint16 type, guint32 address)
{
  guint32 bytes[4] = { htonl (address) };

  put (header, type, bytes, sizeof bytes);
}

static struct nlattr *
nest (struct nlmsghdr *header, guint16 type)
{
  return put (header, (guint16) (type | NLA_F_NESTED), NULL, 0);
}

static void
unnest (const struct nlmsghdr *header, struct nlattr *nested)
{
  nested->nla_len = (guint16) ((const guint8 *) header + header->nlmsg_len - (guint8 *) nested);
}

static void
put_key (struct nlmsghdr *header, guint32 service)
{
  put_u16 (header, IPVS_SVC_ATTR_AF, AF_INET);
  put_u16 (header, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
  put_address (header, IPVS_SVC_ATTR_ADDR, service);
  put_u16 (header, IPVS_SVC_ATTR_PORT, htons (WORKLOAD_PORT));
}

static void
send_all (Ipvs *ipvs)
{
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  ssize_t sent =
      sendto (ipvs->fd, ipvs->out, ipvs->length, 0, (struct sockaddr *) &kernel, sizeof kernel);

  if (sent != (ssize_t) ipvs->length)
    g_error ("sendto: %s", g_strerror (errno));
  ipvs->length = 0;
  ipvs->n_messages = 0;
}

/* The kernel has answered before sendto() returns. */
static gsize
receive (Ipvs *ipvs)
{
  ssize_t length = recv (ipvs->fd, ipvs->in, RECEIVE_SIZE, MSG_DONTWAIT | MSG_TRUNC);

  if (length < 0 || length > RECEIVE_SIZE)
    g_error ("recv: %s", length < 0 ? g_strerror (errno) : "truncated");
  return (gsize) length;
}

static void
check (const struct nlmsghdr *header)
{
  const struct nlmsgerr *answer = NLMSG_DATA (header);

  if (header->nlmsg_type == NLMSG_ERROR && answer->error != 0)
    g_error ("the kernel refuses message %u: %s", header->nlmsg_seq, g_strerror (-answer->error));
}

/* Sends what was put, and waits until the kernel has taken all of it. */
void
ipvs_flush (Ipvs *ipvs)
{
  guint32 last = ipvs->sequence;
  const struct nlmsghdr *header = (const struct nlmsghdr *) (gpointer) ipvs->in;

  if (ipvs->n_messages == 0)
    return;
  ((struct nlmsghdr *) (gpointer) ipvs->last)->nlmsg_flags |= NLM_F_ACK;
  send_all (ipvs);
  do
    {
      receive (ipvs);
      check (header);
    }
  while (header->nlmsg_seq != last);
}

static void
end_one (Ipvs *ipvs, const struct nlmsghdr *header)
{
  end (ipvs, header);
  if (ipvs->n_messages == IPVS_BATCH)
    ipvs_flush (ipvs);
}

void
ipvs_put_service (Ipvs *ipvs, guint service)
{
  struct ip_vs_flags flags = { .mask = G_MAXUINT32 };
  struct nlmsghdr *header = begin (ipvs, ipvs->family, IPVS_CMD_NEW_SERVICE, IPVS_GENL_VERSION, 0);
  struct nlattr *nested = nest (header, IPVS_CMD_ATTR_SERVICE);

  put_key (header, workload_service (service));
  put (header, IPVS_SVC_ATTR_SCHED_NAME, "rr", 3);
  put (header, IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
  put_u32 (header, IPVS_SVC_ATTR_TIMEOUT, 0);
  put_u32 (header, IPVS_SVC_ATTR_NETMASK, G_MAXUINT32);
  unnest (header, nested);
  end_one (ipvs, header);
}

/* command is IPVS_CMD_NEW_DEST or IPVS_CMD_SET_DEST; sent with the others when there are enough. */
void
ipvs_put_destination (Ipvs *ipvs,
                      guint8 command,
                      guint service,
                      guint32 destination,
                      guint32 weight)
{
  struct nlmsghdr *header = begin (ipvs, ipvs->family, command, IPVS_GENL_VERSION, 0);
  struct nlattr *nested = nest (header, IPVS_CMD_ATTR_SERVICE);

  put_key (header, workload_service (service));
  unnest (header, nested);
  nested = nest (header, IPVS_CMD_ATTR_DEST);
  put_address (header, IPVS_DEST_ATTR_ADDR, destination);
  put_u16 (header, IPVS_DEST_ATTR_PORT, htons (WORKLOAD_PORT));
  put_u16 (header, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
  put_u32 (header, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_DROUTE);
  put_u32 (header, IPVS_DEST_ATTR_WEIGHT, weight);
  put_u32 (header, IPVS_DEST_ATTR_U_THRESH, 0);
  put_u32 (header, IPVS_DEST_ATTR_L_THRESH, 0);
  unnest (header, nested);
  end_one (ipvs, header);
}

/* The attribute of this type within a run of attributes, or NULL. */
static const struct nlattr *
find (const guint8 *data, gsize length, guint16 type)
{
  gsize offset = 0;

  while (offset + NLA_HDRLEN <= length)
    {
      const struct nlattr *attribute = (const struct nlattr *) (gconstpointer) (data + offset);

      if ((attribute->nla_type & NLA_TYPE_MASK) == type)
        return attribute;
      offset += NLA_ALIGN (MAX (attribute->nla_len, NLA_HDRLEN));
    }
  return NULL;
}

static guint32
read_u32 (const struct nlattr *nested, guint16 type)
{
  const struct nlattr *attribute =
      find ((const guint8 *) nested + NLA_HDRLEN, nested->nla_len - (gsize) NLA_HDRLEN, type);
  guint32 value;

  if (attribute == NULL)
    g_error ("the kernel says nothing of attribute %u", type);
  memcpy (&value, (const guint8 *) attribute + NLA_HDRLEN, sizeof value);
  return value;
}

typedef void (*EntryFunc) (const struct nlattr *entry, guint number, gpointer user_data);

/* Reads a dump to its end; how many entries it had. */
static guint
take_dump (Ipvs *ipvs, guint16 nested, EntryFunc take, gpointer user_data)
{
  guint count = 0;

  for (;;)
    {
      int length = (int) receive (ipvs);

      for (const struct nlmsghdr *header = (const struct nlmsghdr *) (gpointer) ipvs->in;
           NLMSG_OK (header, (guint) length); header = NLMSG_NEXT (header, length))
        {
          check (header);
          if (header->nlmsg_type == NLMSG_DONE)
            return count;
          take (find ((const guint8 *) NLMSG_DATA (header) + GENL_HDRLEN,
                      NLMSG_PAYLOAD (header, GENL_HDRLEN), nested),
                count++, user_data);
        }
    }
}

typedef struct
{
  guint32 *addresses;
  guint size;
} Services;

static void
take_service (const struct nlattr *entry, guint number, gpointer user_data)
{
  Services *services = user_data;

  if (number < services->size)
    services->addresses[number] = ntohl (read_u32 (entry, IPVS_SVC_ATTR_ADDR));
}

/* How many there are; the addresses of the first of them. */
guint
ipvs_dump_services (Ipvs *ipvs, guint32 *ret_addresses, guint size)
{
  Services services = { .addresses = ret_addresses, .size = size };

  end (ipvs, begin (ipvs, ipvs->family, IPVS_CMD_GET_SERVICE, IPVS_GENL_VERSION, NLM_F_DUMP));
  send_all (ipvs);
  return take_dump (ipvs, IPVS_CMD_ATTR_SERVICE, take_service, &services);
}

typedef struct
{
  guint32 weight;
  guint count;
} Weighed;

static void
take_destination (const struct nlattr *entry, G_GNUC_UNUSED guint number, gpointer user_data)
{
  Weighed *weighed = user_data;

  weighed->count += read_u32 (entry, IPVS_DEST_ATTR_WEIGHT) == weighed->weight;
}

/* How many destinations the service has, and how many of them with this weight; none where there is
 * no such service. */
guint
ipvs_dump_destinations (Ipvs *ipvs, guint32 service, guint32 weight, guint *ret_weighed)
{
  struct nlmsghdr *header =
      begin (ipvs, ipvs->family, IPVS_CMD_GET_DEST, IPVS_GENL_VERSION, NLM_F_DUMP);
  struct nlattr *nested = nest (header, IPVS_CMD_ATTR_SERVICE);
  Weighed weighed = { .weight = weight };
  guint n;

  put_key (header, service);
  unnest (header, nested);
  end (ipvs, header);
  send_all (ipvs);
  n = take_dump (ipvs, IPVS_CMD_ATTR_DEST, take_destination, &weighed);
  *ret_weighed = weighed.count;
  return n;
}

/* The number by which the kernel knows the family IPVS. */
guint16
ipvs_family (const Ipvs *ipvs)
{
  return ipvs->family;
}

static guint16
resolve (Ipvs *ipvs)
{
  struct nlmsghdr *header = begin (ipvs, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0);
  const struct nlattr *attribute;
  guint16 family;

  put (header, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  end (ipvs, header);
  send_all (ipvs);
  receive (ipvs);
  header = (struct nlmsghdr *) (gpointer) ipvs->in;
  check (header);
  attribute = find ((const guint8 *) NLMSG_DATA (header) + GENL_HDRLEN,
                    NLMSG_PAYLOAD (header, GENL_HDRLEN), CTRL_ATTR_FAMILY_ID);
  if (attribute == NULL)
    g_error ("the kernel does not number the family IPVS");
  memcpy (&family, (const guint8 *) attribute + NLA_HDRLEN, sizeof family);
  return family;
}

/* A socket with everything that makes it fast, open until the program ends. */
Ipvs *
ipvs_open (void)
{
  Ipvs *ipvs = g_new0 (Ipvs, 1);
  int size = SOCKET_BUFFER;
  int on = 1;

  ipvs->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (ipvs->fd < 0 || setsockopt (ipvs->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0
      || setsockopt (ipvs->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0
      || setsockopt (ipvs->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on) < 0)
    g_error ("netlink: %s", g_strerror (errno));
  ipvs->family = resolve (ipvs);
  return ipvs;
}
