/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/sync-prerequisites.h"

#include <glib/gi18n-lib.h>

#include "kernel/sysctl.h"
#include "model/rules.h"
#include "model/setting.h"

/* The kernel sends from the first address of the interface, and listens by it. */
static gboolean
has_address (LvsdNode *node, const LvsdLink *link, int family, GError **error)
{
  g_autoptr (GArray) found = lvsd_links_addresses (node->links, link->name, error);

  for (guint i = 0; found != NULL && i < found->len; i++)
    if (g_array_index (found, LvsdFoundAddress, i).address.family == family)
      return TRUE;
  return FALSE;
}

char *
lvsd_sync_prerequisites_obstacle (LvsdNode *node,
                                  const LvsdSyncDaemon *daemon,
                                  LvsdError *ret_code,
                                  GError **error)
{
  const char *state = lvsd_terms_format (lvsd_sync_state_terms, daemon->state);
  g_autoptr (GError) local_error = NULL;
  LvsdLink link;

  *ret_code = LVSD_ERROR_NOT_FOUND;
  if (!lvsd_links_find (node->links, daemon->interface, &link, &local_error))
    {
      if (g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
        return g_strdup_printf (_ ("sync %s: interface '%s' does not exist on this machine"), state,
                                daemon->interface);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  *ret_code = LVSD_ERROR_CONFLICT;
  if (!link.up)
    return g_strdup_printf (_ ("sync %s: interface '%s' is down; bring it up with 'ip link set %s "
                               "up'"),
                            state, daemon->interface, daemon->interface);
  if (has_address (node, &link, daemon->group.family, &local_error))
    return NULL;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_strdup_printf (_ ("sync %s: interface '%s' has no address of the family of the group; "
                             "give it one"),
                          state, daemon->interface);
}

static gboolean
check_daemon (LvsdNode *node, const LvsdSyncDaemon *daemon, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *obstacle = NULL;
  LvsdError code;

  obstacle = lvsd_sync_prerequisites_obstacle (node, daemon, &code, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (obstacle == NULL)
    return TRUE;
  g_set_error_literal (error, LVSD_ERROR, (int) code, obstacle);
  return FALSE;
}

/* Where nobody told lvsd what it is to be. */
static gboolean
is_backup_only_held (void)
{
  gint32 value;

  return lvsd_sysctl_read (LVSD_SETTING_BACKUP_ONLY, &value, NULL) && value != 0;
}

gboolean
lvsd_sync_prerequisites_check (LvsdNode *node, const LvsdChange *change, GError **error)
{
  gboolean starts = FALSE;

  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after == NULL || lvsd_item_get_kind (after) != LVSD_KIND_SYNC)
        continue;
      if (!check_daemon (node, (const LvsdSyncDaemon *) after, error))
        return FALSE;
      starts = TRUE;
    }
  return !starts
         || lvsd_rules_check_backup_only (change, node->table, is_backup_only_held (), error);
}
