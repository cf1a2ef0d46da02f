/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/listing.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus/lookup.h"
#include "bus/options.h"
#include "model/error.h"

#define MAX_ROWS 10000
#define MAX_AFTER 256

/* A service of another program has no name; its key has to do. */
static gboolean
find_only (LvsdListing *listing, const char *name_or_key, GError **error)
{
  listing->only = lvsd_table_find_service (listing->table, name_or_key);
  if (listing->only != NULL)
    return TRUE;
  listing->by_key =
      listing->foreign && lvsd_service_key_parse (name_or_key, &listing->only_key, NULL);
  return listing->by_key || lvsd_lookup_service (listing->table, name_or_key, error) != NULL;
}

/* Without its numbers a listing is still worth more than none. */
static void
read_kernel (LvsdListing *listing)
{
  g_autoptr (GError) error = NULL;

  listing->actual = lvsd_engine_read_kernel (listing->engine, listing->only, &error);
  if (listing->actual == NULL)
    g_debug ("listing without the kernel's numbers: %s", error->message);
}

gboolean
lvsd_listing_init (LvsdListing *listing,
                   LvsdRequest *request,
                   const char *row_type,
                   gboolean of_kernel,
                   GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autofree char *only = NULL;

  memset (listing, 0, sizeof *listing);
  g_variant_builder_init (&listing->rows, G_VARIANT_TYPE (row_type));
  listing->engine = request->engine;
  listing->table = lvsd_request_table (request);
  listing->foreign = TRUE;
  listing->limit = MAX_ROWS;
  if (!lvsd_options_take_text (options, "after", MAX_AFTER, &listing->after, error)
      || !lvsd_options_take_number (options, "limit", 1, MAX_ROWS, &listing->limit, error))
    return FALSE;
  if (of_kernel
      && (!lvsd_options_take_text (options, "service", MAX_AFTER, &only, error)
          || !lvsd_options_take_boolean (options, "foreign", &listing->foreign, error)))
    return FALSE;
  if (!lvsd_options_finish (options, error) || (only != NULL && !find_only (listing, only, error)))
    return FALSE;
  if (of_kernel)
    read_kernel (listing);
  return TRUE;
}

void
lvsd_listing_clear (LvsdListing *listing)
{
  g_clear_pointer (&listing->actual, lvsd_actual_free);
  g_clear_pointer (&listing->after, g_free);
  g_variant_builder_clear (&listing->rows);
}

gboolean
lvsd_listing_is_full (const LvsdListing *listing)
{
  return listing->n_rows >= listing->limit;
}

/* Consumes row if it is floating. */
void
lvsd_listing_add_row (LvsdListing *listing, GVariant *row)
{
  g_variant_builder_add_value (&listing->rows, row);
  listing->n_rows++;
}

void
lvsd_listing_answer (LvsdListing *listing, LvsdRequest *request)
{
  GVariant *const answer[] = { g_variant_new_uint64 (lvsd_engine_generation (listing->engine)),
                               g_variant_builder_end (&listing->rows) };

  lvsd_request_set_reply (request, g_variant_new_tuple (answer, G_N_ELEMENTS (answer)));
}

const LvsdActualEntry *
lvsd_listing_find (const LvsdListing *listing, gpointer item)
{
  return listing->actual != NULL ? lvsd_actual_find (listing->actual, item) : NULL;
}

static gboolean
kernel_equal (gconstpointer wanted, gconstpointer held)
{
  if (lvsd_item_get_kind (wanted) == LVSD_KIND_SYNC)
    return lvsd_sync_daemon_kernel_equal (wanted, held);
  return lvsd_item_get_kind (wanted) == LVSD_KIND_SERVICE
             ? lvsd_service_kernel_equal (wanted, held)
             : lvsd_destination_kernel_equal (wanted, held);
}

/* Of a service, destination or sync daemon of ours: what the kernel was just found to hold says
 * more than what the engine remembers, but it does not know that it once refused, or what is waited
 * for.
 */
