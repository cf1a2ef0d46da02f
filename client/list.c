/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "arguments.h"
#include "destination.h"
#include "json.h"
#include "overview.h"
#include "selection.h"
#include "service.h"
#include "terminal.h"
#include "tree.h"

/* More would hide what comes behind them. */
#define MOST_PROBLEMS 10

/* The order may be that of services or of destinations, and the columns are those of the tree. */
static gboolean
check (const LvsctlArguments *arguments, GError **error)
{
  const char *order = lvsctl_selection_order (arguments);

  if (!lvsctl_tree_check (lvsctl_selection_columns (arguments), error))
    return FALSE;
  return lvsctl_selection_check_order (&lvsctl_destination_listing, order, NULL)
         || lvsctl_selection_check_order (&lvsctl_service_listing, order, error);
}

/* What is printed while it comes in. */
typedef struct
{
  const LvsctlArguments *arguments;
  LvsctlOverview overview; /* all rows where they are to be sorted; else what is no service */
  LvsctlRoster *roster;
  LvsctlTree *tree;
  LvsctlJsonWriter writer;
  gboolean begun;
} Output;

static void
clear_output (Output *output)
{
  g_clear_pointer (&output->roster, lvsctl_roster_free);
  g_clear_pointer (&output->tree, lvsctl_tree_free);
  lvsctl_json_writer_clear (&output->writer);
  lvsctl_overview_clear (&output->overview);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, clear_output)

/* The state of the node goes before all else, and has a line to itself. */
static void
print_text (Output *output, const char *text)
{
  const LvsctlArguments *arguments = output->arguments;
  g_autofree char *state = NULL;

  if (!output->begun && !arguments->no_legend && lvsctl_selection_columns (arguments) == NULL)
    state = lvsctl_condition_format (&output->overview.condition);
  if (state != NULL)
    lvsctl_terminal_print (state);
  if ((output->begun || state != NULL) && text[0] != '\0')
    lvsctl_terminal_print ("\n");
  lvsctl_terminal_print (text);
}

static void
show_rows (gpointer user_data)
{
  Output *output = user_data;
  g_autoptr (GString) lines = g_string_new (NULL);

  lvsctl_table_flush (lvsctl_tree_table (output->tree), lines, !output->arguments->no_legend,
                      lvsctl_terminal_has_color ());
  if (lines->len == 0)
    return;
  if (output->begun)
    lvsctl_terminal_print (lines->str);
  else
    print_text (output, lines->str);
  output->begun = TRUE;
  fflush (stdout);
}

static void
show_sections (Output *output)
{
  const LvsctlArguments *arguments = output->arguments;
  g_autoptr (GString) text = g_string_new (NULL);

  if (lvsctl_selection_columns (arguments) == NULL)
    lvsctl_overview_append_sections (&output->overview, arguments, text);
  if (text->len > 0 || !output->begun)
    print_text (output, text->str);
  if (text->len == 0 && !output->begun && !arguments->no_legend)
    lvsctl_terminal_print (_ ("Nothing is configured. A director begins with 'lvsctl service add', "
                              "a real server with 'lvsctl role add'.\n"));
}

static gboolean
fetch_sections (LvsctlClient *client, Output *output, GError **error)
{
  return output->overview.addresses != NULL
         || lvsctl_overview_fetch_sections (client, &output->overview, error);
}

static gboolean
list_text (LvsctlClient *client, Output *output, GError **error)
{
  output->tree = lvsctl_tree_new (lvsctl_selection_columns (client->arguments));
  lvsctl_table_set_width (lvsctl_tree_table (output->tree), lvsctl_terminal_columns ());
  if (!lvsctl_tree_add_all (output->tree, output->roster, error))
    return FALSE;
  show_rows (output);
  if (!fetch_sections (client, output, error))
    return FALSE;
  show_sections (output);
  return TRUE;
}

static void
show_json (gpointer user_data)
{
  lvsctl_json_flush (&((Output *) user_data)->writer);
}

static gboolean
list_json (LvsctlClient *client, Output *output, GError **error)
{
  LvsctlJsonWriter *writer = &output->writer;

  lvsctl_json_begin_document (writer, TRUE);
  lvsctl_overview_write_condition (writer, &output->overview);
  if (!lvsctl_overview_write_services (writer, output->roster, &lvsctl_service_listing,
                                       &lvsctl_destination_listing, error)
      || !fetch_sections (client, output, error))
    return FALSE;
  lvsctl_overview_write_sections (writer, &output->overview);
  lvsctl_json_end_document (writer);
  return TRUE;
}

/* A table needs few columns, and JSON has them all. */
static void
begin_to_read (LvsctlClient *client, Output *output)
{
  gboolean json = client->arguments->json;
  const LvsctlRosterPlan plan = {
    .service_columns = json ? NULL : lvsctl_tree_service_columns (),
    .destination_columns = json ? NULL : lvsctl_tree_destination_columns (),
    .pause = json ? show_json : show_rows,
    .user_data = output,
  };

  output->roster = lvsctl_roster_new (client, &plan);
}

static gboolean
fetch_all (LvsctlClient *client, Output *output, GError **error)
{
  LvsctlOverview *overview = &output->overview;

  if (!lvsctl_overview_fetch (client, overview, error))
    return FALSE;
  lvsctl_overview_sort (overview, lvsctl_selection_order (client->arguments));
  output->roster =
      lvsctl_roster_new_of_rows (overview->services, overview->destinations, overview->generation);
  return TRUE;
}

/* Programs get all of the problems. */
static guint
most_problems (const LvsctlArguments *arguments)
{
  return arguments->json || arguments->terse ? G_MAXUINT : MOST_PROBLEMS;
}

/* What is to be sorted has to be there as a whole; else each row is shown when it comes. */
gboolean
lvsctl_list (LvsctlClient *client, GError **error)
{
  const LvsctlArguments *arguments = client->arguments;
  g_auto (Output) output = { .arguments = arguments };
  gboolean whole = arguments->terse || lvsctl_selection_order (arguments) != NULL;

  if (!check (arguments, error) || (whole && !fetch_all (client, &output, error))
      || !lvsctl_condition_fetch (client, most_problems (arguments), &output.overview.condition,
                                  error))
    return FALSE;
  if (!whole)
    begin_to_read (client, &output);
  if (arguments->terse)
    {
      g_autofree char *text = lvsctl_overview_format_tersely (&output.overview);

      lvsctl_terminal_print (text);
      return TRUE;
    }
  return arguments->json ? list_json (client, &output, error) : list_text (client, &output, error);
}
