/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arguments.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "exit-status.h"
#include "option.h"
#include "spelling.h"

/* An option as it was given, before it is known what its verb makes of it. */
typedef struct
{
  const char *name;
  char *value;
} Given;

typedef struct
{
  LvsctlArguments *arguments;
  const char *const *rest;
  gboolean no_more_options;
  GPtrArray *words;
  GArray *given;
  GArray *options; /* that can be told apart now: of all verbs, then of the one that was named */
  GVariantDict values; /* of the options that are not global, by name */
  guint n_values;
  char *key;
  gboolean ipv6;
} Parser;

static void
clear_given (gpointer data)
{
  g_free (((Given *) data)->value);
}

static void
parser_clear (Parser *parser)
{
  g_variant_dict_clear (&parser->values);
  g_clear_pointer (&parser->words, g_ptr_array_unref);
  g_clear_pointer (&parser->given, g_array_unref);
  g_clear_pointer (&parser->options, g_array_unref);
  g_clear_pointer (&parser->key, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

/* "service add", or what there is of it so far, for messages; "" where there is nothing. */
static char *
describe_command (const Parser *parser)
{
  if (parser->arguments->command != NULL)
    return lvsctl_command_name (parser->arguments->command);
  return g_strdup (parser->arguments->noun != NULL ? parser->arguments->noun : "");
}

static char *
way_out (const Parser *parser)
{
  g_autofree char *command = describe_command (parser);

  return g_strdup_printf (_ ("see 'lvsctl %s%s--help'"), command, command[0] != '\0' ? " " : "");
}

static gboolean
refuse_word (const Parser *parser, const char *what, const char *suggestion, GError **error)
{
  g_autofree char *way = way_out (parser);

  if (suggestion != NULL)
    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, _ ("%s; did you mean '%s'? (%s)"), what,
                 suggestion, way);
  else
    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, "%s; %s", what, way);
  return FALSE;
}

