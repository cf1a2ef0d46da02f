/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "status.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "json.h"

/* "service web" */
static char *
format_object (GVariant *row)
{
  const char *kind;
  const char *name;

  g_variant_get_child (row, 1, "&s", &kind);
  g_variant_get_child (row, 2, "&s", &name);
  return name[0] != '\0' ? g_strdup_printf ("%s %s", kind, name) : g_strdup (kind);
}

static const LvsctlColumn columns[] = {
  { "severity", N_ ("SEVERITY"), LVSCTL_COLUMN_STATE, 0, 0, NULL, NULL },
  { "kind", NULL, LVSCTL_COLUMN_PLAIN, 1, 0, NULL, NULL },
  { "object", N_ ("OBJECT"), LVSCTL_COLUMN_PLAIN, 2, 0, NULL, format_object },
  { "problem", NULL, LVSCTL_COLUMN_PLAIN, 3, 0, NULL, NULL },
  { "description", N_ ("PROBLEM"), LVSCTL_COLUMN_PLAIN, 4, 0, NULL, NULL },
  { "remedy", N_ ("REMEDY"), LVSCTL_COLUMN_HIDE_EMPTY, 5, 0, NULL, NULL },
};

const LvsctlListing lvsctl_problem_listing = {
  .name = "problems",
  .row_type = "(ssssss)",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .fields = LVSCTL_NO_FIELDS,
};

static void
print_text (LvsctlClient *client, const char *state, GPtrArray *problems)
{
  const LvsctlArguments *arguments = client->arguments;
  gboolean color = lvsctl_terminal_has_color ();
  const char *sequence = color ? lvsctl_style_sequence (lvsctl_style_of_state (state)) : "";
  g_autoptr (LvsctlTable) table = lvsctl_listing_to_table (&lvsctl_problem_listing, problems);
  g_autofree char *shown = lvsctl_terminal_sanitize (state);
  g_autofree char *text = lvsctl_table_format (table, !arguments->no_legend, color);

  lvsctl_terminal_print (sequence);
  lvsctl_terminal_print (shown);
  lvsctl_terminal_print (sequence[0] != '\0' ? "\033[0m\n" : "\n");
  lvsctl_terminal_print (text);
}

static void
print_json (const char *state, GPtrArray *problems)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_json_add (&object, "state", g_variant_new_string (state));
  lvsctl_json_add (&object, lvsctl_problem_listing.name,
                   lvsctl_listing_to_array (&lvsctl_problem_listing, problems));
  lvsctl_json_print (g_variant_builder_end (&object));
}

gboolean
lvsctl_status (LvsctlClient *client, GError **error)
{
  g_autoptr (GVariant) reply =
      lvsctl_client_call (client, &lvsctl_manager, "GetStatus", NULL, "(sa(ssssss))", error);
  g_autoptr (GPtrArray) problems =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) rows = NULL;
  const char *state;

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(&s@a(ssssss))", &state, &rows);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    g_ptr_array_add (problems, g_variant_get_child_value (rows, i));
  if (client->arguments->json)
    print_json (state, problems);
  else
    print_text (client, state, problems);
  if (!g_str_equal (state, "clean"))
    client->exit_status = LVSCTL_EXIT_ATTENTION;
  return TRUE;
}
