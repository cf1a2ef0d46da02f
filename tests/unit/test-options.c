/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/options.h"

#include <string.h>

#include "model/error.h"
#include "model/table.h"

static GVariantDict *
parse_options (const char *text)
{
  g_autoptr (GVariant) options = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);

  g_assert_nonnull (options);
  return g_variant_dict_new (options);
}

static void
assert_refused (gboolean result, GError **error, const char *word)
{
  g_assert_false (result);
  g_assert_error (*error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  if (strstr ((*error)->message, word) == NULL)
    g_error ("'%s' does not name '%s'", (*error)->message, word);
  g_clear_error (error);
}

typedef struct
{
  gboolean force;
  guint32 limit;
  char *reason;
} Taken;

static void
take (GVariantDict *options, Taken *taken)
{
  g_assert_true (lvsd_options_take_boolean (options, "force", &taken->force, NULL));
  g_assert_true (lvsd_options_take_number (options, "limit", 1, 10, &taken->limit, NULL));
  g_assert_true (lvsd_options_take_text (options, "reason", 10, &taken->reason, NULL));
}

static void
assert_taken (const Taken *taken, gboolean force, guint32 limit, const char *reason)
{
  g_assert_cmpint (taken->force, ==, force);
  g_assert_cmpuint (taken->limit, ==, limit);
  g_assert_cmpstr (taken->reason, ==, reason);
}

static void
test_taken_options_are_gone (void)
{
  g_autoptr (GVariantDict) options =
      parse_options ("{'force': <true>, 'limit': <uint32 7>, 'reason': <'because'>}");
  Taken taken = { 0 };

  take (options, &taken);
  assert_taken (&taken, TRUE, 7, "because");
  g_assert_true (lvsd_options_finish (options, NULL));
  g_free (taken.reason);
}

static void
test_absent_options_change_nothing (void)
{
  g_autoptr (GVariantDict) options = parse_options ("{}");
  Taken taken = { .force = TRUE, .limit = 5, .reason = g_strdup ("as it was") };

  take (options, &taken);
  assert_taken (&taken, TRUE, 5, "as it was");
  g_free (taken.reason);
}

static void
test_wrong_options_are_named (void)
{
  g_autoptr (GVariantDict) options =
      parse_options ("{'force': <'yes'>, 'limit': <uint32 11>, 'reason': <'two\\nlines'>,"
                     " 'other': <'far too long a text'>}");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gboolean force;
  guint32 limit;

  assert_refused (lvsd_options_take_boolean (options, "force", &force, &error), &error, "force");
  assert_refused (lvsd_options_take_number (options, "limit", 1, 10, &limit, &error), &error,
                  "limit");
  assert_refused (lvsd_options_take_text (options, "reason", 99, &text, &error), &error, "reason");
  assert_refused (lvsd_options_take_text (options, "other", 5, &text, &error), &error, "other");
}

static void
test_what_is_left_is_an_error (void)
{
  g_autoptr (GVariantDict) options = parse_options ("{'frobnicate': <true>}");
  g_autoptr (GError) error = NULL;

  assert_refused (lvsd_options_finish (options, &error), &error, "frobnicate");
}

static void
test_errors_name_the_item (void)
{
  LvsdServiceKey key;
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdService) draft = NULL;
  g_autoptr (GVariantDict) unknown = parse_options ("{'weight': <uint32 1>}");
  g_autoptr (GVariantDict) invalid = parse_options ("{'persistence-prefix': <uint32 24>}");
  g_autoptr (GVariantDict) good = parse_options ("{'scheduler': <'rr'>}");
  g_autoptr (GError) error = NULL;

  g_assert_true (lvsd_service_key_parse ("tcp/192.0.2.1:80", &key, NULL));
  identity = lvsd_service_identity_new ("web", &key);
  draft = lvsd_service_new (identity);
  assert_refused (lvsd_options_fill (unknown, draft, FALSE, &error), &error, "service web: ");
  g_assert_true (lvsd_options_fill (good, draft, FALSE, NULL));
  g_assert_cmpstr (draft->scheduler, ==, "rr");
  assert_refused (lvsd_options_fill (invalid, draft, TRUE, &error), &error, "service web: ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/taken-options-are-gone", test_taken_options_are_gone);
  g_test_add_func ("/options/absent-options-change-nothing", test_absent_options_change_nothing);
  g_test_add_func ("/options/wrong-options-are-named", test_wrong_options_are_named);
  g_test_add_func ("/options/what-is-left-is-an-error", test_what_is_left_is_an_error);
  g_test_add_func ("/options/errors-name-the-item", test_errors_name_the_item);
  return g_test_run ();
}
