/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "work.h"

struct _LvsdWork
{
  LvsdWorkFunc run;
  LvsdWorkFunc done;
  gpointer data;
  GMutex lock;
  GCond has_run;
  gboolean ran; /* under the lock */
  gboolean is_done;
};

static void
free_work (gpointer data)
{
  LvsdWork *work = data;

  g_mutex_clear (&work->lock);
  g_cond_clear (&work->has_run);
  g_free (work);
}

static void
finish (LvsdWork *work)
{
  if (work->is_done)
    return;
  work->is_done = TRUE;
  work->done (work->data);
}

static void
run_in_thread (GTask *task,
               G_GNUC_UNUSED gpointer source,
               gpointer data,
               G_GNUC_UNUSED GCancellable *cancellable)
{
  LvsdWork *work = data;

  work->run (work->data);
  g_mutex_lock (&work->lock);
  work->ran = TRUE;
  g_cond_signal (&work->has_run);
  g_mutex_unlock (&work->lock);
  g_task_return_boolean (task, TRUE);
}

static void
on_returned (G_GNUC_UNUSED GObject *source, GAsyncResult *result, G_GNUC_UNUSED gpointer user_data)
{
  finish (g_task_get_task_data (G_TASK (result)));
}

/* The result is valid until done is called. */
LvsdWork *
lvsd_work_start (LvsdWorkFunc run, LvsdWorkFunc done, gpointer data)
{
  LvsdWork *work = g_new0 (LvsdWork, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_returned, NULL);

  work->run = run;
  work->done = done;
  work->data = data;
  g_mutex_init (&work->lock);
  g_cond_init (&work->has_run);
  g_task_set_source_tag (task, lvsd_work_start);
  g_task_set_task_data (task, work, free_work);
  g_task_run_in_thread (task, run_in_thread);
  return work;
}

/* Blocks until it has run, and calls done. */
void
lvsd_work_wait (LvsdWork *work)
{
  g_mutex_lock (&work->lock);
  while (!work->ran)
    g_cond_wait (&work->has_run, &work->lock);
  g_mutex_unlock (&work->lock);
  finish (work);
}
