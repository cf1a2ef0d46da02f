/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "command-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "exit-status.h"
#include "option.h"
#include "spelling.h"
#include "vocabulary.h"

/* The letters that ipvsadm's command lines begin with. */
#define IPVSADM_COMMANDS "AEDCRSaedLlZ"

static void
clear_given (gpointer data)
{
  g_free (((LvsctlGiven *) data)->value);
}

void
lvsctl_command_line_clear (LvsctlCommandLine *line)
{
  g_clear_pointer (&line->words, g_ptr_array_unref);
  g_clear_pointer (&line->given, g_array_unref);
  g_clear_pointer (&line->options, g_array_unref);
}

/* "service add", or what there is of it so far, for messages; "" where there is nothing. */
static char *
describe_command (const LvsctlCommandLine *line)
{
  if (line->command != NULL)
    return lvsctl_command_name (line->command);
  return g_strdup (line->noun != NULL ? line->noun : "");
}

static char *
way_out (const LvsctlCommandLine *line)
{
  g_autofree char *command = describe_command (line);

  return g_strdup_printf (_ ("see 'lvsctl %s%s--help'"), command, command[0] != '\0' ? " " : "");
}

/* Always FALSE: an error of what is wrong, what was meant (or NULL), and the way out. */
gboolean
lvsctl_command_line_refuse (const LvsctlCommandLine *line,
                            const char *what,
                            const char *suggestion,
                            GError **error)
{
  g_autofree char *way = way_out (line);

  if (suggestion != NULL)
    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, _ ("%s; did you mean '%s'? (%s)"), what,
                 suggestion, way);
  else
    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, "%s; %s", what, way);
  return FALSE;
}

void
lvsctl_command_line_set_command (LvsctlCommandLine *line, const LvsctlCommand *command)
{
  line->command = command;
  g_array_unref (line->options);
  line->options = lvsctl_options_of (command);
}

/* 'add service web …': written out it is not taken for an abbreviation of 'address'. */
static gboolean
check_noun_first (const char *word, GError **error)
{
  const char *verb = lvsctl_spelling_match_whole (lvsctl_command_verbs ("service"), word);

  if (verb == NULL || lvsctl_spelling_match_whole (lvsctl_first_words, word) != NULL)
    return TRUE;
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("'%s' is a verb, and the noun comes before it: lvsctl "
                  "service|destination|address|role %s"),
               word, verb);
  return FALSE;
}

static gboolean
take_first_word (LvsctlCommandLine *line, const char *word, GError **error)
{
  const char *first = lvsctl_spelling_match (lvsctl_first_words, word);
  const char *meant;
  g_autofree char *what = NULL;

  if (!check_noun_first (word, error))
    return FALSE;
  if (first == NULL)
    {
      meant = lvsctl_vocabulary_find_command (word);
      what = g_strdup_printf (_ ("unknown command '%s'"), word);
      return lvsctl_command_line_refuse (
          line, what, meant != NULL ? meant : lvsctl_spelling_suggest (lvsctl_first_words, word),
          error);
    }
  if (lvsctl_command_is_noun (first))
    line->noun = first;
  else
    lvsctl_command_line_set_command (line, lvsctl_command_find ("", first));
  line->no_more_options =
      line->command != NULL && (line->command->flags & LVSCTL_COMMAND_VERBATIM) != 0;
  return TRUE;
}

/* Another tool's word says more than one that is only spelled alike: then it is the whole command.
 */
static char *
find_meant_verb (const char *noun, const char *word)
{
  const char *const *verbs = lvsctl_command_verbs (noun);
  const char *command = lvsctl_vocabulary_find_verb (verbs, word);

  if (command != NULL)
    return g_strdup_printf ("%s %s", noun, command);
  return g_strdup (lvsctl_spelling_suggest (verbs, word));
}

static gboolean
take_verb (LvsctlCommandLine *line, const char *word, GError **error)
{
  const char *noun = line->noun;
  const char *const *verbs = lvsctl_command_verbs (noun);
  const char *verb = lvsctl_spelling_match (verbs, word);
  g_autofree char *what = NULL;
  g_autofree char *meant = NULL;

  if (g_str_equal (word, "help"))
    {
      line->help = TRUE;
      return TRUE;
    }
  if (verb == NULL)
    {
      what = g_strdup_printf (_ ("unknown verb '%s' of '%s'"), word, noun);
      meant = find_meant_verb (noun, word);
      return lvsctl_command_line_refuse (line, what, meant, error);
    }
  lvsctl_command_line_set_command (line, lvsctl_command_find (noun, verb));
  return TRUE;
}

static gboolean
take_word (LvsctlCommandLine *line, const char *word, GError **error)
{
  if (line->command != NULL)
    g_ptr_array_add (line->words, (gpointer) word);
  else if (line->noun == NULL)
    return take_first_word (line, word, error);
  else
    return take_verb (line, word, error);
  return TRUE;
}

/* The same for an option that is not known, or not to this verb. */
gboolean
lvsctl_command_line_refuse_option (const LvsctlCommandLine *line, const char *typed, GError **error)
{
  g_autoptr (GArray) all = lvsctl_options_of (NULL);
  g_autofree char *command = describe_command (line);
  g_autofree char *what = NULL;
  g_autofree char *meant = NULL;
  const char *name = typed + strspn (typed, "-");
  const char *suggestion = NULL;

  meant = g_strdup (lvsctl_vocabulary_find_option (line->options, typed));
  if (meant == NULL && g_str_has_prefix (typed, "--") && lvsctl_options_find (all, name) == NULL)
    suggestion = lvsctl_options_suggest (line->options, name);
  if (suggestion != NULL)
    meant = g_strconcat ("--", suggestion, NULL);
  else if (meant == NULL && line->noun == NULL && line->command == NULL && typed[1] != '-'
           && strchr (IPVSADM_COMMANDS, typed[1]) != NULL)
    meant = g_strconcat ("lvsctl ipvsadm ", typed, NULL);
  if (line->command == NULL)
    what = g_strdup_printf (_ ("unknown option '%s'"), typed);
  else
    what = g_strdup_printf (_ ("'%s' is not an option of '%s'"), typed, command);
  return lvsctl_command_line_refuse (line, what, meant, error);
}

