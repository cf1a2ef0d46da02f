/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "status.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "json.h"
#include "selection.h"

#define PENDING "confirm-pending"

/* What a remedy begins with, in its own line. */
#define REMEDY "  → "

/* "service web" */
static char *
format_object (gpointer row)
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

void
lvsctl_condition_clear (LvsctlCondition *condition)
{
  g_clear_pointer (&condition->state, g_free);
  g_clear_pointer (&condition->problems, g_ptr_array_unref);
  g_clear_pointer (&condition->counts, g_variant_unref);
}

static gboolean
fetch_confirm_seconds (LvsctlClient *client, guint32 *ret_seconds, GError **error)
{
  g_autoptr (GVariant) value = lvsctl_client_get_property (
      client, &lvsctl_manager, "ConfirmSeconds", G_VARIANT_TYPE_UINT32, error);

  if (value == NULL)
    return FALSE;
  *ret_seconds = g_variant_get_uint32 (value);
  return TRUE;
}

static GVariant *
make_options (guint most)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "limit", "u", most);
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&options));
}

gboolean
lvsctl_condition_fetch (LvsctlClient *client,
                        guint most,
                        LvsctlCondition *condition,
                        GError **error)
{
  g_autoptr (GVariant) reply = lvsctl_client_call (client, &lvsctl_manager, "GetSummary",
                                                   make_options (most), "(sa{su}a(ssssss))", error);
  g_autoptr (GVariant) rows = NULL;

  if (reply == NULL)
    return FALSE;
  lvsctl_condition_clear (condition);
  g_variant_get (reply, "(s@a{su}@a(ssssss))", &condition->state, &condition->counts, &rows);
  condition->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    g_ptr_array_add (condition->problems, g_variant_get_child_value (rows, i));
  condition->confirm_seconds = 0;
  return !g_str_equal (condition->state, PENDING)
         || fetch_confirm_seconds (client, &condition->confirm_seconds, error);
}

static gboolean
has_problem (const LvsctlCondition *condition, const char *word)
{
  guint32 count;

  return g_variant_lookup (condition->counts, word, "u", &count);
}

static guint
count_problems (const LvsctlCondition *condition)
{
  GVariantIter iter;
  guint32 count;
  guint sum = 0;

  g_variant_iter_init (&iter, condition->counts);
  while (g_variant_iter_next (&iter, "{&su}", NULL, &count))
    sum += count;
  return sum;
}

char *
lvsctl_condition_describe (const LvsctlCondition *condition)
{
  if (g_str_equal (condition->state, PENDING))
    return g_strdup_printf (_ ("confirm pending in %u s"), condition->confirm_seconds);
  if (g_str_equal (condition->state, "degraded"))
    return g_strdup (_ ("degraded"));
  if (g_str_equal (condition->state, "clean"))
    return g_strdup (_ ("clean"));
  if (has_problem (condition, "missing") || has_problem (condition, "changed"))
    return g_strdup (_ ("drifted"));
  if (has_problem (condition, "waiting"))
    return g_strdup (_ ("waiting"));
  if (g_str_equal (condition->state, "attention"))
    return g_strdup (_ ("attention"));
  return lvsctl_terminal_sanitize (condition->state);
}

static const char *
translate_severity (const char *severity)
{
  if (g_str_equal (severity, "error"))
    return _ ("error");
  if (g_str_equal (severity, "warning"))
    return _ ("warning");
  return severity;
}

static void
append_paragraph (GString *output, const char *text, const char *indent)
{
  guint width = lvsctl_terminal_columns ();
  guint used = lvsctl_terminal_width (indent);
  g_autofree char *clean = lvsctl_terminal_sanitize (text);
  g_auto (GStrv) lines = lvsctl_terminal_wrap (clean, width > used ? width - used : G_MAXUINT);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (output, "%s%s\n", i > 0 ? indent : "", lines[i]);
}

