/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "netlink-listener.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/error.h"

#define RECEIVE_SIZE (64 * 1024)
#define SOCKET_BUFFER (1024 * 1024)

/* How many datagrams are read before the main loop has its turn again. */
#define READS_PER_TURN 64

struct _LvsdNetlinkListener
{
  int fd;
  guint source;
  guint8 *buffer; /* RECEIVE_SIZE bytes */
  LvsdNetlinkHearing hearing;
  gpointer user_data;
};

/* Returns 0, EAGAIN when there is no more, or ENOBUFS when something was lost. */
static int
read_datagram (LvsdNetlinkListener *listener)
{
  struct sockaddr_nl sender = { 0 };
  struct iovec part = { .iov_base = listener->buffer, .iov_len = RECEIVE_SIZE };
  struct msghdr header = {
    .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1
  };
  ssize_t length = recvmsg (listener->fd, &header, MSG_DONTWAIT);
  struct nlmsghdr *message = (gpointer) listener->buffer;
  int rest = (int) length;

  if (length < 0)
    return errno == EINTR ? 0 : errno;
  if ((header.msg_flags & MSG_TRUNC) != 0)
    return ENOBUFS;
  for (; sender.nl_pid == 0 && nlmsg_ok (message, rest); message = nlmsg_next (message, &rest))
    listener->hearing.take (message, listener->user_data);
  return 0;
}

static gboolean
dispatch (G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  LvsdNetlinkListener *listener = user_data;
  int status = 0;

  for (guint i = 0; i < READS_PER_TURN && status == 0; i++)
    status = read_datagram (listener);
  listener->hearing.told (status != 0 && status != EAGAIN, listener->user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
join (LvsdNetlinkListener *listener, int protocol, const int *groups, gsize n_groups)
{
  struct sockaddr_nl own = { .nl_family = AF_NETLINK };
  gboolean joined;

  listener->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  joined =
      listener->fd >= 0 && bind (listener->fd, (const struct sockaddr *) &own, sizeof own) == 0;
  for (gsize i = 0; joined && i < n_groups; i++)
    joined =
        setsockopt (listener->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i])
        == 0;
  return joined;
}

/* Each burst is taken message by message and then told of once, until the listener is freed. Fails
 * with KernelUnavailable. */
LvsdNetlinkListener *
lvsd_netlink_listener_new (int protocol,
                           const int *groups,
                           gsize n_groups,
                           const LvsdNetlinkHearing *hearing,
                           gpointer user_data,
                           GError **error)
{
  LvsdNetlinkListener *listener = g_new0 (LvsdNetlinkListener, 1);
  int size = SOCKET_BUFFER;

  listener->hearing = *hearing;
  listener->user_data = user_data;
  listener->buffer = g_malloc (RECEIVE_SIZE);
  if (!join (listener, protocol, groups, n_groups))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE,
                   _ ("netlink: the kernel's news cannot be listened to: %s (error %d)"),
                   g_strerror (errno), errno);
      lvsd_netlink_listener_free (listener);
      return NULL;
    }
  if (setsockopt (listener->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
    setsockopt (listener->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  listener->source = g_unix_fd_add (listener->fd, G_IO_IN, dispatch, listener);
  return listener;
}

void
lvsd_netlink_listener_free (LvsdNetlinkListener *listener)
{
  g_clear_handle_id (&listener->source, g_source_remove);
  if (listener->fd >= 0)
    close (listener->fd);
  g_free (listener->buffer);
  g_free (listener);
}
