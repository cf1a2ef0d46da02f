/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"
#include "model/error.h"
#include "model/policy.h"

/* lvsd.conf. */

static char *
write_policy (const LvsdPolicy *policy)
{
  GString *text = g_string_new ("[policy]\n");

  for (guint i = 0; i < LVSD_N_DRIFTS; i++)
    g_string_append_printf (text, "%s=%s\n", lvsd_terms_format (lvsd_drift_terms, i),
                            lvsd_terms_format (lvsd_remedy_terms, (guint) policy->repairs[i]));
  g_string_append_printf (text, "[ipvsadm]\nweights=%s\n",
                          lvsd_terms_format (lvsd_weights_terms, (guint) policy->runtime_weights));
  return g_string_free (text, FALSE);
}

static void
assert_same_policy (const LvsdPolicy *a, const LvsdPolicy *b)
{
  for (guint i = 0; i < LVSD_N_DRIFTS; i++)
    g_assert_cmpint (a->repairs[i], ==, b->repairs[i]);
  g_assert_cmpint (a->runtime_weights, ==, b->runtime_weights);
}

static void
assert_says_where (const GError *error)
{
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\n'));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_malloc (size + 1); /* as a file is read: with a NUL behind it */
  g_autofree char *written = NULL;
  g_autoptr (GError) error = NULL;
  LvsdPolicy preset;
  LvsdPolicy policy;
  LvsdPolicy again;

  fuzz_begin ();
  memcpy (text, data, size);
  text[size] = '\0';
  lvsd_policy_reset (&preset);
  policy = preset;
  if (!lvsd_policy_parse (text, size, &policy, &error))
    {
      assert_says_where (error);
      assert_same_policy (&policy, &preset);
      return 0;
    }
  written = write_policy (&policy);
  g_assert_true (lvsd_policy_parse (written, strlen (written), &again, NULL));
  assert_same_policy (&policy, &again);
  return 0;
}
