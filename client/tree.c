/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tree.h"

#include <glib/gi18n-lib.h>

#include "counters.h"
#include "destination.h"
#include "exit-status.h"
#include "service.h"

/* A service's columns and a destination's beside each other. */
typedef enum
{
  COLUMN_NAME,
  COLUMN_KEY, /* of a destination: its address and port */
  COLUMN_SCHEDULER,
  COLUMN_METHOD,
  COLUMN_WEIGHT,
  COLUMN_SHARE,
  COLUMN_ACTIVE,
  COLUMN_INACTIVE,
  COLUMN_CONNECTION_RATE,
  COLUMN_BYTE_RATE_IN,
  COLUMN_BYTE_RATE_OUT,
  COLUMN_CONNECTIONS, /* since the counters were zeroed; not shown unless asked for */
  COLUMN_STATE,
  N_COLUMNS,
} Column;

#define RATE_FLAGS (LVSCTL_ALIGN_RIGHT | LVSCTL_HIDE_EMPTY | LVSCTL_DISPENSABLE)

static const struct
{
  const char *name;
  const char *title;
  LvsctlTableFlags flags;
} columns_of_tree[N_COLUMNS] = {
  [COLUMN_NAME] = { "name", N_ ("NAME"), LVSCTL_ALIGN_LEFT },
  [COLUMN_KEY] = { "key", N_ ("KEY"), LVSCTL_KEEP },
  [COLUMN_SCHEDULER] = { "scheduler", N_ ("SCHEDULER"), LVSCTL_OVERFLOW },
  [COLUMN_METHOD] = { "method", N_ ("METHOD"), LVSCTL_HIDE_EMPTY },
  [COLUMN_WEIGHT] = { "weight", N_ ("WEIGHT"), LVSCTL_HIDE_EMPTY | LVSCTL_KEEP },
  [COLUMN_SHARE] = { "share", N_ ("SHARE"), RATE_FLAGS },
  [COLUMN_ACTIVE] = { "active", N_ ("ACTIVE"), LVSCTL_ALIGN_RIGHT | LVSCTL_HIDE_EMPTY },
  [COLUMN_INACTIVE] = { "inactive", N_ ("INACTIVE"), RATE_FLAGS },
  [COLUMN_CONNECTION_RATE] = { "connection-rate", N_ ("CONN/S"), RATE_FLAGS },
  [COLUMN_BYTE_RATE_IN] = { "byte-rate-in", N_ ("IN/S"), RATE_FLAGS },
  [COLUMN_BYTE_RATE_OUT] = { "byte-rate-out", N_ ("OUT/S"), RATE_FLAGS },
  [COLUMN_CONNECTIONS] = { "connections", N_ ("CONNS"), LVSCTL_ALIGN_RIGHT },
  [COLUMN_STATE] = { "state", N_ ("STATE"), LVSCTL_HIDE_EMPTY | LVSCTL_KEEP },
};

struct _LvsctlTree
{
  LvsctlTable *table;
  int places[N_COLUMNS]; /* where each column stands in the table; -1: it was not asked for */
  GString *text;         /* of the cell that is being filled in */
  guint64 share_weight;  /* whose share is written below: it is often that of the next row too */
  guint64 share_of;
  char share[8];
};

static const char *const service_columns[] = {
  "name",         "key",           "scheduler",   "state", "fields", "connection-rate",
  "byte-rate-in", "byte-rate-out", "connections", NULL
};

static const char *const destination_columns[] = {
  "service",      "endpoint",      "method",      "weight", "effective-weight",
  "state",        "active",        "inactive",    "fields", "connection-rate",
  "byte-rate-in", "byte-rate-out", "connections", NULL
};

static int
find_column (const char *name)
{
  for (int i = 0; i < N_COLUMNS; i++)
    if (g_str_equal (columns_of_tree[i].name, name))
      return i;
  return -1;
}

gboolean
lvsctl_tree_check (const char *columns, GError **error)
{
  g_auto (GStrv) names = columns != NULL ? g_strsplit (columns, ",", -1) : NULL;
  g_autoptr (GString) all = g_string_new (NULL);

  for (gsize i = 0; names != NULL && (i == 0 || names[i] != NULL); i++)
    {
      if (names[i] != NULL && find_column (names[i]) >= 0)
        continue;
      for (gsize j = 0; j < N_COLUMNS; j++)
        g_string_append_printf (all, "%s%s", j > 0 ? ", " : "", columns_of_tree[j].name);
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                   _ ("--%s: '%s' is not a column here; there are %s"), "columns",
                   names[i] != NULL ? names[i] : "", all->str);
      return FALSE;
    }
  return TRUE;
}

static void
set_text (LvsctlTree *tree, Column column, const char *text, LvsctlStyle style)
{
  if (tree->places[column] >= 0)
    lvsctl_table_set (tree->table, (guint) tree->places[column], text, style);
}

