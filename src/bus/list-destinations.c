/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/properties.h"

enum
{
  SERVICE,
  ENDPOINT,
  METHOD,
  WEIGHT,
  EFFECTIVE_WEIGHT,
  STATE,
  ACTIVE,
  INACTIVE,
  PERSISTENT,
  FIELDS,
  COUNTERS,
  N_COLUMNS = COUNTERS + LVSD_N_COUNTERS,
};

static const LvsdColumn columns[] = {
  [SERVICE] = { "service", LVSD_COLUMN_WORDS },
  [ENDPOINT] = { "endpoint", LVSD_COLUMN_TEXT },
  [METHOD] = { "method", LVSD_COLUMN_WORDS },
  [WEIGHT] = { "weight", LVSD_COLUMN_NUMBERS },
  [EFFECTIVE_WEIGHT] = { "effective-weight", LVSD_COLUMN_NUMBERS },
  [STATE] = { "state", LVSD_COLUMN_WORDS },
  [ACTIVE] = { "active", LVSD_COLUMN_NUMBERS },
  [INACTIVE] = { "inactive", LVSD_COLUMN_NUMBERS },
  [PERSISTENT] = { "persistent", LVSD_COLUMN_NUMBERS },
  [FIELDS] = { "fields", LVSD_COLUMN_FIELDS },
  [COUNTERS] = LVSD_LISTING_COUNTERS,
};

/* Another program's may be one that has no word here, and is shown as a number then. */
static void
add_method (LvsdListing *listing, const LvsdDestination *destination)
{
  const char *word = lvsd_terms_format (lvsd_method_terms, destination->method);
  char number[4];

  if (word == NULL)
    g_snprintf (number, sizeof number, "%u", destination->method);
  lvsd_columns_add_text (listing->columns, METHOD, word != NULL ? word : number);
}

static void
add_fields (LvsdListing *listing, const LvsdDestination *destination)
{
  static const char *const except[] = { "method", "weight", NULL };

  lvsd_listing_add_fields (listing, FIELDS, destination, except);
  if (destination->runtime != NULL && lvsd_columns_has (listing->columns, FIELDS))
    lvsd_columns_add_field (listing->columns, FIELDS, listing->n_rows - 1, "runtime",
                            lvsd_properties_override (destination->runtime));
}

static void
add_row (LvsdListing *listing,
         LvsdServiceIdentity *identity,
         const char *service,
         const LvsdDestination *destination,
         const char *state,
         const LvsdActualEntry *entry)
{
  static const LvsdConnections none;
  const LvsdConnections *connections = entry != NULL ? &entry->connections : &none;
  LvsdColumns *rows = listing->columns;
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  if (!lvsd_listing_begin_row (listing, identity))
    return;
  listing->last_endpoint = destination->endpoint;
  lvsd_columns_add_text (rows, SERVICE, service);
  lvsd_columns_add_text (rows, ENDPOINT, lvsd_endpoint_format (&destination->endpoint, endpoint));
  add_method (listing, destination);
  lvsd_columns_add_number (rows, WEIGHT, destination->weight);
  lvsd_columns_add_number (rows, EFFECTIVE_WEIGHT, lvsd_destination_effective_weight (destination));
  lvsd_columns_add_text (rows, STATE, state);
  lvsd_columns_add_number (rows, ACTIVE, connections->active);
  lvsd_columns_add_number (rows, INACTIVE, connections->inactive);
  lvsd_columns_add_number (rows, PERSISTENT, connections->persistent);
  add_fields (listing, destination);
  lvsd_listing_add_counters (listing, COUNTERS, entry);
}

/* What stands in a service, and what the kernel holds of it: itself, where it is not ours. */
typedef struct
{
  LvsdDestination *destination;
  const LvsdActualEntry *entry;
} Found;

static int
compare_found (gconstpointer a, gconstpointer b)
{
  return lvsd_endpoint_compare (&((const Found *) a)->destination->endpoint,
                                &((const Found *) b)->destination->endpoint);
}

static void
collect_others (const LvsdListing *listing, const GPtrArray *held, GArray *all)
{
  for (guint i = 0; i < held->len; i++)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (held, i);
      const Found found = { (LvsdDestination *) entry->item, entry };

      if (lvsd_table_find (listing->table, entry->item) == NULL)
        g_array_append_val (all, found);
    }
}

/* What lvsd wants in a service, ours NULL where it is not ours, and what is there besides. */
static GArray *
collect (const LvsdListing *listing, const LvsdServiceKey *key, const GPtrArray *ours)
{
  GArray *all = g_array_sized_new (FALSE, FALSE, sizeof (Found), ours != NULL ? ours->len : 0);
  const GPtrArray *held = NULL;
  guint n_there = 0;

  for (guint i = 0; ours != NULL && i < ours->len; i++)
    {
      gpointer item = g_ptr_array_index (ours, i);
      const Found found = { item, lvsd_listing_find (listing, item) };

      n_there += found.entry != NULL;
      g_array_append_val (all, found);
    }
  if (listing->foreign && listing->actual != NULL)
    held = lvsd_actual_destinations (listing->actual, key);
  if (held != NULL && held->len > n_there)
    collect_others (listing, held, all);
  g_array_sort (all, compare_found);
  return all;
}

