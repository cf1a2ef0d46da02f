/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "option.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "arguments.h"
#include "exit-status.h"
#include "model/destination.h"
#include "model/setting.h"
#include "spelling.h"

#define SWITCH(name_, letter_, member_, help_)                                                     \
  {                                                                                                \
    .name = name_, .letter = letter_, .type = LVSCTL_OPTION_SWITCH,                                \
    .member = G_STRUCT_OFFSET (LvsctlArguments, member_), .help = help_                            \
  }

#define KEY(name_, letter_, value_, prefix_, help_)                                                \
  {                                                                                                \
    .name = name_, .letter = letter_, .type = LVSCTL_OPTION_KEY, .value = value_,                  \
    .prefix = prefix_, .help = help_                                                               \
  }

static const LvsctlOption global_options[] = {
  SWITCH ("json",
          '\0',
          json,
          N_ ("Print JSON; its members are named as the options are, with _ for -")),
  SWITCH ("terse", '\0', terse, N_ ("Print plain lines with tabs between the values, for scripts")),
  SWITCH ("force", '\0', force, N_ ("Go ahead where connections are cut, without asking")),
  SWITCH ("quiet", 'q', quiet, N_ ("Do not say what was done")),
  SWITCH ("no-legend", '\0', no_legend, N_ ("Leave headings and notes out")),
  SWITCH ("no-pager", '\0', no_pager, N_ ("Do not show long output in a pager")),
  SWITCH ("no-ask-password", '\0', no_ask_password, N_ ("Never ask for a password")),
  {
      .name = "host",
      .letter = 'H',
      .type = LVSCTL_OPTION_HOST,
      .value = N_ ("[USER@]HOST[,…]"),
      .help = N_ ("Do it on these machines, over ssh, one after the other"),
  },
  SWITCH ("help", 'h', help, N_ ("Show help for the verb")),
  SWITCH ("version", '\0', version, N_ ("Show the version")),
};

static const LvsctlOption key_options[] = {
  KEY ("tcp-service", 't', N_ ("ADDRESS:PORT"), "tcp/", N_ ("The service tcp/ADDRESS:PORT")),
  KEY ("udp-service", 'u', N_ ("ADDRESS:PORT"), "udp/", N_ ("The service udp/ADDRESS:PORT")),
  KEY ("sctp-service", '\0', N_ ("ADDRESS:PORT"), "sctp/", N_ ("The service sctp/ADDRESS:PORT")),
  KEY ("fwmark-service", 'f', N_ ("MARK"), "fwmark/", N_ ("The service fwmark/MARK")),
  {
      .name = "ipv6",
      .letter = '6',
      .type = LVSCTL_OPTION_IPV6,
      .help = N_ ("With --fwmark-service: fwmark6/MARK"),
  },
};

