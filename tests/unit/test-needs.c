/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/actions.h"
#include "auth/needs.h"
#include "samples.h"

#define MANY 64

static GPtrArray *
find (const LvsdChange *change, const LvsdTable *table)
{
  GPtrArray *needs = lvsd_needs_of_change (change, table, MANY);

  g_assert_nonnull (needs);
  return needs;
}

static void
assert_need (const GPtrArray *needs, guint i, const char *action, const char *service)
{
  const LvsdNeed *need = g_ptr_array_index (needs, i);
  const char *told = NULL;

  g_assert_cmpstr (need->action, ==, action);
  g_assert_cmpstr (need->identity != NULL ? need->identity->name : NULL, ==, service);
  g_variant_lookup (need->details, "service", "&s", &told);
  g_assert_cmpstr (told, ==, service);
}

static LvsdDestination *
weigh (const LvsdDestination *destination, guint32 weight)
{
  LvsdDestination *edited = lvsd_item_copy (destination);

  edited->weight = weight;
  return edited;
}

static LvsdDestination *
override (const LvsdDestination *destination, guint32 weight)
{
  LvsdDestination *edited = lvsd_item_copy (destination);

  edited->runtime = g_new0 (LvsdOverride, 1);
  edited->runtime->weight = weight;
  return edited;
}

static void
test_each_action_and_service_is_one_need (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdService) web = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) mail = sample_service ("mail", "tcp/192.0.2.1:25");
  g_autoptr (LvsdDestination) first = sample_destination (web, "10.0.0.1:80");
  g_autoptr (LvsdDestination) second = sample_destination (web, "10.0.0.2:80");
  g_autoptr (LvsdDestination) other = sample_destination (mail, "10.0.0.1:25");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) another = sample_virtual_address ("192.0.2.2", "eth0");
  g_autoptr (GPtrArray) needs = NULL;

  lvsd_change_add (change, NULL, web);
  lvsd_change_add (change, NULL, first);
  lvsd_change_add (change, NULL, second);
  lvsd_change_add (change, NULL, mail);
  lvsd_change_add (change, NULL, other);
  lvsd_change_add (change, NULL, address);
  lvsd_change_add (change, NULL, another);
  needs = find (change, table);
  g_assert_cmpuint (needs->len, ==, 5);
  assert_need (needs, 0, LVSD_ACTION_MANAGE_SERVICES, "web");
  assert_need (needs, 1, LVSD_ACTION_MANAGE_DESTINATIONS, "web");
  assert_need (needs, 2, LVSD_ACTION_MANAGE_SERVICES, "mail");
  assert_need (needs, 3, LVSD_ACTION_MANAGE_DESTINATIONS, "mail");
  assert_need (needs, 4, LVSD_ACTION_MANAGE_ADDRESSES, NULL);
}

static void
test_each_kind_has_its_action (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.1");
  g_autoptr (LvsdSetting) setting = sample_setting ("net.ipv4.ip_forward", "1");
  g_autoptr (LvsdSyncDaemon) daemon = sample_sync_daemon (LVSD_SYNC_MASTER, "eth0");
  g_autoptr (LvsdGeneration) generation = sample_generation (1);
  g_autoptr (GPtrArray) needs = NULL;

  lvsd_change_add (change, NULL, role);
  lvsd_change_add (change, NULL, setting);
  lvsd_change_add (change, NULL, daemon);
  lvsd_change_add (change, NULL, generation);
  needs = find (change, table);
  g_assert_cmpuint (needs->len, ==, 3);
  assert_need (needs, 0, LVSD_ACTION_MANAGE_ROLES, NULL);
  assert_need (needs, 1, LVSD_ACTION_MANAGE_SETTINGS, NULL);
  assert_need (needs, 2, LVSD_ACTION_MANAGE_SYNC, NULL);
}

static void
test_weights_are_a_lesser_thing (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdService) web = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) before = sample_destination (web, "10.0.0.1:80");
  g_autoptr (LvsdDestination) weighed = weigh (before, 7);
  g_autoptr (LvsdDestination) overridden = override (before, 3);
  g_autoptr (LvsdDestination) both = override (weighed, 3);
  g_autoptr (LvsdDestination) more = weigh (before, 7);
  LvsdDestination *const afters[] = { weighed, overridden, both, more };
  static const char *const actions[][2] = {
    { LVSD_ACTION_SET_WEIGHT, NULL },
    { LVSD_ACTION_SET_RUNTIME_WEIGHT, NULL },
    { LVSD_ACTION_SET_RUNTIME_WEIGHT, LVSD_ACTION_SET_WEIGHT },
    { LVSD_ACTION_MANAGE_DESTINATIONS, NULL },
  };

  more->upper_threshold = 9;
  for (guint i = 0; i < G_N_ELEMENTS (afters); i++)
    {
      g_autoptr (LvsdChange) change = lvsd_change_new ();
      g_autoptr (GPtrArray) needs = NULL;

      lvsd_change_add (change, before, afters[i]);
      needs = find (change, table);
      g_assert_cmpuint (needs->len, ==, actions[i][1] != NULL ? 2 : 1);
      for (guint j = 0; j < needs->len; j++)
        assert_need (needs, j, actions[i][j], "web");
    }
}