static void
set_command (Parser *parser, const LvsctlCommand *command)
{
  parser->arguments->command = command;
  g_array_unref (parser->options);
  parser->options = lvsctl_options_of (command);
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
take_first_word (Parser *parser, const char *word, GError **error)
{
  const char *first = lvsctl_spelling_match (lvsctl_first_words, word);
  g_autofree char *what = NULL;

  if (!check_noun_first (word, error))
    return FALSE;
  if (first == NULL)
    {
      what = g_strdup_printf (_ ("unknown command '%s'"), word);
      return refuse_word (parser, what, lvsctl_spelling_suggest (lvsctl_first_words, word), error);
    }
  if (lvsctl_command_is_noun (first))
    parser->arguments->noun = first;
  else
    set_command (parser, lvsctl_command_find ("", first));
  return TRUE;
}

static gboolean
take_verb (Parser *parser, const char *word, GError **error)
{
  const char *noun = parser->arguments->noun;
  const char *const *verbs = lvsctl_command_verbs (noun);
  const char *verb = lvsctl_spelling_match (verbs, word);
  g_autofree char *what = NULL;

  if (g_str_equal (word, "help"))
    {
      parser->arguments->help = TRUE;
      return TRUE;
    }
  if (verb == NULL)
    {
      what = g_strdup_printf (_ ("unknown verb '%s' of '%s'"), word, noun);
      return refuse_word (parser, what, lvsctl_spelling_suggest (verbs, word), error);
    }
  set_command (parser, lvsctl_command_find (noun, verb));
  return TRUE;
}

static gboolean
take_word (Parser *parser, const char *word, GError **error)
{
  if (parser->arguments->command != NULL)
    g_ptr_array_add (parser->words, (gpointer) word);
  else if (parser->arguments->noun == NULL)
    return take_first_word (parser, word, error);
  else
    return take_verb (parser, word, error);
  return TRUE;
}

static gboolean
refuse_option (const Parser *parser, const char *typed, GError **error)
{
  g_autoptr (GArray) all = lvsctl_options_of (NULL);
  g_autofree char *command = describe_command (parser);
  g_autofree char *what = NULL;
  g_autofree char *meant = NULL;
  const char *name = typed + strspn (typed, "-");
  const char *suggestion = NULL;

  if (g_str_has_prefix (typed, "--") && lvsctl_options_find (all, name) == NULL)
    suggestion = lvsctl_options_suggest (parser->options, name);
  if (suggestion != NULL)
    meant = g_strconcat ("--", suggestion, NULL);
  if (parser->arguments->command == NULL)
    what = g_strdup_printf (_ ("unknown option '%s'"), typed);
  else
    what = g_strdup_printf (_ ("'%s' is not an option of '%s'"), typed, command);
  return refuse_word (parser, what, meant, error);
}

static gboolean
refuse_ambiguous (const Parser *parser, const char *typed, GPtrArray *matches, GError **error)
{
  g_autoptr (GString) what = g_string_new (NULL);

  g_string_printf (what, _ ("option '--%s' may be"), typed);
  for (guint i = 0; i < matches->len; i++)
    g_string_append_printf (what, "%s --%s", i > 0 ? "," : "",
                            ((const LvsctlOption *) matches->pdata[i])->name);
  return refuse_word (parser, what->str, NULL, error);
}

static void
add_given (Parser *parser, const LvsctlOption *option, const char *value)
{
  Given given = { option->name, g_strdup (value) };

  g_array_append_val (parser->given, given);
}

/* The value of an option that needs one: what follows, unless that looks like another option. */
static gboolean
take_value (Parser *parser, const LvsctlOption *option, GError **error)
{
  g_autofree char *what = NULL;
  const char *value = *parser->rest;

  if (value != NULL && !g_str_has_prefix (value, "--"))
    {
      add_given (parser, option, value);
      parser->rest++;
      return TRUE;
    }
  what = g_strdup_printf (_ ("--%s needs a value: --%s %s"), option->name, option->name,
                          _ (option->value));
  return refuse_word (parser, what, NULL, error);
}

static gboolean
may_have_value (const LvsctlOption *option)
{
  return option->value != NULL || (option->type == LVSCTL_OPTION_FIELD && !option->negated);
}

static gboolean
take_long_option (Parser *parser, const char *typed, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (typed + 2, "=", 2);
  g_autoptr (GPtrArray) matches = lvsctl_options_match (parser->options, parts[0]);
  g_autofree char *dashed = g_strconcat ("--", parts[0], NULL);
  g_autofree char *what = NULL;
  const LvsctlOption *option;

  if (matches->len == 0 || parts[0][0] == '\0')
    return refuse_option (parser, dashed, error);
  if (matches->len > 1)
    return refuse_ambiguous (parser, parts[0], matches, error);
  option = matches->pdata[0];
  if (parts[1] != NULL && !may_have_value (option))
    {
      what =
          g_strdup_printf (_ ("--%s takes no value, and '%s' was given"), option->name, parts[1]);
      return refuse_word (parser, what, NULL, error);
    }
  if (parts[1] == NULL && option->value != NULL)
    return take_value (parser, option, error);
  add_given (parser, option, parts[1]);
  return TRUE;
}

/* -q, -t A:P, -tA:P, and switches together in one word. */
static gboolean
take_letters (Parser *parser, const char *typed, GError **error)
{
  for (const char *letter = typed + 1; *letter != '\0'; letter++)
    {
      const LvsctlOption *option = lvsctl_options_find_letter (parser->options, *letter);
      char dashed[] = { '-', *letter, '\0' };

      if (option == NULL)
        return refuse_option (parser, g_ascii_isgraph (*letter) ? dashed : typed, error);
      if (option->value == NULL)
        {
          add_given (parser, option, NULL);
          continue;
        }
      if (letter[1] == '\0')
        return take_value (parser, option, error);
      add_given (parser, option, letter + 1);
      return TRUE;
    }
  return TRUE;
}

static gboolean
take_all (Parser *parser, GError **error)
{
  while (*parser->rest != NULL)
    {
      const char *typed = *parser->rest++;
      gboolean taken;

      if (parser->no_more_options || typed[0] != '-' || typed[1] == '\0')
        taken = take_word (parser, typed, error);
      else if (g_str_equal (typed, "--"))
        taken = parser->no_more_options = TRUE;
      else if (typed[1] == '-')
        taken = take_long_option (parser, typed, error);
      else
        taken = take_letters (parser, typed, error);
      if (!taken)
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_key (Parser *parser, const LvsctlOption *option, const char *value, GError **error)
{
  g_autofree char *what = NULL;

  if (parser->key != NULL)
    {
      what = g_strdup_printf (_ ("'--%s %s' is one service too many"), option->name, value);
      return refuse_word (parser, what, NULL, error);
    }
  parser->key = g_strconcat (option->prefix, value, NULL);
  return TRUE;
}

static gboolean
settle_option (Parser *parser, const Given *given, GError **error)
{
  const LvsctlOption *option = lvsctl_options_find (parser->options, given->name);
  g_autofree char *dashed = g_strconcat ("--", given->name, NULL);
  g_autoptr (GVariant) value = NULL;

  if (option == NULL)
    return refuse_option (parser, dashed, error);
  switch (option->type)
    {
    case LVSCTL_OPTION_SWITCH:
      G_STRUCT_MEMBER (gboolean, parser->arguments, option->member) = TRUE;
      return TRUE;
    case LVSCTL_OPTION_KEY:
      return set_key (parser, option, given->value, error);
    case LVSCTL_OPTION_IPV6:
      parser->ipv6 = TRUE;
      return TRUE;
    case LVSCTL_OPTION_FLAG:
    case LVSCTL_OPTION_NUMBER:
    case LVSCTL_OPTION_OPERAND:
    case LVSCTL_OPTION_FIELD:
      break;
    }
  value = lvsctl_option_parse (option, given->value, error);
  if (value == NULL)
    {
      /* The other messages begin with the name. */
      g_prefix_error (error, "%s%s", option->type == LVSCTL_OPTION_OPERAND ? dashed : "--",
                      option->type == LVSCTL_OPTION_OPERAND ? ": " : "");
      return FALSE;
    }
  g_variant_ref_sink (value);
  parser->n_values++;
  g_variant_dict_insert_value (
      &parser->values, option->type == LVSCTL_OPTION_FIELD ? option->field->name : option->name,
      value);
  return TRUE;
}

static gboolean
settle_options (Parser *parser, GError **error)
{
  g_autofree char *mark = NULL;

  for (guint i = 0; i < parser->given->len; i++)
    if (!settle_option (parser, &g_array_index (parser->given, Given, i), error))
      return FALSE;
  if (!parser->ipv6)
    return TRUE;
  if (parser->key == NULL || !g_str_has_prefix (parser->key, "fwmark/"))
    return refuse_word (parser, _ ("-6 goes with -f MARK only"), NULL, error);
  mark = g_strdup (parser->key + strlen ("fwmark/"));
  g_free (parser->key);
  parser->key = g_strconcat ("fwmark6/", mark, NULL);
  return TRUE;
}

static gboolean
refuse_with_usage (const Parser *parser, const char *what, GError **error)
{
  g_autofree char *name = describe_command (parser);
  g_autofree char *usage = lvsctl_command_usage (parser->arguments->command);

  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, "%s: %s\n%s", name, what, usage);
  return FALSE;
}

static gboolean
take_operand (GPtrArray *into, LvsctlOperandType type, const char *text, GError **error)
{
  char *operand = lvsctl_operand_canonical (type, text, error);

  if (operand == NULL)
    return FALSE;
  g_ptr_array_add (into, operand);
  return TRUE;
}

static gboolean
fill_operand (Parser *parser, guint index, guint *next, guint *surplus, GError **error)
{
  const LvsctlOperand *operand = &parser->arguments->command->operands[index];
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  gboolean is_service =
      operand->type == LVSCTL_OPERAND_SERVICE || operand->type == LVSCTL_OPERAND_KEY;
  guint wanted = 1;

  if (is_service && parser->key != NULL)
    {
      g_autofree char *key = g_steal_pointer (&parser->key);

      wanted = 0;
      if (!take_operand (values, operand->type, key, error))
        return FALSE;
    }
  else if (operand->repeated)
    wanted = MAX (parser->words->len - *next, operand->optional ? 0 : 1);
  else if (operand->optional)
    {
      wanted = *surplus > 0;
      *surplus -= wanted;
    }
  for (guint i = 0; i < wanted; i++, ++*next)
    {
      if (*next == parser->words->len)
        {
          g_autofree char *what = g_strdup_printf (_ ("%s is missing"), _ (operand->name));

          return refuse_with_usage (parser, what, error);
        }
      if (!take_operand (values, operand->type, parser->words->pdata[*next], error))
        return FALSE;
    }
  g_ptr_array_add (values, NULL);
  parser->arguments->operands[index] = (GStrv) g_ptr_array_free (g_steal_pointer (&values), FALSE);
  return TRUE;
}

static guint
count_needed (const Parser *parser)
{
  const LvsctlOperand *operands = parser->arguments->command->operands;
  guint needed = 0;

  for (guint i = 0; i < LVSCTL_OPERANDS_MAX && operands[i].type != LVSCTL_OPERAND_NONE; i++)
    if (!operands[i].optional
        && (parser->key == NULL
            || (operands[i].type != LVSCTL_OPERAND_SERVICE
                && operands[i].type != LVSCTL_OPERAND_KEY)))
      needed++;
  return needed;
}

/* A verb that has no operand for a service has an option for it. */
static gboolean
set_service_option (Parser *parser, GError **error)
{
  g_autofree char *what = NULL;
  g_autofree char *key = NULL;
  const char *service;

  key = lvsctl_operand_canonical (LVSCTL_OPERAND_SERVICE, parser->key, error);
  if (key == NULL)
    return FALSE;
  if (g_variant_dict_lookup (&parser->values, "service", "&s", &service))
    {
      what = g_strdup_printf (_ ("'%s' and '%s' are one service too many"), service, key);
      return refuse_word (parser, what, NULL, error);
    }
  g_variant_dict_insert (&parser->values, "service", "s", key);
  return TRUE;
}

static gboolean
fill_operands (Parser *parser, GError **error)
{
  const LvsctlOperand *operands = parser->arguments->command->operands;
  guint needed = count_needed (parser);
  guint surplus = parser->words->len > needed ? parser->words->len - needed : 0;
  guint next = 0;
  g_autofree char *what = NULL;

  for (guint i = 0; i < LVSCTL_OPERANDS_MAX && operands[i].type != LVSCTL_OPERAND_NONE; i++)
    if (!fill_operand (parser, i, &next, &surplus, error))
      return FALSE;
  if (parser->key != NULL && !set_service_option (parser, error))
    return FALSE;
  if (next == parser->words->len)
    return TRUE;
  what = g_strdup_printf (_ ("'%s' is one argument too many"),
                          (const char *) parser->words->pdata[next]);
  return refuse_with_usage (parser, what, error);
}

/* What options can get wrong together. */
static gboolean
check_options (Parser *parser, GError **error)
{
  LvsctlArguments *arguments = parser->arguments;
  GVariantDict *values = &parser->values;
  const char *needs = arguments->command->needs;
  g_autofree char *what = NULL;

  if (needs != NULL && !g_variant_dict_contains (values, needs))
    {
      what = g_strdup_printf (_ ("--%s is missing"), needs);
      return refuse_with_usage (parser, what, error);
    }
  if ((arguments->command->flags & LVSCTL_COMMAND_EDITS) != 0 && parser->n_values == 0)
    return refuse_with_usage (parser, _ ("nothing to change; name what is to be different"), error);
  if (g_variant_dict_contains (values, "runtime") && g_variant_dict_contains (values, "no-runtime"))
    return refuse_word (parser, _ ("--runtime and --no-runtime exclude each other"), NULL, error);
  if (g_variant_dict_contains (values, "reason") && !g_variant_dict_contains (values, "runtime"))
    return refuse_word (parser, _ ("--reason goes with --runtime only"), NULL, error);
  return TRUE;
}

/* The values of the item's fields, or of the verb's own options, in the order of the help. */
static GVariant *
collect_values (Parser *parser, gboolean of_fields)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < parser->options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (parser->options, LvsctlOption, i);
      g_autoptr (GVariant) value = NULL;

      if (option->negated || (option->type == LVSCTL_OPTION_FIELD) != of_fields)
        continue;
      value = g_variant_dict_lookup_value (&parser->values, option->name, NULL);
      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", option->name, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* What is sent over the bus must be UTF-8. */
static gboolean
check_encoding (const char *const *argv, GError **error)
{
  for (gsize i = 0; argv[i] != NULL; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      {
        g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                     _ ("argument %" G_GSIZE_FORMAT " is not valid UTF-8"), i + 1);
        return FALSE;
      }
  return TRUE;
}

static gboolean
finish (Parser *parser, GError **error)
{
  LvsctlArguments *arguments = parser->arguments;
  gboolean asks;

  for (guint i = 0; i < parser->given->len; i++)
    {
      const char *name = g_array_index (parser->given, Given, i).name;

      arguments->help |= g_str_equal (name, "help");
      arguments->version |= g_str_equal (name, "version");
    }
  asks = arguments->help || arguments->version;
  if (arguments->command == NULL && !asks)
    set_command (parser,
                 lvsctl_command_find (arguments->noun != NULL ? arguments->noun : "", "list"));
  if (asks)
    return TRUE;
  return settle_options (parser, error) && fill_operands (parser, error)
         && check_options (parser, error);
}

/* Understands a command line without the program's name; reads and sends nothing. */
LvsctlArguments *
lvsctl_arguments_parse (const char *const *argv, GError **error)
{
  g_autoptr (LvsctlArguments) arguments = g_new0 (LvsctlArguments, 1);
  g_auto (Parser) parser = { .arguments = arguments, .rest = argv };

  g_variant_dict_init (&parser.values, NULL);
  parser.words = g_ptr_array_new ();
  parser.given = g_array_new (FALSE, FALSE, sizeof (Given));
  g_array_set_clear_func (parser.given, clear_given);
  parser.options = lvsctl_options_of (NULL);
  if (!check_encoding (argv, error) || !take_all (&parser, error) || !finish (&parser, error))
    return NULL;
  arguments->fields = collect_values (&parser, TRUE);
  arguments->options = collect_values (&parser, FALSE);
  return g_steal_pointer (&arguments);
}

void
lvsctl_arguments_free (LvsctlArguments *arguments)
{
  for (guint i = 0; i < LVSCTL_OPERANDS_MAX; i++)
    g_strfreev (arguments->operands[i]);
  g_clear_pointer (&arguments->fields, g_variant_unref);
  g_clear_pointer (&arguments->options, g_variant_unref);
  g_free (arguments);
}

const char *
lvsctl_arguments_operand (const LvsctlArguments *arguments, guint index)
{
  return arguments->operands[index] != NULL ? arguments->operands[index][0] : NULL;
}

char *
lvsctl_arguments_describe_fields (const LvsctlArguments *arguments)
{
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, arguments->fields);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *shown = NULL;

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        shown = g_strdup (g_variant_get_string (value, NULL)[0] != '\0'
                              ? g_variant_get_string (value, NULL)
                              : _ ("none"));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
        shown = g_strdup (g_variant_get_boolean (value) ? _ ("yes") : _ ("no"));
      else
        shown = g_variant_print (value, FALSE);
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", name, shown);
    }
  return g_string_free (text, FALSE);
}
