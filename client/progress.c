/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

#include "terminal.h"

/* Before this nobody wonders. */
#define SILENCE (1 * G_TIME_SPAN_SECOND)
#define CLEAR_LINE "\r\033[K"

struct _LvsctlProgress
{
  GThread *thread;
  GMutex lock;
  GCond ended;
  gboolean is_over; /* under the lock */
};

static gpointer
tell (gpointer data)
{
  LvsctlProgress *progress = data;
  gint64 begun = g_get_monotonic_time ();
  gint64 next = begun + SILENCE;

  g_mutex_lock (&progress->lock);
  while (!progress->is_over)
    {
      if (g_cond_wait_until (&progress->ended, &progress->lock, next))
        continue;
      fputs (CLEAR_LINE, stderr);
      fprintf (stderr, _ ("lvsd is at work, %d s"), (int) ((next - begun) / G_TIME_SPAN_SECOND));
      fflush (stderr);
      next += G_TIME_SPAN_SECOND;
    }
  g_mutex_unlock (&progress->lock);
  if (next > begun + SILENCE)
    fputs (CLEAR_LINE, stderr);
  return NULL;
}

/* NULL where stderr is no terminal that could clear a line again. */
LvsctlProgress *
lvsctl_progress_begin (void)
{
  LvsctlProgress *progress;

  if (!isatty (STDERR_FILENO) || lvsctl_terminal_is_dumb ())
    return NULL;
  progress = g_new0 (LvsctlProgress, 1);
  g_mutex_init (&progress->lock);
  g_cond_init (&progress->ended);
  progress->thread = g_thread_new ("progress", tell, progress);
  return progress;
}

void
lvsctl_progress_end (LvsctlProgress *progress)
{
  g_mutex_lock (&progress->lock);
  progress->is_over = TRUE;
  g_cond_signal (&progress->ended);
  g_mutex_unlock (&progress->lock);
  g_thread_join (progress->thread);
  g_mutex_clear (&progress->lock);
  g_cond_clear (&progress->ended);
  g_free (progress);
}
