/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/drift.h"

#include "model/message-ids.h"

/* A flush of ten thousand services is one piece of news. */
#define DELAY_MS 500

/* More than these are a number in the journal. */
#define MAX_LINES 10

struct _LvsdDriftNews
{
  GHashTable *known; /* item -> LvsdDrift: what differs, and was told */
  GArray *found;     /* of LvsdDifference, to be told */
  GArray *repaired;
  guint source;
};

static void
clear_difference (gpointer data)
{
  LvsdDifference *difference = data;

  g_clear_pointer (&difference->item, lvsd_item_unref);
  g_clear_pointer (&difference->wanted, lvsd_item_unref);
  g_clear_pointer (&difference->held, lvsd_item_unref);
}

static GArray *
new_differences (void)
{
  GArray *differences = g_array_new (FALSE, TRUE, sizeof (LvsdDifference));

  g_array_set_clear_func (differences, clear_difference);
  return differences;
}

void
lvsd_drift_begin (LvsdNode *node)
{
  node->news = g_new0 (LvsdDriftNews, 1);
  node->news->known = g_hash_table_new_full (lvsd_item_identity_hash, lvsd_item_identity_equal,
                                             lvsd_item_unref, NULL);
  node->news->found = new_differences ();
  node->news->repaired = new_differences ();
}

void
lvsd_drift_end (LvsdNode *node)
{
  if (node->news == NULL)
    return;
  g_clear_handle_id (&node->news->source, g_source_remove);
  g_hash_table_unref (node->news->known);
  g_array_unref (node->news->found);
  g_array_unref (node->news->repaired);
  g_clear_pointer (&node->news, g_free);
}

static void
log_differences (const GArray *differences, const char *what)
{
  for (guint i = 0; i < MIN (differences->len, MAX_LINES); i++)
    {
      const LvsdDifference *difference = &g_array_index (differences, LvsdDifference, i);
      g_autofree char *id = lvsd_item_dup_id (difference->item);

      g_message ("%s: %s %s, %s", what,
                 lvsd_item_class (lvsd_item_get_kind (difference->item))->name, id,
                 lvsd_terms_format (lvsd_drift_terms, difference->drift));
    }
  if (differences->len > MAX_LINES)
    g_message ("%s: %u more", what, differences->len - MAX_LINES);
}

static void
tell (LvsdNode *node, GArray **differences, gboolean repaired)
{
  g_autoptr (GArray) told = *differences;

  *differences = new_differences ();
  if (told->len == 0)
    return;
  log_differences (told, repaired ? "repaired" : "drift");
  if (repaired)
    g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "MESSAGE_ID", LVSD_MESSAGE_REPAIRED,
                      "MESSAGE", "the kernel differed from what is desired; %u repaired",
                      told->len);
  if (node->observer.drifted != NULL)
    node->observer.drifted (told, repaired, node->observer_data);
}

void
lvsd_drift_flush (LvsdNode *node)
{
  if (node->news == NULL)
    return;
  g_clear_handle_id (&node->news->source, g_source_remove);
  tell (node, &node->news->found, FALSE);
  tell (node, &node->news->repaired, TRUE);
}

static gboolean
on_timer (gpointer user_data)
{
  LvsdNode *node = user_data;

  node->news->source = 0;
  lvsd_drift_flush (node);
  return G_SOURCE_REMOVE;
}

static void
add (LvsdNode *node, GArray *to, gpointer item, LvsdDrift drift, LvsdItem *wanted, LvsdItem *held)
{
  LvsdDifference difference = { .item = lvsd_item_ref (item),
                                .drift = drift,
                                .wanted = wanted != NULL ? lvsd_item_ref (wanted) : NULL,
                                .held = held != NULL ? lvsd_item_ref (held) : NULL };

  g_array_append_val (to, difference);
  if (node->news->source == 0)
    node->news->source = g_timeout_add (DELAY_MS, on_timer, node);
}

void
lvsd_drift_found (LvsdNode *node, gpointer item, LvsdDrift drift, LvsdItem *wanted, LvsdItem *held)
{
  gpointer known;

  if (node->news == NULL
      || (g_hash_table_lookup_extended (node->news->known, item, NULL, &known)
          && GPOINTER_TO_UINT (known) == drift))
    return;
  g_hash_table_replace (node->news->known, lvsd_item_ref (item), GUINT_TO_POINTER (drift));
  add (node, node->news->found, item, drift, wanted, held);
}

void
lvsd_drift_repaired (LvsdNode *node,
                     gpointer item,
                     LvsdDrift drift,
                     LvsdItem *wanted,
                     LvsdItem *held)
{
  if (node->news == NULL)
    return;
  add (node, node->news->repaired, item, drift, wanted, held);
  g_hash_table_remove (node->news->known, item);
}

gboolean
lvsd_drift_is_known (const LvsdNode *node)
{
  return node->news != NULL && g_hash_table_size (node->news->known) > 0;
}

void
lvsd_drift_settled (LvsdNode *node, gconstpointer item)
{
  if (lvsd_drift_is_known (node))
    g_hash_table_remove (node->news->known, item);
}

void
lvsd_drift_forget_service (LvsdNode *node, const LvsdServiceIdentity *service)
{
  GHashTableIter iter;
  gpointer item;

  if (!lvsd_drift_is_known (node))
    return;
  g_hash_table_iter_init (&iter, node->news->known);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (lvsd_item_service (item) != NULL
        && lvsd_service_key_equal (&lvsd_item_service (item)->key, &service->key))
      g_hash_table_iter_remove (&iter);
}

void
lvsd_drift_settle_extra (LvsdNode *node,
                         const LvsdServiceIdentity *service,
                         const LvsdActual *actual)
{
  GHashTableIter iter;
  gpointer item;
  gpointer drift;

  if (!lvsd_drift_is_known (node))
    return;
  g_hash_table_iter_init (&iter, node->news->known);
  while (g_hash_table_iter_next (&iter, &item, &drift))
    if (GPOINTER_TO_UINT (drift) == LVSD_DRIFT_EXTRA
        && lvsd_service_key_equal (&lvsd_item_service (item)->key, &service->key)
        && (lvsd_actual_find (actual, item) == NULL || lvsd_table_find (node->table, item) != NULL))
      g_hash_table_iter_remove (&iter);
}
