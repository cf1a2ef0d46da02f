/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "kernel/ipvs-glance.h"
#include "model/error.h"
#include "model/policy.h"

static void
assert_policy (const LvsdPolicy *policy,
               gboolean missing,
               gboolean changed,
               gboolean extra,
               gboolean address,
               gboolean runtime)
{
  g_assert_cmpint (policy->repairs[LVSD_DRIFT_MISSING], ==, missing);
  g_assert_cmpint (policy->repairs[LVSD_DRIFT_CHANGED], ==, changed);
  g_assert_cmpint (policy->repairs[LVSD_DRIFT_EXTRA], ==, extra);
  g_assert_cmpint (policy->repairs[LVSD_DRIFT_ADDRESS], ==, address);
  g_assert_cmpint (policy->runtime_weights, ==, runtime);
}

static void
parse (const char *text, LvsdPolicy *policy)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lvsd_policy_parse (text, strlen (text), policy, &error));
  g_assert_no_error (error);
}

static void
test_what_is_not_said_is_preset (void)
{
  LvsdPolicy policy;

  memset (&policy, 0xff, sizeof policy);
  lvsd_policy_reset (&policy);
  assert_policy (&policy, TRUE, FALSE, FALSE, TRUE, FALSE);
  memset (&policy, 0xff, sizeof policy);
  parse ("", &policy);
  assert_policy (&policy, TRUE, FALSE, FALSE, TRUE, FALSE);
}

static void
test_each_key_counts (void)
{
  LvsdPolicy policy;

  parse ("# a comment\n; another\n\n[policy]\nmissing=report\n  changed = repair\t\r\n"
         "extra=REPAIR\naddress=report\n[ipvsadm]\nweights=runtime",
         &policy);
  assert_policy (&policy, FALSE, TRUE, TRUE, FALSE, TRUE);
  parse ("[ipvsadm]\n[policy]\nextra=repair\n[policy]\nchanged=repair\n", &policy);
  assert_policy (&policy, TRUE, TRUE, TRUE, TRUE, FALSE);
}

static void
test_a_mistake_has_its_line_and_changes_nothing (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "missing=report\n", "line 1: stands before the first [GROUP]" },
    { "[policy]\nmissing=fix\n", "line 2: missing: 'fix' is not one of report, repair" },
    { "[policy]\n\nmising=report\n",
      "line 3: 'mising' is not known in [policy]; correct or remove it" },
    { "[policy]\nweights=runtime\n",
      "line 2: 'weights' is not known in [policy]; correct or remove it" },
    { "[policy]\nextra=report\nextra=report\n",
      "line 3: stands there twice; remove one of the two lines" },
    { "[policies]\n", "line 1: there is no group 'policies'; there are [policy] and [ipvsadm]" },
    { "[policy\n", "line 1: a group is written [NAME], and nothing comes behind it" },
    { "[policy] # mine\n", "line 1: a group is written [NAME], and nothing comes behind it" },
    { "[policy]\nmissing\n", "line 2: neither [GROUP] nor KEY=VALUE" },
    { "[policy]\nmissing=\n", "line 2: missing: '' is not one of report, repair" },
    { "[policy]\n\xff=repair\n", "the text is not UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      LvsdPolicy policy;

      parse ("[policy]\nchanged=repair\n", &policy);
      g_assert_false (lvsd_policy_parse (cases[i].text, strlen (cases[i].text), &policy, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      assert_policy (&policy, TRUE, TRUE, FALSE, TRUE, FALSE);
    }
}

static void
test_a_text_with_a_zero_byte_is_no_text (void)
{
  static const char text[] = "[policy]\n\0missing=report\n";
  g_autoptr (GError) error = NULL;
  LvsdPolicy policy;

  g_assert_false (lvsd_policy_parse (text, sizeof text - 1, &policy, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
}

#define HEAD                                                                                       \
  "IP Virtual Server version 1.2.1 (size=4096)\n"                                                  \
  "Prot LocalAddress:Port Scheduler Flags\n"                                                       \
  "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n"

static void
test_a_glance_tells_whether_there_is_any_service (void)
{
  g_assert_true (lvsd_ipvs_glance_is_empty (""));
  g_assert_true (lvsd_ipvs_glance_is_empty (HEAD));
  g_assert_false (lvsd_ipvs_glance_is_empty (HEAD "TCP  C0000264:0050 wlc \n"));
  g_assert_false (lvsd_ipvs_glance_is_empty (HEAD "UDP  C0000264:0035 wlc \n"));
  g_assert_false (lvsd_ipvs_glance_is_empty (HEAD "SCTP C0000264:0035 wlc \n"));
  g_assert_false (lvsd_ipvs_glance_is_empty (HEAD "FWM  00000001 wlc \n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/presets", test_what_is_not_said_is_preset);
  g_test_add_func ("/policy/keys", test_each_key_counts);
  g_test_add_func ("/policy/mistakes", test_a_mistake_has_its_line_and_changes_nothing);
  g_test_add_func ("/policy/zero-byte", test_a_text_with_a_zero_byte_is_no_text);
  g_test_add_func ("/policy/glance", test_a_glance_tells_whether_there_is_any_service);
  return g_test_run ();
}