/* Those of single verbs that are not fields of the model. */
static const LvsctlOption verb_options[] = {
  {
      .name = "runtime",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("WEIGHT"),
      .maximum = LVSD_WEIGHT_MAX,
      .help = N_ ("Set the weight for now; the configured one stays as it is"),
  },
  {
      .name = "no-runtime",
      .type = LVSCTL_OPTION_FLAG,
      .help = N_ ("Go back to the configured weight"),
  },
  {
      .name = "for",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("TIME"),
      .help = N_ ("So long, like 90s, 15m, 2h or 1d; else until 'lvsctl release'"),
  },
  {
      .name = "reason",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("TEXT"),
      .help = N_ ("With --runtime: why, for those who see it in a listing"),
  },
  {
      .name = "service",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_SERVICE,
      .value = N_ ("SERVICE"),
      .help = N_ ("Those of this service alone"),
  },
  {
      .name = "destination",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_ENDPOINT,
      .value = N_ ("ADDRESS[:PORT]"),
      .help = N_ ("Those to this destination alone"),
  },
  {
      .name = "client",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_PREFIX,
      .value = N_ ("ADDRESS[/LENGTH]"),
      .help = N_ ("Those of this client, or of this network, alone"),
  },
  {
      .name = "state",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("STATE"),
      .help = N_ ("Those in this state alone, such as ESTABLISHED"),
  },
  {
      .name = "group",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("BY"),
      .help = N_ ("Count them by client, destination, service or state, most first"),
  },
  {
      .name = "columns",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("NAMES"),
      .help = N_ ("Show these columns, with commas between; they are named as in JSON, with -"),
  },
  {
      .name = "sort",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("[-]NAME"),
      .help = N_ ("Sort by this column, with - the other way round"),
  },
  {
      .name = "interval",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("SECONDS"),
      .minimum = 1,
      .maximum = 3600,
      .help = N_ ("How long one picture stays; 2 unless given"),
  },
  {
      .name = "detail",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("LEVEL"),
      .help = N_ ("How much there is of it: node, service or destination, which is all"),
  },
  {
      .name = "count",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("N"),
      .minimum = 1,
      .maximum = G_MAXINT32,
      .help = N_ ("Stop after so many pictures"),
  },
  {
      .name = "replace",
      .type = LVSCTL_OPTION_FLAG,
      .help = N_ ("Remove what lvsd owns and the file does not name"),
  },
  {
      .name = "confirm",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("SECONDS"),
      .minimum = 1,
      .maximum = 604800,
      .help = N_ ("Take it back unless 'lvsctl confirm' comes within so many seconds"),
  },
  {
      .name = "limit",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("N"),
      .minimum = 1,
      .maximum = 100000,
      .help = N_ ("So many at most; 1000 unless given, up to 100000"),
  },
  {
      .name = "tcp",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("SECONDS"),
      .minimum = 1,
      .maximum = LVSD_TIMEOUT_MAX,
      .help = N_ ("Of an established TCP connection"),
  },
  {
      .name = "tcp-fin",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("SECONDS"),
      .minimum = 1,
      .maximum = LVSD_TIMEOUT_MAX,
      .help = N_ ("Of a TCP connection that one side has closed"),
  },
  {
      .name = "udp",
      .type = LVSCTL_OPTION_NUMBER,
      .value = N_ ("SECONDS"),
      .minimum = 1,
      .maximum = LVSD_TIMEOUT_MAX,
      .help = N_ ("Of a UDP connection"),
  },
  {
      .name = "rate",
      .type = LVSCTL_OPTION_FLAG,
      .help = N_ ("Per second, bytes as well, instead of since the counters were zeroed"),
  },
  {
      .name = "dry-run",
      .type = LVSCTL_OPTION_FLAG,
      .help = N_ ("Change nothing, and show what would be done"),
  },
  {
      .name = "format",
      .type = LVSCTL_OPTION_OPERAND,
      .operand = LVSCTL_OPERAND_TEXT,
      .value = N_ ("FORMAT"),
      .help = N_ ("How the text is written: native, json, keepalived, ldirectord or ipvsadm"),
  },
  {
      .name = "convert",
      .type = LVSCTL_OPTION_FLAG,
      .help = N_ ("Print the native text instead of applying it"),
  },
};

static const LvsdKind kinds_with_options[] = { LVSD_KIND_SERVICE, LVSD_KIND_DESTINATION,
                                               LVSD_KIND_ADDRESS, LVSD_KIND_ROLE, LVSD_KIND_SYNC };

static void
add_field (GArray *options, LvsdKind kind, const LvsdField *field)
{
  LvsctlOption option = { .name = field->name,
                          .type = LVSCTL_OPTION_FIELD,
                          .value = field->value_name,
                          .help = field->help,
                          .kind = kind,
                          .field = field };

  g_array_append_val (options, option);
  if (field->type == LVSD_FIELD_BOOLEAN)
    {
      g_autofree char *name = g_strconcat ("no-", field->name, NULL);

      option.name = g_intern_string (name);
      option.negated = TRUE;
      g_array_append_val (options, option);
    }
}

static void
add_fields (GArray *options, LvsdKind kind, gboolean editing, const char *without)
{
  const LvsdItemClass *class = lvsd_item_class (kind);

  for (gsize i = 0; i < class->n_fields; i++)
    {
      const LvsdField *field = &class->fields[i];

      if ((field->flags & LVSD_FIELD_INTERNAL) == 0
          && (!editing || (field->flags & LVSD_FIELD_FIXED) == 0)
          && !lvsctl_spelling_lists (without, field->name))
        add_field (options, kind, field);
    }
}

static gboolean
takes_service (const LvsctlCommand *command)
{
  for (gsize i = 0; i < LVSCTL_OPERANDS_MAX; i++)
    if (command->operands[i].type == LVSCTL_OPERAND_SERVICE
        || command->operands[i].type == LVSCTL_OPERAND_KEY)
      return TRUE;
  return lvsctl_spelling_lists (command->options, "service");
}

