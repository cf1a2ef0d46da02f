/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client/ipvsadm/format.h"
#include "client/ipvsadm/rule.h"
#include "fuzz.h"
#include "names.h"

/* ipvsadm's command line: each line of the input is one, with a space between its words. */

/* What was understood is the same when it is written as ipvsadm -S would and read again. */
static void
assert_written (const LvsctlRule *rule)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (items, rule->service);
  if (rule->command == LVSCTL_SWITCH_ADD_SERVER)
    g_ptr_array_add (items, rule->destination);
  for (guint i = 0; i < items->len; i++)
    {
      if (!lvsd_item_validate (items->pdata[i], NULL))
        return;
      lvsctl_ipvsadm_append (text, items->pdata[i], TRUE);
    }
  again = lvsctl_ipvsadm_read (text->str, text->len, &error);
  g_assert_no_error (error);
  fuzz_assert_same_items (items, again);
}

static void
read_line (char **words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsctlRule) rule = NULL;
  guint word = 0;

  rule = lvsctl_rule_parse ((const char *const *) words, &word, &error);
  if (rule == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  if (rule->sync != NULL)
    g_assert_true (g_variant_is_of_type (rule->sync, G_VARIANT_TYPE_VARDICT));
  if (rule->command == LVSCTL_SWITCH_ADD_SERVICE || rule->command == LVSCTL_SWITCH_ADD_SERVER)
    assert_written (rule);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = fuzz_dup_text (data, size);
  g_auto (GStrv) lines = NULL;

  fuzz_begin ();
  fuzz_know_names ();
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return 0;
  lines = g_strsplit (text, "\n", 16);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);

      if (words[0] != NULL)
        read_line (words);
    }
  return 0;
}
