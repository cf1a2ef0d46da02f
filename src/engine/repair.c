/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/repair.h"

#include <glib/gi18n-lib.h>

#include "engine/drift.h"
#include "engine/holding.h"
#include "engine/reception.h"
#include "engine/reconciliation.h"
#include "engine/restore.h"
#include "engine/transaction.h"
#include "model/error.h"

#define SERVICES_A_SLICE 32

struct _LvsdRepairRun
{
  LvsdNode *node;
  GPtrArray *unsettled; /* borrowed; NULL: it is about services alone, or they are settled */
  GPtrArray *services;  /* references */
  guint position;       /* the next of services */
  LvsdRepair extent;
  guint writes;
  LvsdRepairFunc finished;
  gpointer user_data;
};

static void
finish (LvsdRepairRun *run, const GError *error)
{
  lvsd_drift_flush (run->node);
  run->finished (run->writes, error, run->user_data);
  g_ptr_array_unref (run->services);
  g_free (run);
}

/* The store is to hold what the table does: after an undo that could not be recorded it may hold
 * more, which a checkpoint leaves behind. */
static void
recover (LvsdNode *node)
{
  g_autoptr (GPtrArray) items = NULL;

  if (node->degraded == NULL)
    return;
  lvsd_store_accept_damage (node->store);
  items = lvsd_table_snapshot (node->table);
  lvsd_store_checkpoint (node->store, items);
  lvsd_node_recover (node);
}

/* Everything but services goes first, with what changes may have left in the kernel. */
static void
repair_others (LvsdRepairRun *run, const GPtrArray *leftovers)
{
  static const LvsdKind kinds[] = { LVSD_KIND_ADDRESS, LVSD_KIND_ROLE, LVSD_KIND_SYNC,
                                    LVSD_KIND_REPLACED };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    lvsd_table_collect (run->node->table, kinds[i], items);
  run->writes += lvsd_reconcile (run->node, items, leftovers, run->extent);
}

static void
repair_slice (LvsdRepairRun *run)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  guint end = MIN (run->position + SERVICES_A_SLICE, run->services->len);

  for (; run->position < end; run->position++)
    {
      LvsdService *service = g_ptr_array_index (run->services, run->position);
      const GPtrArray *destinations = lvsd_table_destinations (run->node->table, service->identity);

      g_ptr_array_add (items, lvsd_item_ref (service));
      for (guint i = 0; i < destinations->len; i++)
        g_ptr_array_add (items, lvsd_item_ref (g_ptr_array_index (destinations, i)));
    }
  run->writes += lvsd_reconcile (run->node, items, NULL, run->extent);
}

static gboolean
go_on (gpointer user_data)
{
  LvsdRepairRun *run = user_data;

  if (run->position < run->services->len)
    {
      repair_slice (run);
      return G_SOURCE_CONTINUE;
    }
  if (run->unsettled != NULL)
    {
      lvsd_restore_settle (run->node, run->unsettled);
      recover (run->node);
    }
  finish (run, NULL);
  return G_SOURCE_REMOVE;
}

static void
begin (LvsdRepairRun *run, const GPtrArray *leftovers)
{
  lvsd_table_collect (run->node->table, LVSD_KIND_SERVICE, run->services);
  repair_others (run, leftovers);
  g_idle_add_full (G_PRIORITY_DEFAULT, go_on, run, NULL);
}

static void
begun (const GError *error, gpointer user_data)
{
  LvsdRepairRun *run = user_data;
  g_autoptr (GPtrArray) leftovers = NULL;

  if (error != NULL)
    {
      finish (run, error);
      return;
    }
  leftovers = lvsd_restore_collect_leftovers (run->node, run->unsettled);
  begin (run, leftovers);
}

/* A degraded state ends only where its end can be recorded; a newer lvsd's state never here. */
static gboolean
check_store (LvsdNode *node, GError **error)
{
  gboolean newer = lvsd_store_condition (node->store, NULL) == LVSD_STORE_NEWER;
  const char *reason;

  if (lvsd_store_is_writable (node->store, &reason) || (node->degraded == NULL && !newer))
    return TRUE;
  g_set_error_literal (error, LVSD_ERROR, newer ? LVSD_ERROR_READ_ONLY : LVSD_ERROR_STORE_FAILED,
                       reason);
  return FALSE;
}

static LvsdRepairRun *
new_run (LvsdNode *node, LvsdRepairFunc finished, gpointer user_data)
{
  LvsdRepairRun *run = g_new0 (LvsdRepairRun, 1);

  run->node = node;
  run->extent = LVSD_REPAIR_UNHELD;
  run->services = g_ptr_array_new_with_free_func (lvsd_item_unref);
  run->finished = finished;
  run->user_data = user_data;
  return run;
}

static gboolean
take_service (LvsdRepairRun *run, const char *name, GError **error)
{
  gpointer service = lvsd_table_find_by_id (run->node->table, LVSD_KIND_SERVICE, name);

  if (service == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service %s: is not there any more"),
                 name);
  else if (lvsd_holding_covers (run->node, service))
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                 _ ("service %s: is held, and nothing of it is repaired; 'lvsctl release' ends "
                    "that"),
                 name);
  else
    {
      g_ptr_array_add (run->services, lvsd_item_ref (service));
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_services (LvsdRepairRun *run, const char *const *names, GError **error)
{
  if (run->node->degraded != NULL)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                           _ ("lvsd is degraded, which 'lvsctl reconcile' of everything ends"));
      return FALSE;
    }
  for (guint i = 0; names[i] != NULL; i++)
    if (!take_service (run, names[i], error))
      return FALSE;
  return TRUE;
}

void
lvsd_repair_start_services (LvsdNode *node,
                            const char *const *names,
                            LvsdRepairFunc finished,
                            gpointer user_data)
{
  LvsdRepairRun *run = new_run (node, finished, user_data);
  g_autoptr (GError) error = NULL;

  if (take_services (run, names, &error))
    g_idle_add_full (G_PRIORITY_DEFAULT, go_on, run, NULL);
  else
    finish (run, error);
}

void
lvsd_repair_start (LvsdNode *node,
                   GPtrArray *unsettled,
                   LvsdRepairFunc finished,
                   gpointer user_data)
{
  LvsdRepairRun *run = new_run (node, finished, user_data);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  LvsdChange *renewal;

  run->unsettled = unsettled;
  if (!check_store (node, &error))
    {
      finish (run, error);
      return;
    }
  items = lvsd_table_snapshot (node->table);
  lvsd_reception_prepare (node, items);
  renewal = lvsd_restore_plan_renewal (node, items);
  lvsd_transaction_start (lvsd_transaction_new (node, renewal, LVSD_SUBMIT_FORCE, begun, run));
}

void
lvsd_repair_start_anew (LvsdNode *node,
                        const GPtrArray *leftovers,
                        LvsdRepairFunc finished,
                        gpointer user_data)
{
  LvsdRepairRun *run = new_run (node, finished, user_data);

  run->extent = LVSD_REPAIR_ALL;
  begin (run, leftovers);
}
