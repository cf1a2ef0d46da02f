/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include "exit-status.h"

#define PROGRAM "pkttyagent"
#define TERMINAL "/dev/tty"

/* In the agent; 0 to 2 are the terminal. */
#define NOTIFY_FD 3

static volatile sig_atomic_t interrupted;

struct _LvsctlAgent
{
  GSubprocess *process;
  int terminal;
  struct termios before;
  struct sigaction interrupt; /* what SIGINT did */
};

static int
open_terminal (void)
{
  return open (TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* It is about input and output of a person; where ours go to does not matter. */
gboolean
lvsctl_agent_is_possible (void)
{
  int terminal = open_terminal ();

  if (terminal < 0)
    return FALSE;
  close (terminal);
  return TRUE;
}

/* In the child: it does not outlive us, however we end. */
static void
die_with_parent (gpointer parent)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != GPOINTER_TO_INT (parent))
    _exit (1);
}

/* Not as a fallback for another agent: polkit has none, or we would not start ours, and it looks
 * for fallbacks in sessions of logind alone (polkitbackendinteractiveauthority.c,
 * get_authentication_agent_for_subject). */
static GSubprocess *
spawn (int terminal, int notify_end, GError **error)
{
  static const char *const argv[] = { PROGRAM, "--notify-fd", G_STRINGIFY (NOTIFY_FD), NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_take_stdin_fd (launcher, fcntl (terminal, F_DUPFD_CLOEXEC, 0));
  g_subprocess_launcher_take_stdout_fd (launcher, fcntl (terminal, F_DUPFD_CLOEXEC, 0));
  g_subprocess_launcher_take_stderr_fd (launcher, fcntl (terminal, F_DUPFD_CLOEXEC, 0));
  g_subprocess_launcher_take_fd (launcher, notify_end, NOTIFY_FD);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, GINT_TO_POINTER (getpid ()),
                                         NULL);
  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

/* The agent closes its end when it is known to polkit, or ends. */
static void
wait_for_close (int end)
{
  char byte;

  while (read (end, &byte, sizeof byte) < 0 && errno == EINTR)
    ;
  close (end);
}

static gboolean
start (LvsctlAgent *agent, GError **error)
{
  g_autoptr (GError) reason = NULL;
  int ends[2];

  if (pipe2 (ends, O_CLOEXEC) < 0)
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED, "%s", g_strerror (errno));
      return FALSE;
    }
  agent->process = spawn (agent->terminal, ends[1], &reason);
  if (agent->process != NULL)
    {
      wait_for_close (ends[0]);
      return TRUE;
    }
  close (ends[0]);
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED,
               _ ("%s, which would ask for the password, does not start: %s"), PROGRAM,
               reason->message);
  return FALSE;
}

LvsctlAgent *
lvsctl_agent_new (GError **error)
{
  g_autoptr (LvsctlAgent) agent = g_new0 (LvsctlAgent, 1);

  agent->terminal = open_terminal ();
  if (agent->terminal < 0 || tcgetattr (agent->terminal, &agent->before) < 0)
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED, "%s: %s", TERMINAL,
                   g_strerror (errno));
      return NULL;
    }
  return start (agent, error) ? g_steal_pointer (&agent) : NULL;
}

/* An agent that was interrupted while it asked leaves a terminal that shows nothing. Where all is
 * well nothing is set, which a job in the background would be stopped for. */
static void
restore_terminal (const LvsctlAgent *agent)
{
  struct termios now;

  if (tcgetattr (agent->terminal, &now) == 0 && now.c_lflag != agent->before.c_lflag)
    tcsetattr (agent->terminal, TCSAFLUSH, &agent->before);
}

void
lvsctl_agent_free (LvsctlAgent *agent)
{
  if (agent->process != NULL)
    {
      g_subprocess_send_signal (agent->process, SIGTERM);
      g_subprocess_send_signal (agent->process, SIGCONT);
      g_subprocess_wait (agent->process, NULL, NULL);
      g_object_unref (agent->process);
      restore_terminal (agent);
    }
  if (agent->terminal >= 0)
    close (agent->terminal);
  g_free (agent);
}

static void
note_interrupt (G_GNUC_UNUSED int number)
{
  interrupted = 1;
}

void
lvsctl_agent_begin (LvsctlAgent *agent)
{
  const struct sigaction note = { .sa_handler = note_interrupt, .sa_flags = SA_RESTART };

  interrupted = 0;
  sigaction (SIGINT, &note, &agent->interrupt);
}

gboolean
lvsctl_agent_end (LvsctlAgent *agent)
{
  sigaction (SIGINT, &agent->interrupt, NULL);
  if (interrupted != 0)
    dprintf (agent->terminal, "\n"); /* the question has no answer that would end its line */
  return interrupted != 0;
}
