/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/sync-links.h"

#include "model/error.h"

enum
{
  UNKNOWN = 0,
  GONE = -1, /* the interface was not there when the daemon was first seen */
};

/* ret_index becomes GONE where there is no such interface. */
static gboolean
find_index (LvsdNode *node, const char *interface, int *ret_index, GError **error)
{
  g_autoptr (GError) failure = NULL;
  LvsdLink link = { .index = GONE };

  if (lvsd_links_find (node->links, interface, &link, &failure)
      || g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    {
      *ret_index = link.index;
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* It runs, from now on, on the interface that has its name now. */
void
lvsd_sync_links_note_started (LvsdNode *node, const LvsdSyncDaemon *daemon)
{
  int *known = &node->sync_links[daemon->state];

  if (!find_index (node, daemon->interface, known, NULL))
    *known = UNKNOWN;
}

/* If it runs, it does so on an interface that was there before lvsd was. */
void
lvsd_sync_links_note_absent (LvsdNode *node, const LvsdSyncDaemon *daemon)
{
  int *known = &node->sync_links[daemon->state];

  if (*known == UNKNOWN)
    *known = GONE;
}

static gboolean
compare_one (LvsdNode *node, LvsdSyncDaemon *found, GError **error)
{
  int *known = &node->sync_links[found->state];
  int index;

  if (!find_index (node, found->interface, &index, error))
    return FALSE;
  if (*known == UNKNOWN)
    *known = index;
  found->deaf = index != GONE && index != *known;
  return TRUE;
}

/* Marks the daemons among those that were just read whose interface is another one by now. */
gboolean
lvsd_sync_links_compare (LvsdNode *node, LvsdActual *actual, GError **error)
{
  static const LvsdSyncState states[] = { LVSD_SYNC_MASTER, LVSD_SYNC_BACKUP };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (LvsdSyncDaemon) like = lvsd_sync_daemon_new (states[i]);
      const LvsdActualEntry *entry = lvsd_actual_find (actual, like);

      if (entry == NULL)
        node->sync_links[states[i]] = UNKNOWN;
      else if (!compare_one (node, (LvsdSyncDaemon *) entry->item, error))
        return FALSE;
    }
  return TRUE;
}
