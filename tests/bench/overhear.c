/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts, at an nlmon device, the messages that change something in IPVS, until it is sent SIGTERM;
 * prints their number. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <linux/genetlink.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "ipvs.h"

#define RECEIVE_SIZE (64 * 1024)
#define SOCKET_BUFFER (256 * 1024 * 1024)

typedef struct
{
  int fd;
  guint16 family;
  guint writes;
  GMainLoop *loop;
  guint8 buffer[RECEIVE_SIZE];
} Ear;

static gboolean
is_write (guint8 command)
{
  switch (command)
    {
    case IPVS_CMD_NEW_SERVICE:
    case IPVS_CMD_SET_SERVICE:
    case IPVS_CMD_DEL_SERVICE:
    case IPVS_CMD_NEW_DEST:
    case IPVS_CMD_SET_DEST:
    case IPVS_CMD_DEL_DEST:
    case IPVS_CMD_FLUSH:
      return TRUE;
    default:
      return FALSE;
    }
}

/* What the kernel says has no NLM_F_REQUEST. */
static void
count (Ear *ear, int length)
{
  for (const struct nlmsghdr *header = (const struct nlmsghdr *) (gpointer) ear->buffer;
       NLMSG_OK (header, (guint) length); header = NLMSG_NEXT (header, length))
    {
      const struct genlmsghdr *generic = NLMSG_DATA (header);

      if (header->nlmsg_type == ear->family && (header->nlmsg_flags & NLM_F_REQUEST) != 0
          && is_write (generic->cmd))
        ear->writes++;
    }
}

static gboolean
take (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  Ear *ear = user_data;
  ssize_t length;

  while ((length = recv (fd, ear->buffer, RECEIVE_SIZE, MSG_DONTWAIT)) > 0)
    count (ear, (int) length);
  return G_SOURCE_CONTINUE;
}

static gboolean
finish (gpointer user_data)
{
  Ear *ear = user_data;
  struct tpacket_stats statistics;
  socklen_t size = sizeof statistics;

  take (ear->fd, G_IO_IN, ear);
  if (getsockopt (ear->fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) < 0
      || statistics.tp_drops > 0)
    g_error ("not everything was overheard");
  g_print ("%u\n", ear->writes);
  g_main_loop_quit (ear->loop);
  return G_SOURCE_REMOVE;
}

static int
open_device (const char *name)
{
  struct sockaddr_ll device = { .sll_family = AF_PACKET,
                                .sll_protocol = htons (ETH_P_ALL),
                                .sll_ifindex = (int) if_nametoindex (name) };
  int size = SOCKET_BUFFER;
  int fd = socket (AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons (ETH_P_ALL));

  if (fd < 0 || setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0
      || bind (fd, (struct sockaddr *) &device, sizeof device) < 0)
    g_error ("%s: %s", name, g_strerror (errno));
  return fd;
}

int
main (int argc, char **argv)
{
  g_autofree Ear *ear = g_new0 (Ear, 1);

  if (argc != 2)
    {
      g_printerr ("overhear DEVICE\n");
      return EXIT_FAILURE;
    }
  ear->family = ipvs_family (ipvs_open ());
  ear->loop = g_main_loop_new (NULL, FALSE);
  ear->fd = open_device (argv[1]);
  g_unix_fd_add (ear->fd, G_IO_IN, take, ear);
  g_unix_signal_add (SIGTERM, finish, ear);
  g_print ("listening\n");
  g_main_loop_run (ear->loop);
  g_main_loop_unref (ear->loop);
  return EXIT_SUCCESS;
}
