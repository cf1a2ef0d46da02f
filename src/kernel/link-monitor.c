/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "link-monitor.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link-message.h"
#include "model/error.h"

#define RECEIVE_SIZE (64 * 1024)
#define SOCKET_BUFFER (1024 * 1024)

/* How many datagrams are read before the main loop has its turn again. */
#define READS_PER_TURN 64

struct _LvsdLinkMonitor
{
  int fd;
  guint source;
  GHashTable *names; /* index -> name, owned: messages about addresses have the index alone */
  guint8 *buffer;    /* RECEIVE_SIZE bytes */
  LvsdLinksFunc changed;
  gpointer user_data;
};

static void
remember_name (LvsdLinkMonitor *monitor, int index, const char *name)
{
  g_hash_table_replace (monitor->names, GINT_TO_POINTER (index), g_strdup (name));
}

static void
remember_all_names (LvsdLinkMonitor *monitor)
{
  struct if_nameindex *names = if_nameindex ();

  g_hash_table_remove_all (monitor->names);
  if (names == NULL)
    return;
  for (guint i = 0; names[i].if_name != NULL; i++)
    remember_name (monitor, (int) names[i].if_index, names[i].if_name);
  if_freenameindex (names);
}

/* A rename concerns both names. */
static void
note_link (LvsdLinkMonitor *monitor,
           const struct nlmsghdr *message,
           const LvsdLink *link,
           GHashTable *names)
{
  gpointer key = GINT_TO_POINTER (link->index);
  const char *before = g_hash_table_lookup (monitor->names, key);

  g_hash_table_add (names, g_strdup (link->name));
  if (before != NULL && !g_str_equal (before, link->name))
    g_hash_table_add (names, g_strdup (before));
  if (message->nlmsg_type == RTM_DELLINK)
    g_hash_table_remove (monitor->names, key);
  else
    remember_name (monitor, link->index, link->name);
}

static void
note_message (LvsdLinkMonitor *monitor, struct nlmsghdr *message, GHashTable *names)
{
  LvsdFoundAddress address;
  LvsdLink link;
  char label[LVSD_INTERFACE_MAX + 1];
  const char *name;

  if (lvsd_link_message_read_link (message, &link))
    note_link (monitor, message, &link, names);
  else if (lvsd_link_message_read_address (message, &address, label)
           && (name = g_hash_table_lookup (monitor->names, GINT_TO_POINTER (address.index)))
                  != NULL)
    g_hash_table_add (names, g_strdup (name));
}

/* Returns 0, EAGAIN when there is no more, or ENOBUFS when something was lost. */
static int
read_datagram (LvsdLinkMonitor *monitor, GHashTable *names)
{
  struct sockaddr_nl sender = { 0 };
  struct iovec part = { .iov_base = monitor->buffer, .iov_len = RECEIVE_SIZE };
  struct msghdr header = {
    .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1
  };
  ssize_t length = recvmsg (monitor->fd, &header, MSG_DONTWAIT);
  struct nlmsghdr *message = (gpointer) monitor->buffer;
  int rest = (int) length;

  if (length < 0)
    return errno == EINTR ? 0 : errno;
  if ((header.msg_flags & MSG_TRUNC) != 0)
    return ENOBUFS;
  for (; sender.nl_pid == 0 && nlmsg_ok (message, rest); message = nlmsg_next (message, &rest))
    note_message (monitor, message, names);
  return 0;
}

/* A burst of messages about one interface is told of once. */
static gboolean
dispatch (int fd, GIOCondition condition, gpointer user_data)
{
  LvsdLinkMonitor *monitor = user_data;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int status = 0;
  GHashTableIter iter;
  gpointer name;

  (void) fd;
  (void) condition;
  for (guint i = 0; i < READS_PER_TURN && status == 0; i++)
    status = read_datagram (monitor, names);
  if (status != 0 && status != EAGAIN)
    {
      remember_all_names (monitor);
      monitor->changed (NULL, monitor->user_data);
      return G_SOURCE_CONTINUE;
    }
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    monitor->changed (name, monitor->user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
listen_to_kernel (LvsdLinkMonitor *monitor, GError **error)
{
  static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR };
  struct sockaddr_nl own = { .nl_family = AF_NETLINK };
  int size = SOCKET_BUFFER;
  gboolean joined;

  monitor->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  joined = monitor->fd >= 0 && bind (monitor->fd, (const struct sockaddr *) &own, sizeof own) == 0;
  for (guint i = 0; joined && i < G_N_ELEMENTS (groups); i++)
    joined =
        setsockopt (monitor->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i])
        == 0;
  if (!joined)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE,
                   _ ("interfaces: the kernel's changes cannot be listened to: %s (error %d)"),
                   g_strerror (errno), errno);
      return FALSE;
    }
  if (setsockopt (monitor->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
    setsockopt (monitor->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return TRUE;
}

/* changed is called from the default main context until the monitor is freed. Fails with
 * KernelUnavailable. */
LvsdLinkMonitor *
lvsd_link_monitor_new (LvsdLinksFunc changed, gpointer user_data, GError **error)
{
  LvsdLinkMonitor *monitor = g_new0 (LvsdLinkMonitor, 1);

  monitor->changed = changed;
  monitor->user_data = user_data;
  monitor->buffer = g_malloc (RECEIVE_SIZE);
  monitor->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (!listen_to_kernel (monitor, error))
    {
      lvsd_link_monitor_free (monitor);
      return NULL;
    }
  remember_all_names (monitor);
  monitor->source = g_unix_fd_add (monitor->fd, G_IO_IN, dispatch, monitor);
  return monitor;
}

void
lvsd_link_monitor_free (LvsdLinkMonitor *monitor)
{
  g_clear_handle_id (&monitor->source, g_source_remove);
  if (monitor->fd >= 0)
    close (monitor->fd);
  g_hash_table_unref (monitor->names);
  g_free (monitor->buffer);
  g_free (monitor);
}
