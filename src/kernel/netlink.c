/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel makes dump messages as long as the largest buffer it was ever offered, up to 32 KiB,
 * and cuts off what does not fit the present one without a word. */
#define RECEIVE_SIZE (64 * 1024)

/* A dump of one service's destinations comes in two datagrams, the last of which says so. */
#define DATAGRAMS 2

/* An error reply is charged with about 770 bytes, so that 128 of them overflow the usual buffer. */
#define SOCKET_BUFFER (1024 * 1024)

/* The kernel has answered before sendmsg() returns; this is for the answer that never comes: how
 * long after the last sign of life the exchange is given up. */
#define PATIENCE (1 * G_USEC_PER_SEC)

struct _LvsdNetlink
{
  int protocol;
  int fd; /* -1: opened with the next exchange */
  guint32 sequence;
  char *explanation;
  guint8 *buffers[DATAGRAMS]; /* RECEIVE_SIZE bytes each */
};

/* protocol is NETLINK_GENERIC or NETLINK_ROUTE. Nothing is opened yet. */
LvsdNetlink *
lvsd_netlink_new (int protocol)
{
  LvsdNetlink *netlink = g_new0 (LvsdNetlink, 1);

  netlink->protocol = protocol;
  netlink->fd = -1;
  for (guint i = 0; i < DATAGRAMS; i++)
    netlink->buffers[i] = g_malloc (RECEIVE_SIZE);
  return netlink;
}

static void
close_socket (LvsdNetlink *netlink)
{
  if (netlink->fd >= 0)
    close (netlink->fd);
  netlink->fd = -1;
}

void
lvsd_netlink_free (LvsdNetlink *netlink)
{
  close_socket (netlink);
  g_free (netlink->explanation);
  for (guint i = 0; i < DATAGRAMS; i++)
    g_free (netlink->buffers[i]);
  g_free (netlink);
}

/* With CAP_NET_ADMIN the limits of net.core do not apply; without it, what they allow has to do. */
static void
enlarge_buffer (int fd, int forced, int plain)
{
  int size = SOCKET_BUFFER;

  if (setsockopt (fd, SOL_SOCKET, forced, &size, sizeof size) < 0)
    setsockopt (fd, SOL_SOCKET, plain, &size, sizeof size);
}

