/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus/handlers.h"
#include "bus/listing.h"

#define ROWS_AT_ONCE 32

/* With so few it is cheaper to ask the kernel for each than for all. */
#define FEW_ROWS 64

enum
{
  NAME,
  KEY,
  SCHEDULER,
  STATE,
  FIELDS,
  COUNTERS,
  N_COLUMNS = COUNTERS + LVSD_N_COUNTERS,
};

static const LvsdColumn columns[] = {
  [NAME] = { "name", LVSD_COLUMN_TEXT },
  [KEY] = { "key", LVSD_COLUMN_TEXT },
  [SCHEDULER] = { "scheduler", LVSD_COLUMN_WORDS },
  [STATE] = { "state", LVSD_COLUMN_WORDS },
  [FIELDS] = { "fields", LVSD_COLUMN_FIELDS },
  [COUNTERS] = LVSD_LISTING_COUNTERS,
};

static void
add_row (LvsdListing *listing,
         const LvsdService *service,
         const char *state,
         const LvsdActualEntry *entry)
{
  static const char *const except[] = { "scheduler", NULL };
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (!lvsd_listing_begin_row (listing, service->identity))
    return;
  lvsd_columns_add_text (listing->columns, NAME, service->identity->name);
  lvsd_columns_add_text (listing->columns, KEY,
                         lvsd_service_key_format (&service->identity->key, key));
  lvsd_columns_add_text (listing->columns, SCHEDULER, service->scheduler);
  lvsd_columns_add_text (listing->columns, STATE, state);
  lvsd_listing_add_fields (listing, FIELDS, service, except);
  lvsd_listing_add_counters (listing, COUNTERS, entry);
}

static gboolean
is_short (const LvsdListing *listing)
{
  return listing->limit <= FEW_ROWS;
}

static gboolean
add_own (gpointer item, gpointer user_data)
{
  LvsdListing *listing = user_data;
  const LvsdService *service = item;

  if (is_short (listing))
    lvsd_listing_read_service (listing, &service->identity->key);
  add_row (listing, service, lvsd_listing_state (listing, item), lvsd_listing_find (listing, item));
  return !listing->has_more && listing->n_rows % ROWS_AT_ONCE != 0;
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

static void
begin_others (LvsdListing *listing)
{
  if (!is_short (listing) || lvsd_listing_read_services (listing))
    lvsd_listing_find_others (listing);
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
  if (listing->n_rows > before)
    {
      g_free (listing->after);
      listing->after = g_strdup (listing->last->name);
      return TRUE;
    }
  if (!listing->has_more)
    begin_others (listing);
  return TRUE;
}

static gboolean
begin (LvsdListing *listing)
{
  if (is_short (listing) || lvsd_listing_read_services (listing))
    listing->add_more = add_more;
  return TRUE;
}

gboolean
lvsd_call_manager_list_services (LvsdRequest *request, GError **error)
{
  request->listing = lvsd_listing_begin (request, columns, N_COLUMNS, error);
  if (request->listing == NULL)
    return FALSE;
  request->listing->add_more = begin;
  return TRUE;
}
