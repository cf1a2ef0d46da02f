/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limit: what the kernel itself takes for what lvsd does, asked by a program that does nothing
 * else. It prints microseconds. */
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>

#include "ipvs.h"
#include "workload.h"

#define POLL_US 2000
#define PATIENCE (200 * G_USEC_PER_SEC)

static gint64 started;

static void
print_time (void)
{
  g_print ("%" G_GINT64_FORMAT "\n", g_get_monotonic_time () - started);
}

/* All of the workload into an empty table: services first, as lvsd does. */
static void
program (Ipvs *ipvs, guint services, guint destinations)
{
  started = g_get_monotonic_time ();
  for (guint i = 0; i < services; i++)
    ipvs_put_service (ipvs, i);
  for (guint i = 0; i < services; i++)
    for (guint j = 0; j < destinations; j++)
      ipvs_put_destination (ipvs, IPVS_CMD_NEW_DEST, i, workload_destination (i, j, destinations),
                            1);
  ipvs_flush (ipvs);
  print_time ();
}

/* Everything the kernel holds, which has to be so much. */
static void
dump (Ipvs *ipvs, guint services, guint destinations)
{
  g_autofree guint32 *addresses = g_new0 (guint32, MAX (services, 1));
  guint found = 0;
  guint weighed;
  guint n;

  started = g_get_monotonic_time ();
  n = ipvs_dump_services (ipvs, addresses, services);
  if (n != services)
    g_error ("the kernel has %u services instead of %u", n, services);
  for (guint i = 0; i < services; i++)
    found += ipvs_dump_destinations (ipvs, addresses[i], 1, &weighed);
  if (found != services * destinations)
    g_error ("the kernel has %u destinations instead of %u", found, services * destinations);
  print_time ();
}

static void
put_weight (Ipvs *ipvs, guint number, guint services, guint destinations, guint32 weight)
{
  guint service = number % services;
  guint destination = number / services % destinations;

  ipvs_put_destination (ipvs, IPVS_CMD_SET_DEST, service,
                        workload_destination (service, destination, destinations), weight);
}

/* So many weights, as few system calls as possible. */
static void
set (Ipvs *ipvs, guint services, guint destinations, guint count)
{
  started = g_get_monotonic_time ();
  for (guint i = 0; i < count; i++)
    put_weight (ipvs, i, services, destinations, 3);
  ipvs_flush (ipvs);
  print_time ();
}

/* So many weights one by one: the time of one. */
static void
change (Ipvs *ipvs, guint services, guint destinations, guint count)
{
  started = g_get_monotonic_time ();
  for (guint i = 0; i < count; i++)
    {
      put_weight (ipvs, i, services, destinations, 2);
      ipvs_flush (ipvs);
    }
  g_print ("%.1f\n", (double) (g_get_monotonic_time () - started) / count);
}

static gboolean
is_there (Ipvs *ipvs, guint services, guint destinations, guint weight)
{
  guint weighed;
  guint n = ipvs_dump_destinations (ipvs, workload_service (services - 1), weight, &weighed);

  return n == destinations && weighed > 0;
}

/* Until the last service has all its destinations, one with this weight: the clock then. */
static void
await (Ipvs *ipvs, guint services, guint destinations, guint weight)
{
  started = g_get_monotonic_time ();
  while (!is_there (ipvs, services, destinations, weight))
    {
      if (g_get_monotonic_time () - started > PATIENCE)
        g_error ("waited in vain");
      g_usleep (POLL_US);
    }
  g_print ("%" G_GINT64_FORMAT "\n", g_get_monotonic_time ());
}

int
main (int argc, char **argv)
{
  Ipvs *ipvs = ipvs_open ();
  guint services = argc > 3 ? (guint) atoi (argv[2]) : 0;
  guint destinations = argc > 3 ? (guint) atoi (argv[3]) : 0;
  guint number = argc > 4 ? (guint) atoi (argv[4]) : 0;

  if (argc == 4 && strcmp (argv[1], "program") == 0)
    program (ipvs, services, destinations);
  else if (argc == 4 && strcmp (argv[1], "dump") == 0)
    dump (ipvs, services, destinations);
  else if (argc == 5 && strcmp (argv[1], "set") == 0)
    set (ipvs, services, destinations, number);
  else if (argc == 5 && strcmp (argv[1], "change") == 0)
    change (ipvs, services, destinations, number);
  else if (argc == 5 && strcmp (argv[1], "await") == 0)
    await (ipvs, services, destinations, number);
  else
    {
      g_printerr ("limit {program|dump} SERVICES DESTINATIONS\n"
                  "limit {set|change} SERVICES DESTINATIONS COUNT\n"
                  "limit await SERVICES DESTINATIONS WEIGHT\n");
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
