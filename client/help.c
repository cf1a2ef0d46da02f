/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "help.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "option.h"
#include "spelling.h"
#include "table.h"

/* What stands at the left takes this much at most; longer ones get a line of their own. */
#define WIDEST_TERM 28

/* Where the explanations begin, and how wide a line is where no terminal says so. */
#define HELP_COLUMN (WIDEST_TERM + 4)
#define PRESET_WIDTH 80
#define LEAST_WIDTH 60

static guint
line_width (void)
{
  guint columns = lvsctl_terminal_columns ();

  return MAX (columns != 0 ? columns : PRESET_WIDTH, LEAST_WIDTH);
}

static void
append_entry (GString *text, const char *term, const char *help)
{
  g_auto (GStrv) lines = lvsctl_terminal_wrap (help, line_width () - HELP_COLUMN);
  guint at = 2 + lvsctl_terminal_width (term);

  g_string_append_printf (text, "  %s", term);
  if (at > HELP_COLUMN - 2)
    {
      g_string_append_c (text, '\n');
      at = 0;
    }
  for (guint i = 0; lines[i] != NULL; i++, at = 0)
    g_string_append_printf (text, "%*s%s\n", (int) (HELP_COLUMN - at), "", lines[i]);
}

/* A paragraph from the left on. */
static void
append_paragraph (GString *text, const char *paragraph)
{
  g_auto (GStrv) lines = lvsctl_terminal_wrap (paragraph, line_width ());

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "%s\n", lines[i]);
}

static void
append_option (GString *text, const LvsctlOption *option)
{
  g_autoptr (GString) term = g_string_new (NULL);

  if (option->letter != '\0')
    g_string_append_printf (term, "-%c, ", option->letter);
  if (option->type == LVSCTL_OPTION_FIELD && option->field->type == LVSD_FIELD_BOOLEAN)
    g_string_append_printf (term, "--[no-]%s", option->name);
  else
    g_string_append_printf (term, "--%s", option->name);
  if (option->value != NULL)
    g_string_append_printf (term, " %s", _ (option->value));
  append_entry (text, term->str, option->help != NULL ? _ (option->help) : "");
}

typedef gboolean (*OptionFilter) (const LvsctlOption *option);

static gboolean
is_global (const LvsctlOption *option)
{
  return option->type == LVSCTL_OPTION_SWITCH || option->type == LVSCTL_OPTION_HOST;
}

static gboolean
is_key (const LvsctlOption *option)
{
  return option->type == LVSCTL_OPTION_KEY || option->type == LVSCTL_OPTION_IPV6;
}

static gboolean
is_of_verb (const LvsctlOption *option)
{
  return !is_global (option) && !is_key (option) && !option->negated;
}

static void
append_options (GString *text, const char *title, const LvsctlCommand *command, OptionFilter filter)
{
  g_autoptr (GArray) options = lvsctl_options_of (command);
  gboolean any = FALSE;

  for (guint i = 0; i < options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (options, LvsctlOption, i);

      if (!filter (option))
        continue;
      if (!any)
        g_string_append_printf (text, "\n%s\n", title);
      any = TRUE;
      append_option (text, option);
    }
}

static void
append_synonyms (GString *text, const char *word)
{
  const char *synonyms = lvsctl_spelling_synonyms (word);

  if (synonyms[0] != '\0')
    g_string_append_printf (text, _ ("\n'%s' may also be written: %s\n"), word, synonyms);
}

char *
lvsctl_help_of_command (const LvsctlCommand *command)
{
  GString *text = g_string_new (NULL);
  g_autofree char *usage = lvsctl_command_usage (command);

  g_string_append_printf (text, "%s\n\n", usage);
  append_paragraph (text, _ (command->help));
  append_options (text, _ ("Options:"), command, is_of_verb);
  append_options (text, _ ("A service may also be written as for ipvsadm:"), command, is_key);
  append_options (text, _ ("Global options:"), command, is_global);
  g_string_append_printf (text, _ ("\nExample:\n  %s\n"), command->example);
  if (command->noun[0] != '\0')
    append_synonyms (text, command->noun);
  append_synonyms (text, command->verb);
  return g_string_free (text, FALSE);
}

static void
append_verbs (GString *text, const char *noun)
{
  for (gsize i = 0; i < lvsctl_n_commands; i++)
    {
      const LvsctlCommand *command = &lvsctl_commands[i];
      g_autofree char *operands = NULL;

      if (!g_str_equal (command->noun, noun))
        continue;
      operands = lvsctl_command_describe (command);
      append_entry (text, operands, _ (command->help));
    }
}

char *
lvsctl_help_of_noun (const char *noun)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("Usage: lvsctl %s VERB …\n\n%s\n\nVerbs:\n"), noun,
                          lvsctl_noun_help (noun));
  append_verbs (text, noun);
  g_string_append_printf (
      text, _ ("\nWithout a verb: list. 'lvsctl %s VERB --help' shows the options.\n"), noun);
  append_synonyms (text, noun);
  return g_string_free (text, FALSE);
}

char *
lvsctl_help_overview (void)
{
  GString *text = g_string_new (_ ("Usage: lvsctl [OPTION]… NOUN VERB …\n\nLooks after the load "
                                   "balancing of this machine through lvsd.\n\nNouns:\n"));

  for (gsize i = 0; lvsctl_first_words[i] != NULL; i++)
    if (lvsctl_command_is_noun (lvsctl_first_words[i]))
      append_entry (text, lvsctl_first_words[i], lvsctl_noun_help (lvsctl_first_words[i]));
  g_string_append (text, _ ("\nVerbs by themselves; without any: list.\n"));
  append_verbs (text, "");
  append_options (text, _ ("Global options:"), NULL, is_global);
  g_string_append_c (text, '\n');
  append_paragraph (text, _ ("A SERVICE is a name, a key or the address it listens on: web, "
                             "tcp/192.0.2.100:80, udp/[2001:db8::1]:53, fwmark/5, 192.0.2.100."));
  append_paragraph (text, _ ("Nouns, verbs and options may be shortened; a noun or verb that could "
                             "be several is the one that stands first in these lists."));
  g_string_append (text, _ ("\nExit status:\n"));
  for (guint i = 0; i < LVSCTL_N_EXITS; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      append_entry (text, number, lvsctl_exit_meaning ((LvsctlExit) i));
    }
  return g_string_free (text, FALSE);
}

/* What the words after "help" name. */
static char *
find_help (const char *const *words, GError **error)
{
  const char *argv[] = { NULL, NULL, "--help", NULL };
  const char *const *from = argv + 2;
  g_autoptr (LvsctlArguments) arguments = NULL;
  guint n = g_strv_length ((GStrv) words);

  for (guint i = 0; i < MIN (n, 2); i++)
    argv[2 - MIN (n, 2) + i] = words[i];
  from -= MIN (n, 2);
  arguments = lvsctl_arguments_parse (from, error);
  if (arguments == NULL)
    return NULL;
  if (arguments->command != NULL)
    return lvsctl_help_of_command (arguments->command);
  if (arguments->noun != NULL)
    return lvsctl_help_of_noun (arguments->noun);
  return lvsctl_help_overview ();
}

gboolean
lvsctl_help (LvsctlClient *client, GError **error)
{
  g_autofree char *text = find_help ((const char *const *) client->arguments->operands[0], error);

  if (text == NULL)
    return FALSE;
  lvsctl_terminal_print (text);
  return TRUE;
}