static gboolean
refuse_ambiguous (const LvsctlCommandLine *line,
                  const char *typed,
                  GPtrArray *matches,
                  GError **error)
{
  g_autoptr (GString) what = g_string_new (NULL);

  g_string_printf (what, _ ("option '--%s' may be"), typed);
  for (guint i = 0; i < matches->len; i++)
    g_string_append_printf (what, "%s --%s", i > 0 ? "," : "",
                            ((const LvsctlOption *) matches->pdata[i])->name);
  return lvsctl_command_line_refuse (line, what->str, NULL, error);
}

static void
add_given (LvsctlCommandLine *line, const LvsctlOption *option, const char *value)
{
  LvsctlGiven given = { option->name, g_strdup (value) };

  g_array_append_val (line->given, given);
}

/* The value of an option that needs one: what follows, unless that looks like another option. */
static gboolean
take_value (LvsctlCommandLine *line, const LvsctlOption *option, GError **error)
{
  g_autofree char *what = NULL;
  const char *value = *line->rest;

  if (value != NULL && !g_str_has_prefix (value, "--"))
    {
      add_given (line, option, value);
      line->rest++;
      return TRUE;
    }
  what = g_strdup_printf (_ ("--%s needs a value: --%s %s"), option->name, option->name,
                          _ (option->value));
  return lvsctl_command_line_refuse (line, what, NULL, error);
}

static gboolean
may_have_value (const LvsctlOption *option)
{
  return option->value != NULL || (option->type == LVSCTL_OPTION_FIELD && !option->negated);
}

static gboolean
take_long_option (LvsctlCommandLine *line, const char *typed, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (typed + 2, "=", 2);
  g_autoptr (GPtrArray) matches = lvsctl_options_match (line->options, parts[0]);
  g_autofree char *dashed = g_strconcat ("--", parts[0], NULL);
  g_autofree char *what = NULL;
  const LvsctlOption *option;

  if (matches->len == 0 || parts[0][0] == '\0')
    return lvsctl_command_line_refuse_option (line, dashed, error);
  if (matches->len > 1)
    return refuse_ambiguous (line, parts[0], matches, error);
  option = matches->pdata[0];
  if (parts[1] != NULL && !may_have_value (option))
    {
      what =
          g_strdup_printf (_ ("--%s takes no value, and '%s' was given"), option->name, parts[1]);
      return lvsctl_command_line_refuse (line, what, NULL, error);
    }
  if (parts[1] == NULL && option->value != NULL)
    return take_value (line, option, error);
  add_given (line, option, parts[1]);
  return TRUE;
}

/* -q, -t A:P, -tA:P, and switches together in one word. */
static gboolean
take_letters (LvsctlCommandLine *line, const char *typed, GError **error)
{
  for (const char *letter = typed + 1; *letter != '\0'; letter++)
    {
      const LvsctlOption *option = lvsctl_options_find_letter (line->options, *letter);
      char dashed[] = { '-', *letter, '\0' };

      if (option == NULL)
        return lvsctl_command_line_refuse_option (line, g_ascii_isgraph (*letter) ? dashed : typed,
                                                  error);
      if (option->value == NULL)
        {
          add_given (line, option, NULL);
          continue;
        }
      if (letter[1] == '\0')
        return take_value (line, option, error);
      add_given (line, option, letter + 1);
      return TRUE;
    }
  return TRUE;
}

static gboolean
take_all (LvsctlCommandLine *line, GError **error)
{
  while (*line->rest != NULL)
    {
      const char *typed = *line->rest++;
      gboolean taken;

      if (line->no_more_options || typed[0] != '-' || typed[1] == '\0')
        taken = take_word (line, typed, error);
      else if (g_str_equal (typed, "--"))
        taken = line->no_more_options = TRUE;
      else if (typed[1] == '-')
        taken = take_long_option (line, typed, error);
      else
        taken = take_letters (line, typed, error);
      if (!taken)
        return FALSE;
    }
  return TRUE;
}

/* The same, with how the verb is used on a line of its own. */
gboolean
lvsctl_command_line_refuse_with_usage (const LvsctlCommandLine *line,
                                       const char *what,
                                       GError **error)
{
  g_autofree char *name = describe_command (line);
  g_autofree char *usage = lvsctl_command_usage (line->command);

  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, "%s: %s\n%s", name, what, usage);
  return FALSE;
}

/* What is sent over the bus must be UTF-8. */
static gboolean
check_encoding (const char *const *argv, GError **error)
{
  for (gsize i = 0; argv[i] != NULL; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      {
        g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, _ ("argument %zu is not valid UTF-8"),
                     i + 1);
        return FALSE;
      }
  return TRUE;
}

/* Takes a command line, without the program's name, apart into words and options. */
gboolean
lvsctl_command_line_read (LvsctlCommandLine *line, const char *const *argv, GError **error)
{
  *line = (LvsctlCommandLine){ .rest = argv };
  line->words = g_ptr_array_new ();
  line->given = g_array_new (FALSE, FALSE, sizeof (LvsctlGiven));
  g_array_set_clear_func (line->given, clear_given);
  line->options = lvsctl_options_of (NULL);
  return check_encoding (argv, error) && take_all (line, error);
}