/* Those that were just read; where the page begins in the middle of them, those behind that. */
static void
add_destinations (LvsdListing *listing, LvsdServiceIdentity *identity, const GPtrArray *ours)
{
  g_autoptr (GArray) all = NULL;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  const char *name = ours != NULL ? identity->name : lvsd_service_key_format (&identity->key, key);
  gboolean continued = listing->has_endpoint && g_strcmp0 (listing->after, name) == 0;

  lvsd_listing_read_destinations (listing, identity);
  all = collect (listing, &identity->key, ours);
  for (guint i = 0; i < all->len && !listing->has_more; i++)
    {
      const Found *found = &g_array_index (all, Found, i);
      LvsdDestination *destination = found->destination;
      gboolean own = found->entry == NULL || (gpointer) found->entry->item != destination;

      if (!continued || lvsd_endpoint_compare (&destination->endpoint, &listing->endpoint) > 0)
        add_row (listing, identity, name, destination,
                 own ? lvsd_listing_judge (listing, destination, found->entry) : "foreign",
                 found->entry);
    }
}

static gboolean
take_first (gpointer item, gpointer user_data)
{
  *(LvsdService **) user_data = item;
  return FALSE;
}

/* The one of ours whose turn it is, or NULL. */
static LvsdService *
find_next (LvsdListing *listing)
{
  LvsdService *next = NULL;

  if (listing->by_key || (listing->after != NULL && strchr (listing->after, '/') != NULL))
    return NULL;
  if (listing->has_endpoint)
    next = lvsd_table_find_service (listing->table, listing->after);
  if (next == NULL)
    lvsd_table_walk (listing->table, LVSD_KIND_SERVICE, listing->after, take_first, &next);
  return next;
}

/* Behind a destination of a foreign service the rest of that service is still to come. */
static void
begin_others (LvsdListing *listing)
{
  LvsdServiceKey key;

  if (listing->has_endpoint && lvsd_service_key_parse (listing->after, &key, NULL)
      && lvsd_table_find_service_by_key (listing->table, &key) == NULL)
    {
      g_autoptr (LvsdServiceIdentity) identity = lvsd_service_identity_new ("", &key);

      add_destinations (listing, identity, NULL);
    }
  listing->has_endpoint = FALSE;
  if (lvsd_listing_read_services (listing))
    lvsd_listing_find_others (listing);
}

static gboolean
add_others (LvsdListing *listing)
{
  LvsdService *service;

  if (listing->n_others_listed == listing->others->len)
    return FALSE;
  service = g_ptr_array_index (listing->others, listing->n_others_listed++);
  add_destinations (listing, service->identity, NULL);
  return TRUE;
}

static gboolean
add_own (LvsdListing *listing, LvsdService *service)
{
  const GPtrArray *ours = lvsd_table_destinations (listing->table, service->identity);

  if (ours != NULL)
    add_destinations (listing, service->identity, ours);
  g_free (listing->after);
  listing->after = g_strdup (service->identity->name);
  listing->has_endpoint = FALSE;
  return listing->only == NULL;
}

/* One service. */
static gboolean
add_more (LvsdListing *listing)
{
  LvsdService *service;

  if (listing->of_others)
    return add_others (listing);
  service = listing->only != NULL ? listing->only : find_next (listing);
  if (service != NULL)
    return add_own (listing, service);
  begin_others (listing);
  return TRUE;
}

/* SERVICE or SERVICE/ADDRESS:PORT, where SERVICE may be a key and so hold a slash itself. What
 * reads as a key, "tcp/192.0.2.1:80", can be a destination of a service named "tcp" as well. */
static void
parse_after (LvsdListing *listing)
{
  const char *after = listing->after;
  const char *slash = after != NULL ? strrchr (after, '/') : NULL;
  g_autofree char *service = slash != NULL ? g_strndup (after, (gsize) (slash - after)) : NULL;
  LvsdServiceKey key;

  if (slash == NULL
      || (lvsd_table_find_service (listing->table, service) == NULL
          && lvsd_service_key_parse (after, &key, NULL))
      || !lvsd_endpoint_parse (slash + 1, &listing->endpoint, NULL, NULL))
    return;
  listing->has_endpoint = TRUE;
  g_free (listing->after);
  listing->after = g_steal_pointer (&service);
}

gboolean
lvsd_call_manager_list_destinations (LvsdRequest *request, GError **error)
{
  request->listing = lvsd_listing_begin (request, columns, N_COLUMNS, error);
  if (request->listing == NULL)
    return FALSE;
  parse_after (request->listing);
  request->listing->add_more = add_more;
  return TRUE;
}
