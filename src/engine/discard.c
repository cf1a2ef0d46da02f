/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/discard.h"

#include <gio/gio.h>

typedef struct
{
  gpointer whole;
  GDestroyNotify destroy;
} Waste;

static void
destroy_in_thread (GTask *task,
                   G_GNUC_UNUSED gpointer source,
                   gpointer data,
                   G_GNUC_UNUSED GCancellable *cancellable)
{
  const Waste *waste = data;

  waste->destroy (waste->whole);
  g_task_return_boolean (task, TRUE);
}

void
lvsd_discard (gpointer whole, GDestroyNotify destroy)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Waste *waste = g_new0 (Waste, 1);

  waste->whole = whole;
  waste->destroy = destroy;
  g_task_set_source_tag (task, lvsd_discard);
  g_task_set_task_data (task, waste, g_free);
  g_task_run_in_thread (task, destroy_in_thread);
}
