/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "completion.h"

#include <glib/gi18n-lib.h>
#include <net/if.h>
#include <string.h>

#include "address.h"
#include "arguments.h"
#include "dbus/names.h"
#include "destination.h"
#include "model/key.h"
#include "option.h"
#include "role.h"
#include "selection.h"
#include "service.h"
#include "spelling.h"
#include "sync.h"
#include "sysctl.h"

typedef struct
{
  LvsctlClient *client;
  const char *noun;             /* NULL: not typed yet */
  const LvsctlCommand *command; /* NULL: not typed yet */
  GArray *options;              /* of LvsctlOption: of the command, or of all */
  const LvsctlOption *open;     /* the option whose value comes next */
  GPtrArray *operands;          /* words after the verb; borrowed */
  const char *last;
  const char *before; /* what the candidates are given: "--scheduler=" */
  GString *output;
} Completion;

static void
offer (Completion *completion, const char *word, const char *help)
{
  g_autofree char *whole = g_strconcat (completion->before, word, NULL);

  if (!g_str_has_prefix (whole, completion->last) || strpbrk (word, "\t\n") != NULL)
    return;
  g_string_append (completion->output, whole);
  if (help != NULL && help[0] != '\0')
    g_string_append_printf (completion->output, "\t%s", help);
  g_string_append_c (completion->output, '\n');
}

static void
offer_words (Completion *completion, const char *const *words)
{
  for (gsize i = 0; words[i] != NULL; i++)
    offer (completion, words[i], NULL);
}

/* A column of the daemon's rows. */
static void
offer_rows (Completion *completion,
            const LvsctlListing *listing,
            GVariant *options,
            const char *column,
            const char *help)
{
  g_autoptr (GPtrArray) rows =
      lvsctl_listing_fetch (completion->client, listing, options, NULL, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autoptr (GVariant) value =
          g_variant_take_ref (lvsctl_listing_get (listing, column, rows->pdata[i]));
      g_autofree char *said =
          help != NULL ? lvsctl_listing_text (listing, help, rows->pdata[i]) : NULL;
      const char *word = g_variant_get_string (value, NULL);

      if (word[0] != '\0')
        offer (completion, word, said);
    }
}

static void
offer_interfaces (Completion *completion)
{
  struct if_nameindex *interfaces = if_nameindex ();

  for (struct if_nameindex *each = interfaces; each != NULL && each->if_index != 0; each++)
    offer (completion, each->if_name, NULL);
  if (interfaces != NULL)
    if_freenameindex (interfaces);
}

static void
offer_schedulers (Completion *completion)
{
  const LvsctlObject properties = { LVSD_OBJECT_PATH, "org.freedesktop.DBus.Properties" };
  g_autoptr (GVariant) reply =
      lvsctl_client_call (completion->client, &properties, "Get",
                          g_variant_new ("(ss)", LVSD_INTERFACE_MANAGER, "Schedulers"), "(v)",
                          NULL);
  g_autoptr (GVariant) value = NULL;
  g_autofree const char **names = NULL;

  if (reply == NULL)
    return;
  g_variant_get (reply, "(v)", &value);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  names = g_variant_get_strv (value, NULL);
  offer_words (completion, names);
}

static void
offer_terms (Completion *completion, const LvsdField *field)
{
  for (const LvsdTerm *term = field->terms; term->word != NULL; term++)
    if (g_strcmp0 (lvsd_terms_format (field->terms, term->value), term->word) == 0)
      offer (completion, term->word, NULL);
}

/* By name; by key once that is how it begins. */
static void
offer_services (Completion *completion)
{
  gboolean by_key = strchr (completion->last, '/') != NULL;

  offer_rows (completion, &lvsctl_service_listing, NULL, by_key ? "key" : "name",
              by_key ? "name" : "key");
}

