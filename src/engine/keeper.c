/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/keeper.h"

#include <time.h>

#include "engine/holding.h"
#include "engine/reconciliation.h"
#include "engine/settings.h"
#include "engine/transaction.h"
#include "kernel/ipvs-glance.h"

/* Where there are many services, looking at all of them and all of their destinations takes long.
 * So there are three ways of looking: a glance, which tells at once that all are gone; one dump of
 * all services without their destinations, which tells of each whether it is there and as desired;
 * and slices of a few services with their destinations, one after the other. The latter two rest a
 * multiple of what they have cost the processor. What they find tells that something has been at
 * work, and then everything is looked at in one go. */
enum
{
  SERVICES_A_SLICE = 32,
  ROUND_MS = 5000,
  GLANCE_SECONDS = 1,
  /* A burst of news about links, such as our own, is looked at once. */
  SETTLE_MS = 20,
  BUSY_MS = 50,
  BACK_OFF_MS = 60000,
  COST_FACTOR = 2000,     /* each of the two costs at most so small a part of one core, */
  HURRY_COST_FACTOR = 50, /* and rounds in one go at most this one, whoever keeps at work */
  HURRY_REST_MS = 600000, /* so long at most */
  CLASSES = 64,
  SERVICES_A_CLASS = 128,
};

struct _LvsdKeeper
{
  LvsdNode *node;
  LvsdKeeperSubmitFunc submit;
  gpointer submit_data;
  guint links_source;
  guint dump_source;
  guint slice_source;
  guint glance_source;
  guint links_delay;        /* ms; grows while somebody keeps undoing what is put back */
  LvsdAgreement *agreement; /* of the last dump; NULL: IPVS did not answer, or was not asked yet */
  GPtrArray *flushed;       /* services that are gone, in the order that the kernel had; or NULL */
  gboolean expects;         /* the next dump was brought forward for something that is due then */

  /* A round goes through the services of one class after the other, so that of many that stand
   * together in the table some are seen soon. */
  guint class;
  guint n_classes;
  char *cursor; /* the last service looked at, or NULL at the start of a class */

  gboolean hurried;  /* a round in one go is under way */
  gboolean again;    /* another one is asked for meanwhile */
  gint64 hurry_cost; /* µs of the processor's time that the last one took */
  gint64 hurry_end;  /* when it ended; monotonic */
  gboolean was_empty;
  guint holds; /* that there were at the last glance */
};

static void schedule_links (LvsdKeeper *keeper, guint delay);

static LvsdRepair
extent (const LvsdKeeper *keeper)
{
  return keeper->node->degraded != NULL ? LVSD_REPAIR_NOTHING : LVSD_REPAIR_BY_POLICY;
}

/* What such a setting was before has to be durable before it is written, so each goes the way of a
 * change; by itself, so that one that the kernel refuses holds no other back. */
static void
welcome_settings (LvsdKeeper *keeper)
{
  g_autoptr (LvsdChange) all = lvsd_settings_welcome (keeper->node);

  for (guint i = 0; all != NULL && i < all->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (all, i);
      LvsdChange *change = lvsd_change_new ();

      lvsd_change_add (change, edit->before, edit->after);
      keeper->submit (change, keeper->submit_data);
    }
}

static gboolean
look_at_links (gpointer user_data)
{
  static const LvsdKind kinds[] = { LVSD_KIND_ADDRESS, LVSD_KIND_ROLE, LVSD_KIND_SYNC,
                                    LVSD_KIND_REPLACED };
  LvsdKeeper *keeper = user_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);

  keeper->links_source = 0;
  if (g_hash_table_contains (keeper->node->locks, LVSD_SCOPE_ADDRESSES))
    {
      schedule_links (keeper, BUSY_MS);
      return G_SOURCE_REMOVE;
    }
  lvsd_announcer_links_changed (keeper->node->announcer);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    lvsd_table_collect (keeper->node->table, kinds[i], items);
  if (items->len > 0 && lvsd_reconcile (keeper->node, items, NULL, extent (keeper)) > 0)
    keeper->links_delay = MIN (keeper->links_delay * 2, BACK_OFF_MS);
  else
    keeper->links_delay = SETTLE_MS;
  if (extent (keeper) != LVSD_REPAIR_NOTHING)
    welcome_settings (keeper);
  return G_SOURCE_REMOVE;
}