static void
set_number (LvsctlTree *tree, Column column, const LvsctlRow *row, guint cell)
{
  if (tree->places[column] < 0)
    return;
  g_string_truncate (tree->text, 0);
  lvsd_number_append (tree->text, lvsctl_row_number (row, cell));
  set_text (tree, column, tree->text->str, LVSCTL_STYLE_PLAIN);
}

/* That something is as it is to be needs no word. */
static void
set_state (LvsctlTree *tree, const char *state)
{
  if (!g_str_equal (state, "applied"))
    set_text (tree, COLUMN_STATE, state, lvsctl_style_of_state (state));
}

/* Three digits and a unit at most. */
static void
set_rate (LvsctlTree *tree, Column column, guint64 rate)
{
  g_autofree char *text = NULL;

  if (tree->places[column] < 0)
    return;
  text = lvsctl_tree_format_rate (rate);
  set_text (tree, column, text, LVSCTL_STYLE_PLAIN);
}

/* Where nothing flows, nothing is said. */
static void
set_counters (LvsctlTree *tree, const LvsctlRow *row, guint first)
{
  static const struct
  {
    Column column;
    guint counter;
  } rates[] = { { COLUMN_CONNECTION_RATE, LVSCTL_CONNECTION_RATE },
                { COLUMN_BYTE_RATE_IN, LVSCTL_BYTE_RATE_IN },
                { COLUMN_BYTE_RATE_OUT, LVSCTL_BYTE_RATE_OUT } };

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      guint64 rate = lvsctl_row_number (row, first + rates[i].counter);

      if (rate > 0)
        set_rate (tree, rates[i].column, rate);
    }
  set_rate (tree, COLUMN_CONNECTIONS, lvsctl_row_number (row, first + LVSCTL_CONNECTIONS));
}

char *
lvsctl_tree_format_rate (guint64 rate)
{
  static const char units[] = "kMGTPE";
  double scaled = (double) rate;
  gsize unit = 0;

  if (rate < 10000)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, rate);
  for (scaled /= 1000; scaled >= 999.95 && units[unit + 1] != '\0'; scaled /= 1000)
    unit++;
  return g_strdup_printf (scaled < 99.95 ? "%.1f%c" : "%.0f%c", scaled, units[unit]);
}

/* "sh sh-port persistent 300", as ipvsadm has it. */
static void
set_scheduler (LvsctlTree *tree, const LvsctlRow *row)
{
  g_autoptr (GVariant) persistence = lvsctl_row_find_field (row, "persistence");
  g_autoptr (GVariant) one_packet = lvsctl_row_find_field (row, "one-packet");
  g_autoptr (GVariant) flags = lvsctl_row_find_field (row, "flags");

  g_string_assign (tree->text, lvsctl_row_text (row, LVSCTL_SERVICE_SCHEDULER));
  if (flags != NULL)
    {
      g_autofree char *words = lvsctl_value_to_text (flags);

      g_string_append_printf (tree->text, " %s", words);
    }
  if (persistence != NULL)
    g_string_append_printf (tree->text, _ (" persistent %u"), g_variant_get_uint32 (persistence));
  if (one_packet != NULL && g_variant_get_boolean (one_packet))
    g_string_append (tree->text, _ (" one-packet"));
  set_text (tree, COLUMN_SCHEDULER, tree->text->str, LVSCTL_STYLE_PLAIN);
}

static void
add_service (LvsctlTree *tree, const LvsctlRow *row)
{
  const char *name = lvsctl_row_text (row, LVSCTL_SERVICE_NAME);

  lvsctl_table_begin_row (tree->table);
  set_text (tree, COLUMN_NAME, name[0] != '\0' ? name : "-", LVSCTL_STYLE_HEADING);
  set_text (tree, COLUMN_KEY, lvsctl_row_text (row, LVSCTL_SERVICE_KEY), LVSCTL_STYLE_PLAIN);
  set_scheduler (tree, row);
  set_counters (tree, row, LVSCTL_SERVICE_COUNTERS);
  set_state (tree, lvsctl_row_text (row, LVSCTL_SERVICE_STATE));
}

/* What part of the weight of its service it has. */
static void
set_share (LvsctlTree *tree, guint64 weight, guint64 of)
{
  if (of == 0 || tree->places[COLUMN_SHARE] < 0)
    return;
  if (weight != tree->share_weight || of != tree->share_of)
    g_snprintf (tree->share, sizeof tree->share, "%.0f%%", 100.0 * (double) weight / (double) of);
  tree->share_weight = weight;
  tree->share_of = of;
  set_text (tree, COLUMN_SHARE, tree->share, LVSCTL_STYLE_PLAIN);
}

static guint64
effective_weight (const LvsctlRow *row)
{
  return lvsctl_row_number (row, LVSCTL_DESTINATION_EFFECTIVE_WEIGHT);
}

