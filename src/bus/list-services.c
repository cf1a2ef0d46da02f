/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/handlers.h"
#include "bus/listing.h"

#define ROW_TYPE "a(ssssa{sv}(tttttttttt))"
#define ROWS_AT_ONCE 32

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
  const LvsdService *service = item;

  add_row (listing, service, lvsd_listing_state (listing, item), lvsd_listing_find (listing, item));
  g_free (listing->after);
  listing->after = g_strdup (service->identity->name);
  return !lvsd_listing_is_full (listing) && listing->n_rows % ROWS_AT_ONCE != 0;
}

static gboolean
add_other (LvsdListing *listing)
{
  LvsdService *service;

  if (listing->n_others_listed == listing->others->len)
    return FALSE;
  service = g_ptr_array_index (listing->others, listing->n_others_listed++);
  add_row (listing, service, "foreign", lvsd_listing_find (listing, service));
  return TRUE;
}

/* "after" is a name, or the key of a foreign service, which come after all names. */
static gboolean
add_more (LvsdListing *listing)
{
  guint before = listing->n_rows;

  if (listing->of_others)
    return add_other (listing);
  if (listing->only != NULL)
    {
      add_own (listing->only, listing);
      return FALSE;
    }
  if (!listing->by_key && (listing->after == NULL || strchr (listing->after, '/') == NULL))
    lvsd_table_walk (listing->table, LVSD_KIND_SERVICE, listing->after, add_own, listing);
  if (listing->n_rows == before)
    lvsd_listing_find_others (listing);
  return TRUE;
}

static gboolean
begin (LvsdListing *listing)
{
  lvsd_listing_read_services (listing);
  listing->add_more = add_more;
  return TRUE;
}

gboolean
lvsd_call_manager_list_services (LvsdRequest *request, GError **error)
{
  request->listing = lvsd_listing_begin (request, ROW_TYPE, error);
  if (request->listing == NULL)
    return FALSE;
  request->listing->add_more = begin;
  return TRUE;
}
