/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "kernel/ipvs-dump.h"
#include "kernel/ipvs.h"
#include "model/destination.h"
#include "model/error.h"
#include "model/service.h"
#include "namespace.h"

static LvsdServiceIdentity *
identity (const char *key_text)
{
  LvsdServiceKey key;
  g_autofree char *name = NULL;

  g_assert_true (lvsd_service_key_parse (key_text, &key, NULL));
  name = lvsd_service_key_derive_name (&key);
  return lvsd_service_identity_new (name, &key);
}

static LvsdService *
service (const char *key, const char *scheduler)
{
  g_autoptr (LvsdServiceIdentity) of = identity (key);
  LvsdService *made = lvsd_service_new (of);

  g_strlcpy (made->scheduler, scheduler, sizeof made->scheduler);
  return made;
}

static LvsdDestination *
destination (const char *key, const char *endpoint_text, guint method, guint weight)
{
  g_autoptr (LvsdServiceIdentity) of = identity (key);
  LvsdEndpoint endpoint;
  LvsdDestination *made;

  g_assert_true (lvsd_endpoint_parse (endpoint_text, &endpoint, NULL, NULL));
  made = lvsd_destination_new (of, &endpoint);
  made->method = (guint8) method;
  made->weight = weight;
  return made;
}

/* Takes the items over. */
static void
add_step (LvsdPlan *plan, LvsdStepVerb verb, gpointer item, gpointer held)
{
  LvsdStep step = { .verb = verb, .item = item, .held = held };

  g_array_append_val (plan, step);
}

static guint
apply (LvsdIpvs *ipvs, LvsdPlan *plan, int *errnos, GError **error)
{
  return lvsd_ipvs_apply (ipvs, lvsd_plan_step (plan, 0), plan->len, errnos, error);
}

static void
apply_all (LvsdIpvs *ipvs, LvsdPlan *plan)
{
  g_autofree int *errnos = g_new (int, plan->len);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (apply (ipvs, plan, errnos, &error), ==, plan->len);
  g_assert_no_error (error);
  for (guint i = 0; i < plan->len; i++)
    g_assert_cmpint (errnos[i], ==, 0);
}

static void
apply_one (LvsdIpvs *ipvs, LvsdStepVerb verb, gpointer item, gpointer held)
{
  g_autoptr (GArray) plan = lvsd_plan_new ();

  add_step (plan, verb, item, held);
  apply_all (ipvs, plan);
}

static int
fail_one (LvsdIpvs *ipvs, LvsdStepVerb verb, gpointer item, gpointer held, LvsdError code)
{
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (GError) error = NULL;
  int errnos[1];

  add_step (plan, verb, item, held);
  apply (ipvs, plan, errnos, &error);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, LVSD_ERROR, (int) code);
  return errnos[0];
}

static LvsdActual *
read_all (LvsdIpvs *ipvs)
{
  LvsdActual *actual = lvsd_actual_new ();

  assert_ok (lvsd_ipvs_read_all (ipvs, actual, &unexpected));
  return actual;
}

static const LvsdService *
held_service (const LvsdActual *actual, const char *key)
{
  g_autoptr (LvsdService) like = service (key, "rr");
  const LvsdActualEntry *entry = lvsd_actual_find (actual, like);

  return entry != NULL ? (const LvsdService *) entry->item : NULL;
}

static const LvsdDestination *
held_destination (const LvsdActual *actual, const char *key, const char *endpoint)
{
  g_autoptr (LvsdDestination) like = destination (key, endpoint, 0, 0);
  const LvsdActualEntry *entry = lvsd_actual_find (actual, like);

  return entry != NULL ? (const LvsdDestination *) entry->item : NULL;
}

static void
assert_kept (LvsdIpvs *ipvs, LvsdService *wanted, LvsdDestination *target)
{
  g_autoptr (LvsdActual) actual = NULL;
  const LvsdActualEntry *entry;

  apply_one (ipvs, LVSD_STEP_NEW, lvsd_item_ref (wanted), NULL);
  apply_one (ipvs, LVSD_STEP_NEW, lvsd_item_ref (target), NULL);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 2);
  entry = lvsd_actual_find (actual, wanted);
  g_assert_nonnull (entry);
  g_assert_true (lvsd_service_kernel_equal (wanted, (LvsdService *) entry->item));
  entry = lvsd_actual_find (actual, target);
  g_assert_nonnull (entry);
  g_assert_true (lvsd_destination_kernel_equal (target, (LvsdDestination *) entry->item));
  apply_one (ipvs, LVSD_STEP_DELETE, NULL, lvsd_item_ref (target));
  apply_one (ipvs, LVSD_STEP_DELETE, NULL, lvsd_item_ref (wanted));
}