static void
set_weight (LvsctlTree *tree, gpointer row)
{
  g_autofree char *text = NULL;

  if (lvsctl_row_number (row, LVSCTL_DESTINATION_WEIGHT) == effective_weight (row))
    {
      set_number (tree, COLUMN_WEIGHT, row, LVSCTL_DESTINATION_WEIGHT);
      return;
    }
  text = lvsctl_listing_text (&lvsctl_destination_listing, "weight", row);
  set_text (tree, COLUMN_WEIGHT, text, LVSCTL_STYLE_PLAIN);
}

static void
add_destination (LvsctlTree *tree, gpointer row, guint64 weight_of_all)
{
  lvsctl_table_begin_row (tree->table);
  g_string_assign (tree->text, "-> ");
  g_string_append (tree->text, lvsctl_row_text (row, LVSCTL_DESTINATION_ENDPOINT));
  set_text (tree, COLUMN_KEY, tree->text->str, LVSCTL_STYLE_PLAIN);
  set_text (tree, COLUMN_METHOD, lvsctl_row_text (row, LVSCTL_DESTINATION_METHOD),
            LVSCTL_STYLE_PLAIN);
  set_weight (tree, row);
  set_share (tree, effective_weight (row), weight_of_all);
  set_number (tree, COLUMN_ACTIVE, row, LVSCTL_DESTINATION_ACTIVE);
  set_number (tree, COLUMN_INACTIVE, row, LVSCTL_DESTINATION_INACTIVE);
  set_counters (tree, row, LVSCTL_DESTINATION_COUNTERS);
  set_state (tree, lvsctl_row_text (row, LVSCTL_DESTINATION_STATE));
}

/* Two rows of titles, since services and destinations share columns, as ipvsadm has them. */
static void
add_all_columns (LvsctlTree *tree)
{
  static const struct
  {
    Column service;
    Column destination;
    const char *below;
  } shared[] = { { COLUMN_NAME, COLUMN_NAME, "" },
                 { COLUMN_KEY, COLUMN_KEY, N_ ("-> DESTINATION") },
                 { COLUMN_SCHEDULER, COLUMN_METHOD, N_ ("METHOD") } };
  int place = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (shared); i++)
    {
      const char *below = shared[i].below;

      lvsctl_table_add_column (tree->table, below[0] != '\0' ? _ (below) : below,
                               columns_of_tree[shared[i].service].flags);
      lvsctl_table_set_title_above (tree->table, _ (columns_of_tree[shared[i].service].title));
      tree->places[shared[i].service] = tree->places[shared[i].destination] = place++;
    }
  for (int i = COLUMN_WEIGHT; i < N_COLUMNS; i++)
    {
      if (i == COLUMN_CONNECTIONS)
        continue;
      lvsctl_table_add_column (tree->table, _ (columns_of_tree[i].title), columns_of_tree[i].flags);
      tree->places[i] = place++;
    }
}

static void
add_columns (LvsctlTree *tree, const char *columns)
{
  g_auto (GStrv) names = columns != NULL ? g_strsplit (columns, ",", -1) : NULL;

  for (int i = 0; i < N_COLUMNS; i++)
    tree->places[i] = -1;
  if (names == NULL)
    add_all_columns (tree);
  for (int i = 0; names != NULL && names[i] != NULL; i++)
    {
      int column = find_column (names[i]);

      lvsctl_table_add_column (tree->table, _ (columns_of_tree[column].title),
                               columns_of_tree[column].flags
                                   & (LVSCTL_ALIGN_RIGHT | LVSCTL_KEEP | LVSCTL_OVERFLOW));
      tree->places[column] = i;
    }
}

LvsctlTree *
lvsctl_tree_new (const char *columns)
{
  LvsctlTree *tree = g_new0 (LvsctlTree, 1);

  tree->table = lvsctl_table_new ();
  tree->text = g_string_new (NULL);
  add_columns (tree, columns);
  return tree;
}

void
lvsctl_tree_free (LvsctlTree *tree)
{
  lvsctl_table_free (tree->table);
  g_string_free (tree->text, TRUE);
  g_free (tree);
}

LvsctlTable *
lvsctl_tree_table (LvsctlTree *tree)
{
  return tree->table;
}

const char *const *
lvsctl_tree_service_columns (void)
{
  return service_columns;
}

const char *const *
lvsctl_tree_destination_columns (void)
{
  return destination_columns;
}

static void
add_group (LvsctlTree *tree, const LvsctlRow *service, GPtrArray *destinations)
{
  guint64 weight = 0;

  add_service (tree, service);
  for (guint i = 0; i < destinations->len; i++)
    weight += effective_weight (destinations->pdata[i]);
  for (guint i = 0; i < destinations->len; i++)
    add_destination (tree, destinations->pdata[i], weight);
}

gboolean
lvsctl_tree_add_all (LvsctlTree *tree, LvsctlRoster *roster, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const LvsctlRow *service;
  GPtrArray *destinations;

  while ((service = lvsctl_roster_next (roster, &destinations, &failure)) != NULL)
    add_group (tree, service, destinations);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
