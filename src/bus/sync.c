/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/options.h"

/* A draft of the state that was named. */
static LvsdSyncDaemon *
parse_state (const LvsdRequest *request, GError **error)
{
  const char *word;
  guint state;

  g_variant_get_child (request->parameters, 0, "&s", &word);
  if (!lvsd_terms_parse (lvsd_sync_state_terms, "sync: state", word, &state, error))
    return NULL;
  return lvsd_sync_daemon_new ((LvsdSyncState) state);
}

gboolean
lvsd_call_manager_start_sync (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (LvsdSyncDaemon) draft = parse_state (request, error);

  if (draft == NULL || !lvsd_lookup_check_absent (lvsd_request_table (request), draft, error)
      || !lvsd_options_fill (options, draft, FALSE, error))
    return FALSE;
  lvsd_request_add_edit (request, NULL, draft);
  return TRUE;
}

gboolean
lvsd_call_manager_stop_sync (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (LvsdSyncDaemon) like = parse_state (request, error);
  LvsdSyncDaemon *daemon;

  if (like == NULL || !lvsd_options_finish (options, error))
    return FALSE;
  daemon = lvsd_lookup_sync (lvsd_request_table (request), (LvsdSyncState) like->state, error);
  if (daemon == NULL)
    return FALSE;
  lvsd_request_add_edit (request, daemon, NULL);
  return TRUE;
}
