/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/comparing.h"
#include "engine/inspection.h"
#include "engine/transaction.h"
#include "kernel/ipvs-scheduler.h"
#include "kernel/ipvs-sync.h"
#include "kernel/setting.h"

/* What callers ask of the kernel past the transactions, and what a change would come to: nothing of
 * it changes what is desired. */

static void
rehearsed (const GError *in_use, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, in_use != NULL ? g_strdup (in_use->message) : NULL, g_free);
}

void
lvsd_engine_rehearse_async (LvsdEngine *engine,
                            LvsdChange *change,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, lvsd_engine_rehearse_async);
  lvsd_engine_await (engine, task);
  lvsd_transaction_rehearse (lvsd_engine_node (engine), change, rehearsed, task);
}

gboolean
lvsd_engine_rehearse_finish (G_GNUC_UNUSED LvsdEngine *engine,
                             GAsyncResult *result,
                             char **ret_in_use,
                             GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *ret_in_use = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
compared (LvsdComparison *comparison, GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, comparison, (GDestroyNotify) lvsd_comparison_free);
}

void
lvsd_engine_compare_async (LvsdEngine *engine, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, lvsd_engine_compare_async);
  lvsd_engine_await (engine, task);
  lvsd_comparison_start (lvsd_engine_node (engine), compared, task);
}

LvsdComparison *
lvsd_engine_compare_finish (G_GNUC_UNUSED LvsdEngine *engine, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

LvsdActual *
lvsd_engine_read_service (LvsdEngine *engine, const LvsdServiceKey *key, GError **error)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();

  return lvsd_ipvs_read_heads (lvsd_engine_node (engine)->ipvs, key, actual, error)
             ? g_steal_pointer (&actual)
             : NULL;
}

LvsdActual *
lvsd_engine_read_destinations (LvsdEngine *engine, LvsdServiceIdentity *identity, GError **error)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();

  return lvsd_ipvs_read_destinations (lvsd_engine_node (engine)->ipvs, identity, actual, error)
             ? g_steal_pointer (&actual)
             : NULL;
}

/* What the kernel holds of a setting now, by its name with slashes; NULL where it has none. */
char *
lvsd_engine_read_setting (LvsdEngine *engine, const char *name)
{
  return lvsd_kernel_setting_read (lvsd_engine_node (engine)->ipvs, name, NULL);
}

LvsdActual *
lvsd_engine_read_sync (LvsdEngine *engine, GError **error)
{
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();

  return lvsd_ipvs_sync_read (lvsd_engine_node (engine)->ipvs, actual, error)
             ? g_steal_pointer (&actual)
             : NULL;
}

const char *const *
lvsd_engine_schedulers (LvsdEngine *engine)
{
  static const char *const none[] = { NULL };
  LvsdNode *node = lvsd_engine_node (engine);
  g_autoptr (GError) error = NULL;

  if (node->schedulers == NULL)
    node->schedulers = lvsd_ipvs_list_schedulers (node->ipvs, &error);
  if (node->schedulers != NULL)
    return (const char *const *) node->schedulers;
  g_debug ("schedulers: %s", error->message);
  return none;
}

gboolean
lvsd_engine_zero (LvsdEngine *engine,
                  const GPtrArray *identities,
                  guint *ret_zeroed,
                  GError **error)
{
  return lvsd_ipvs_zero (lvsd_engine_node (engine)->ipvs, identities, ret_zeroed, error);
}

gboolean
lvsd_engine_announce (LvsdEngine *engine, const LvsdVirtualAddress *address, GError **error)
{
  return lvsd_announcer_announce (lvsd_engine_node (engine)->announcer, address, error);
}

GPtrArray *
lvsd_engine_problems (LvsdEngine *engine)
{
  return lvsd_inspect (lvsd_engine_node (engine));
}

char *
lvsd_engine_warning (LvsdEngine *engine, const LvsdDestination *destination)
{
  return lvsd_inspect_destination (lvsd_engine_node (engine), destination);
}
