/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/keeper.h"

#include <time.h>

#include "engine/holding.h"
#include "engine/reconciliation.h"
#include "engine/settings.h"
#include "engine/transaction.h"
#include "kernel/ipvs-glance.h"

enum
{
  SERVICES_A_SLICE = 32,
  ROUND_MS = 5000,
  GLANCE_SECONDS = 1,
  /* A burst of news about links, such as our own, is looked at once. */
  SETTLE_MS = 20,
  BUSY_MS = 50,
  BACK_OFF_MS = 60000,
  COST_FACTOR = 1000, /* looking costs at most a thousandth of one core */
};

struct _LvsdKeeper
{
  LvsdNode *node;
  LvsdKeeperSubmitFunc submit;
  gpointer submit_data;
  guint links_source;
  guint round_source;
  guint glance_source;
  guint links_delay; /* ms; grows while somebody keeps undoing what is put back */
  char *cursor;      /* the last service looked at, or NULL at the start of a round */
  gint64 round_cost; /* µs of the processor's time, without what was repaired */
  gboolean in_round;
  gboolean again; /* a round is asked for while one is under way */
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

typedef struct
{
  LvsdKeeper *keeper;
  GPtrArray *items;
  guint services;
  char *last;
} Slice;

/* What a transaction works on is left for the next round. */
static gboolean
take_service (gpointer item, gpointer user_data)
{
  Slice *slice = user_data;
  LvsdNode *node = slice->keeper->node;
  const LvsdService *service = item;
  g_autofree char *scope = lvsd_scope_of_service (&service->identity->key);
  const GPtrArray *destinations = lvsd_table_destinations (node->table, service->identity);

  g_free (slice->last);
  slice->last = g_strdup (service->identity->name);
  if (!g_hash_table_contains (node->locks, scope))
    {
      g_ptr_array_add (slice->items, lvsd_item_ref (item));
      for (guint i = 0; i < destinations->len; i++)
        g_ptr_array_add (slice->items, lvsd_item_ref (g_ptr_array_index (destinations, i)));
    }
  return ++slice->services < SERVICES_A_SLICE;
}

static gboolean look_at_services (gpointer user_data);

static void
end_holds (LvsdKeeper *keeper)
{
  LvsdChange *ends = lvsd_holding_plan_ends (keeper->node);

  if (ends->edits->len > 0)
    keeper->submit (ends, keeper->submit_data);
  else
    lvsd_change_free (ends);
}

static gboolean
begin_round (gpointer user_data)
{
  LvsdKeeper *keeper = user_data;

  keeper->round_cost = 0;
  keeper->in_round = TRUE;
  keeper->again = FALSE;
  end_holds (keeper);
  lvsd_contention_forget (keeper->node->contention);
  lvsd_keeper_links_changed (keeper);
  keeper->round_source = g_idle_add (look_at_services, keeper);
  return G_SOURCE_REMOVE;
}

static void
schedule_round (LvsdKeeper *keeper)
{
  guint pause = (guint) MAX (ROUND_MS, keeper->round_cost * COST_FACTOR / 1000);
  gint64 events[] = { lvsd_holding_next_end (keeper->node),
                      lvsd_contention_next (keeper->node->contention) };

  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i] >= 0)
      pause = MIN (pause, (guint) (events[i] + 1) * 1000);
  keeper->in_round = FALSE;
  keeper->round_source = g_timeout_add (keeper->again ? 0 : pause, begin_round, keeper);
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
look_at_services (gpointer user_data)
{
  LvsdKeeper *keeper = user_data;
  gint64 begun = processor_time ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  Slice slice = { .keeper = keeper, .items = items };

  lvsd_table_walk (keeper->node->table, LVSD_KIND_SERVICE, keeper->cursor, take_service, &slice);
  g_free (keeper->cursor);
  keeper->cursor = slice.last;
  if (items->len == 0 || lvsd_reconcile (keeper->node, items, NULL, extent (keeper)) == 0)
    keeper->round_cost += processor_time () - begun;
  if (slice.services == SERVICES_A_SLICE)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&keeper->cursor, g_free);
  schedule_round (keeper);
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
  if (keeper->round_source != 0)
    g_source_remove (keeper->round_source);
  if (keeper->glance_source != 0)
    g_source_remove (keeper->glance_source);
  g_free (keeper->cursor);
  g_free (keeper);
}

void
lvsd_keeper_look (LvsdKeeper *keeper)
{
  keeper->again = keeper->in_round;
  if (keeper->in_round || keeper->round_source == 0)
    return;
  g_source_remove (keeper->round_source);
  keeper->round_source = g_idle_add (begin_round, keeper);
}

/* Where there are many services, rounds are far between; that all of them are gone is seen at once,
 * and what is held no longer is looked at. */
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
  schedule_round (keeper);
}
