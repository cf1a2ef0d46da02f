/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/listing.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus/lookup.h"
#include "bus/options.h"
#include "model/error.h"

#define MAX_ROWS 10000
#define MAX_AFTER 256
#define MAX_COLUMNS 64

G_STATIC_ASSERT (MAX_ROWS <= LVSD_COLUMNS_ROWS_MAX);

/* How long the main loop waits for a piece of a listing. */
#define PIECE (5 * G_TIME_SPAN_MILLISECOND)

/* After so many steps, or rows, the clock is looked at. */
#define STEPS 8
#define STEP_ROWS 80

/* A service of another program has no name; its key has to do. */
static gboolean
find_only (LvsdListing *listing, const char *name_or_key, GError **error)
{
  const LvsdService *service = lvsd_table_find_service (listing->table, name_or_key);

  if (service != NULL)
    {
      listing->only = lvsd_item_ref ((gpointer) service);
      return TRUE;
    }
  listing->by_key =
      listing->foreign && lvsd_service_key_parse (name_or_key, &listing->only_key, NULL);
  return listing->by_key || lvsd_lookup_service (listing->table, name_or_key, error) != NULL;
}

static gboolean
take_options (LvsdListing *listing, GVariantDict *options, GError **error)
{
  listing->limit = MAX_ROWS;
  return lvsd_options_take_text (options, "after", MAX_AFTER, &listing->after, error)
         && lvsd_options_take_number (options, "limit", 1, MAX_ROWS, &listing->limit, error);
}

static void
begin (LvsdListing *listing, LvsdRequest *request)
{
  listing->engine = request->engine;
  listing->table = lvsd_request_table (request);
  listing->generation = lvsd_engine_generation (listing->engine);
}

/* Of rows of this type, all of which are made in one piece. */
gboolean
lvsd_listing_init (LvsdListing *listing, LvsdRequest *request, const char *row_type, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  memset (listing, 0, sizeof *listing);
  g_variant_builder_init (&listing->rows, G_VARIANT_TYPE (row_type));
  begin (listing, request);
  return take_options (listing, options, error) && lvsd_options_finish (options, error);
}

void
lvsd_listing_clear (LvsdListing *listing)
{
  g_clear_pointer (&listing->reading, lvsd_service_reading_free);
  g_clear_pointer (&listing->actual, lvsd_actual_free);
  g_clear_pointer (&listing->only, lvsd_item_unref);
  g_clear_pointer (&listing->others, g_ptr_array_unref);
  g_clear_pointer (&listing->after, g_free);
  g_clear_pointer (&listing->columns, lvsd_columns_free);
  g_clear_pointer (&listing->last, lvsd_service_identity_unref);
  g_variant_builder_clear (&listing->rows);
}

gboolean
lvsd_listing_is_full (const LvsdListing *listing)
{
  return listing->n_rows >= listing->limit;
}

/* Of a listing that has columns: whether there is room for another row, which is the caller's to
 * fill in. Where there is none, the page is known not to be the last. */
gboolean
lvsd_listing_begin_row (LvsdListing *listing, LvsdServiceIdentity *of)
{
  listing->has_more = lvsd_listing_is_full (listing);
  if (listing->has_more)
    return FALSE;
  listing->n_rows++;
  if (listing->last != of)
    {
      g_clear_pointer (&listing->last, lvsd_service_identity_unref);
      listing->last = lvsd_service_identity_ref (of);
    }
  return TRUE;
}

/* In its serialized form a row takes a tenth of what its tree of values does. Consumes row if it is
 * floating. */
void
lvsd_listing_pack_row (GVariantBuilder *rows, GVariant *row)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (row);

  g_variant_get_data (owned);
  g_variant_builder_add_value (rows, owned);
}

/* Consumes row if it is floating. */
void
lvsd_listing_add_row (LvsdListing *listing, GVariant *row)
{
  lvsd_listing_pack_row (&listing->rows, row);
  listing->n_rows++;
}

