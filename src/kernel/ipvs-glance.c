/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipvs-glance.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The kernel prints a page at a time and no more than is read: ip_vs_info_seq_start and _next in
 * net/netfilter/ipvs/ip_vs_ctl.c. The first one has the head and, where there is any, a service. */
#define PAGE 4096

gboolean
lvsd_ipvs_glance_is_empty (const char *text)
{
  static const char *const services[] = { "\nTCP ", "\nUDP ", "\nSCTP ", "\nFWM " };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (strstr (text, services[i]) != NULL)
      return FALSE;
  return TRUE;
}

gboolean
lvsd_ipvs_is_empty (void)
{
  int fd = open ("/proc/net/ip_vs", O_RDONLY | O_CLOEXEC);
  char text[PAGE + 1];
  gssize length;

  if (fd < 0)
    return TRUE;
  length = read (fd, text, PAGE);
  close (fd);
  text[MAX (length, 0)] = '\0';
  return lvsd_ipvs_glance_is_empty (text);
}