static void
offer_destinations (Completion *completion)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (completion->operands->len > 0)
    g_variant_dict_insert (&options, "service", "s", completion->operands->pdata[0]);
  offer_rows (completion, &lvsctl_destination_listing, g_variant_dict_end (&options), "endpoint",
              "method");
}

static gboolean
is_new (const Completion *completion)
{
  return completion->command != NULL && (completion->command->flags & LVSCTL_COMMAND_ADDS) != 0;
}

static void
offer_operand (Completion *completion, LvsctlOperandType type)
{
  static const char *const protocols[] = { "tcp/", "udp/", "sctp/", "fwmark/", "fwmark6/", NULL };

  switch (type)
    {
    case LVSCTL_OPERAND_SERVICE:
      offer_services (completion);
      break;
    case LVSCTL_OPERAND_KEY:
      offer_words (completion, protocols);
      break;
    case LVSCTL_OPERAND_ENDPOINT:
      if (!is_new (completion))
        offer_destinations (completion);
      break;
    case LVSCTL_OPERAND_ADDRESS:
      offer_rows (completion, &lvsctl_address_listing, NULL, "address", "interface");
      break;
    case LVSCTL_OPERAND_HOST:
      if (!is_new (completion))
        offer_rows (completion, &lvsctl_role_listing, NULL, "address", "method");
      break;
    case LVSCTL_OPERAND_SETTING:
      offer_rows (completion, &lvsctl_setting_listing, NULL, "name", "kernel");
      break;
    case LVSCTL_OPERAND_SYNC:
      offer (completion, "master", NULL);
      offer (completion, "backup", NULL);
      break;
    case LVSCTL_OPERAND_NONE:
    case LVSCTL_OPERAND_TEXT: /* a file, mostly: the shell knows those */
    case LVSCTL_OPERAND_NAME:
    case LVSCTL_OPERAND_PREFIX:
    case LVSCTL_OPERAND_BINDING:
      break;
    }
}

static void
offer_field_value (Completion *completion, const LvsdField *field)
{
  if (g_str_equal (field->name, "scheduler"))
    offer_schedulers (completion);
  else if (g_str_equal (field->name, "interface"))
    offer_interfaces (completion);
  else if (field->terms != NULL)
    offer_terms (completion, field);
}

static void
offer_value (Completion *completion, const LvsctlOption *option)
{
  static const char *const groups[] = { "client", "destination", "service", "state", NULL };
  static const char *const formats[] = { "native",     "json",    "keepalived",
                                         "ldirectord", "ipvsadm", NULL };

  if (option->type == LVSCTL_OPTION_FIELD)
    offer_field_value (completion, option->field);
  else if (g_str_equal (option->name, "group"))
    offer_words (completion, groups);
  else if (g_str_equal (option->name, "format"))
    offer_words (completion, formats);
  else if (option->type == LVSCTL_OPTION_OPERAND)
    offer_operand (completion, option->operand);
}

static void
offer_options (Completion *completion)
{
  for (guint i = 0; i < completion->options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (completion->options, LvsctlOption, i);
      g_autofree char *dashed = g_strconcat ("--", option->name, NULL);

      if (completion->command == NULL && option->type != LVSCTL_OPTION_SWITCH
          && option->type != LVSCTL_OPTION_HOST)
        continue;
      offer (completion, dashed, option->help != NULL ? _ (option->help) : NULL);
    }
}

static void
offer_first_words (Completion *completion)
{
  for (gsize i = 0; lvsctl_first_words[i] != NULL; i++)
    {
      const char *word = lvsctl_first_words[i];
      const LvsctlCommand *command = lvsctl_command_find ("", word);

      offer (completion, word, command != NULL ? _ (command->help) : lvsctl_noun_help (word));
    }
}

static void
offer_verbs (Completion *completion)
{
  const char *const *verbs = lvsctl_command_verbs (completion->noun);

  for (gsize i = 0; verbs[i] != NULL; i++)
    offer (completion, verbs[i], _ (lvsctl_command_find (completion->noun, verbs[i])->help));
}

