/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "client/arguments.h"
#include "client/exit-status.h"
#include "client/metrics.h"
#include "dbus/errors.h"

/* Whoever scrapes comes again within a minute; nobody there, and systemd keeps the socket. */
#define IDLE_SECONDS 300

typedef struct
{
  GMainLoop *loop;
  LvsctlClient client;
  LvsctlMetricsDetail detail;
  guint idle_timer;
} Server;

static gboolean
on_idle (gpointer user_data)
{
  Server *server = user_data;

  server->idle_timer = 0;
  g_main_loop_quit (server->loop);
  return G_SOURCE_REMOVE;
}

static void
restart_idle_timer (Server *server)
{
  if (server->idle_timer != 0)
    g_source_remove (server->idle_timer);
  server->idle_timer = g_timeout_add_seconds (IDLE_SECONDS, on_idle, server);
}

static void
answer (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
}

/* A bus that went away is connected to anew with the next request. */
static void
on_metrics (G_GNUC_UNUSED SoupServer *soup,
            SoupServerMessage *message,
            G_GNUC_UNUSED const char *path,
            G_GNUC_UNUSED GHashTable *query,
            gpointer user_data)
{
  Server *server = user_data;
  const char *method = soup_server_message_get_method (message);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  restart_idle_timer (server);
  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    {
      answer (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "text/plain", "GET alone\n");
      return;
    }
  text = lvsctl_metrics_fetch (&server->client, server->detail, &error);
  if (text != NULL)
    {
      answer (message, SOUP_STATUS_OK, LVSCTL_METRICS_TYPE, text);
      return;
    }
  g_warning ("%s", error->message);
  answer (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "text/plain", error->message);
  lvsctl_client_clear (&server->client);
}

/* Those that systemd passes on. */
static gboolean
listen_to_sockets (SoupServer *soup, GError **error)
{
  int n = sd_listen_fds (TRUE);

  if (n <= 0)
    {
      g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                           "no socket was passed on; start lvsd-metrics.socket");
      return FALSE;
    }
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GSocket) socket = g_socket_new_from_fd (SD_LISTEN_FDS_START + i, error);

      if (socket == NULL || !soup_server_listen_socket (soup, socket, 0, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run (Server *server, int argc, char **argv, GError **error)
{
  g_autofree char *detail = NULL;
  const GOptionEntry entries[] = { { "detail", 0, 0, G_OPTION_ARG_STRING, &detail,
                                     "How much there is of it: node, service or destination",
                                     "LEVEL" },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (GOptionContext) context = g_option_context_new ("- serve the metrics of lvsd");
  g_autoptr (SoupServer) soup = soup_server_new ("server-header", "lvsd-metrics", NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error)
      || (detail != NULL && !lvsctl_metrics_parse_detail (detail, &server->detail, error))
      || !listen_to_sockets (soup, error))
    return FALSE;
  soup_server_add_handler (soup, "/metrics", on_metrics, server, NULL);
  restart_idle_timer (server);
  sd_notify (FALSE, "READY=1");
  g_main_loop_run (server->loop);
  soup_server_disconnect (soup);
  return TRUE;
}

int
main (int argc, char **argv)
{
  static const char *const line[] = { "--no-ask-password", "metrics", NULL };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LvsctlArguments) arguments = NULL;
  g_autoptr (GError) error = NULL;
  Server server = { .loop = loop, .detail = LVSCTL_METRICS_DESTINATION };
  gboolean ok;

  setlocale (LC_ALL, "");
  lvsd_errors_register ();
  arguments = lvsctl_arguments_parse (line, &error);
  g_assert_no_error (error);
  server.client.arguments = arguments;
  ok = run (&server, argc, argv, &error);
  lvsctl_client_clear (&server.client);
  if (!ok)
    g_printerr ("lvsd-metrics: %s\n", error->message);
  return ok ? 0 : (int) lvsctl_exit_of_error (error);
}
