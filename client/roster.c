/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "roster.h"

#include <string.h>

#include "destination.h"
#include "model/key.h"
#include "reader.h"
#include "service.h"

/* Little enough to be shown at once, and more than fits a screen. For each page of services the
 * kernel shows all of them, so that most tables are to fit the first. */
#define FIRST_SERVICES 1000
#define FIRST_DESTINATIONS 256

/* What is kept until it is shown: more would touch more memory than it saves calls. */
#define MOST_KEPT 500

typedef struct
{
  LvsctlReader *reader;
  LvsctlPage *page; /* NULL: none was asked for yet, or all are read */
  guint index;      /* of the next row in it */
  gboolean ended;
} Cursor;

struct _LvsctlRoster
{
  LvsctlRosterPlan plan;
  Cursor services;
  Cursor destinations;
  LvsctlPage *held; /* with the service that was returned last */
  GPtrArray *group; /* and its destinations */
  guint n_kept;     /* rows that were returned since the last pause */

  /* Where the rows are there already. */
  GPtrArray *rows;
  guint64 generation;
  guint index;
  GHashTable *groups; /* destinations by what their service is called */
};

static GVariant *
make_options (const LvsctlRosterPlan *plan, const char *const *columns)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (plan->service != NULL)
    g_variant_dict_insert (&options, "service", "s", plan->service);
  if (columns != NULL)
    g_variant_dict_insert (&options, "columns", "^as", columns);
  return g_variant_dict_end (&options);
}

LvsctlRoster *
lvsctl_roster_new (LvsctlClient *client, const LvsctlRosterPlan *plan)
{
  LvsctlRoster *roster = g_new0 (LvsctlRoster, 1);

  roster->plan = *plan;
  roster->services.reader = lvsctl_reader_new (
      client, &lvsctl_service_listing, make_options (plan, plan->service_columns), FIRST_SERVICES);
  roster->destinations.reader =
      lvsctl_reader_new (client, &lvsctl_destination_listing,
                         make_options (plan, plan->destination_columns), FIRST_DESTINATIONS);
  roster->group = lvsctl_listing_new_rows (&lvsctl_destination_listing);
  return roster;
}

LvsctlRoster *
lvsctl_roster_new_of_rows (GPtrArray *services, GPtrArray *destinations, guint64 generation)
{
  LvsctlRoster *roster = g_new0 (LvsctlRoster, 1);

  roster->rows = services;
  roster->generation = generation;
  roster->groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < destinations->len; i++)
    {
      const LvsctlRow *row = destinations->pdata[i];
      const char *service = lvsctl_row_text (row, LVSCTL_DESTINATION_SERVICE);
      GPtrArray *group = g_hash_table_lookup (roster->groups, service);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (roster->groups, (gpointer) service, group);
        }
      g_ptr_array_add (group, (gpointer) row);
    }
  roster->group = g_ptr_array_new ();
  return roster;
}

static void
clear_cursor (Cursor *cursor)
{
  g_clear_pointer (&cursor->reader, lvsctl_reader_free);
  g_clear_pointer (&cursor->page, lvsctl_page_unref);
}

void
lvsctl_roster_free (LvsctlRoster *roster)
{
  clear_cursor (&roster->services);
  clear_cursor (&roster->destinations);
  g_clear_pointer (&roster->held, lvsctl_page_unref);
  g_ptr_array_unref (roster->group);
  g_clear_pointer (&roster->groups, g_hash_table_unref);
  g_free (roster);
}

static void
call_pause (LvsctlRoster *roster)
{
  roster->n_kept = 0;
  if (roster->plan.pause != NULL)
    roster->plan.pause (roster->plan.user_data);
}

/* The row that comes next; NULL where there is none, and on an error. */
static const LvsctlRow *
peek (LvsctlRoster *roster, Cursor *cursor, GError **error)
{
  while (!cursor->ended
         && (cursor->page == NULL || cursor->index == lvsctl_page_n_rows (cursor->page)))
    {
      if (cursor->page != NULL && !lvsctl_reader_is_at_end (cursor->reader))
        call_pause (roster);
      g_clear_pointer (&cursor->page, lvsctl_page_unref);
      cursor->index = 0;
      cursor->page = lvsctl_reader_next (cursor->reader, error);
      cursor->ended = cursor->page == NULL;
    }
  return cursor->ended ? NULL : lvsctl_page_row (cursor->page, cursor->index);
}

static gboolean
is_key (const char *id)
{
  return strchr (id, '/') != NULL;
}

/* As the daemon lists them: by name, and behind those by key. */
static int
compare_ids (const char *a, const char *b)
{
  LvsdServiceKey first;
  LvsdServiceKey second;

  if (g_str_equal (a, b))
    return 0;
  if (is_key (a) != is_key (b))
    return is_key (a) ? 1 : -1;
  if (!is_key (a))
    return strcmp (a, b);
  return lvsd_service_key_parse (a, &first, NULL) && lvsd_service_key_parse (b, &second, NULL)
             ? lvsd_service_key_compare (&first, &second)
             : 1;
}

/* Somebody may have added or deleted a service in between: the destinations of one that is not
 * listed are passed over, and the others stay with theirs. */
static gboolean
take_destinations (LvsctlRoster *roster, const char *service, GError **error)
{
  Cursor *cursor = &roster->destinations;
  g_autoptr (GError) failure = NULL;
  const LvsctlRow *row;

  g_ptr_array_set_size (roster->group, 0);
  while ((row = peek (roster, cursor, &failure)) != NULL)
    {
      int order = compare_ids (lvsctl_row_text (row, LVSCTL_DESTINATION_SERVICE), service);

      if (order > 0)
        return TRUE;
      if (order == 0)
        {
          lvsctl_page_ref (row->page);
          g_ptr_array_add (roster->group, (gpointer) row);
        }
      cursor->index++;
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static const LvsctlRow *
take_row (LvsctlRoster *roster, GPtrArray **ret_destinations)
{
  const LvsctlRow *service;
  GPtrArray *group;

  if (roster->index == roster->rows->len)
    return NULL;
  service = roster->rows->pdata[roster->index++];
  group = g_hash_table_lookup (roster->groups, lvsctl_service_row_id (service));
  *ret_destinations = group != NULL ? group : roster->group;
  return service;
}

static const LvsctlRow *
read_row (LvsctlRoster *roster, GPtrArray **ret_destinations, GError **error)
{
  const LvsctlRow *service;

  if (roster->n_kept >= MOST_KEPT)
    call_pause (roster);
  service = peek (roster, &roster->services, error);
  g_clear_pointer (&roster->held, lvsctl_page_unref);
  if (service == NULL)
    return NULL;
  roster->held = lvsctl_page_ref (service->page);
  roster->services.index++;
  *ret_destinations = roster->group;
  if (!take_destinations (roster, lvsctl_service_row_id (service), error))
    return NULL;
  roster->n_kept += 1 + roster->group->len;
  return service;
}

const LvsctlRow *
lvsctl_roster_next (LvsctlRoster *roster, GPtrArray **ret_destinations, GError **error)
{
  return roster->rows != NULL ? take_row (roster, ret_destinations)
                              : read_row (roster, ret_destinations, error);
}

guint64
lvsctl_roster_generation (const LvsctlRoster *roster)
{
  return roster->rows != NULL ? roster->generation
                              : lvsctl_reader_generation (roster->services.reader);
}
