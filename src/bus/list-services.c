/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/handlers.h"
#include "bus/listing.h"

#define ROW_TYPE "a(ssssa{sv}(tttttttttt))"

static void
add_row (LvsdListing *listing,
         const LvsdService *service,
         const char *state,
         const LvsdActualEntry *entry)
{
  static const char *const columns[] = { "scheduler", NULL };
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (service, columns);
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  lvsd_listing_add_row (listing,
                        g_variant_new ("(ssss@a{sv}@(tttttttttt))", service->identity->name,
                                       lvsd_service_key_format (&service->identity->key, key),
                                       service->scheduler, state, g_variant_dict_end (fields),
                                       lvsd_listing_counters (entry)));
}

static gboolean
add_own (gpointer item, gpointer user_data)
{
  LvsdListing *listing = user_data;

  if (lvsd_listing_is_full (listing))
    return FALSE;
  add_row (listing, item, lvsd_listing_state (listing, item), lvsd_listing_find (listing, item));
  return TRUE;
}

/* "after" is a name, or the key of a foreign service, which come after all names. */
static void
add_all_own (LvsdListing *listing)
{
  if (listing->only != NULL)
    add_own ((gpointer) listing->only, listing);
  else if (!listing->by_key && (listing->after == NULL || strchr (listing->after, '/') == NULL))
    lvsd_table_walk (listing->table, LVSD_KIND_SERVICE, listing->after, add_own, listing);
}

gboolean
lvsd_call_manager_list_services (LvsdRequest *request, GError **error)
{
  g_auto (LvsdListing) listing = { 0 };
  g_autoptr (GPtrArray) foreign = NULL;

  if (!lvsd_listing_init (&listing, request, ROW_TYPE, TRUE, error))
    return FALSE;
  add_all_own (&listing);
  foreign = lvsd_listing_foreign_services (&listing);
  for (guint i = 0; i < foreign->len && !lvsd_listing_is_full (&listing); i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (foreign, i);

      add_row (&listing, (const LvsdService *) entry->item, "foreign", entry);
    }
  lvsd_listing_answer (&listing, request);
  return TRUE;
}