const char *
lvsd_listing_state (const LvsdListing *listing, gpointer item)
{
  const LvsdActualEntry *entry = lvsd_listing_find (listing, item);
  LvsdState known = lvsd_engine_item_state (listing->engine, item, NULL);
  LvsdState state = known;

  if (entry != NULL && kernel_equal (item, entry->item))
    state = LVSD_STATE_APPLIED;
  else if (listing->actual != NULL && known != LVSD_STATE_FAILED && known != LVSD_STATE_WAITING)
    state = entry != NULL ? LVSD_STATE_CHANGED : LVSD_STATE_MISSING;
  return lvsd_terms_format (lvsd_state_terms, state);
}

static int
compare_numbers (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

static int
compare_keys (const LvsdServiceKey *a, const LvsdServiceKey *b)
{
  int order = compare_numbers (a->protocol, b->protocol);

  if (order == 0)
    order = lvsd_endpoint_compare (&a->endpoint, &b->endpoint);
  return order != 0 ? order : compare_numbers (a->fwmark, b->fwmark);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const LvsdActualEntry *first = *(const LvsdActualEntry *const *) a;
  const LvsdActualEntry *second = *(const LvsdActualEntry *const *) b;

  return compare_keys (&((const LvsdService *) first->item)->identity->key,
                       &((const LvsdService *) second->item)->identity->key);
}

static gboolean
is_foreign_row (const LvsdListing *listing, const LvsdItem *item, const LvsdServiceKey *after)
{
  const LvsdServiceKey *key;

  if (item->kind != LVSD_KIND_SERVICE || lvsd_table_find (listing->table, item) != NULL)
    return FALSE;
  key = &((const LvsdService *) item)->identity->key;
  if (listing->by_key && !lvsd_service_key_equal (key, &listing->only_key))
    return FALSE;
  return after == NULL || compare_keys (key, after) > 0;
}

/* The LvsdActualEntry of services that are not ours, in order of their keys, since the kernel's own
 * order may be another one for the next page. */
GPtrArray *
lvsd_listing_foreign_services (const LvsdListing *listing)
{
  GPtrArray *found = g_ptr_array_new ();
  const GPtrArray *entries;
  LvsdServiceKey after;
  gboolean behind_key;

  if (!listing->foreign || listing->actual == NULL || listing->only != NULL)
    return found;
  behind_key = listing->after != NULL && lvsd_service_key_parse (listing->after, &after, NULL);
  entries = lvsd_actual_entries (listing->actual);
  for (guint i = 0; i < entries->len; i++)
    {
      LvsdActualEntry *entry = g_ptr_array_index (entries, i);

      if (is_foreign_row (listing, entry->item, behind_key ? &after : NULL))
        g_ptr_array_add (found, entry);
    }
  g_ptr_array_sort (found, compare_entries);
  return found;
}

/* Returns a floating (tttttttttt); zeroes where there is no entry. */
GVariant *
lvsd_listing_counters (const LvsdActualEntry *entry)
{
  static const LvsdCounters none;
  const LvsdCounters *counters = entry != NULL ? &entry->counters : &none;

  return g_variant_new ("(tttttttttt)", counters->connections, counters->packets_in,
                        counters->packets_out, counters->bytes_in, counters->bytes_out,
                        counters->connection_rate, counters->packet_rate_in,
                        counters->packet_rate_out, counters->byte_rate_in, counters->byte_rate_out);
}

GVariantDict *
lvsd_listing_fields (gconstpointer item, const char *const *except)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  GVariantDict *fields = g_variant_dict_new (NULL);

  for (gsize i = 0; i < class->n_fields; i++)
    if ((class->fields[i].flags & LVSD_FIELD_INTERNAL) == 0
        && !lvsd_field_is_preset (&class->fields[i], item)
        && !g_strv_contains (except, class->fields[i].name))
      g_variant_dict_insert_value (fields, class->fields[i].name,
                                   lvsd_field_get (&class->fields[i], item));
  return fields;
}
