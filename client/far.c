/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "far.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

#include "exit-status.h"

#define BRIDGE "systemd-stdio-bridge"

/* What ssh ends with when it is ssh that failed, and a shell when there is no such program. */
#define SSH_FAILED 255
#define SHELL_NOT_FOUND 127

struct _LvsctlFar
{
  char *host;
  GSubprocess *ssh;
  GDBusConnection *bus;
};

/* Returns our end of ssh's input and output. */
static GSocketConnection *
start_ssh (LvsctlFar *far, GError **error)
{
  const char *const argv[] = { "ssh", "-xT", "--", far->host, BRIDGE, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) reason = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED, "%s", g_strerror (errno));
      return NULL;
    }
  socket = g_socket_new_from_fd (ends[0], error);
  g_subprocess_launcher_take_stdin_fd (launcher, fcntl (ends[1], F_DUPFD_CLOEXEC, 0));
  g_subprocess_launcher_take_stdout_fd (launcher, ends[1]);
  if (socket == NULL)
    return NULL;
  far->ssh = g_subprocess_launcher_spawnv (launcher, argv, &reason);
  if (far->ssh == NULL)
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE, _ ("ssh cannot be started: %s"),
                   reason->message);
      return NULL;
    }
  return g_socket_connection_factory_create_connection (socket);
}

/* What ssh itself had to say stands on standard error already. */
static void
explain (LvsctlFar *far, const GError *reason, GError **error)
{
  int status = -1;

  if (g_subprocess_wait (far->ssh, NULL, NULL) && g_subprocess_get_if_exited (far->ssh))
    status = g_subprocess_get_exit_status (far->ssh);
  if (status == SSH_FAILED)
    g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                         _ ("ssh does not get there; what it says stands above"));
  else if (status == SHELL_NOT_FOUND)
    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                 _ ("there is no %s there; it comes with systemd"), BRIDGE);
  else
    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_UNREACHABLE,
                 _ ("the system bus there cannot be reached: %s"), reason->message);
}

LvsctlFar *
lvsctl_far_new (const char *host, GError **error)
{
  g_autoptr (LvsctlFar) far = g_new0 (LvsctlFar, 1);
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GError) reason = NULL;

  far->host = g_strdup (host);
  stream = start_ssh (far, error);
  if (stream == NULL)
    return NULL;
  far->bus = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL,
                                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                             | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                         NULL, NULL, &reason);
  if (far->bus != NULL)
    return g_steal_pointer (&far);
  g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  explain (far, reason, error);
  return NULL;
}

void
lvsctl_far_free (LvsctlFar *far)
{
  if (far->bus != NULL)
    g_dbus_connection_close_sync (far->bus, NULL, NULL);
  g_clear_object (&far->bus);
  if (far->ssh != NULL)
    g_subprocess_wait (far->ssh, NULL, NULL);
  g_clear_object (&far->ssh);
  g_free (far->host);
  g_free (far);
}

GDBusConnection *
lvsctl_far_bus (LvsctlFar *far)
{
  return far->bus;
}
