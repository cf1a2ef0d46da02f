/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes weights over the bus on one open connection, and prints the microseconds of each call. */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/object-path.h"
#include "client/parcel.h"
#include "dbus/names.h"
#include "workload.h"

typedef struct
{
  GDBusConnection *bus;
  guint services;
  guint destinations;
} Work;

static char *
address (guint32 number)
{
  return g_strdup_printf ("%u.%u.%u.%u", number >> 24, number >> 16 & 255, number >> 8 & 255,
                          number & 255);
}

static char *
destination (const Work *work, guint service, guint number)
{
  g_autofree char *place = address (workload_destination (service, number, work->destinations));

  return g_strdup_printf ("%s:%u", place, WORKLOAD_PORT);
}

static void
call (const Work *work,
      const char *path,
      const char *interface,
      const char *method,
      GVariant *arguments,
      GUnixFDList *files)
{
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  g_autoptr (GVariant) reply = NULL;

  reply = g_dbus_connection_call_with_unix_fd_list_sync (work->bus, LVSD_BUS_NAME, path, interface,
                                                         method, arguments, NULL,
                                                         G_DBUS_CALL_FLAGS_NONE, G_MAXINT, files,
                                                         NULL, NULL, &error);
  if (reply == NULL)
    g_error ("%s of %s: %s", method, path, error->message);
  g_print ("%" G_GINT64_FORMAT "\n", g_get_monotonic_time () - started);
}

static GVariant *
weight_options (guint weight)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&options, "{sv}", "weight", g_variant_new_uint32 (weight));
  return g_variant_builder_end (&options);
}

/* Each call changes something: weights go round. */
static void
change_one (const Work *work, guint number)
{
  guint all = work->services * work->destinations;
  guint service = number % work->services;
  g_autofree char *listen = address (workload_service (service));
  g_autofree char *place =
      destination (work, service, number / work->services % work->destinations);
  g_autofree char *id = g_strdup_printf ("tcp-%s-%u/%s", listen, WORKLOAD_PORT, place);
  g_autofree char *label = lvsd_object_path_escape (id);
  g_autofree char *path = g_strconcat (LVSD_OBJECT_PATH_PREFIX, "destination/", label, NULL);

  call (work, path, LVSD_INTERFACE_DESTINATION, "Edit",
        g_variant_new ("(@a{sv})", weight_options (10 + number / all % 50)), NULL);
}

static void
add_service (const Work *work, GVariantBuilder *services, guint service, guint weight)
{
  g_autofree char *listen = address (workload_service (service));
  g_autofree char *name = g_strdup_printf ("tcp-%s-%u", listen, WORKLOAD_PORT);
  g_autofree char *key = g_strdup_printf ("tcp/%s:%u", listen, WORKLOAD_PORT);
  g_autofree char *place = destination (work, service, 0);
  GVariantBuilder options;

  g_variant_builder_open (services, G_VARIANT_TYPE ("(ssa{sv}a(ssua{sv}))"));
  g_variant_builder_add (services, "s", name);
  g_variant_builder_add (services, "s", key);
  g_variant_builder_init (&options, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&options, "{sv}", "scheduler", g_variant_new_string ("rr"));
  g_variant_builder_add_value (services, g_variant_builder_end (&options));
  g_variant_builder_open (services, G_VARIANT_TYPE ("a(ssua{sv})"));
  g_variant_builder_add (services, "(ssua{sv})", place, "direct", weight, NULL);
  g_variant_builder_close (services);
  g_variant_builder_close (services);
}

/* The first destinations of so many services, in one call, as lvsctl sends them. */
static void
change_many (const Work *work, guint count, guint weight)
{
  g_auto (LvsctlClient) client = { .bus = g_object_ref (work->bus) };
  GVariantBuilder services;
  GVariantBuilder sections;
  g_autoptr (GVariant) packed = NULL;

  g_variant_builder_init (&services, G_VARIANT_TYPE ("a(ssa{sv}a(ssua{sv}))"));
  for (guint i = 0; i < count; i++)
    add_service (work, &services, i, weight);
  g_variant_builder_init (&sections, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&sections, "{sv}", "services", g_variant_builder_end (&services));
  packed = g_variant_ref_sink (lvsctl_parcel_pack (&client, g_variant_builder_end (&sections)));
  call (work, LVSD_OBJECT_PATH, LVSD_INTERFACE_MANAGER, "Apply",
        g_variant_new ("(@a{sv}a{sv})", packed, NULL), client.parcel);
}

static gboolean
exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint first;
  Work work = { .bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error) };

  if (argc != 5 && argc != 6)
    {
      g_printerr ("weigh one SERVICES DESTINATIONS COUNT [FIRST]\n"
                  "weigh many SERVICES DESTINATIONS WEIGHT  (in one call)\n"
                  "weigh until SERVICES DESTINATIONS FILE  (is there)\n");
      return EXIT_FAILURE;
    }
  if (work.bus == NULL)
    g_error ("%s", error->message);
  work.services = (guint) atoi (argv[2]);
  work.destinations = (guint) atoi (argv[3]);
  first = argc == 6 ? (guint) atoi (argv[5]) : 0;
  if (strcmp (argv[1], "many") == 0)
    change_many (&work, work.services, (guint) atoi (argv[4]));
  else if (strcmp (argv[1], "until") == 0)
    for (guint i = 0; !exists (argv[4]); i++)
      change_one (&work, i);
  else
    for (guint i = 0; i < (guint) atoi (argv[4]); i++)
      change_one (&work, first + i);
  return EXIT_SUCCESS;
}