void
lvsd_listing_answer (LvsdListing *listing, LvsdRequest *request)
{
  GVariant *const answer[] = { g_variant_new_uint64 (listing->generation),
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

/* Of a service, destination or sync daemon of ours: what the kernel was just found to hold of it,
 * entry, says more than what the engine remembers, but it does not know that it once refused, or
 * what is waited for. */
const char *
lvsd_listing_judge (const LvsdListing *listing, gpointer item, const LvsdActualEntry *entry)
{
  LvsdState known = lvsd_engine_item_state (listing->engine, item, NULL);
  LvsdState state = known;

  if (entry != NULL && kernel_equal (item, entry->item))
    state = LVSD_STATE_APPLIED;
  else if (listing->actual != NULL && known != LVSD_STATE_FAILED && known != LVSD_STATE_WAITING)
    state = entry != NULL ? LVSD_STATE_CHANGED : LVSD_STATE_MISSING;
  return lvsd_terms_format (lvsd_state_terms, state);
}

const char *
lvsd_listing_state (const LvsdListing *listing, gpointer item)
{
  return lvsd_listing_judge (listing, item, lvsd_listing_find (listing, item));
}

static int
compare_services (gconstpointer a, gconstpointer b)
{
  return lvsd_service_key_compare (&(*(const LvsdService *const *) a)->identity->key,
                                   &(*(const LvsdService *const *) b)->identity->key);
}

/* Without its numbers a listing is still worth more than none. */
static void
take_actual (LvsdListing *listing, LvsdActual *actual, GError *const *error)
{
  g_clear_pointer (&listing->actual, lvsd_actual_free);
  listing->actual = actual;
  if (actual == NULL)
    g_debug ("listing without the kernel's numbers: %s", (*error)->message);
}

/* That one alone, without its destinations. */
void
lvsd_listing_read_service (LvsdListing *listing, const LvsdServiceKey *key)
{
  g_autoptr (GError) error = NULL;

  take_actual (listing, lvsd_engine_read_service (listing->engine, key, &error), &error);
}

/* Those that the listing is about, without their destinations. FALSE: there is more to come, for
 * which this is to be called again. */
gboolean
lvsd_listing_read_services (LvsdListing *listing)
{
  LvsdActual *actual;
  g_autoptr (GError) error = NULL;

  if (listing->only != NULL || listing->by_key)
    {
      lvsd_listing_read_service (listing, listing->only != NULL ? &listing->only->identity->key
                                                                : &listing->only_key);
      return TRUE;
    }
  if (listing->reading == NULL)
    listing->reading = lvsd_service_reading_new ();
  if (lvsd_service_reading_go_on (listing->reading, &actual, &error) && actual == NULL)
    return FALSE;
  g_clear_pointer (&listing->reading, lvsd_service_reading_free);
  take_actual (listing, actual, &error);
  return TRUE;
}

void
lvsd_listing_read_destinations (LvsdListing *listing, LvsdServiceIdentity *identity)
{
  g_autoptr (GError) error = NULL;

  take_actual (listing, lvsd_engine_read_destinations (listing->engine, identity, &error), &error);
}

/* Of the services that were read those that are not ours, in order of their keys, since the
 * kernel's own order may be another one for the next page. */
void
lvsd_listing_find_others (LvsdListing *listing)
{
  const GPtrArray *entries = NULL;
  LvsdServiceKey after;
  gboolean behind_key =
      listing->after != NULL && lvsd_service_key_parse (listing->after, &after, NULL);

  listing->of_others = TRUE;
  listing->others = g_ptr_array_new_with_free_func (lvsd_item_unref);
  if (listing->foreign && listing->actual != NULL && listing->only == NULL)
    entries = lvsd_actual_entries (listing->actual);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      LvsdItem *item = ((LvsdActualEntry *) g_ptr_array_index (entries, i))->item;
      const LvsdServiceKey *key = &((LvsdService *) item)->identity->key;

      if (lvsd_table_find (listing->table, item) == NULL
          && (!behind_key || lvsd_service_key_compare (key, &after) > 0))
        g_ptr_array_add (listing->others, lvsd_item_ref (item));
    }
  g_ptr_array_sort (listing->others, compare_services);
}

/* Zeroes where there is no entry. */
void
lvsd_listing_add_counters (LvsdListing *listing, guint first, const LvsdActualEntry *entry)
{
  static const LvsdCounters none;
  const guint64 *counters =
      (const guint64 *) (gconstpointer) (entry != NULL ? &entry->counters : &none);

  G_STATIC_ASSERT (sizeof none == LVSD_N_COUNTERS * sizeof (guint64));
  for (guint i = 0; i < LVSD_N_COUNTERS; i++)
    lvsd_columns_add_number (listing->columns, first + i, counters[i]);
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

/* What the last row has that is not at its preset, but for the fields that are named: they have
 * columns. */
void
lvsd_listing_add_fields (LvsdListing *listing,
                         guint column,
                         gconstpointer item,
                         const char *const *except)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));

  if (!lvsd_columns_has (listing->columns, column))
    return;
  for (gsize i = 0; i < class->n_fields; i++)
    if ((class->fields[i].flags & LVSD_FIELD_INTERNAL) == 0
        && !lvsd_field_is_preset (&class->fields[i], item)
        && !g_strv_contains (except, class->fields[i].name))
      lvsd_columns_add_field (listing->columns, column, listing->n_rows - 1, class->fields[i].name,
                              lvsd_field_get (&class->fields[i], item));
}