/* A rule that lets weights up to 100 pass must not see 3 where 1000 is configured as well. */
static void
test_of_two_weights_at_once_neither_is_told (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdService) web = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) before = sample_destination (web, "10.0.0.1:80");
  g_autoptr (LvsdDestination) weighed = weigh (before, 1000);
  g_autoptr (LvsdDestination) both = override (weighed, 3);
  g_autoptr (GPtrArray) needs = NULL;

  lvsd_change_add (change, before, both);
  needs = find (change, table);
  for (guint i = 0; i < needs->len; i++)
    g_assert_false (
        g_variant_lookup (((LvsdNeed *) g_ptr_array_index (needs, i))->details, "to", "s", NULL));
}

static void
test_destinations_go_along_with_their_service (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdService) web = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) mail = sample_service ("mail", "tcp/192.0.2.1:25");
  g_autoptr (LvsdDestination) along = sample_destination (web, "10.0.0.1:80");
  g_autoptr (LvsdDestination) alone = sample_destination (mail, "10.0.0.1:25");
  g_autoptr (GPtrArray) needs = NULL;

  lvsd_change_add (change, along, NULL);
  lvsd_change_add (change, web, NULL);
  lvsd_change_add (change, alone, NULL);
  needs = find (change, table);
  g_assert_cmpuint (needs->len, ==, 2);
  assert_need (needs, 0, LVSD_ACTION_MANAGE_SERVICES, "web");
  assert_need (needs, 1, LVSD_ACTION_MANAGE_DESTINATIONS, "mail");
}

static void
test_more_than_the_most_are_none (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (GPtrArray) needs = NULL;

  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("web-%u", i);
      g_autofree char *key = g_strdup_printf ("fwmark/%u", i);
      g_autoptr (LvsdService) service = sample_service (name, key);

      lvsd_change_add (change, NULL, service);
    }
  g_assert_null (lvsd_needs_of_change (change, table, 2));
  needs = lvsd_needs_of_change (change, table, 3);
  g_assert_cmpuint (needs->len, ==, 3);
}

static GPtrArray *
needs_of_edit (LvsdTable *table, LvsdService *service, guint32 persistence)
{
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdService) after = lvsd_item_copy (service);

  after->persistence = persistence;
  lvsd_change_add (change, service, after);
  return find (change, table);
}

/* Deleted and made again under the same name, it is not what somebody was asked about. */
static void
test_a_service_made_anew_is_another (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdService) web = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (web);
  g_autoptr (LvsdService) anew = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (GPtrArray) asked = NULL;
  g_autoptr (GPtrArray) after_edit = NULL;
  g_autoptr (GPtrArray) after_all = NULL;

  lvsd_table_replace (table, NULL, web);
  asked = needs_of_edit (table, web, 60);
  lvsd_table_replace (table, web, edited);
  after_edit = needs_of_edit (table, edited, 60);
  g_assert_true (lvsd_needs_equal (asked, after_edit));
  lvsd_table_replace (table, edited, NULL);
  lvsd_table_replace (table, NULL, anew);
  after_all = needs_of_edit (table, anew, 60);
  g_assert_false (lvsd_needs_equal (asked, after_all));
}

static void
test_what_is_added_is_the_same_while_it_is_called_the_same (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdService) once = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) again = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) other = sample_service ("web", "tcp/192.0.2.1:81");
  LvsdService *const services[] = { once, again, other };
  GPtrArray *needs[3];

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autoptr (LvsdChange) change = lvsd_change_new ();

      lvsd_change_add (change, NULL, services[i]);
      needs[i] = find (change, table);
    }
  g_assert_true (lvsd_needs_equal (needs[0], needs[1]));
  g_assert_false (lvsd_needs_equal (needs[0], needs[2]));
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    g_ptr_array_unref (needs[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/needs/each-action-and-service-is-one",
                   test_each_action_and_service_is_one_need);
  g_test_add_func ("/needs/each-kind-has-its-action", test_each_kind_has_its_action);
  g_test_add_func ("/needs/weights-are-a-lesser-thing", test_weights_are_a_lesser_thing);
  g_test_add_func ("/needs/of-two-weights-at-once-neither-is-told",
                   test_of_two_weights_at_once_neither_is_told);
  g_test_add_func ("/needs/destinations-go-along-with-their-service",
                   test_destinations_go_along_with_their_service);
  g_test_add_func ("/needs/more-than-the-most-are-none", test_more_than_the_most_are_none);
  g_test_add_func ("/needs/a-service-made-anew-is-another", test_a_service_made_anew_is_another);
  g_test_add_func ("/needs/what-is-added-is-the-same-while-it-is-called-the-same",
                   test_what_is_added_is_the_same_while_it_is_called_the_same);
  return g_test_run ();
}