static void
test_everything_written_is_read_back (void)
{
  static const struct
  {
    const char *key;
    const char *endpoint;
    LvsdMethod method;
  } rows[] = {
    { "tcp/192.0.2.1:80", "192.0.2.2:80", LVSD_METHOD_DIRECT },
    { "udp/192.0.2.1:53", "192.0.2.2:5353", LVSD_METHOD_MASQUERADE },
    { "sctp/192.0.2.1:80", "192.0.2.2:80", LVSD_METHOD_DIRECT },
    { "tcp/[2001:db8::1]:443", "[2001:db8::2]:443", LVSD_METHOD_DIRECT },
    { "udp/[2001:db8::1]:53", "[2001:db8::2]:53", LVSD_METHOD_TUNNEL },
    { "fwmark/5", "192.0.2.2:0", LVSD_METHOD_DIRECT },
    { "fwmark6/5", "[2001:db8::2]:0", LVSD_METHOD_TUNNEL },
    { "tcp/192.0.2.1:81", "[2001:db8::2]:81", LVSD_METHOD_TUNNEL },
    { "tcp/[2001:db8::1]:81", "192.0.2.2:81", LVSD_METHOD_TUNNEL },
  };
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();

  namespace_enter ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint persistent = 0; persistent < 2; persistent++)
      {
        g_autoptr (LvsdService) wanted = service (rows[i].key, "sh");
        g_autoptr (LvsdDestination) target =
            destination (rows[i].key, rows[i].endpoint, rows[i].method, 2147483647);

        wanted->scheduler_flags = 3;
        wanted->persistence = persistent * 300;
        wanted->persistence_prefix = (guint8) (persistent * 24);
        wanted->one_packet = wanted->identity->key.protocol == LVSD_PROTOCOL_UDP;
        target->upper_threshold = 100;
        target->lower_threshold = 10;
        if (rows[i].method == LVSD_METHOD_TUNNEL)
          {
            target->tunnel = LVSD_TUNNEL_GUE;
            target->tunnel_port = 6080;
            target->tunnel_flags = 1;
          }
        assert_kept (ipvs, wanted, target);
      }
}

static void
test_set_edits_in_place (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdActual) actual = NULL;
  LvsdService *changed = service ("udp/192.0.2.1:5060", "wlc");

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service ("udp/192.0.2.1:5060", "rr"), NULL);
  apply_one (ipvs, LVSD_STEP_NEW, destination ("udp/192.0.2.1:5060", "192.0.2.2:5060", 3, 1), NULL);
  changed->persistence = 60;
  g_strlcpy (changed->engine, "sip", sizeof changed->engine);
  apply_one (ipvs, LVSD_STEP_SET, changed, service ("udp/192.0.2.1:5060", "rr"));
  apply_one (ipvs, LVSD_STEP_SET, destination ("udp/192.0.2.1:5060", "192.0.2.2:5060", 2, 0),
             destination ("udp/192.0.2.1:5060", "192.0.2.2:5060", 3, 1));

  actual = read_all (ipvs);
  g_assert_cmpstr (held_service (actual, "udp/192.0.2.1:5060")->scheduler, ==, "wlc");
  g_assert_cmpstr (held_service (actual, "udp/192.0.2.1:5060")->engine, ==, "sip");
  g_assert_cmpuint (held_destination (actual, "udp/192.0.2.1:5060", "192.0.2.2:5060")->method, ==,
                    LVSD_METHOD_TUNNEL);
  g_assert_cmpuint (held_destination (actual, "udp/192.0.2.1:5060", "192.0.2.2:5060")->weight, ==,
                    0);
}