static void
schedule_links (LvsdKeeper *keeper, guint delay)
{
  if (keeper->links_source == 0)
    keeper->links_source = g_timeout_add (delay, look_at_links, keeper);
}

void
lvsd_keeper_links_changed (LvsdKeeper *keeper)
{
  schedule_links (keeper, keeper->links_delay);
}

/* The kernel does what it is asked for in our own time: netlink requests and reads of /proc are
 * carried out by whoever makes them. */
static gint64
processor_time (void)
{
  struct timespec time = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gboolean
is_locked (const LvsdNode *node, const LvsdService *service)
{
  g_autofree char *scope = lvsd_scope_of_service (&service->identity->key);

  return g_hash_table_contains (node->locks, scope);
}

/* Slices. */

typedef struct
{
  const LvsdKeeper *keeper;
  GPtrArray *services;
  guint n; /* with those that are left out */
  char *last;
} Slice;

/* What a transaction works on is left for the next round. */
static gboolean
take_service (gpointer item, gpointer user_data)
{
  Slice *slice = user_data;
  const LvsdKeeper *keeper = slice->keeper;
  const LvsdService *service = item;

  if (lvsd_service_key_hash (&service->identity->key) % keeper->n_classes != keeper->class)
    return TRUE;
  g_free (slice->last);
  slice->last = g_strdup (service->identity->name);
  if (!is_locked (keeper->node, service))
    g_ptr_array_add (slice->services, lvsd_item_ref (item));
  return ++slice->n < SERVICES_A_SLICE;
}

/* What was flushed goes back last service first. The kernel keeps deleted destinations on a list,
 * the last one first, and looks through that for each that is added, to take it from there
 * (ip_vs_trash_get_dest): so it finds each at once, and else after a walk over all of them. */
static void
take_flushed (Slice *slice, LvsdKeeper *keeper)
{
  for (; slice->n < SERVICES_A_SLICE && keeper->flushed->len > 0; slice->n++)
    {
      g_autoptr (LvsdService) gone =
          g_ptr_array_steal_index (keeper->flushed, keeper->flushed->len - 1);
      LvsdService *service =
          lvsd_table_find_service_by_key (keeper->node->table, &gone->identity->key);

      if (service != NULL && !is_locked (keeper->node, service))
        g_ptr_array_add (slice->services, lvsd_item_ref (service));
    }
}

static guint
compare (const LvsdKeeper *keeper, const GPtrArray *services)
{
  LvsdNode *node = keeper->node;
  g_autoptr (GPtrArray) items = NULL;

  if (keeper->agreement != NULL)
    return lvsd_reconcile_services (node, services, keeper->agreement, extent (keeper));
  items = g_ptr_array_new ();
  for (guint i = 0; i < services->len; i++)
    {
      LvsdService *service = g_ptr_array_index (services, i);

      g_ptr_array_add (items, service);
      g_ptr_array_extend (items, lvsd_table_destinations (node->table, service->identity), NULL,
                          NULL);
    }
  return lvsd_reconcile (node, items, NULL, extent (keeper));
}

static gboolean look_at_slice (gpointer user_data);

static guint
count_slices (const LvsdKeeper *keeper)
{
  guint n_services = lvsd_table_count (keeper->node->table, LVSD_KIND_SERVICE);

  return n_services / SERVICES_A_SLICE + keeper->n_classes;
}

/* cost: of the last one. */
static void
schedule_slice (LvsdKeeper *keeper, gint64 cost)
{
  gint64 pause = MAX (cost * COST_FACTOR / 1000, ROUND_MS / count_slices (keeper));

  keeper->slice_source = keeper->hurried ? g_idle_add (look_at_slice, keeper)
                                         : g_timeout_add ((guint) pause, look_at_slice, keeper);
}

static void
begin_round (LvsdKeeper *keeper)
{
  guint n_services = lvsd_table_count (keeper->node->table, LVSD_KIND_SERVICE);

  g_clear_pointer (&keeper->cursor, g_free);
  keeper->class = 0;
  keeper->n_classes = keeper->hurried ? 1 : CLAMP (n_services / SERVICES_A_CLASS, 1, CLASSES);
}

static void look_at_all (LvsdKeeper *keeper);

/* All but what has been put back is compared now. */
static void
end_flush (LvsdKeeper *keeper)
{
  g_clear_pointer (&keeper->flushed, g_ptr_array_unref);
  look_at_all (keeper);
}

static void
begin_hurried_round (LvsdKeeper *keeper)
{
  gint64 begun = processor_time ();

  keeper->hurried = TRUE;
  keeper->again = FALSE;
  begin_round (keeper);
  look_at_all (keeper);
  keeper->hurry_cost = processor_time () - begun;
  g_clear_handle_id (&keeper->slice_source, g_source_remove);
  schedule_slice (keeper, 0);
}

/* Something differs: there may be more of it. */
static void
hurry (LvsdKeeper *keeper)
{
  if (!keeper->hurried
      && g_get_monotonic_time () - keeper->hurry_end
             >= MIN (keeper->hurry_cost * HURRY_COST_FACTOR, HURRY_REST_MS * (gint64) 1000))
    begin_hurried_round (keeper);
}

static void
end_round (LvsdKeeper *keeper)
{
  if (keeper->hurried)
    keeper->hurry_end = g_get_monotonic_time ();
  keeper->hurried = FALSE;
  begin_round (keeper);
}

static void
go_on (LvsdKeeper *keeper, Slice *slice)
{
  if (keeper->flushed != NULL && keeper->hurried)
    {
      take_flushed (slice, keeper);
      return;
    }
  lvsd_table_walk (keeper->node->table, LVSD_KIND_SERVICE, keeper->cursor, take_service, slice);
  g_free (keeper->cursor);
  keeper->cursor = slice->last;
}

/* The last one of a class, or of what was flushed. */
static void
end_slices (LvsdKeeper *keeper)
{
  if (keeper->flushed != NULL && keeper->hurried)
    {
      end_flush (keeper);
      return;
    }
  g_clear_pointer (&keeper->cursor, g_free);
  if (++keeper->class >= keeper->n_classes)
    end_round (keeper);
}

static gboolean
look_at_slice (gpointer user_data)
{
  LvsdKeeper *keeper = user_data;
  gint64 begun = processor_time ();
  g_autoptr (GPtrArray) services = g_ptr_array_new_with_free_func (lvsd_item_unref);
  Slice slice = { .keeper = keeper, .services = services };
  guint writes;
  gint64 cost;

  keeper->slice_source = 0;
  go_on (keeper, &slice);
  writes = services->len > 0 ? compare (keeper, services) : 0;
  cost = processor_time () - begun;
  if (keeper->hurried)
    keeper->hurry_cost += cost;
  if (slice.n < SERVICES_A_SLICE)
    end_slices (keeper);
  schedule_slice (keeper, writes == 0 ? cost : 0);
  if (keeper->again)
    begin_hurried_round (keeper);
  else if (writes > 0)
    hurry (keeper);
  return G_SOURCE_REMOVE;
}

/* All services, without their destinations. */

static void
end_holds (LvsdKeeper *keeper)
{
  LvsdChange *ends = lvsd_holding_plan_ends (keeper->node);

  if (ends->edits->len > 0)
    keeper->submit (ends, keeper->submit_data);
  else
    lvsd_change_free (ends);
}

/* That there is none says nothing of what is there when a slice is looked at. The order is that of
 * the last dump: what was added since then is not in it, and comes after it. */
static void
note_flush (LvsdKeeper *keeper, const LvsdAgreement *before)
{
  if (before != NULL && keeper->flushed == NULL)
    keeper->flushed = g_ptr_array_ref (lvsd_agreement_services (before));
  g_clear_pointer (&keeper->agreement, lvsd_agreement_free);
}

static void
look_at_all (LvsdKeeper *keeper)
{
  g_autoptr (LvsdAgreement) before = g_steal_pointer (&keeper->agreement);

  end_holds (keeper);
  lvsd_contention_forget (keeper->node->contention);
  lvsd_keeper_links_changed (keeper);
  if (lvsd_table_count (keeper->node->table, LVSD_KIND_SERVICE) > 0)
    keeper->agreement = lvsd_agreement_new (keeper->node, NULL);
  if (keeper->agreement != NULL && lvsd_agreement_is_void (keeper->agreement))
    note_flush (keeper, before);
  else
    g_clear_pointer (&keeper->flushed, g_ptr_array_unref);
}

typedef struct
{
  const LvsdKeeper *keeper;
  gboolean found;
} Difference;

/* What is noted already is no news. */
static gboolean
look_for_difference (gpointer item, gpointer user_data)
{
  Difference *difference = user_data;
  const LvsdKeeper *keeper = difference->keeper;

  difference->found = !lvsd_agreement_has (keeper->agreement, item)
                      && lvsd_node_standing (keeper->node, item, NULL) == LVSD_STATE_APPLIED
                      && !is_locked (keeper->node, item);
  return !difference->found;
}

static gboolean
differs (const LvsdKeeper *keeper)
{
  Difference difference = { .keeper = keeper };

  if (keeper->agreement != NULL)
    lvsd_table_walk (keeper->node->table, LVSD_KIND_SERVICE, NULL, look_for_difference,
                     &difference);
  return difference.found;
}

static gboolean look_and_schedule (gpointer user_data);

static void
schedule_dump (LvsdKeeper *keeper, gint64 cost)
{
  gint64 pause = MAX (ROUND_MS, cost * COST_FACTOR / 1000);
  gint64 events[] = { lvsd_holding_next_end (keeper->node),
                      lvsd_contention_next (keeper->node->contention) };

  keeper->expects = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i] >= 0 && (events[i] + 1) * 1000 < pause)
      {
        pause = (events[i] + 1) * 1000;
        keeper->expects = TRUE;
      }
  keeper->dump_source = g_timeout_add ((guint) pause, look_and_schedule, keeper);
}

