/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/sockets.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "model/error.h"

/* The lines of /proc/net/tcp and tcp6 begin with "N: LOCAL:PORT REMOTE:PORT STATE", an address as
 * 32-bit words printed in the machine's byte order, the state 01 for established
 * (net/ipv4/tcp_ipv4.c, net/ipv6/tcp_ipv6.c). */
#define STATE_ESTABLISHED 1

static void
format_as_kernel (const LvsdAddress *address, char text[33])
{
  guint words = lvsd_address_bits (address) / 32;
  guint32 word;

  for (guint i = 0; i < words; i++)
    {
      memcpy (&word, address->bytes + 4 * i, sizeof word);
      g_snprintf (text + 8 * i, 9, "%08X", word);
    }
}

static gboolean
is_established_on (const char *line, const char *address)
{
  char local[33];
  unsigned int state;

  return sscanf (line, " %*u: %32[0-9A-F]:%*x %*[0-9A-F]:%*x %x", local, &state) == 2
         && state == STATE_ESTABLISHED && g_str_equal (local, address);
}

gboolean
lvsd_sockets_count_established (const LvsdAddress *address, guint *ret_count, GError **error)
{
  const char *path = address->family == AF_INET6 ? "/proc/net/tcp6" : "/proc/net/tcp";
  char text[33];
  char line[256];
  guint count = 0;
  FILE *file = fopen (path, "re");

  if (file == NULL)
    {
      int saved_errno = errno;

      g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE,
                   _ ("cannot read %s to count connections: %s"), path, g_strerror (saved_errno));
      return FALSE;
    }
  format_as_kernel (address, text);
  while (fgets (line, sizeof line, file) != NULL)
    count += is_established_on (line, text);
  fclose (file);
  *ret_count = count;
  return TRUE;
}
