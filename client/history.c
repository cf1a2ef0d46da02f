/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "history.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "json.h"
#include "listing.h"
#include "plan.h"
#include "selection.h"

static GVariant *
get_detail (GVariant *row, const char *name)
{
  g_autoptr (GVariant) details = g_variant_get_child_value (row, 3);
  g_autoptr (GVariant) value = g_variant_lookup_value (details, name, NULL);

  return value != NULL ? g_variant_ref (value) : g_variant_new_uint32 (0);
}

#define DETAIL(function, name)                                                                     \
  static GVariant *function (gpointer row) { return get_detail (row, name); }

DETAIL (get_uid, "uid")
DETAIL (get_added, "added")
DETAIL (get_changed, "changed")
DETAIL (get_removed, "removed")
DETAIL (get_confirm_seconds, "confirm-seconds")

static char *
format_time (gpointer row)
{
  g_autoptr (GDateTime) time = NULL;
  gint64 seconds;

  g_variant_get_child (row, 1, "x", &seconds);
  time = g_date_time_new_from_unix_local (seconds);
  return time != NULL ? g_date_time_format (time, "%F %T") : g_strdup ("");
}

/* Until when it may be confirmed, and how. */
static char *
format_confirm_seconds (gpointer row)
{
  g_autoptr (GVariant) details = g_variant_get_child_value (row, 3);
  guint32 seconds;

  if (!g_variant_lookup (details, "confirm-seconds", "u", &seconds))
    return g_strdup ("");
  return g_strdup_printf (_ ("%u s left to confirm it"), seconds);
}

static const LvsctlColumn columns[] = {
  { "number", N_ ("NUMBER"), LVSCTL_COLUMN_NUMBER, 0, 0, NULL, NULL },
  { "time", N_ ("TIME"), LVSCTL_COLUMN_PLAIN, 1, 0, NULL, format_time },
  { "cause", N_ ("CAUSE"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, NULL },
  { "uid", N_ ("UID"), LVSCTL_COLUMN_NUMBER, 3, 0, get_uid, NULL },
  { "added", N_ ("ADDED"), LVSCTL_COLUMN_NUMBER, 3, 0, get_added, NULL },
  { "changed", N_ ("CHANGED"), LVSCTL_COLUMN_NUMBER, 3, 0, get_changed, NULL },
  { "removed", N_ ("REMOVED"), LVSCTL_COLUMN_NUMBER, 3, 0, get_removed, NULL },
  { "confirm-seconds", N_ ("CONFIRM"), LVSCTL_COLUMN_HIDE_EMPTY, 3, 0, get_confirm_seconds,
    format_confirm_seconds },
};

static const LvsctlListing history_listing = {
  .name = "generations",
  .row_type = "(txsa{sv})",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
};

static void
print (LvsctlClient *client, GPtrArray *rows)
{
  const LvsctlArguments *arguments = client->arguments;

  if (rows->len > 0)
    lvsctl_selection_print (client, &history_listing, rows);
  else if (!arguments->no_legend && !arguments->terse)
    lvsctl_terminal_print (_ ("Nothing is kept yet: apply, clear and rollback keep the state they "
                              "begin with and the one they end with.\n"));
}

gboolean
lvsctl_history (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) generations = NULL;

  if (!lvsctl_selection_check (client->arguments, &history_listing, error))
    return FALSE;
  reply = lvsctl_client_call (client, &lvsctl_manager, "ListGenerations",
                              g_variant_new ("(a{sv})", NULL), "(a(txsa{sv}))", error);
  if (reply == NULL)
    return FALSE;
  generations = g_variant_get_child_value (reply, 0);
  for (gsize i = 0; i < g_variant_n_children (generations); i++)
    g_ptr_array_add (rows, g_variant_get_child_value (generations, i));
  if (!client->arguments->json)
    {
      print (client, rows);
      return TRUE;
    }
  lvsctl_selection_sort (&history_listing, lvsctl_selection_order (client->arguments), rows);
  lvsctl_json_add (&object, history_listing.name, lvsctl_listing_to_array (&history_listing, rows));
  lvsctl_json_print (g_variant_builder_end (&object));
  return TRUE;
}

gboolean
lvsctl_confirm (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, "Confirm", NULL, NULL, NULL, "()", error);

  if (reply == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Confirmed: it stays."));
  return TRUE;
}

/* 0: the last that is not as the state is now. */
static gboolean
read_number (LvsctlClient *client, guint64 *ret_number, GError **error)
{
  const char *text = lvsctl_arguments_operand (client->arguments, 0);

  *ret_number = 0;
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, ret_number, NULL))
    return TRUE;
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("'%s' is not a number of a generation; 'lvsctl history' lists them"), text);
  return FALSE;
}

gboolean
lvsctl_rollback (LvsctlClient *client, GError **error)
{
  gboolean dry_run = lvsctl_plan_is_dry (client);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) result = NULL;
  guint64 number;
  gsize n_steps;

  if (!read_number (client, &number, error))
    return FALSE;
  reply = lvsctl_client_change (client, &lvsctl_manager, "Rollback", g_variant_new ("(t)", number),
                                lvsctl_plan_options (client, FALSE, dry_run),
                                dry_run ? NULL : _ ("Go back all the same?"), "(a{sv})", error);
  if (reply == NULL)
    return FALSE;
  result = g_variant_get_child_value (reply, 0);
  if (dry_run)
    return lvsctl_plan_print (client, result, &n_steps, error);
  lvsctl_plan_say_done (client, _ ("Went back"), result);
  return TRUE;
}
