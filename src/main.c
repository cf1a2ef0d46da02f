/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "auth/audit.h"
#include "bus/bus.h"
#include "bus/memory.h"
#include "dbus/names.h"
#include "engine/engine.h"

#define DBUS_REQUEST_NAME_DO_NOT_QUEUE 4u
#define DBUS_REQUEST_NAME_IS_OWNER 1u

typedef struct
{
  GMainLoop *loop;
  gboolean failed;
} Daemon;

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* The kernel goes on without us; systemd starts us again when the bus is back. */
static void
on_closed (G_GNUC_UNUSED GDBusConnection *connection,
           G_GNUC_UNUSED gboolean remote_peer_vanished,
           const GError *error,
           gpointer user_data)
{
  Daemon *lvsd = user_data;

  g_critical ("the connection to the bus is gone: %s", error != NULL ? error->message : "closed");
  lvsd->failed = TRUE;
  g_main_loop_quit (lvsd->loop);
}

static gboolean
request_name (GDBusConnection *connection, GError **error)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", LVSD_BUS_NAME, DBUS_REQUEST_NAME_DO_NOT_QUEUE),
      G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
  guint32 answer;

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(u)", &answer);
  if (answer == DBUS_REQUEST_NAME_IS_OWNER)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _ ("the name %s is taken on this bus: another lvsd runs already"), LVSD_BUS_NAME);
  return FALSE;
}

/* What systemd waits for when it was asked to reload. */
static gboolean
on_reload (gpointer user_data)
{
  sd_notifyf (0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  lvsd_engine_reload (user_data);
  sd_notify (0, "READY=1");
  return G_SOURCE_CONTINUE;
}

static gboolean
on_watchdog (G_GNUC_UNUSED gpointer user_data)
{
  sd_notify (0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

/* systemd begins to wait when it is told that everything is ready: the restore may take as long as
 * it likes. */
static void
feed_watchdog (void)
{
  guint64 interval; /* µs */

  if (sd_watchdog_enabled (0, &interval) > 0)
    g_timeout_add ((guint) (interval / 2000), on_watchdog, NULL);
}

static GDBusConnection *
connect_to_bus (Daemon *lvsd, GError **error)
{
  GDBusConnection *connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, error);

  if (connection == NULL)
    {
      g_prefix_error (error, "%s: ", _ ("the system bus cannot be reached; is dbus running?"));
      return NULL;
    }
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), lvsd);
  return connection;
}

/* The name is asked for last: whoever sees it may call. */
static gboolean
serve (Daemon *lvsd, LvsdEngine *engine, GError **error)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus (lvsd, error);
  g_autoptr (LvsdGate) gate = NULL;
  g_autoptr (LvsdAudit) audit = NULL;
  g_autoptr (LvsdBus) bus = NULL;

  if (connection == NULL)
    return FALSE;
  gate = lvsd_gate_new (connection);
  audit = lvsd_audit_new (gate);
  bus = lvsd_bus_new (connection, engine, gate, audit, error);
  if (bus == NULL || !request_name (connection, error))
    return FALSE;
  sd_notifyf (0, "READY=1\nSTATUS=%u virtual services",
              lvsd_table_count (lvsd_engine_table (engine), LVSD_KIND_SERVICE));
  lvsd_memory_give_back ();
  g_main_loop_run (lvsd->loop);
  sd_notify (0, "STOPPING=1");
  lvsd_engine_drain (engine);
  g_signal_handlers_disconnect_by_data (connection, lvsd);
  return TRUE;
}

static gboolean
run (const char *state_directory, const char *policy_path, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LvsdEngine) engine = lvsd_engine_new (state_directory, policy_path, error);
  Daemon lvsd = { .loop = loop };

  if (engine == NULL)
    return FALSE;
  lvsd_engine_restore (engine);
  g_unix_signal_add (SIGHUP, on_reload, engine);
  feed_watchdog ();
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  return serve (&lvsd, engine, error) && !lvsd.failed;
}

/* Bytes: more than any piece of a call with 10,000 destinations. */
#define LARGE_PIECE (4 << 20)

/* A large call has the bus's thread and ours work on the same data, one after the other. An arena
 * for each thread keeps what the other one could use, and grows by a system call for each page.
 * Likewise each stage is to use what the one before has freed, rather than new pages, which the
 * kernel has to clear; what is left free then goes back later (bus/memory.h). */
static void
share_memory (void)
{
  mallopt (M_ARENA_MAX, 1);
  mallopt (M_TOP_PAD, 1 << 20);
  mallopt (M_MMAP_THRESHOLD, LARGE_PIECE);
  mallopt (M_TRIM_THRESHOLD, LARGE_PIECE);
}

int
main (int argc, char **argv)
{
  g_autofree char *state_directory = NULL;
  g_autofree char *policy_path = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    { "state-directory", 0, 0, G_OPTION_ARG_FILENAME, &state_directory,
      N_ ("Keep the desired state in DIR"), N_ ("DIR") },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &policy_path, N_ ("Read FILE instead of lvsd.conf"),
      N_ ("FILE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Show the version"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  share_memory ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LVSD_LOCALE_DIRECTORY);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  umask (S_IRWXG | S_IRWXO);
  g_log_writer_default_set_use_stderr (TRUE);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _ ("Keeps the Linux Virtual Server of this node as it was "
                                            "told to be. lvsctl talks to it."));
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("lvsd: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (argc > 1)
    {
      g_printerr (_ ("lvsd: '%s' is not an option; see 'lvsd --help'\n"), argv[1]);
      return EXIT_FAILURE;
    }
  if (version)
    {
      g_print ("lvsd %s\n", LVSD_VERSION);
      return EXIT_SUCCESS;
    }
  if (!run (state_directory != NULL ? state_directory : LVSD_STATE_DIRECTORY,
            policy_path != NULL ? policy_path : LVSD_POLICY_PATH, &error))
    {
      if (error != NULL)
        g_critical ("%s", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
