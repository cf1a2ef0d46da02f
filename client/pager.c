/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "terminal.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static GSubprocess *pager;
static const char *wanted; /* the command, from when it is asked for until it is started */

/* "" and "cat" mean none, as they do to systemctl and git. */
static const char *
find_command (void)
{
  static const char *const variables[] = { "LVSCTL_PAGER", "SYSTEMD_PAGER", "PAGER" };
  const char *command = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (variables) && command == NULL; i++)
    command = g_getenv (variables[i]);
  if (command == NULL)
    command = "less";
  return command[0] == '\0' || g_str_equal (command, "cat") ? NULL : command;
}

static GSubprocess *
spawn (const char *command, int *ret_pipe)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_auto (GStrv) argv = NULL;
  GSubprocess *process;
  int ends[2];

  if (!g_shell_parse_argv (command, NULL, &argv, NULL))
    return NULL;
  if (pipe2 (ends, O_CLOEXEC) < 0)
    return NULL;
  /* Quit if it fits, keep colours and the screen; no shell out of it, since sudo may have been
   * allowed for lvsctl alone. */
  g_subprocess_launcher_setenv (launcher, "LESS", "FRSXMK", FALSE);
  g_subprocess_launcher_setenv (launcher, "LESSCHARSET", "utf-8", TRUE);
  g_subprocess_launcher_setenv (launcher, "LESSSECURE", "1", TRUE);
  g_subprocess_launcher_take_stdin_fd (launcher, ends[0]);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, NULL);
  if (process == NULL)
    close (ends[1]);
  else
    *ret_pipe = ends[1];
  return process;
}

void
lvsctl_pager_open (void)
{
  if (pager != NULL || !isatty (STDOUT_FILENO) || lvsctl_terminal_is_dumb ())
    return;
  wanted = find_command ();
}

/* With the first text and not before: until then the terminal may be needed for a password. */
void
lvsctl_pager_start (void)
{
  const char *command = g_steal_pointer (&wanted);
  int pipe_end = -1;

  if (command == NULL)
    return;
  lvsctl_terminal_hold ();
  fflush (stdout);
  pager = spawn (command, &pipe_end);
  if (pager == NULL)
    return;
  dup2 (pipe_end, STDOUT_FILENO);
  close (pipe_end);
  /* Somebody who has seen enough leaves the pager before everything was written. */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGINT, SIG_IGN);
}

gboolean
lvsctl_pager_close (void)
{
  if (pager == NULL)
    return FALSE;
  fflush (stdout);
  close (STDOUT_FILENO);
  g_subprocess_wait (pager, NULL, NULL);
  g_clear_object (&pager);
  return TRUE;
}
