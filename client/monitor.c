/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "dbus/names.h"
#include "exit-status.h"
#include "json.h"
#include "terminal.h"

typedef struct
{
  LvsctlClient *client;
  GMainLoop *loop;
  gboolean begun; /* the first word on whether the daemon is there has come */
  gboolean is_lost;
} Monitor;

static void
print_json (const LvsctlEvent *event)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  GVariantIter iter;
  const char *name;
  GVariant *value;
  g_auto (GVariantBuilder) fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, "time", g_variant_new_string (time));
  lvsctl_json_add (&object, "event", g_variant_new_string (event->event));
  lvsctl_json_add (&object, "kind",
                   g_variant_new_string (event->kind != NULL ? event->kind : "node"));
  lvsctl_json_add (&object, "object", g_variant_new_string (event->id != NULL ? event->id : ""));
  if (event->fields != NULL)
    {
      g_variant_iter_init (&iter, event->fields);
      while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
        lvsctl_json_add (&fields, name, value);
    }
  lvsctl_json_add (&object, "fields", g_variant_builder_end (&fields));
  lvsctl_json_print_line (g_variant_builder_end (&object));
}

static void
print_text (const LvsctlEvent *event)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%T");
  g_autofree char *said = lvsctl_event_describe (event);
  g_autofree char *clean = lvsctl_terminal_sanitize (said);

  printf ("%s %s\n", time, clean);
}

/* Whoever reads it shall have it now. */
static void
print (Monitor *monitor, const LvsctlEvent *event)
{
  if (monitor->client->arguments->json)
    print_json (event);
  else
    print_text (event);
  if (fflush (stdout) != 0)
    g_main_loop_quit (monitor->loop);
}

static void
on_signal (G_GNUC_UNUSED GDBusConnection *bus,
           G_GNUC_UNUSED const char *sender,
           const char *path,
           G_GNUC_UNUSED const char *interface,
           const char *member,
           GVariant *parameters,
           gpointer user_data)
{
  g_auto (LvsctlEvent) event = { 0 };

  if (lvsctl_event_from_signal (&event, path, member, parameters))
    print (user_data, &event);
}

static void
on_appeared (G_GNUC_UNUSED GDBusConnection *bus,
             G_GNUC_UNUSED const char *name,
             G_GNUC_UNUSED const char *owner,
             gpointer user_data)
{
  Monitor *monitor = user_data;
  const LvsctlEvent event = { .event = "started" };

  if (monitor->begun)
    print (monitor, &event);
  monitor->begun = TRUE;
}

static void
on_vanished (GDBusConnection *bus, G_GNUC_UNUSED const char *name, gpointer user_data)
{
  Monitor *monitor = user_data;
  const LvsctlEvent event = { .event = "gone" };

  monitor->begun = TRUE;
  print (monitor, &event);
  monitor->is_lost = bus == NULL;
  if (monitor->is_lost)
    g_main_loop_quit (monitor->loop);
}

static gboolean
on_interrupt (gpointer user_data)
{
  g_main_loop_quit (((Monitor *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

gboolean
lvsctl_monitor (LvsctlClient *client, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Monitor monitor = { .client = client, .loop = loop };
  guint signals;
  guint watch;
  guint interrupt;

  if (!lvsctl_client_connect (client, error))
    return FALSE;
  signals =
      g_dbus_connection_signal_subscribe (client->bus, LVSD_BUS_NAME, NULL, NULL, NULL, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, on_signal, &monitor, NULL);
  watch = g_bus_watch_name_on_connection (client->bus, LVSD_BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                          on_appeared, on_vanished, &monitor, NULL);
  interrupt = g_unix_signal_add (SIGINT, on_interrupt, &monitor);
  g_main_loop_run (loop);
  g_source_remove (interrupt);
  g_bus_unwatch_name (watch);
  g_dbus_connection_signal_unsubscribe (client->bus, signals);
  if (monitor.is_lost)
    g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                         _ ("the system bus went away"));
  return !monitor.is_lost;
}
