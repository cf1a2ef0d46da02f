/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/properties.h"

#define ROW_TYPE "a(sssuus(uuu)a{sv}(tttttttttt))"

/* Where a page begins: behind this destination of that service. */
typedef struct
{
  LvsdListing *listing;
  char *service; /* name or key; NULL: at the beginning */
  LvsdEndpoint endpoint;
  gboolean has_endpoint;
} Page;

static void
add_row (LvsdListing *listing,
         const char *service,
         const LvsdDestination *destination,
         const char *state,
         const LvsdActualEntry *entry)
{
  static const char *const columns[] = { "method", "weight", NULL };
  static const LvsdConnections none;
  /* Another program's may be one that has no word here, and is shown as a number then. */
  const LvsdField *method = lvsd_item_find_field (LVSD_KIND_DESTINATION, "method");
  const LvsdConnections *connections = entry != NULL ? &entry->connections : &none;
  g_autoptr (GVariantDict) fields = lvsd_listing_fields (destination, columns);
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  if (destination->runtime != NULL)
    g_variant_dict_insert_value (fields, "runtime",
                                 lvsd_properties_override (destination->runtime));
  lvsd_listing_add_row (
      listing, g_variant_new ("(ss@suus(uuu)@a{sv}@(tttttttttt))", service,
                              lvsd_endpoint_format (&destination->endpoint, endpoint),
                              lvsd_field_get (method, destination), destination->weight,
                              lvsd_destination_effective_weight (destination), state,
                              connections->active, connections->inactive, connections->persistent,
                              g_variant_dict_end (fields), lvsd_listing_counters (entry)));
}

static int
compare_destinations (gconstpointer a, gconstpointer b)
{
  return lvsd_endpoint_compare (&(*(const LvsdDestination *const *) a)->endpoint,
                                &(*(const LvsdDestination *const *) b)->endpoint);
}

/* What lvsd wants in a service, ours NULL where it is not ours, and what is there besides. */
static GPtrArray *
collect (const LvsdListing *listing, const LvsdServiceKey *key, const GPtrArray *ours)
{
  GPtrArray *all = g_ptr_array_new ();
  const GPtrArray *held = NULL;

  for (guint i = 0; ours != NULL && i < ours->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (ours, i));
  if (listing->foreign && listing->actual != NULL)
    held = lvsd_actual_destinations (listing->actual, key);
  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (held, i);

      if (lvsd_table_find (listing->table, entry->item) == NULL)
        g_ptr_array_add (all, entry->item);
    }
  g_ptr_array_sort (all, compare_destinations);
  return all;
}

static gboolean
add_destinations (const Page *page, const LvsdServiceIdentity *identity, const GPtrArray *ours)
{
  LvsdListing *listing = page->listing;
  g_autoptr (GPtrArray) all = collect (listing, &identity->key, ours);
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  const char *name = identity->name;
  gboolean continued;

  if (ours == NULL)
    name = lvsd_service_key_format (&identity->key, key);
  continued = page->has_endpoint && g_strcmp0 (page->service, name) == 0;
  for (guint i = 0; i < all->len; i++)
    {
      LvsdDestination *destination = g_ptr_array_index (all, i);
      const LvsdActualEntry *entry = lvsd_listing_find (listing, destination);
      gboolean own = lvsd_table_find (listing->table, destination) == (gpointer) destination;

      if (continued && lvsd_endpoint_compare (&destination->endpoint, &page->endpoint) <= 0)
        continue;
      if (lvsd_listing_is_full (listing))
        return FALSE;
      add_row (listing, name, destination,
               own ? lvsd_listing_state (listing, destination) : "foreign", entry);
    }
  return TRUE;
}

static gboolean
add_service (gpointer item, gpointer user_data)
{
  const Page *page = user_data;
  const LvsdServiceIdentity *identity = ((const LvsdService *) item)->identity;

  return add_destinations (page, identity, lvsd_table_destinations (page->listing->table, identity))
         && !lvsd_listing_is_full (page->listing);
}

static void
add_all_own (Page *page)
{
  const LvsdListing *listing = page->listing;
  LvsdService *begun =
      page->has_endpoint ? lvsd_table_find_service (listing->table, page->service) : NULL;

  if (listing->only != NULL)
    {
      add_service ((gpointer) listing->only, page);
      return;
    }
  if (listing->by_key || (page->service != NULL && strchr (page->service, '/') != NULL))
    return;
  if (begun == NULL || add_service (begun, page))
    lvsd_table_walk (listing->table, LVSD_KIND_SERVICE, page->service, add_service, page);
}

/* Behind a destination of a foreign service the rest of that service is still to come. */
static void
add_all_foreign (Page *page)
{
  LvsdListing *listing = page->listing;
  g_autoptr (GPtrArray) services = NULL;
  LvsdServiceKey key;

  if (page->has_endpoint && lvsd_service_key_parse (page->service, &key, NULL)
      && lvsd_table_find_service_by_key (listing->table, &key) == NULL)
    {
      g_autoptr (LvsdServiceIdentity) identity = lvsd_service_identity_new ("", &key);

      add_destinations (page, identity, NULL);
    }
  g_free (listing->after);
  listing->after = g_strdup (page->service);
  services = lvsd_listing_foreign_services (listing);
  for (guint i = 0; i < services->len && !lvsd_listing_is_full (listing); i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (services, i);

      add_destinations (page, ((const LvsdService *) entry->item)->identity, NULL);
    }
}

/* SERVICE or SERVICE/ADDRESS:PORT, where SERVICE may be a key and so hold a slash itself. What
 * reads as a key, "tcp/192.0.2.1:80", can be a destination of a service named "tcp" as well. */
static void
parse_after (Page *page)
{
  const char *after = page->listing->after;
  const char *slash = after != NULL ? strrchr (after, '/') : NULL;
  g_autofree char *service = slash != NULL ? g_strndup (after, (gsize) (slash - after)) : NULL;
  LvsdServiceKey key;

  if (slash != NULL
      && (lvsd_table_find_service (page->listing->table, service) != NULL
          || !lvsd_service_key_parse (after, &key, NULL))
      && lvsd_endpoint_parse (slash + 1, &page->endpoint, NULL, NULL))
    {
      page->has_endpoint = TRUE;
      page->service = g_steal_pointer (&service);
    }
  else
    page->service = g_strdup (after);
}

gboolean
lvsd_call_manager_list_destinations (LvsdRequest *request, GError **error)
{
  g_auto (LvsdListing) listing = { 0 };
  Page page = { .listing = &listing };

  if (!lvsd_listing_init (&listing, request, ROW_TYPE, TRUE, error))
    return FALSE;
  parse_after (&page);
  add_all_own (&page);
  add_all_foreign (&page);
  g_free (page.service);
  lvsd_listing_answer (&listing, request);
  return TRUE;
}
