/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "difference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "arguments.h"
#include "compression.h"
#include "configuration.h"
#include "edited-fields.h"
#include "exit-status.h"
#include "plan.h"
#include "selection.h"
#include "service.h"

#define ROWS_TYPE "a(ssssa{sv})"

/* "service web" */
static char *
format_object (gpointer row)
{
  const char *kind;
  const char *id;

  g_variant_get_child (row, 0, "&s", &kind);
  g_variant_get_child (row, 1, "&s", &id);
  return g_strdup_printf ("%s %s", kind, id);
}

static GVariant *
get_fields (gpointer row)
{
  g_autoptr (GVariant) fields = g_variant_get_child_value (row, 4);

  return lvsctl_edited_fields_to_json (fields, "desired", "kernel");
}

static const LvsctlColumn columns[] = {
  { "kind", NULL, LVSCTL_COLUMN_PLAIN, 0, 0, NULL, NULL },
  { "object", N_ ("OBJECT"), LVSCTL_COLUMN_PLAIN, 1, 0, NULL, format_object },
  { "difference", N_ ("DIFFERENCE"), LVSCTL_COLUMN_STATE, 2, 0, NULL, NULL },
  { "description", N_ ("DESCRIPTION"), LVSCTL_COLUMN_WRAP, 3, 0, NULL, NULL },
  { "fields", NULL, LVSCTL_COLUMN_PLAIN, 4, 0, get_fields, NULL },
};

static const LvsctlListing difference_listing = {
  .name = "differences",
  .row_type = "(ssssa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
};

GPtrArray *
lvsctl_difference_fetch (LvsctlClient *client, guint64 *ret_generation, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "ListDifferences",
                          g_variant_new_parsed ("({'compressed': <true>},)"), "(tv)", error);
  g_autoptr (GVariant) given = NULL;
  g_autoptr (GVariant) listed = NULL;
  GPtrArray *rows;

  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(tv)", ret_generation, &given);
  listed = lvsctl_decompress (given, ROWS_TYPE, error);
  if (listed == NULL)
    return NULL;
  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (gsize i = 0; i < g_variant_n_children (listed); i++)
    g_ptr_array_add (rows, g_variant_get_child_value (listed, i));
  return rows;
}

/* The names of the services that were named, by key perhaps; empty: none was. */
static GPtrArray *
fetch_names (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const GStrv services = client->arguments->operands[0];

  for (guint i = 0; services != NULL && services[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) rows = NULL;
      GVariantDict options;

      g_variant_dict_init (&options, NULL);
      g_variant_dict_insert (&options, "service", "s", services[i]);
      rows = lvsctl_listing_fetch (client, &lvsctl_service_listing, g_variant_dict_end (&options),
                                   NULL, error);
      if (rows == NULL)
        return NULL;
      for (guint j = 0; j < rows->len; j++)
        g_ptr_array_add (names, g_strdup (lvsctl_service_row_id (rows->pdata[j])));
    }
  return g_steal_pointer (&names);
}

static gboolean
is_of_any (const GPtrArray *names, const char *id)
{
  for (guint i = 0; i < names->len; i++)
    {
      gsize length = strlen (names->pdata[i]);

      if (strncmp (id, names->pdata[i], length) == 0 && (id[length] == '\0' || id[length] == '/'))
        return TRUE;
    }
  return FALSE;
}

/* What somebody added is not lvsd's to take away. */
static gboolean
would_be_repaired (GVariant *row, const GPtrArray *names)
{
  const char *kind;
  const char *id;
  const char *difference;

  g_variant_get_child (row, 0, "&s", &kind);
  g_variant_get_child (row, 1, "&s", &id);
  g_variant_get_child (row, 2, "&s", &difference);
  if (g_str_equal (difference, "extra"))
    return FALSE;
  return names->len == 0
         || ((g_str_equal (kind, "service") || g_str_equal (kind, "destination"))
             && is_of_any (names, id));
}

gboolean
lvsctl_rehearse_reconcile (LvsctlClient *client, GError **error)
{
  guint64 generation;
  g_autoptr (GPtrArray) names = fetch_names (client, error);
  g_autoptr (GPtrArray) rows =
      names != NULL ? lvsctl_difference_fetch (client, &generation, error) : NULL;

  if (rows == NULL)
    return FALSE;
  for (guint i = rows->len; i > 0; i--)
    if (!would_be_repaired (rows->pdata[i - 1], names))
      g_ptr_array_remove_index (rows, i - 1);
  if (rows->len > 0 || client->arguments->json || client->arguments->terse)
    lvsctl_selection_print_all (client, &difference_listing, rows, generation);
  else
    lvsctl_client_say (client, _ ("Nothing would be changed."));
  return TRUE;
}

/* What is desired against the kernel. */
static gboolean
compare_kernel (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  guint64 generation;

  if (!lvsctl_selection_check (client->arguments, &difference_listing, error))
    return FALSE;
  rows = lvsctl_difference_fetch (client, &generation, error);
  if (rows == NULL)
    return FALSE;
  if (rows->len > 0 || client->arguments->json || client->arguments->terse)
    lvsctl_selection_print_all (client, &difference_listing, rows, generation);
  else
    lvsctl_client_say (client, _ ("The kernel holds what is desired."));
  if (rows->len > 0)
    client->exit_status = LVSCTL_EXIT_ATTENTION;
  return TRUE;
}

/* What the file says against what is desired: what replacing it would do. */
static gboolean
compare_file (LvsctlClient *client, const char *file, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_read (file, error);
  g_autoptr (GVariant) result = NULL;
  gsize n_steps;

  if (items == NULL)
    return FALSE;
  result = lvsctl_configuration_apply (client, items, TRUE, TRUE, error);
  if (result == NULL || !lvsctl_plan_print (client, result, &n_steps, error))
    return FALSE;
  if (n_steps > 0)
    client->exit_status = LVSCTL_EXIT_ATTENTION;
  return TRUE;
}

gboolean
lvsctl_diff (LvsctlClient *client, GError **error)
{
  const char *file = lvsctl_arguments_operand (client->arguments, 0);

  return file != NULL ? compare_file (client, file, error) : compare_kernel (client, error);
}