/* Listings that are made piece by piece */

static gboolean
take_columns (LvsdListing *listing, GVariantDict *options, GError **error)
{
  g_auto (GStrv) names = NULL;
  gboolean packed = FALSE;

  if (!lvsd_options_take_texts (options, "columns", MAX_COLUMNS, &names, error)
      || !lvsd_options_take_boolean (options, "packed", &packed, error))
    return FALSE;
  if (packed)
    lvsd_columns_pack (listing->columns);
  return names == NULL
         || lvsd_columns_choose (listing->columns, (const char *const *) names, error);
}

static gboolean
take_all_options (LvsdListing *listing, LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autofree char *only = NULL;

  return take_options (listing, options, error)
         && lvsd_options_take_text (options, "service", MAX_AFTER, &only, error)
         && lvsd_options_take_boolean (options, "foreign", &listing->foreign, error)
         && take_columns (listing, options, error) && lvsd_options_finish (options, error)
         && (only == NULL || find_only (listing, only, error));
}

LvsdListing *
lvsd_listing_begin (LvsdRequest *request,
                    const LvsdColumn *columns,
                    guint n_columns,
                    GError **error)
{
  LvsdListing *listing = g_new0 (LvsdListing, 1);

  listing->columns = lvsd_columns_new (columns, n_columns);
  listing->foreign = TRUE;
  begin (listing, request);
  if (take_all_options (listing, request, error))
    return listing;
  lvsd_listing_free (listing);
  return NULL;
}

void
lvsd_listing_free (LvsdListing *listing)
{
  lvsd_listing_clear (listing);
  g_free (listing);
}

/* What the next page begins behind: SERVICE or SERVICE/ADDRESS:PORT, or "" where all is said. */
static char *
describe_next (const LvsdListing *listing)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];
  const char *service;

  if (!listing->has_more)
    return g_strdup ("");
  service = listing->last->name[0] != '\0' ? listing->last->name
                                           : lvsd_service_key_format (&listing->last->key, key);
  if (listing->last_endpoint.address.family == 0)
    return g_strdup (service);
  return g_strconcat (service, "/", lvsd_endpoint_format (&listing->last_endpoint, endpoint), NULL);
}

static void
answer (LvsdListing *listing, LvsdRequest *request)
{
  g_autofree char *next = describe_next (listing);
  GVariant *const members[] = { g_variant_new_uint64 (listing->generation),
                                g_variant_new_string (next), lvsd_columns_end (listing->columns) };

  lvsd_request_set_reply (request, g_variant_new_tuple (members, G_N_ELEMENTS (members)));
  lvsd_request_answer (request);
}

/* One look at the clock for some services, where it is a system call. Returns whether there is more
 * to come. */
static gboolean
add_some (LvsdListing *listing)
{
  guint begin = listing->n_rows;
  gboolean more = TRUE;

  for (guint i = 0; i < STEPS && listing->n_rows - begin < STEP_ROWS; i++)
    {
      if (!more || listing->has_more)
        return FALSE;
      more = listing->add_more (listing);
    }
  return more && !listing->has_more;
}

static gboolean
go_on (gpointer user_data)
{
  LvsdRequest *request = user_data;
  LvsdListing *listing = request->listing;
  gint64 end = g_get_monotonic_time () + PIECE;

  while (add_some (listing))
    if (g_get_monotonic_time () >= end)
      return G_SOURCE_CONTINUE;
  answer (listing, request);
  return G_SOURCE_REMOVE;
}

/* Others get through between two pieces, and may change what is still to come: whoever needs all
 * rows to be of one state compares the generation, which is that of the beginning. */
void
lvsd_listing_perform (LvsdRequest *request)
{
  if (go_on (request) == G_SOURCE_CONTINUE)
    g_idle_add_full (G_PRIORITY_DEFAULT, go_on, request, NULL);
}
