/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/assessment.h"
#include "engine/inspection.h"
#include "engine/surroundings.h"
#include "kernel/ipvs-scheduler.h"
#include "kernel/ipvs-sync.h"
#include "kernel/setting.h"

/* What callers ask of the kernel past the transactions: nothing of it changes what is desired. */

LvsdPlan *
lvsd_engine_compare (LvsdEngine *engine, LvsdActual **ret_actual, GError **error)
{
  LvsdNode *node = lvsd_engine_node (engine);
  g_autoptr (GPtrArray) items = lvsd_table_snapshot (node->table);
  g_autoptr (LvsdChange) same = lvsd_change_new ();
  g_autoptr (LvsdActual) actual = NULL;
  LvsdPlan *plan;

  for (guint i = 0; i < items->len; i++)
    lvsd_change_add (same, g_ptr_array_index (items, i), g_ptr_array_index (items, i));
  actual = lvsd_surroundings_read (node, same, error);
  plan = actual != NULL ? lvsd_plan_compute (same, actual, error) : NULL;
  if (plan != NULL)
    *ret_actual = g_steal_pointer (&actual);
  return plan;
}

gpointer
lvsd_engine_find_subject (LvsdEngine *engine, const LvsdStep *step)
{
  return lvsd_assessment_find_subject (lvsd_engine_node (engine), step);
}

LvsdActual *
lvsd_engine_read_services (LvsdEngine *engine, const LvsdServiceKey *key, GError **error)
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