static void
test_one_service_is_read_alone (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdActual) actual = lvsd_actual_new ();
  g_autoptr (LvsdServiceIdentity) wanted = identity ("tcp/192.0.2.1:80");
  g_autoptr (LvsdServiceIdentity) absent = identity ("tcp/192.0.2.9:80");

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:81", "rr"), NULL);
  apply_one (ipvs, LVSD_STEP_NEW, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1), NULL);
  assert_ok (lvsd_ipvs_read_service (ipvs, &absent->key, actual, &unexpected));
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 0);
  assert_ok (lvsd_ipvs_read_service (ipvs, &wanted->key, actual, &unexpected));
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 2);
  g_assert_nonnull (held_destination (actual, "tcp/192.0.2.1:80", "192.0.2.2:80"));
}

/* As when it is deleted between the page that shows it and the one that shows what is in it. */
static void
test_a_service_that_is_gone_has_no_destinations (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdServiceIdentity) gone = identity ("tcp/192.0.2.1:80");
  g_autoptr (LvsdActual) heads = lvsd_actual_new ();
  g_autoptr (LvsdActual) inside = lvsd_actual_new ();

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:81", "rr"), NULL);
  apply_one (ipvs, LVSD_STEP_NEW, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1), NULL);
  assert_ok (lvsd_ipvs_read_heads (ipvs, NULL, heads, &unexpected));
  g_assert_cmpuint (lvsd_actual_entries (heads)->len, ==, 2);
  apply_one (ipvs, LVSD_STEP_DELETE, NULL, service ("tcp/192.0.2.1:80", "rr"));
  assert_ok (lvsd_ipvs_read_destinations (ipvs, gone, inside, &unexpected));
  g_assert_cmpuint (lvsd_actual_entries (inside)->len, ==, 0);
}

/* 1 service and then 999 destinations, of which one is there twice. */
static void
test_an_error_amid_a_thousand_is_the_right_ones (void)
{
  const guint wrong = 650;
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsdActual) actual = NULL;
  int errnos[1000];
  guint attempted;

  namespace_enter ();
  add_step (plan, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  for (guint i = 1; i < 1000; i++)
    {
      guint number = i == wrong ? 1 : i;
      g_autofree char *endpoint = g_strdup_printf ("10.0.%u.%u:80", number / 250, number % 250 + 1);

      add_step (plan, LVSD_STEP_NEW, destination ("tcp/192.0.2.1:80", endpoint, 3, 1), NULL);
    }
  attempted = apply (ipvs, plan, errnos, &error);
  g_test_message ("%s", error->message);
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "10.0.0.2:80 of service tcp-192.0.2.1-80"));
  g_assert_cmpuint (attempted, >, wrong);
  g_assert_cmpuint (attempted, <=, wrong + 128);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (errnos[i], ==, i == wrong ? EEXIST : i < attempted ? 0 : ECANCELED);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, attempted - 1);
}

static void
test_every_error_of_a_full_batch_arrives (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (GError) error = NULL;
  int errnos[128];

  namespace_enter ();
  for (guint i = 0; i < 128; i++)
    {
      g_autofree char *endpoint = g_strdup_printf ("10.0.0.%u:80", i + 1);

      add_step (plan, LVSD_STEP_NEW, destination ("tcp/192.0.2.1:80", endpoint, 3, 1), NULL);
    }
  g_assert_cmpuint (apply (ipvs, plan, errnos, &error), ==, 128);
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND);
  for (guint i = 0; i < 128; i++)
    g_assert_cmpint (errnos[i], ==, ESRCH);
}

static void
test_a_foreign_service_gets_none_of_our_destinations (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsdActual) actual = NULL;
  int errnos[3];

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "wlc"), NULL);
  add_step (plan, LVSD_STEP_NEW, service ("tcp/192.0.2.1:79", "rr"), NULL);
  add_step (plan, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  add_step (plan, LVSD_STEP_NEW, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1), NULL);
  g_assert_cmpuint (apply (ipvs, plan, errnos, &error), ==, 2);
  g_test_message ("%s", error->message);
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  g_assert_cmpint (errnos[0], ==, 0);
  g_assert_cmpint (errnos[1], ==, EEXIST);
  g_assert_cmpint (errnos[2], ==, ECANCELED);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 2);
  g_assert_cmpstr (held_service (actual, "tcp/192.0.2.1:80")->scheduler, ==, "wlc");
}

