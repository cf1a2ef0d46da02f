/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/execution.h"

#include <errno.h>

#include "engine/discard.h"
#include "engine/sync-links.h"
#include "kernel/ipvs-sync.h"
#include "kernel/setting.h"

/* Steps between two looks at the main loop; a step takes the kernel some 2 to 40 µs. */
#define SLICE 512

struct _LvsdExecution
{
  LvsdNode *node;
  LvsdPlan *plan;
  LvsdPlan *done;
  guint position;
  gint64 spent; /* µs in the kernel and on the way there */
  LvsdExecutionFunc finished;
  gpointer user_data;
};

/* Whether it goes in a batch with others of its like. */
static gboolean
is_ipvs (const LvsdStep *step)
{
  LvsdKind kind = lvsd_item_get_kind (lvsd_step_subject (step));

  return kind == LVSD_KIND_SERVICE || kind == LVSD_KIND_DESTINATION;
}

/* How many steps from position on go to IPVS, and so in one batch. */
static guint
count_ipvs (const LvsdPlan *plan, guint position, guint most)
{
  guint count = 0;

  while (count < most && position + count < plan->len
         && is_ipvs (lvsd_plan_step (plan, position + count)))
    count++;
  return count;
}

static void
announce (LvsdNode *node, const LvsdStep *step)
{
  const LvsdVirtualAddress *address = (const LvsdVirtualAddress *) step->item;
  g_autoptr (GError) error = NULL;

  if (step->verb == LVSD_STEP_DELETE)
    lvsd_announcer_cancel (node->announcer, (const LvsdVirtualAddress *) step->held);
  else if (address != NULL && !g_str_equal (address->interface, "lo")
           && !lvsd_announcer_announce (node->announcer, address, &error))
    g_warning ("%s", error->message);
}

static gboolean
take_sync (LvsdNode *node, const LvsdStep *step, GError **error)
{
  if (!lvsd_ipvs_sync_apply (node->ipvs, step, error))
    return FALSE;
  if (step->item != NULL)
    lvsd_sync_links_note_started (node, (const LvsdSyncDaemon *) step->item);
  return TRUE;
}

static gboolean
take_other (LvsdNode *node, const LvsdStep *step, GError **error)
{
  const LvsdItem *subject = lvsd_step_subject (step);

  if (lvsd_item_get_kind (subject) == LVSD_KIND_REPLACED)
    return lvsd_replaced_can_vanish ((const LvsdReplaced *) subject)
               ? lvsd_tunnels_apply (node->tunnels, step, error)
               : lvsd_kernel_setting_apply (node->ipvs, step, error);
  if (lvsd_item_get_kind (subject) == LVSD_KIND_SYNC)
    return take_sync (node, step, error);
  if (!lvsd_links_apply (node->links, step, error))
    return FALSE;
  announce (node, step);
  return TRUE;
}

static void
copy_step (LvsdPlan *into, const LvsdStep *step)
{
  LvsdStep copy = *step;

  if (copy.item != NULL)
    lvsd_item_ref (copy.item);
  if (copy.held != NULL)
    lvsd_item_ref (copy.held);
  g_array_append_val (into, copy);
}

/* Where the kernel's answer was lost the step counts as done: undoing an addition or an edit that
 * was not made does no harm. */
static gboolean
may_be_done (const LvsdStep *step, int code)
{
  return code == 0 || ((code == ENOBUFS || code == ETIMEDOUT) && step->verb != LVSD_STEP_DELETE);
}

/* Takes the steps from position on that fit one slice; those that were taken are added to done.
 * Returns how many were attempted. */
static guint
take_slice (LvsdNode *node, const LvsdPlan *plan, guint position, LvsdPlan *done, GError **error)
{
  guint count = count_ipvs (plan, position, SLICE);
  g_autofree int *errnos = g_new0 (int, MAX (count, 1));
  guint attempted;

  if (count == 0)
    {
      if (take_other (node, lvsd_plan_step (plan, position), error))
        copy_step (done, lvsd_plan_step (plan, position));
      return 1;
    }
  attempted = lvsd_ipvs_apply (node->ipvs, lvsd_plan_step (plan, position), count, errnos, error);
  for (guint i = 0; i < attempted; i++)
    if (may_be_done (lvsd_plan_step (plan, position + i), errnos[i]))
      copy_step (done, lvsd_plan_step (plan, position + i));
  return attempted;
}

