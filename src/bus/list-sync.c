/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/handlers.h"
#include "bus/listing.h"

#define ROW_TYPE "a(sssa{sv})"

/* Every field: those that were left out have values in effect too. */
static GVariant *
describe_fields (const LvsdSyncDaemon *daemon, const char *reason)
{
  const LvsdItemClass *class = &lvsd_sync_daemon_class;
  GVariantDict fields;

  g_variant_dict_init (&fields, NULL);
  for (gsize i = 0; i < class->n_fields; i++)
    g_variant_dict_insert_value (&fields, class->fields[i].name,
                                 lvsd_field_get (&class->fields[i], daemon));
  if (reason != NULL && reason[0] != '\0')
    g_variant_dict_insert (&fields, "reason", "s", reason);
  return g_variant_dict_end (&fields);
}

static void
add_own (LvsdListing *listing, LvsdSyncDaemon *daemon, const LvsdActualEntry *entry)
{
  const LvsdSyncDaemon *in_effect = entry != NULL ? (const LvsdSyncDaemon *) entry->item : daemon;
  const char *state = lvsd_terms_format (lvsd_sync_state_terms, daemon->state);
  const char *reason;

  lvsd_engine_item_state (listing->engine, daemon, &reason);
  lvsd_listing_add_row (listing, g_variant_new ("(sss@a{sv})", state, "lvsd",
                                                lvsd_listing_state (listing, daemon),
                                                describe_fields (in_effect, reason)));
}

static void
add_foreign (LvsdListing *listing, const LvsdActualEntry *entry)
{
  const LvsdSyncDaemon *daemon = (const LvsdSyncDaemon *) entry->item;

  lvsd_listing_add_row (listing,
                        g_variant_new ("(sss@a{sv})",
                                       lvsd_terms_format (lvsd_sync_state_terms, daemon->state),
                                       "foreign", "foreign", describe_fields (daemon, NULL)));
}

/* Without the kernel's word those of ours are still worth listing. */
static LvsdActual *
read_kernel (LvsdEngine *engine)
{
  g_autoptr (GError) error = NULL;
  LvsdActual *actual = lvsd_engine_read_sync (engine, &error);

  if (actual == NULL)
    g_debug ("listing sync daemons without the kernel: %s", error->message);
  return actual;
}

gboolean
lvsd_call_manager_list_sync (LvsdRequest *request, GError **error)
{
  static const LvsdSyncState states[] = { LVSD_SYNC_MASTER, LVSD_SYNC_BACKUP };
  g_auto (LvsdListing) listing = { 0 };
  guint after = 0;

  if (!lvsd_listing_init (&listing, request, ROW_TYPE, error)
      || (listing.after != NULL
          && !lvsd_terms_parse (lvsd_sync_state_terms, "after", listing.after, &after, error)))
    return FALSE;
  listing.actual = read_kernel (listing.engine);
  for (gsize i = 0; i < G_N_ELEMENTS (states) && !lvsd_listing_is_full (&listing); i++)
    {
      g_autoptr (LvsdSyncDaemon) like = lvsd_sync_daemon_new (states[i]);
      LvsdSyncDaemon *daemon = lvsd_table_find_sync (listing.table, states[i]);
      const LvsdActualEntry *entry = lvsd_listing_find (&listing, like);

      if (states[i] <= after)
        continue;
      if (daemon != NULL)
        add_own (&listing, daemon, entry);
      else if (entry != NULL)
        add_foreign (&listing, entry);
    }
  lvsd_listing_answer (&listing, request);
  return TRUE;
}
