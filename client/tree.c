/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tree.h"

#include <glib/gi18n-lib.h>

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

/* Where each column stands in the table; -1: it was not asked for. */
typedef struct
{
  LvsctlTable *table;
  int places[N_COLUMNS];
} Tree;

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
set_text (Tree *tree, Column column, const char *text, LvsctlStyle style)
{
  if (tree->places[column] >= 0)
    lvsctl_table_set (tree->table, (guint) tree->places[column], text, style);
}

static void
set_cell (Tree *tree, Column column, const LvsctlListing *listing, const char *name, GVariant *row)
{
  g_autofree char *text = NULL;

  if (tree->places[column] < 0)
    return;
  text = lvsctl_listing_text (listing, name, row);
  set_text (tree, column, text, LVSCTL_STYLE_PLAIN);
}

static guint64
get_counter (const LvsctlListing *listing, const char *name, GVariant *row)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (lvsctl_listing_get (listing, name, row));

  return g_variant_get_uint64 (value);
}

/* That something is as it is to be needs no word. */
static void
set_state (Tree *tree, const LvsctlListing *listing, GVariant *row)
{
  g_autofree char *state = lvsctl_listing_text (listing, "state", row);

  if (!g_str_equal (state, "applied"))
    set_text (tree, COLUMN_STATE, state, lvsctl_style_of_state (state));
}

static void
set_connections (Tree *tree, const LvsctlListing *listing, GVariant *row)
{
  g_autofree char *text = NULL;

  if (tree->places[COLUMN_CONNECTIONS] < 0)
    return;
  text = lvsctl_tree_format_rate (get_counter (listing, "connections", row));
  set_text (tree, COLUMN_CONNECTIONS, text, LVSCTL_STYLE_PLAIN);
}

/* Three digits and a unit at most; where nothing flows, nothing is said. */
static void
set_rates (Tree *tree, const LvsctlListing *listing, GVariant *row)
{
  static const Column rates[] = { COLUMN_CONNECTION_RATE, COLUMN_BYTE_RATE_IN,
                                  COLUMN_BYTE_RATE_OUT };

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      guint64 rate = get_counter (listing, columns_of_tree[rates[i]].name, row);
      g_autofree char *text = rate > 0 ? lvsctl_tree_format_rate (rate) : NULL;

      if (text != NULL)
        set_text (tree, rates[i], text, LVSCTL_STYLE_PLAIN);
    }
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
static char *
describe_scheduler (GVariant *row)
{
  const LvsctlListing *listing = &lvsctl_service_listing;
  g_autoptr (GVariant) persistence =
      g_variant_ref_sink (lvsctl_listing_get (listing, "persistence", row));
  g_autoptr (GVariant) one_packet =
      g_variant_ref_sink (lvsctl_listing_get (listing, "one-packet", row));
  g_autofree char *scheduler = lvsctl_listing_text (listing, "scheduler", row);
  g_autofree char *flags = lvsctl_listing_text (listing, "flags", row);
  GString *text = g_string_new (scheduler);

  if (flags[0] != '\0')
    g_string_append_printf (text, " %s", flags);
  if (g_variant_get_uint32 (persistence) > 0)
    g_string_append_printf (text, _ (" persistent %u"), g_variant_get_uint32 (persistence));
  if (g_variant_is_of_type (one_packet, G_VARIANT_TYPE_BOOLEAN)
      && g_variant_get_boolean (one_packet))
    g_string_append (text, _ (" one-packet"));
  return g_string_free (text, FALSE);
}

static void
add_service (Tree *tree, GVariant *row)
{
  const LvsctlListing *listing = &lvsctl_service_listing;
  g_autofree char *name = lvsctl_listing_text (listing, "name", row);
  g_autofree char *scheduler = describe_scheduler (row);

  lvsctl_table_begin_row (tree->table);
  set_text (tree, COLUMN_NAME, name, LVSCTL_STYLE_HEADING);
  set_cell (tree, COLUMN_KEY, listing, "key", row);
  set_text (tree, COLUMN_SCHEDULER, scheduler, LVSCTL_STYLE_PLAIN);
  set_rates (tree, listing, row);
  set_connections (tree, listing, row);
  set_state (tree, listing, row);
}

static guint32
effective_weight (GVariant *row)
{
  g_autoptr (GVariant) weight = g_variant_ref_sink (
      lvsctl_listing_get (&lvsctl_destination_listing, "effective-weight", row));

  return g_variant_get_uint32 (weight);
}

/* What part of the weight of its service it has. */
static void
set_share (Tree *tree, GVariant *row, guint64 of)
{
  g_autofree char *share = NULL;

  if (of == 0)
    return;
  share = g_strdup_printf ("%.0f%%", 100.0 * effective_weight (row) / (double) of);
  set_text (tree, COLUMN_SHARE, share, LVSCTL_STYLE_PLAIN);
}

static void
add_destination (Tree *tree, GVariant *row, guint64 weight_of_all)
{
  const LvsctlListing *listing = &lvsctl_destination_listing;
  g_autofree char *endpoint = lvsctl_listing_text (listing, "endpoint", row);
  g_autofree char *indented = g_strconcat ("-> ", endpoint, NULL);

  lvsctl_table_begin_row (tree->table);
  set_text (tree, COLUMN_KEY, indented, LVSCTL_STYLE_PLAIN);
  set_cell (tree, COLUMN_METHOD, listing, "method", row);
  set_cell (tree, COLUMN_WEIGHT, listing, "weight", row);
  set_share (tree, row, weight_of_all);
  set_cell (tree, COLUMN_ACTIVE, listing, "active", row);
  set_cell (tree, COLUMN_INACTIVE, listing, "inactive", row);
  set_rates (tree, listing, row);
  set_connections (tree, listing, row);
  set_state (tree, listing, row);
}

/* Two rows of titles, since services and destinations share columns, as ipvsadm has them. */
static void
add_all_columns (Tree *tree)
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
add_columns (Tree *tree, const char *columns)
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

LvsctlTable *
lvsctl_tree_build (const LvsctlOverview *overview, const char *columns)
{
  g_autoptr (GHashTable) groups = lvsctl_overview_group_destinations (overview);
  Tree tree = { .table = lvsctl_table_new () };

  add_columns (&tree, columns);
  for (guint i = 0; i < overview->services->len; i++)
    {
      g_autoptr (GPtrArray) group =
          lvsctl_overview_take_destinations (groups, overview->services->pdata[i]);
      guint64 weight = 0;

      add_service (&tree, overview->services->pdata[i]);
      for (guint j = 0; group != NULL && j < group->len; j++)
        weight += effective_weight (group->pdata[j]);
      for (guint j = 0; group != NULL && j < group->len; j++)
        add_destination (&tree, group->pdata[j], weight);
    }
  return tree.table;
}