static void
ignore_refusal (const LvsdStep *step, const GError *error, gpointer user_data)
{
  gboolean *complete = user_data;
  g_autofree char *id = lvsd_item_dup_id (lvsd_step_subject (step));

  g_critical ("undo of %s: %s", id, error->message);
  *complete = FALSE;
}

static gboolean
undo (LvsdExecution *execution)
{
  g_autoptr (GArray) steps = lvsd_plan_undo (execution->done, execution->done->len);
  gboolean complete = TRUE;

  lvsd_execution_try_all (execution->node, steps, ignore_refusal, &complete);
  return complete;
}

static gboolean
is_short (const LvsdPlan *plan)
{
  return plan->len <= SLICE;
}

static void
discard (LvsdPlan *plan)
{
  if (is_short (plan))
    g_array_unref (plan);
  else
    lvsd_discard (plan, (GDestroyNotify) g_array_unref);
}

static void
finish (LvsdExecution *execution, const GError *error, gboolean undo_complete)
{
  g_debug ("%u steps: %" G_GINT64_FORMAT " µs in the kernel", execution->position,
           execution->spent);
  execution->finished (error, undo_complete, execution->user_data);
  discard (execution->plan);
  discard (execution->done);
  g_free (execution);
}

static gboolean
go_on (gpointer user_data)
{
  LvsdExecution *execution = user_data;
  g_autoptr (GError) error = NULL;
  gint64 started = g_get_monotonic_time ();

  if (execution->position < execution->plan->len)
    execution->position +=
        take_slice (execution->node, execution->plan, execution->position, execution->done, &error);
  execution->spent += g_get_monotonic_time () - started;
  if (error != NULL)
    {
      finish (execution, error, undo (execution));
      return G_SOURCE_REMOVE;
    }
  if (execution->position < execution->plan->len)
    return G_SOURCE_CONTINUE;
  finish (execution, NULL, TRUE);
  return G_SOURCE_REMOVE;
}

/* Takes the plan over. A short one is done before this returns. */
void
lvsd_execution_run (LvsdNode *node, LvsdPlan *plan, LvsdExecutionFunc finished, gpointer user_data)
{
  LvsdExecution *execution = g_new0 (LvsdExecution, 1);

  execution->node = node;
  execution->plan = plan;
  execution->done = lvsd_plan_new ();
  execution->finished = finished;
  execution->user_data = user_data;
  if (!is_short (plan))
    g_idle_add_full (G_PRIORITY_DEFAULT, go_on, execution, NULL);
  else
    while (go_on (execution) == G_SOURCE_CONTINUE)
      ;
}

static gboolean
was_taken (const LvsdPlan *done, guint taken, const LvsdStep *step)
{
  return taken < done->len && lvsd_plan_step (done, taken)->item == step->item
         && lvsd_plan_step (done, taken)->held == step->held;
}

/* A batch tells of its first refusal alone: a step asked again by itself tells of its own. */
static void
try_alone (LvsdNode *node, const LvsdStep *step, LvsdRefusalFunc refused, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  int refusal;

  lvsd_ipvs_apply (node->ipvs, step, 1, &refusal, &error);
  if (error != NULL)
    refused (step, error, user_data);
}

void
lvsd_execution_try_all (LvsdNode *node,
                        const LvsdPlan *plan,
                        LvsdRefusalFunc refused,
                        gpointer user_data)
{
  guint position = 0;

  while (position < plan->len)
    {
      g_autoptr (GArray) done = lvsd_plan_new ();
      g_autoptr (GError) error = NULL;
      guint attempted = take_slice (node, plan, position, done, &error);
      guint taken = 0;

      for (guint i = 0; i < attempted; i++)
        {
          const LvsdStep *step = lvsd_plan_step (plan, position + i);

          if (was_taken (done, taken, step))
            taken++;
          else if (is_ipvs (step))
            try_alone (node, step, refused, user_data);
          else
            refused (step, error, user_data);
        }
      if (attempted == 0)
        try_alone (node, lvsd_plan_step (plan, position), refused, user_data);
      position += MAX (attempted, 1);
    }
}
