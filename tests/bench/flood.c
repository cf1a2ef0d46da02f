/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes connections: one UDP datagram to 10.1.0.1:53 from each of so many clients. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef struct
{
  struct iphdr ip;
  struct udphdr udp;
} Datagram;

#define CLIENTS 0x0a200001 /* 10.32.0.1 and on, a thousand ports each */
#define PORTS 1000

int
main (int argc, char **argv)
{
  int fd = socket (AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (0x0a010001) };
  Datagram datagram = { .ip = { .version = 4,
                                .ihl = 5,
                                .ttl = 64,
                                .protocol = IPPROTO_UDP,
                                .daddr = htonl (0x0a010001) },
                        .udp = { .dest = htons (53), .len = htons (sizeof (struct udphdr)) } };
  guint count = argc == 2 ? (guint) atoi (argv[1]) : 0;

  for (guint i = 0; i < count; i++)
    {
      datagram.ip.saddr = htonl (CLIENTS + i / PORTS);
      datagram.udp.source = htons ((guint16) (1024 + i % PORTS));
      if (sendto (fd, &datagram, sizeof datagram, 0, (struct sockaddr *) &to, sizeof to) < 0)
        g_error ("datagram %u: %s", i, g_strerror (errno));
    }
  return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