GArray *
lvsctl_options_of (const LvsctlCommand *command)
{
  GArray *options = g_array_new (FALSE, FALSE, sizeof (LvsctlOption));

  if (command == NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (kinds_with_options); i++)
      add_fields (options, kinds_with_options[i], FALSE, NULL);
  else if ((command->flags & (LVSCTL_COMMAND_ADDS | LVSCTL_COMMAND_EDITS)) != 0)
    add_fields (options, command->kind, (command->flags & LVSCTL_COMMAND_EDITS) != 0,
                command->without);
  for (gsize i = 0; i < G_N_ELEMENTS (verb_options); i++)
    if (command == NULL || lvsctl_spelling_lists (command->options, verb_options[i].name))
      g_array_append_val (options, verb_options[i]);
  if (command == NULL || takes_service (command))
    g_array_append_vals (options, key_options, G_N_ELEMENTS (key_options));
  g_array_append_vals (options, global_options, G_N_ELEMENTS (global_options));
  return options;
}

const LvsctlOption *
lvsctl_options_find (const GArray *options, const char *name)
{
  for (guint i = 0; i < options->len; i++)
    if (g_str_equal (g_array_index (options, LvsctlOption, i).name, name))
      return &g_array_index (options, LvsctlOption, i);
  return NULL;
}

const LvsctlOption *
lvsctl_options_find_letter (const GArray *options, char letter)
{
  for (guint i = 0; i < options->len; i++)
    if (g_array_index (options, LvsctlOption, i).letter == letter)
      return &g_array_index (options, LvsctlOption, i);
  return NULL;
}

/* Of const LvsctlOption, each name once: the one of this name, or all that begin with it. */
GPtrArray *
lvsctl_options_match (const GArray *options, const char *typed)
{
  GPtrArray *matches = g_ptr_array_new ();
  const LvsctlOption *whole = lvsctl_options_find (options, typed);

  if (whole != NULL)
    {
      g_ptr_array_add (matches, (gpointer) whole);
      return matches;
    }
  for (guint i = 0; i < options->len; i++)
    {
      const LvsctlOption *option = &g_array_index (options, LvsctlOption, i);

      if (g_str_has_prefix (option->name, typed)
          && lvsctl_options_find (options, option->name) == option)
        g_ptr_array_add (matches, (gpointer) option);
    }
  return matches;
}

const char *
lvsctl_options_suggest (const GArray *options, const char *typed)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < options->len; i++)
    g_ptr_array_add (names, (gpointer) g_array_index (options, LvsctlOption, i).name);
  g_ptr_array_add (names, NULL);
  return lvsctl_spelling_suggest ((const char *const *) names->pdata, typed);
}

/* Goes through a record of the model's, so that ranges, synonyms and messages are the daemon's. */
static GVariant *
parse_field (const LvsctlOption *option, const char *text, GError **error)
{
  g_autoptr (LvsdItem) record = lvsd_item_new (option->kind);

  if (text == NULL)
    return g_variant_new_boolean (!option->negated);
  if (!lvsd_field_parse (option->field, record, text, error))
    return NULL;
  return lvsd_field_get (option->field, record);
}

static GVariant *
parse_number (const LvsctlOption *option, const char *text, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, option->minimum, option->maximum, &number, NULL))
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                   _ ("%s: '%s' must be a number from %u to %u"), option->name, text,
                   option->minimum, option->maximum);
      return NULL;
    }
  return g_variant_new_uint32 ((guint32) number);
}

/* Returns a floating reference; text is NULL where no value was given. */
GVariant *
lvsctl_option_parse (const LvsctlOption *option, const char *text, GError **error)
{
  g_autofree char *operand = NULL;

  switch (option->type)
    {
    case LVSCTL_OPTION_FIELD:
      return parse_field (option, text, error);
    case LVSCTL_OPTION_NUMBER:
      return parse_number (option, text, error);
    case LVSCTL_OPTION_OPERAND:
      operand = lvsctl_operand_canonical (option->operand, text, error);
      return operand != NULL ? g_variant_new_string (operand) : NULL;
    case LVSCTL_OPTION_FLAG:
      return g_variant_new_boolean (TRUE);
    case LVSCTL_OPTION_SWITCH:
    case LVSCTL_OPTION_HOST:
    case LVSCTL_OPTION_KEY:
    case LVSCTL_OPTION_IPV6:
      break;
    }
  g_assert_not_reached ();
}