/* The operand that the last word is; a repeated one takes all that follow. An optional one that
 * goes before a needed one may be what is typed, or may have been left out: both are offered. */
static void
offer_operands (Completion *completion)
{
  const LvsctlOperand *operands = completion->command->operands;
  guint index = completion->operands->len;

  if (index >= LVSCTL_OPERANDS_MAX)
    index = LVSCTL_OPERANDS_MAX - 1;
  while (index > 0 && operands[index].type == LVSCTL_OPERAND_NONE && operands[index - 1].repeated)
    index--;
  offer_operand (completion, operands[index].type);
  if (operands[index].optional && !operands[index].repeated && index + 1 < LVSCTL_OPERANDS_MAX)
    offer_operand (completion, operands[index + 1].type);
}

static void
set_command (Completion *completion, const LvsctlCommand *command)
{
  completion->command = command;
  g_array_unref (completion->options);
  completion->options = lvsctl_options_of (command);
}

static void
take_option (Completion *completion, const char *word)
{
  const LvsctlOption *option;

  if (strchr (word, '=') != NULL)
    return;
  if (word[1] == '-')
    option = lvsctl_options_find (completion->options, word + 2);
  else
    option = lvsctl_options_find_letter (completion->options, word[1]);
  if (option != NULL && option->value != NULL && (word[1] == '-' || word[2] == '\0'))
    completion->open = option;
}

static void
take_word (Completion *completion, const char *word)
{
  const char *first;
  const char *verb;

  if (completion->open != NULL)
    completion->open = NULL;
  else if (word[0] == '-' && word[1] != '\0')
    take_option (completion, word);
  else if (completion->command != NULL)
    g_ptr_array_add (completion->operands, (gpointer) word);
  else if (completion->noun != NULL)
    {
      verb = lvsctl_spelling_match (lvsctl_command_verbs (completion->noun), word);
      if (verb != NULL)
        set_command (completion, lvsctl_command_find (completion->noun, verb));
    }
  else
    {
      first = lvsctl_spelling_match (lvsctl_first_words, word);
      if (first != NULL && lvsctl_command_is_noun (first))
        completion->noun = first;
      else if (first != NULL)
        set_command (completion, lvsctl_command_find ("", first));
    }
}

/* "--scheduler=w": what follows the sign. */
static gboolean
offer_joined_value (Completion *completion)
{
  const char *sign = strchr (completion->last, '=');
  g_autofree char *before = NULL;
  g_autofree char *name = NULL;
  const LvsctlOption *option;

  if (sign == NULL || !g_str_has_prefix (completion->last, "--"))
    return FALSE;
  before = g_strndup (completion->last, (gsize) (sign - completion->last) + 1);
  name = g_strndup (before + 2, strlen (before) - 3);
  option = lvsctl_options_find (completion->options, name);
  completion->before = before;
  if (option != NULL)
    offer_value (completion, option);
  completion->before = "";
  return TRUE;
}

char *
lvsctl_completion_list (LvsctlClient *client, const char *const *words)
{
  g_autoptr (GPtrArray) operands = g_ptr_array_new ();
  g_autoptr (GString) output = g_string_new (NULL);
  Completion completion = { .client = client,
                            .options = lvsctl_options_of (NULL),
                            .operands = operands,
                            .last = "",
                            .before = "",
                            .output = output };

  for (gsize i = 0; words[i] != NULL; i++)
    if (words[i + 1] != NULL)
      take_word (&completion, words[i]);
    else
      completion.last = words[i];
  if (completion.open != NULL)
    offer_value (&completion, completion.open);
  else if (!offer_joined_value (&completion))
    {
      if (completion.last[0] == '-')
        offer_options (&completion);
      else if (completion.command != NULL)
        offer_operands (&completion);
      else if (completion.noun != NULL)
        offer_verbs (&completion);
      else
        offer_first_words (&completion);
    }
  g_array_unref (completion.options);
  return g_strdup (output->str);
}
