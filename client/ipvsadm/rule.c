/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rule.h"

#include <glib/gi18n-lib.h>

#include "combinations.h"
#include "rule-draft.h"

typedef struct
{
  LvsctlSwitches switches;
  LvsctlRuleDraft draft;
} Parser;

static void
parser_clear (Parser *parser)
{
  lvsctl_switches_clear (&parser->switches);
  lvsctl_rule_draft_clear (&parser->draft);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

/* The options of which one alone may be given, and once. -6 and --sort may be repeated. */
static gboolean
check_once (const LvsctlRule *rule, const LvsctlSwitch *given, GError **error)
{
  static const guint64 one_of[] = {
    LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_TCP_SERVICE) | LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_UDP_SERVICE)
        | LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_SCTP_SERVICE)
        | LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_FWMARK_SERVICE),
    LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_GATEWAYING) | LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_IPIP)
        | LVSCTL_SWITCH_BIT (LVSCTL_SWITCH_MASQUERADING),
  };
  guint64 excluded = LVSCTL_SWITCH_BIT (given->id);

  if (given->id == LVSCTL_SWITCH_IPV6 || given->id == LVSCTL_SWITCH_SORT)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (one_of); i++)
    if ((one_of[i] & excluded) != 0)
      excluded = one_of[i];
  if ((rule->given & excluded) == 0)
    return TRUE;
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
               _ ("--%s: this was said before"), given->name);
  return FALSE;
}

static gboolean
take_options (Parser *parser, GError **error)
{
  const LvsctlSwitch *given;
  const char *value;

  while (lvsctl_switches_next (&parser->switches, &given, &value, error))
    {
      if (given == NULL)
        return TRUE;
      if (given->id < LVSCTL_N_COMMAND_SWITCHES)
        {
          g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
                       _ ("--%s is a second command, after --%s"), given->name,
                       lvsctl_switch_get (parser->draft.rule->command)->name);
          return FALSE;
        }
      if (!check_once (parser->draft.rule, given, error)
          || !lvsctl_rule_draft_take (&parser->draft, given, value, error))
        return FALSE;
      parser->draft.rule->given |= LVSCTL_SWITCH_BIT (given->id);
    }
  return FALSE;
}

static gboolean
take_command (Parser *parser, GError **error)
{
  const LvsctlSwitch *given;
  const char *value;

  if (!lvsctl_switches_next (&parser->switches, &given, &value, error))
    return FALSE;
  if (given == NULL || given->id >= LVSCTL_N_COMMAND_SWITCHES)
    {
      g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_FAILED,
                           _ ("a command comes first: -A, -E, -D, -a, -e, -d, -L, -C, -Z, -S, -R "
                              "or another; -h shows all"));
      return FALSE;
    }
  parser->draft.rule->command = given->id;
  return lvsctl_rule_draft_take (&parser->draft, given, value, error);
}

/* The words that are no options: three numbers with --set, none otherwise. */
static gboolean
take_words (Parser *parser, GError **error)
{
  GArray *words = parser->switches.set_aside;
  guint wanted = parser->draft.rule->command == LVSCTL_SWITCH_SET ? LVSCTL_N_TIMEOUTS : 0;

  if (words->len < wanted)
    {
      g_set_error_literal (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
                           _ ("--set needs three timeouts: of TCP, of TCP after a FIN, of UDP"));
      return FALSE;
    }
  for (guint i = 0; i < wanted; i++)
    {
      parser->switches.at = g_array_index (words, guint, i);
      if (!lvsctl_rule_draft_take_timeout (&parser->draft, (LvsctlTimeout) i,
                                           parser->switches.words[parser->switches.at], error))
        return FALSE;
    }
  if (words->len == wanted)
    return TRUE;
  parser->switches.at = g_array_index (words, guint, wanted);
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_ILLEGAL,
               _ ("'%s' is one word too many"), parser->switches.words[parser->switches.at]);
  return FALSE;
}

LvsctlRule *
lvsctl_rule_parse_behind (const char *const *words,
                          LvsdServiceIdentity *last,
                          guint *ret_word,
                          GError **error)
{
  g_autoptr (LvsctlRule) rule = g_new0 (LvsctlRule, 1);
  g_auto (Parser) parser = { 0 };

  rule->service = lvsd_item_new (LVSD_KIND_SERVICE);
  rule->destination = lvsd_item_new (LVSD_KIND_DESTINATION);
  lvsctl_switches_init (&parser.switches, words);
  lvsctl_rule_draft_init (&parser.draft, rule, last);
  if (take_command (&parser, error) && take_options (&parser, error) && take_words (&parser, error)
      && lvsctl_rule_draft_settle (&parser.draft, error) && lvsctl_combinations_check (rule, error))
    return g_steal_pointer (&rule);
  *ret_word = parser.switches.at;
  return NULL;
}

LvsctlRule *
lvsctl_rule_parse (const char *const *words, guint *ret_word, GError **error)
{
  return lvsctl_rule_parse_behind (words, NULL, ret_word, error);
}

void
lvsctl_rule_free (LvsctlRule *rule)
{
  g_clear_pointer (&rule->service, lvsd_item_unref);
  g_clear_pointer (&rule->destination, lvsd_item_unref);
  g_clear_pointer (&rule->sync, g_variant_unref);
  g_free (rule);
}

gboolean
lvsctl_rule_has (const LvsctlRule *rule, LvsctlSwitchId id)
{
  return (rule->given & LVSCTL_SWITCH_BIT (id)) != 0;
}
