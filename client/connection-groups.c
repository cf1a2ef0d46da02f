/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "connection-groups.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Children of a row of connections. */
enum
{
  CLIENT = 1,
  VIRTUAL = 2,
  DESTINATION = 3,
  SERVICE = 4,
  STATE = 5,
};

#define COLUMNS(name, title)                                                                       \
  {                                                                                                \
    { name, title, LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },                                        \
        { "connections", N_ ("CONNECTIONS"), LVSCTL_COLUMN_NUMBER, 1, 0, NULL, NULL },             \
        { "established", N_ ("ESTABLISHED"), LVSCTL_COLUMN_NUMBER, 2, 0, NULL, NULL },             \
        { "templates", N_ ("TEMPLATES"), LVSCTL_COLUMN_NUMBER, 3, 0, NULL, NULL },                 \
  }

static const LvsctlColumn client_columns[] = COLUMNS ("client", N_ ("CLIENT"));
static const LvsctlColumn destination_columns[] = COLUMNS ("destination", N_ ("DESTINATION"));
static const LvsctlColumn service_columns[] = COLUMNS ("service", N_ ("SERVICE"));
static const LvsctlColumn state_columns[] = COLUMNS ("state", N_ ("STATE"));

#define GROUPS(columns_)                                                                           \
  {                                                                                                \
    .name = "groups", .row_type = "(sttt)", .columns = columns_,                                   \
    .n_columns = G_N_ELEMENTS (columns_), .fields = LVSCTL_NO_FIELDS                               \
  }

static const LvsctlListing listings[] = {
  GROUPS (client_columns),
  GROUPS (destination_columns),
  GROUPS (service_columns),
  GROUPS (state_columns),
};

typedef struct
{
  guint64 connections; /* without templates */
  guint64 established;
  guint64 templates;
} Count;

const LvsctlListing *
lvsctl_connection_groups_find (const char *by)
{
  for (gsize i = 0; i < G_N_ELEMENTS (listings); i++)
    if (g_str_equal (listings[i].columns[0].name, by))
      return &listings[i];
  return NULL;
}

/* "192.0.2.1:80", "[2001:db8::1]:80" */
static char *
without_port (const char *endpoint)
{
  const char *colon = strrchr (endpoint, ':');
  char *address =
      colon != NULL ? g_strndup (endpoint, (gsize) (colon - endpoint)) : g_strdup (endpoint);

  if (address[0] == '[')
    {
      memmove (address, address + 1, strlen (address));
      address[strcspn (address, "]")] = '\0';
    }
  return address;
}

static char *
group_of (const LvsctlListing *listing, GVariant *row)
{
  const char *by = listing->columns[0].name;
  const char *text;

  if (g_str_equal (by, "client"))
    {
      g_variant_get_child (row, CLIENT, "&s", &text);
      return without_port (text);
    }
  if (g_str_equal (by, "service"))
    {
      g_variant_get_child (row, SERVICE, "&s", &text);
      if (text[0] == '\0')
        g_variant_get_child (row, VIRTUAL, "&s", &text);
      return g_strdup (text);
    }
  g_variant_get_child (row, g_str_equal (by, "state") ? STATE : DESTINATION, "&s", &text);
  return g_strdup (text);
}

/* A client's port 0 stands for all it opens while it persists: a template, no connection. */
static void
count (Count *into, GVariant *row)
{
  const char *client;
  const char *state;

  g_variant_get_child (row, CLIENT, "&s", &client);
  g_variant_get_child (row, STATE, "&s", &state);
  if (g_str_has_suffix (client, ":0"))
    into->templates++;
  else
    into->connections++;
  if (g_str_equal (state, "ESTABLISHED"))
    into->established++;
}

/* Most first; of the same number, in order of the name. */
static int
compare_groups (gconstpointer a, gconstpointer b)
{
  GVariant *first = *(GVariant *const *) a;
  GVariant *second = *(GVariant *const *) b;
  const char *name;
  const char *other_name;

  for (gsize i = 1; i <= 3; i++)
    {
      guint64 one;
      guint64 other;

      g_variant_get_child (first, i, "t", &one);
      g_variant_get_child (second, i, "t", &other);
      if (one != other)
        return one < other ? 1 : -1;
    }
  g_variant_get_child (first, 0, "&s", &name);
  g_variant_get_child (second, 0, "&s", &other_name);
  return strcmp (name, other_name);
}

GPtrArray *
lvsctl_connection_groups_make (const LvsctlListing *listing, GPtrArray *connections, guint limit)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  for (guint i = 0; i < connections->len; i++)
    {
      g_autofree char *group = group_of (listing, connections->pdata[i]);
      Count *of = g_hash_table_lookup (counts, group);

      if (of == NULL)
        {
          of = g_new0 (Count, 1);
          g_hash_table_insert (counts, g_strdup (group), of);
        }
      count (of, connections->pdata[i]);
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Count *of = value;

      g_ptr_array_add (rows, g_variant_ref_sink (g_variant_new ("(sttt)", name, of->connections,
                                                                of->established, of->templates)));
    }
  g_ptr_array_sort (rows, compare_groups);
  if (limit > 0 && rows->len > limit)
    g_ptr_array_set_size (rows, (int) limit);
  return rows;
}