static void
test_an_unknown_scheduler_is_refused_before_anything (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LvsdActual) actual = NULL;
  int errnos[3];

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "wlc"), NULL);
  add_step (plan, LVSD_STEP_NEW, service ("tcp/192.0.2.1:81", "lblcr"), NULL);
  add_step (plan, LVSD_STEP_NEW, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1), NULL);
  add_step (plan, LVSD_STEP_SET, service ("tcp/192.0.2.1:80", "nonesuch"),
            service ("tcp/192.0.2.1:80", "wlc"));
  g_assert_cmpuint (apply (ipvs, plan, errnos, &error), ==, 0);
  g_test_message ("%s", error->message);
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "scheduler"));
  g_assert_nonnull (strstr (error->message, "nonesuch"));
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (errnos[i], ==, ECANCELED);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 1);
  g_assert_cmpstr (held_service (actual, "tcp/192.0.2.1:80")->scheduler, ==, "wlc");
}

static void
test_an_unknown_engine_is_refused (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdActual) actual = NULL;
  LvsdService *wanted = service ("udp/192.0.2.1:5060", "rr");

  namespace_enter ();
  g_strlcpy (wanted->engine, "nonesuch", sizeof wanted->engine);
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, wanted, NULL, LVSD_ERROR_INVALID_ARGUMENT), ==,
                   ECANCELED);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 0);
}

static void
test_deleting_what_is_gone_is_done (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_DELETE, NULL, service ("tcp/192.0.2.1:80", "rr"));
  apply_one (ipvs, LVSD_STEP_DELETE, NULL, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1));
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  apply_one (ipvs, LVSD_STEP_DELETE, NULL, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1));
}

static void
test_setting_what_vanished_puts_it_back (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (LvsdActual) actual = NULL;

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:81", "rr"), NULL);
  add_step (plan, LVSD_STEP_SET, service ("tcp/192.0.2.1:80", "wlc"),
            service ("tcp/192.0.2.1:80", "rr"));
  add_step (plan, LVSD_STEP_SET, service ("tcp/192.0.2.1:81", "wlc"),
            service ("tcp/192.0.2.1:81", "rr"));
  add_step (plan, LVSD_STEP_SET, destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 7),
            destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 3, 1));
  add_step (plan, LVSD_STEP_SET, destination ("tcp/192.0.2.1:81", "192.0.2.2:81", 3, 7),
            destination ("tcp/192.0.2.1:81", "192.0.2.2:81", 3, 1));
  apply_all (ipvs, plan);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 4);
  g_assert_cmpstr (held_service (actual, "tcp/192.0.2.1:80")->scheduler, ==, "wlc");
  g_assert_cmpstr (held_service (actual, "tcp/192.0.2.1:81")->scheduler, ==, "wlc");
  g_assert_cmpuint (held_destination (actual, "tcp/192.0.2.1:80", "192.0.2.2:80")->weight, ==, 7);
  g_assert_cmpuint (held_destination (actual, "tcp/192.0.2.1:81", "192.0.2.2:81")->weight, ==, 7);
}

static void
test_refusals_name_the_field (void)
{
  const char *key = "tcp/192.0.2.1:80";
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  LvsdDestination *thresholds = destination (key, "192.0.2.2:80", 3, 1);

  namespace_enter ();
  apply_one (ipvs, LVSD_STEP_NEW, service (key, "rr"), NULL);
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, service (key, "rr"), NULL, LVSD_ERROR_CONFLICT),
                   ==, EEXIST);
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, destination (key, "224.0.0.1:80", 3, 1), NULL,
                             LVSD_ERROR_INVALID_ARGUMENT),
                   ==, EINVAL);
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, destination (key, "192.0.2.2:80", 3, 1u << 31),
                             NULL, LVSD_ERROR_INVALID_ARGUMENT),
                   ==, ERANGE);
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, destination (key, "[2001:db8::2]:80", 3, 1), NULL,
                             LVSD_ERROR_INVALID_ARGUMENT),
                   ==, EINVAL);
  thresholds->lower_threshold = 1;
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, thresholds, NULL, LVSD_ERROR_INVALID_ARGUMENT),
                   ==, ERANGE);
  g_assert_cmpint (
      fail_one (ipvs, LVSD_STEP_SET, destination ("tcp/192.0.2.9:80", "192.0.2.2:80", 3, 1),
                destination ("tcp/192.0.2.9:80", "192.0.2.2:80", 3, 2), LVSD_ERROR_NOT_FOUND),
      ==, ESRCH);
}

