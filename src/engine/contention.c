/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/contention.h"

#include "model/destination.h"
#include "model/service.h"

enum
{
  TIMES_AT_ONCE = 3, /* a person may flush by hand more than once */
  FIRST_PAUSE = 5,   /* seconds; doubles with each time after that */
  LONGEST_PAUSE = 300,
  PEACE = 60, /* seconds without a change after which nobody contends any more, at least */
};

typedef struct
{
  guint times;
  gint64 last; /* seconds */
  gint64 pause;
} Bout;

struct _LvsdContention
{
  GHashTable *bouts; /* item -> Bout */
};

static gint64
now (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

LvsdContention *
lvsd_contention_new (void)
{
  LvsdContention *contention = g_new0 (LvsdContention, 1);

  contention->bouts = g_hash_table_new_full (lvsd_item_identity_hash, lvsd_item_identity_equal,
                                             lvsd_item_unref, g_free);
  return contention;
}

void
lvsd_contention_free (LvsdContention *contention)
{
  g_hash_table_unref (contention->bouts);
  g_free (contention);
}

static gint64
seconds_left (const Bout *bout)
{
  return MAX (bout->last + bout->pause - now (), 0);
}

static gboolean
is_over (const Bout *bout)
{
  return now () - bout->last > MAX (PEACE, 2 * bout->pause);
}

static gboolean
allows (const LvsdContention *contention, gconstpointer item)
{
  const Bout *bout = g_hash_table_lookup (contention->bouts, item);

  return bout == NULL || seconds_left (bout) == 0;
}

/* A destination waits for its service, into which it is put. */
gboolean
lvsd_contention_allows (const LvsdContention *contention, gconstpointer item)
{
  g_autoptr (LvsdService) service = NULL;

  if (g_hash_table_size (contention->bouts) == 0)
    return TRUE;
  if (lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION)
    service = lvsd_service_new (((const LvsdDestination *) item)->identity);
  return allows (contention, item) && (service == NULL || allows (contention, service));
}

void
lvsd_contention_note (LvsdContention *contention, gpointer item)
{
  Bout *bout = g_hash_table_lookup (contention->bouts, item);

  if (bout == NULL)
    {
      bout = g_new0 (Bout, 1);
      g_hash_table_insert (contention->bouts, lvsd_item_ref (item), bout);
    }
  else if (is_over (bout))
    *bout = (Bout){ 0 };
  bout->times++;
  bout->last = now ();
  if (bout->times >= TIMES_AT_ONCE)
    bout->pause = bout->pause == 0 ? FIRST_PAUSE : MIN (bout->pause * 2, LONGEST_PAUSE);
}

void
lvsd_contention_forget (LvsdContention *contention)
{
  GHashTableIter iter;
  gpointer bout;

  g_hash_table_iter_init (&iter, contention->bouts);
  while (g_hash_table_iter_next (&iter, NULL, &bout))
    if (is_over (bout))
      g_hash_table_iter_remove (&iter);
}

void
lvsd_contention_drop (LvsdContention *contention, gconstpointer item)
{
  if (g_hash_table_size (contention->bouts) > 0)
    g_hash_table_remove (contention->bouts, item);
}

gint64
lvsd_contention_next (const LvsdContention *contention)
{
  GHashTableIter iter;
  gpointer bout;
  gint64 next = -1;

  g_hash_table_iter_init (&iter, contention->bouts);
  while (g_hash_table_iter_next (&iter, NULL, &bout))
    {
      gint64 seconds = seconds_left (bout);

      if (seconds > 0 && (next < 0 || seconds < next))
        next = seconds;
    }
  return next;
}

void
lvsd_contention_walk (const LvsdContention *contention,
                      LvsdContentionFunc function,
                      gpointer user_data)
{
  GHashTableIter iter;
  gpointer item;
  gpointer value;

  g_hash_table_iter_init (&iter, contention->bouts);
  while (g_hash_table_iter_next (&iter, &item, &value))
    {
      const Bout *bout = value;

      if (bout->times >= TIMES_AT_ONCE && !is_over (bout))
        function (item, bout->times, seconds_left (bout), user_data);
    }
}