static gboolean
look_and_schedule (gpointer user_data)
{
  LvsdKeeper *keeper = user_data;
  gint64 begun = processor_time ();
  gboolean found;

  if (!keeper->hurried)
    look_at_all (keeper);
  found = keeper->expects || differs (keeper);
  schedule_dump (keeper, processor_time () - begun);
  if (found)
    hurry (keeper);
  return G_SOURCE_REMOVE;
}

LvsdKeeper *
lvsd_keeper_new (LvsdNode *node, LvsdKeeperSubmitFunc submit, gpointer user_data)
{
  LvsdKeeper *keeper = g_new0 (LvsdKeeper, 1);

  keeper->node = node;
  keeper->submit = submit;
  keeper->submit_data = user_data;
  keeper->links_delay = SETTLE_MS;
  return keeper;
}

void
lvsd_keeper_free (LvsdKeeper *keeper)
{
  if (keeper->links_source != 0)
    g_source_remove (keeper->links_source);
  if (keeper->dump_source != 0)
    g_source_remove (keeper->dump_source);
  if (keeper->slice_source != 0)
    g_source_remove (keeper->slice_source);
  if (keeper->glance_source != 0)
    g_source_remove (keeper->glance_source);
  g_clear_pointer (&keeper->agreement, lvsd_agreement_free);
  g_clear_pointer (&keeper->flushed, g_ptr_array_unref);
  g_free (keeper->cursor);
  g_free (keeper);
}

void
lvsd_keeper_look (LvsdKeeper *keeper)
{
  keeper->again = keeper->hurried;
  if (!keeper->hurried && keeper->slice_source != 0)
    begin_hurried_round (keeper);
}

/* That all services are gone is seen at once, and what is held no longer is looked at. */
static gboolean
glance (gpointer user_data)
{
  LvsdKeeper *keeper = user_data;
  gboolean is_empty = lvsd_ipvs_is_empty ();
  guint holds = lvsd_table_count (keeper->node->table, LVSD_KIND_HOLD);

  if ((is_empty && !keeper->was_empty) || holds < keeper->holds)
    lvsd_keeper_look (keeper);
  keeper->holds = holds;
  keeper->was_empty = is_empty;
  return G_SOURCE_CONTINUE;
}

/* Before this, news about links is collected but nothing is looked at. */
void
lvsd_keeper_start (LvsdKeeper *keeper)
{
  keeper->was_empty = TRUE;
  keeper->glance_source = g_timeout_add_seconds (GLANCE_SECONDS, glance, keeper);
  begin_round (keeper);
  schedule_dump (keeper, 0);
  schedule_slice (keeper, 0);
}