static void
test_a_large_table_is_read_whole (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (GArray) plan = lvsd_plan_new ();
  g_autoptr (LvsdActual) actual = NULL;
  g_autoptr (LvsdServiceIdentity) big = identity ("tcp/10.1.0.1:80");
  gint64 start;
  gint64 written;

  namespace_enter ();
  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("tcp/10.1.%u.%u:80", i / 250, i % 250);

      add_step (plan, LVSD_STEP_NEW, service (key, "rr"), NULL);
    }
  for (guint i = 1; i <= 1000; i++)
    for (guint j = 1; j <= (i == 1 ? 1000 : 9); j++)
      {
        g_autofree char *key = g_strdup_printf ("tcp/10.1.%u.%u:80", i / 250, i % 250);
        g_autofree char *endpoint = g_strdup_printf ("10.2.%u.%u:80", j / 250, j % 250 + 1);

        add_step (plan, LVSD_STEP_NEW, destination (key, endpoint, 3, 1), NULL);
      }
  start = g_get_monotonic_time ();
  apply_all (ipvs, plan);
  written = g_get_monotonic_time ();
  actual = read_all (ipvs);
  g_test_message ("%u steps in %" G_GINT64_FORMAT " us, read in %" G_GINT64_FORMAT " us", plan->len,
                  written - start, g_get_monotonic_time () - written);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, plan->len);
  g_assert_cmpuint (lvsd_actual_destinations (actual, &big->key)->len, ==, 1000);
}

static void
add_services (LvsdIpvs *ipvs, guint n)
{
  g_autoptr (GArray) plan = lvsd_plan_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = g_strdup_printf ("tcp/10.1.%u.%u:80", i / 250, i % 250 + 1);

      add_step (plan, LVSD_STEP_NEW, service (key, "rr"), NULL);
    }
  apply_all (ipvs, plan);
}

/* Of these keys, or of all; other questions are asked in between. Returns in how many parts. */
static guint
dump (LvsdIpvs *ipvs, GHashTable *keys, LvsdActual *into)
{
  g_autoptr (LvsdIpvsDump) dump = lvsd_ipvs_dump_new (keys, into);
  gboolean complete = FALSE;
  guint n_parts;

  for (n_parts = 0; !complete; n_parts++)
    {
      g_autoptr (LvsdActual) other = lvsd_actual_new ();
      g_autoptr (LvsdServiceIdentity) one = identity ("tcp/10.1.3.7:80");

      assert_ok (lvsd_ipvs_dump_go_on (dump, &complete, &unexpected));
      assert_ok (lvsd_ipvs_read_heads (ipvs, &one->key, other, &unexpected));
      g_assert_cmpuint (lvsd_actual_entries (other)->len, ==, 1);
    }
  return n_parts;
}

static void
test_a_dump_of_many_services_comes_in_parts (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdActual) all = lvsd_actual_new ();
  g_autoptr (LvsdActual) few = lvsd_actual_new ();
  g_autoptr (GHashTable) keys =
      g_hash_table_new ((GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal);
  g_autoptr (LvsdServiceIdentity) first = identity ("tcp/10.1.0.1:80");
  g_autoptr (LvsdServiceIdentity) last = identity ("tcp/10.1.7.250:80");

  namespace_enter ();
  add_services (ipvs, 2000);
  g_assert_cmpuint (dump (ipvs, NULL, all), >, 5);
  g_assert_cmpuint (lvsd_actual_entries (all)->len, ==, 2000);
  g_hash_table_add (keys, &first->key);
  g_hash_table_add (keys, &last->key);
  dump (ipvs, keys, few);
  g_assert_cmpuint (lvsd_actual_entries (few)->len, ==, 2);
  g_assert_nonnull (held_service (few, "tcp/10.1.7.250:80"));
}

/* The kernel takes protocols and methods that lvsd refuses; what others put there is shown. */
static void
test_what_is_beyond_our_limits_is_read (void)
{
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdActual) actual = NULL;
  const GPtrArray *entries;
  LvsdService *odd = service ("tcp/192.0.2.1:80", "none");
  LvsdDestination *bypassing = destination ("tcp/192.0.2.1:80", "192.0.2.2:80", 4, 1);

  namespace_enter ();
  odd->identity->key.protocol = 47;
  bypassing->identity->key.protocol = 47;
  apply_one (ipvs, LVSD_STEP_NEW, odd, NULL);
  apply_one (ipvs, LVSD_STEP_NEW, bypassing, NULL);
  actual = read_all (ipvs);
  entries = lvsd_actual_entries (actual);
  g_assert_cmpuint (entries->len, ==, 2);
  odd = (LvsdService *) ((LvsdActualEntry *) g_ptr_array_index (entries, 0))->item;
  bypassing = (LvsdDestination *) ((LvsdActualEntry *) g_ptr_array_index (entries, 1))->item;
  g_assert_cmpuint (odd->identity->key.protocol, ==, 47);
  g_assert_cmpstr (odd->scheduler, ==, "none");
  g_assert_cmpuint (bypassing->method, ==, 4);
}