static int
open_socket (LvsdNetlink *netlink)
{
  int on = 1;

  if (netlink->fd >= 0)
    return 0;
  netlink->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, netlink->protocol);
  if (netlink->fd < 0)
    return errno;
  enlarge_buffer (netlink->fd, SO_RCVBUFFORCE, SO_RCVBUF);
  enlarge_buffer (netlink->fd, SO_SNDBUFFORCE, SO_SNDBUF);
  /* Older kernels lack these: errors then quote the request and come without an explanation. */
  setsockopt (netlink->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  setsockopt (netlink->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  return 0;
}

/* All messages in one call. Each gets a sequence number, counting up; the last one asks for an
 * acknowledgement unless it is a dump, which ends by itself. */
static int
send_messages (LvsdNetlink *netlink, struct nl_msg *const *messages, LvsdExchange *exchange)
{
  g_autofree struct iovec *parts = g_new (struct iovec, exchange->n);
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  struct msghdr header = {
    .msg_name = &kernel, .msg_namelen = sizeof kernel, .msg_iov = parts, .msg_iovlen = exchange->n
  };
  ssize_t sent;

  exchange->first = netlink->sequence + 1;
  for (guint i = 0; i < exchange->n; i++)
    {
      struct nlmsghdr *message = nlmsg_hdr (messages[i]);

      message->nlmsg_seq = ++netlink->sequence;
      message->nlmsg_pid = 0;
      message->nlmsg_flags |= NLM_F_REQUEST;
      if (i == exchange->n - 1 && (message->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
        message->nlmsg_flags |= NLM_F_ACK;
      parts[i] = (struct iovec){ .iov_base = message, .iov_len = NLMSG_ALIGN (message->nlmsg_len) };
    }
  do
    sent = sendmsg (netlink->fd, &header, 0);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

/* The clock is asked for only where the answer is not there at once. */
static int
wait_for_answer (LvsdNetlink *netlink, LvsdExchange *exchange)
{
  struct pollfd descriptor = { .fd = netlink->fd, .events = POLLIN };
  gint64 now = g_get_monotonic_time ();
  gint64 rest;

  if (exchange->deadline == 0)
    exchange->deadline = now + PATIENCE;
  rest = exchange->deadline - now;
  if (rest <= 0)
    return ETIMEDOUT;
  /* Rounded up, so that the last millisecond is waited for and not spun away. */
  if (poll (&descriptor, 1, (int) (rest / 1000) + 1) < 0 && errno != EINTR)
    return errno;
  return 0;
}

static int
take_datagram (LvsdExchange *exchange, const struct mmsghdr *datagram)
{
  const struct sockaddr_nl *sender = datagram->msg_hdr.msg_name;

  if ((datagram->msg_hdr.msg_flags & MSG_TRUNC) != 0)
    return EMSGSIZE;
  if (sender->nl_pid != 0)
    return 0; /* not from the kernel */
  exchange->deadline = 0;
  return lvsd_exchange_take (exchange, datagram->msg_hdr.msg_iov->iov_base, datagram->msg_len);
}

/* All that is there, but for more than there is room for. */
static int
receive (LvsdNetlink *netlink, LvsdExchange *exchange)
{
  struct sockaddr_nl senders[DATAGRAMS] = { 0 };
  struct iovec parts[DATAGRAMS];
  struct mmsghdr datagrams[DATAGRAMS] = { 0 };
  int status = 0;
  int count;

  for (guint i = 0; i < DATAGRAMS; i++)
    {
      parts[i] = (struct iovec){ .iov_base = netlink->buffers[i], .iov_len = RECEIVE_SIZE };
      datagrams[i].msg_hdr = (struct msghdr){ .msg_name = &senders[i],
                                              .msg_namelen = sizeof senders[i],
                                              .msg_iov = &parts[i],
                                              .msg_iovlen = 1 };
    }
  count = recvmmsg (netlink->fd, datagrams, DATAGRAMS, MSG_DONTWAIT, NULL);
  if (count < 0 && errno == EAGAIN)
    return wait_for_answer (netlink, exchange);
  if (count < 0)
    return errno == EINTR ? 0 : errno;
  for (int i = 0; i < count && status == 0; i++)
    status = take_datagram (exchange, &datagrams[i]);
  return status;
}

static int
begin (LvsdNetlink *netlink, struct nl_msg *const *messages, LvsdExchange *exchange)
{
  int status;

  memset (exchange->errnos, 0, exchange->n * sizeof *exchange->errnos);
  g_clear_pointer (&netlink->explanation, g_free);
  status = open_socket (netlink);
  return status != 0 ? status : send_messages (netlink, messages, exchange);
}

static int
run (LvsdNetlink *netlink, struct nl_msg *const *messages, LvsdExchange *exchange)
{
  int status = begin (netlink, messages, exchange);

  while (status == 0 && !exchange->complete)
    status = receive (netlink, exchange);
  netlink->explanation = exchange->explanation;
  if (status == 0)
    return exchange->interrupted ? EINTR : 0;

  close_socket (netlink);
  for (guint i = 0; i < exchange->n; i++)
    if (exchange->errnos[i] == 0)
      exchange->errnos[i] = status;
  return status;
}

/* Sends the messages in one system call and collects what comes back. The kernel carries them out
 * in order, goes on after one that fails, and answers each failure, whether asked to or not.
 *
 * ret_errnos: of n_messages; each becomes 0 or a positive errno.
 * replies: copies of the answers are appended, of struct nlmsghdr, freed with g_free(); or NULL.
 *
 * Returns 0 when all answers came in, EINTR when the kernel says that a dump is not consistent, and
 * otherwise the errno of the socket: then every message without an error of its own gets that, as
 * it may have been carried out or not, and the next exchange begins with a new socket. */
int
lvsd_netlink_exchange (LvsdNetlink *netlink,
                       struct nl_msg *const *messages,
                       guint n_messages,
                       int *ret_errnos,
                       GPtrArray *replies)
{
  LvsdExchange exchange = { .n = n_messages,
                            .errnos = ret_errnos,
                            .take = replies != NULL ? lvsd_reply_copy : NULL,
                            .take_data = replies };

  return run (netlink, messages, &exchange);
}

/* One dump, whose parts are handed over as they come. Returns 0 or a positive errno, EINTR when it
 * was disturbed, and what was handed over is not consistent. */
int
lvsd_netlink_dump (LvsdNetlink *netlink,
                   struct nl_msg *message,
                   LvsdReplyFunc take,
                   gpointer user_data)
{
  int failure;
  LvsdExchange exchange = { .n = 1, .errnos = &failure, .take = take, .take_data = user_data };
  int status = run (netlink, &message, &exchange);

  return status != 0 ? status : failure;
}

/* The same a datagram or two at a time: nothing else is to be asked over this socket before it is
 * complete. exchange: of n 1, which lasts as long. Returns 0 or a positive errno, also of the
 * failure that the kernel tells, after which the netlink is of no more use. */
int
lvsd_netlink_begin_dump (LvsdNetlink *netlink, struct nl_msg *message, LvsdExchange *exchange)
{
  return begin (netlink, &message, exchange);
}

int
lvsd_netlink_go_on (LvsdNetlink *netlink, LvsdExchange *exchange)
{
  int status = receive (netlink, exchange);

  if (exchange->complete)
    netlink->explanation = g_steal_pointer (&exchange->explanation);
  return status != 0 ? status : exchange->errnos[0];
}

/* One question, or one dump, which is repeated when the kernel says that it was disturbed. Returns
 * 0 or a positive errno, EINTR when it was disturbed each time. ret_replies: of struct nlmsghdr, to
 * be unreferenced; untouched on failure. */
int
lvsd_netlink_ask (LvsdNetlink *netlink, struct nl_msg *message, GPtrArray **ret_replies)
{
  int status = EINTR;

  for (guint i = 0; i < LVSD_DUMP_ATTEMPTS && status == EINTR; i++)
    {
      g_autoptr (GPtrArray) replies = g_ptr_array_new_with_free_func (g_free);
      int failure;

      status = lvsd_netlink_exchange (netlink, &message, 1, &failure, replies);
      if (status == 0)
        status = failure;
      if (status == 0)
        *ret_replies = g_steal_pointer (&replies);
    }
  return status;
}

/* Finds the number that a generic family has at the moment; 0 where it has none. Returns 0 or a
 * positive errno, ENOENT when there is no such family. */
int
lvsd_netlink_resolve (LvsdNetlink *netlink, const char *name, guint16 *ret_number)
{
  g_autoptr (LvsdNetlinkMessage) message = nlmsg_alloc_size (64);
  g_autoptr (GPtrArray) replies = NULL;
  int failure;

  genlmsg_put (message, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1);
  nla_put_string (message, CTRL_ATTR_FAMILY_NAME, name);
  *ret_number = 0;
  failure = lvsd_netlink_ask (netlink, message, &replies);
  if (failure != 0)
    return failure;
  *ret_number = lvsd_netlink_reply_read_family (replies);
  return *ret_number != 0 ? 0 : ENOENT;
}

/* What the kernel said in words about the first failure of the last exchange, or NULL. */
const char *
lvsd_netlink_explanation (const LvsdNetlink *netlink)
{
  return netlink->explanation;
}