/* What is wrong, and below it what to do about it: nothing of that is ever cut. */
static void
append_problem (GString *output, GVariant *row)
{
  g_autofree char *object = format_object (row);
  g_autofree char *what = NULL;
  const char *severity;
  const char *description;
  const char *remedy;
  const char *sequence;

  g_variant_get_child (row, 0, "&s", &severity);
  g_variant_get_child (row, 4, "&s", &description);
  g_variant_get_child (row, 5, "&s", &remedy);
  sequence =
      lvsctl_terminal_has_color () ? lvsctl_style_sequence (lvsctl_style_of_state (severity)) : "";
  what = g_strdup_printf ("%s: %s: %s", translate_severity (severity), object, description);
  g_string_append (output, sequence);
  append_paragraph (output, what, "  ");
  g_string_append (output, sequence[0] != '\0' ? "\033[0m" : "");
  if (remedy[0] == '\0')
    return;
  g_string_append (output, REMEDY);
  append_paragraph (output, remedy, "    ");
}

static void
append_problems (GString *output, const LvsctlCondition *condition)
{
  guint rest = count_problems (condition) - condition->problems->len;

  for (guint i = 0; i < condition->problems->len; i++)
    append_problem (output, condition->problems->pdata[i]);
  if (rest > 0)
    g_string_append_printf (output,
                            ngettext ("%u more problem: see 'lvsctl status'\n",
                                      "%u more problems: see 'lvsctl status'\n", rest),
                            rest);
}

static void
append_state (GString *output, const LvsctlCondition *condition)
{
  gboolean color = lvsctl_terminal_has_color ();
  const char *sequence =
      color ? lvsctl_style_sequence (lvsctl_style_of_state (condition->state)) : "";
  g_autofree char *state = lvsctl_condition_describe (condition);

  g_string_append_printf (output, "%s%s%s\n", sequence, state,
                          sequence[0] != '\0' ? "\033[0m" : "");
}

char *
lvsctl_condition_format (const LvsctlCondition *condition)
{
  GString *output = g_string_new (NULL);

  append_state (output, condition);
  append_problems (output, condition);
  return g_string_free (output, FALSE);
}

/* With the columns that were asked for. */
static char *
format_table (const LvsctlArguments *arguments, const LvsctlCondition *condition)
{
  g_autoptr (LvsctlTable) table = lvsctl_selection_to_table (
      &lvsctl_problem_listing, lvsctl_selection_columns (arguments), condition->problems);
  g_autofree char *lines = lvsctl_selection_format_table (arguments, table);
  GString *output = g_string_new (NULL);

  append_state (output, condition);
  g_string_append (output, lines);
  return g_string_free (output, FALSE);
}

void
lvsctl_condition_to_json (GVariantBuilder *object, const LvsctlCondition *condition)
{
  lvsctl_json_add (object, "state", g_variant_new_string (condition->state));
  lvsctl_json_add (object, "confirm-seconds", g_variant_new_uint32 (condition->confirm_seconds));
  lvsctl_json_add (object, lvsctl_problem_listing.name,
                   lvsctl_listing_to_array (&lvsctl_problem_listing, condition->problems));
}

static void
print_tersely (const LvsctlArguments *arguments, const LvsctlCondition *condition)
{
  g_autoptr (GString) lines = g_string_new (condition->state);

  g_string_append_c (lines, '\n');
  lvsctl_selection_append_lines (lines, &lvsctl_problem_listing,
                                 lvsctl_selection_columns (arguments), NULL, condition->problems);
  lvsctl_terminal_print (lines->str);
}

static void
print_json (const LvsctlCondition *condition)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  lvsctl_condition_to_json (&object, condition);
  lvsctl_json_print (g_variant_builder_end (&object));
}

gboolean
lvsctl_status (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_auto (LvsctlCondition) condition = { 0 };
  g_autofree char *text = NULL;

  if (!lvsctl_selection_check (arguments, &lvsctl_problem_listing, error)
      || !lvsctl_condition_fetch (client, G_MAXUINT, &condition, error))
    return FALSE;
  lvsctl_selection_sort (&lvsctl_problem_listing, lvsctl_selection_order (arguments),
                         condition.problems);
  if (arguments->json)
    print_json (&condition);
  else if (arguments->terse)
    print_tersely (arguments, &condition);
  else
    {
      text = lvsctl_selection_columns (arguments) != NULL ? format_table (arguments, &condition)
                                                          : lvsctl_condition_format (&condition);
      lvsctl_terminal_print (text);
    }
  if (!g_str_equal (condition.state, "clean"))
    client->exit_status = LVSCTL_EXIT_ATTENTION;
  return TRUE;
}