static void
unload (void)
{
  namespace_run ("ipvsadm -C");
  namespace_run ("sh -c 'modprobe -r $(cd /sys/module; ls -d ip_vs_*)'");
  namespace_run ("modprobe -r ip_vs");
}

/* The kernel loads the module when the family is asked for, unless it is kept from it. */
static void
allow_loading (const char *program)
{
  g_assert_true (g_file_set_contents_full ("/proc/sys/kernel/modprobe", program, -1,
                                           G_FILE_SET_CONTENTS_NONE, 0, NULL));
}

static void
test_a_reloaded_module_is_found_again (void)
{
  g_autofree char *program = NULL;
  g_autoptr (LvsdIpvs) ipvs = lvsd_ipvs_new ();
  g_autoptr (LvsdActual) actual = NULL;
  g_autoptr (LvsdActual) into = lvsd_actual_new ();
  g_autoptr (GError) error = NULL;

  namespace_enter ();
  g_assert_true (g_file_get_contents ("/proc/sys/kernel/modprobe", &program, NULL, NULL));
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  unload ();
  allow_loading ("/bin/false");
  g_assert_false (lvsd_ipvs_read_all (ipvs, into, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE);
  g_assert_cmpint (fail_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL,
                             LVSD_ERROR_KERNEL_UNAVAILABLE),
                   ==, ECANCELED);
  allow_loading (program);
  namespace_run ("modprobe ip_vs");
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  unload ();
  namespace_run ("modprobe ip_vs");
  apply_one (ipvs, LVSD_STEP_NEW, service ("tcp/192.0.2.1:80", "rr"), NULL);
  actual = read_all (ipvs);
  g_assert_cmpuint (lvsd_actual_entries (actual)->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ipvs/everything-written-is-read-back", test_everything_written_is_read_back);
  g_test_add_func ("/ipvs/set-edits-in-place", test_set_edits_in_place);
  g_test_add_func ("/ipvs/one-service-is-read-alone", test_one_service_is_read_alone);
  g_test_add_func ("/ipvs/a-service-that-is-gone-has-no-destinations",
                   test_a_service_that_is_gone_has_no_destinations);
  g_test_add_func ("/ipvs/an-error-amid-a-thousand-is-the-right-ones",
                   test_an_error_amid_a_thousand_is_the_right_ones);
  g_test_add_func ("/ipvs/every-error-of-a-full-batch-arrives",
                   test_every_error_of_a_full_batch_arrives);
  g_test_add_func ("/ipvs/a-foreign-service-gets-none-of-our-destinations",
                   test_a_foreign_service_gets_none_of_our_destinations);
  g_test_add_func ("/ipvs/an-unknown-scheduler-is-refused-before-anything",
                   test_an_unknown_scheduler_is_refused_before_anything);
  g_test_add_func ("/ipvs/an-unknown-engine-is-refused", test_an_unknown_engine_is_refused);
  g_test_add_func ("/ipvs/deleting-what-is-gone-is-done", test_deleting_what_is_gone_is_done);
  g_test_add_func ("/ipvs/setting-what-vanished-puts-it-back",
                   test_setting_what_vanished_puts_it_back);
  g_test_add_func ("/ipvs/refusals-name-the-field", test_refusals_name_the_field);
  g_test_add_func ("/ipvs/a-large-table-is-read-whole", test_a_large_table_is_read_whole);
  g_test_add_func ("/ipvs/a-dump-of-many-services-comes-in-parts",
                   test_a_dump_of_many_services_comes_in_parts);
  g_test_add_func ("/ipvs/what-is-beyond-our-limits-is-read",
                   test_what_is_beyond_our_limits_is_read);
  g_test_add_func ("/ipvs/a-reloaded-module-is-found-again", test_a_reloaded_module_is_found_again);
  return g_test_run ();
}
