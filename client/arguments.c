/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arguments.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "command-line.h"
#include "exit-status.h"
#include "operand.h"
#include "option.h"

/* What the options and words of a command line amount to, while it is found out. */
typedef struct
{
  LvsctlArguments *arguments;
  LvsctlCommandLine line;
  GVariantDict values; /* of the options that are not global, by name */
  guint n_values;
  char *key; /* of the service, where it was written as for ipvsadm */
  gboolean ipv6;
} Parser;

static void
parser_clear (Parser *parser)
{
  lvsctl_command_line_clear (&parser->line);
  g_variant_dict_clear (&parser->values);
  g_clear_pointer (&parser->key, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

static gboolean
set_key (Parser *parser, const LvsctlOption *option, const char *value, GError **error)
{
  g_autofree char *what = NULL;

  if (parser->key != NULL)
    {
      what = g_strdup_printf (_ ("'--%s %s' is one service too many"), option->name, value);
      return lvsctl_command_line_refuse (&parser->line, what, NULL, error);
    }
  parser->key = g_strconcat (option->prefix, value, NULL);
  return TRUE;
}

/* The command line of ipvsadm is about this machine: connections are read here. */
static gboolean
check_hosts (Parser *parser, GError **error)
{
  const GStrv hosts = parser->arguments->hosts;
  g_autofree char *what = NULL;

  if ((parser->line.command->flags & LVSCTL_COMMAND_VERBATIM) != 0)
    return lvsctl_command_line_refuse (
        &parser->line, _ ("--host does not go with the command line of ipvsadm"), NULL, error);
  for (guint i = 0; hosts[0] == NULL || hosts[i] != NULL; i++)
    if (hosts[i] == NULL || hosts[i][0] == '\0' || hosts[i][0] == '-')
      {
        what = g_strdup_printf (_ ("--host: '%s' is not a host; write it like node2 or "
                                   "root@192.0.2.2"),
                                hosts[i] != NULL ? hosts[i] : "");
        return lvsctl_command_line_refuse (&parser->line, what, NULL, error);
      }
  return TRUE;
}

static gboolean
settle_option (Parser *parser, const LvsctlGiven *given, GError **error)
{
  const LvsctlOption *option = lvsctl_options_find (parser->line.options, given->name);
  g_autofree char *dashed = g_strconcat ("--", given->name, NULL);
  g_autoptr (GVariant) value = NULL;

  if (option == NULL)
    return lvsctl_command_line_refuse_option (&parser->line, dashed, error);
  switch (option->type)
    {
    case LVSCTL_OPTION_SWITCH:
      G_STRUCT_MEMBER (gboolean, parser->arguments, option->member) = TRUE;
      return TRUE;
    case LVSCTL_OPTION_HOST:
      g_strfreev (parser->arguments->hosts);
      parser->arguments->hosts = g_strsplit (given->value, ",", -1);
      return check_hosts (parser, error);
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
  parser->n_values += !g_str_equal (option->name, "dry-run");
  g_variant_dict_insert_value (
      &parser->values, option->type == LVSCTL_OPTION_FIELD ? option->field->name : option->name,
      value);
  return TRUE;
}

static gboolean
settle_options (Parser *parser, GError **error)
{
  g_autofree char *mark = NULL;

  for (guint i = 0; i < parser->line.given->len; i++)
    if (!settle_option (parser, &g_array_index (parser->line.given, LvsctlGiven, i), error))
      return FALSE;
  if (!parser->ipv6)
    return TRUE;
  if (parser->key == NULL || !g_str_has_prefix (parser->key, "fwmark/"))
    return lvsctl_command_line_refuse (&parser->line, _ ("-6 goes with -f MARK only"), NULL, error);
  mark = g_strdup (parser->key + strlen ("fwmark/"));
  g_free (parser->key);
  parser->key = g_strconcat ("fwmark6/", mark, NULL);
  return TRUE;
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
  const LvsctlOperand *operand = &parser->line.command->operands[index];
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
    wanted = MAX (parser->line.words->len - *next, operand->optional ? 0 : 1);
  else if (operand->optional)
    {
      wanted = *surplus > 0;
      *surplus -= wanted;
    }
  for (guint i = 0; i < wanted; i++, ++*next)
    {
      if (*next == parser->line.words->len)
        {
          g_autofree char *what = g_strdup_printf (_ ("%s is missing"), _ (operand->name));

          return lvsctl_command_line_refuse_with_usage (&parser->line, what, error);
        }
      if (!take_operand (values, operand->type, parser->line.words->pdata[*next], error))
        return FALSE;
    }
  g_ptr_array_add (values, NULL);
  parser->arguments->operands[index] = (GStrv) g_ptr_array_free (g_steal_pointer (&values), FALSE);
  return TRUE;
}

static guint
count_needed (const Parser *parser)
{
  const LvsctlOperand *operands = parser->line.command->operands;
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
      return lvsctl_command_line_refuse (&parser->line, what, NULL, error);
    }
  g_variant_dict_insert (&parser->values, "service", "s", key);
  return TRUE;
}

static gboolean
fill_operands (Parser *parser, GError **error)
{
  const LvsctlOperand *operands = parser->line.command->operands;
  guint needed = count_needed (parser);
  guint surplus = parser->line.words->len > needed ? parser->line.words->len - needed : 0;
  guint next = 0;
  g_autofree char *what = NULL;

  for (guint i = 0; i < LVSCTL_OPERANDS_MAX && operands[i].type != LVSCTL_OPERAND_NONE; i++)
    if (!fill_operand (parser, i, &next, &surplus, error))
      return FALSE;
  if (parser->key != NULL && !set_service_option (parser, error))
    return FALSE;
  if (next == parser->line.words->len)
    return TRUE;
  what = g_strdup_printf (_ ("'%s' is one argument too many"),
                          (const char *) parser->line.words->pdata[next]);
  return lvsctl_command_line_refuse_with_usage (&parser->line, what, error);
}

/* What options can get wrong together. */
static gboolean
check_options (Parser *parser, GError **error)
{
  GVariantDict *values = &parser->values;
  const char *needs = parser->line.command->needs;
  g_autofree char *what = NULL;

  if (needs != NULL && !g_variant_dict_contains (values, needs))
    {
      what = g_strdup_printf (_ ("--%s is missing"), needs);
      return lvsctl_command_line_refuse_with_usage (&parser->line, what, error);
    }
  if ((parser->line.command->flags & LVSCTL_COMMAND_EDITS) != 0 && parser->n_values == 0)
    return lvsctl_command_line_refuse_with_usage (
        &parser->line, _ ("nothing to change; name what is to be different"), error);
  if (g_variant_dict_contains (values, "runtime") && g_variant_dict_contains (values, "no-runtime"))
    return lvsctl_command_line_refuse (
        &parser->line, _ ("--runtime and --no-runtime exclude each other"), NULL, error);
  if (g_variant_dict_contains (values, "reason") && !g_variant_dict_contains (values, "runtime"))
    return lvsctl_command_line_refuse (&parser->line, _ ("--reason goes with --runtime only"), NULL,
                                       error);
  return TRUE;
}

/* The values of the item's fields, or of the verb's own options, in the order of the help. */
static GVariant *
collect_values (Parser *parser, gboolean of_fields)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < parser->line.options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (parser->line.options, LvsctlOption, i);
      g_autoptr (GVariant) value = NULL;

      if (option->negated || (option->type == LVSCTL_OPTION_FIELD) != of_fields)
        continue;
      value = g_variant_dict_lookup_value (&parser->values, option->name, NULL);
      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", option->name, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static gboolean
is_given (const Parser *parser, const char *name)
{
  for (guint i = 0; i < parser->line.given->len; i++)
    if (g_str_equal (g_array_index (parser->line.given, LvsctlGiven, i).name, name))
      return TRUE;
  return FALSE;
}

static gboolean
finish (Parser *parser, GError **error)
{
  LvsctlArguments *arguments = parser->arguments;
  LvsctlCommandLine *line = &parser->line;

  arguments->help = line->help || is_given (parser, "help");
  arguments->version = is_given (parser, "version");
  if (!arguments->help && !arguments->version && line->command == NULL)
    lvsctl_command_line_set_command (
        line, lvsctl_command_find (line->noun != NULL ? line->noun : "", "list"));
  arguments->command = line->command;
  arguments->noun = line->noun;
  if (arguments->help || arguments->version)
    return TRUE;
  return settle_options (parser, error) && fill_operands (parser, error)
         && check_options (parser, error);
}

/* Understands a command line without the program's name; reads and sends nothing. */
LvsctlArguments *
lvsctl_arguments_parse (const char *const *argv, GError **error)
{
  g_autoptr (LvsctlArguments) arguments = g_new0 (LvsctlArguments, 1);
  g_auto (Parser) parser = { .arguments = arguments };

  g_variant_dict_init (&parser.values, NULL);
  if (!lvsctl_command_line_read (&parser.line, argv, error) || !finish (&parser, error))
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
  g_strfreev (arguments->hosts);
  g_clear_pointer (&arguments->fields, g_variant_unref);
  g_clear_pointer (&arguments->options, g_variant_unref);
  g_free (arguments);
}

const char *
lvsctl_arguments_operand (const LvsctlArguments *arguments, guint index)
{
  return arguments->operands[index] != NULL ? arguments->operands[index][0] : NULL;
}

static char *
describe_words (GVariant *words)
{
  g_autofree const char **strings = g_variant_get_strv (words, NULL);

  return strings[0] != NULL ? g_strjoinv (",", (char **) strings) : g_strdup (_ ("none"));
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
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
        shown = describe_words (value);
      else
        shown = g_variant_print (value, FALSE);
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", name, shown);
    }
  return g_string_free (text, FALSE);
}
