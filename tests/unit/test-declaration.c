/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/declaration.h"

#include "model/error.h"
#include "model/rules.h"
#include "samples.h"

/* A table with two services, an address and a role, and what somebody declares. */
typedef struct
{
  LvsdTable *table;
  LvsdService *web;
  LvsdDestination *first;
  GPtrArray *wanted;
  LvsdChange *change;
  LvsdDeclarationCounts counts;
} Fixture;

static void
keep (Fixture *fixture, gpointer item)
{
  lvsd_table_replace (fixture->table, NULL, item);
}

/* Takes the draft. */
static gpointer
want (Fixture *fixture, gpointer draft)
{
  g_ptr_array_add (fixture->wanted, draft);
  return draft;
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdService) dns = sample_service ("dns", "udp/192.0.2.1:53");
  g_autoptr (LvsdDestination) second = NULL;
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.9");

  fixture->table = lvsd_table_new ();
  fixture->wanted = g_ptr_array_new_with_free_func (lvsd_item_unref);
  fixture->change = lvsd_change_new ();
  fixture->web = sample_service ("web", "tcp/192.0.2.1:80");
  keep (fixture, fixture->web);
  fixture->first = sample_destination (fixture->web, "198.51.100.1:80");
  fixture->first->runtime = g_new0 (LvsdOverride, 1);
  fixture->first->runtime->weight = 7;
  keep (fixture, fixture->first);
  second = sample_destination (fixture->web, "198.51.100.2:80");
  keep (fixture, second);
  keep (fixture, dns);
  keep (fixture, address);
  keep (fixture, role);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  lvsd_change_free (fixture->change);
  g_ptr_array_unref (fixture->wanted);
  lvsd_item_unref (fixture->first);
  lvsd_item_unref (fixture->web);
  lvsd_table_free (fixture->table);
}

static void
compare (Fixture *fixture, guint whole)
{
  g_autoptr (GError) error = NULL;

  lvsd_declaration_compare (fixture->table, fixture->wanted, NULL, whole, fixture->change,
                            &fixture->counts, &error);
  g_assert_no_error (error);
}

/* What the change comes to, once the rules have let it pass. */
static char *
outcome (Fixture *fixture)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  lvsd_rules_check (fixture->change, fixture->table, &error);
  g_assert_no_error (error);
  lvsd_change_commit (fixture->change, fixture->table);
  items = lvsd_table_snapshot (fixture->table);
  return lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
}

#define SERVICES (LVSD_KIND_BIT (LVSD_KIND_SERVICE) | LVSD_KIND_BIT (LVSD_KIND_DESTINATION))

static void
test_what_is_not_named_stays (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  LvsdService *web = want (fixture, sample_service ("web", "tcp/192.0.2.1:80"));

  g_strlcpy (web->scheduler, "wlc", sizeof web->scheduler);
  compare (fixture, 0);
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  g_assert_true (lvsd_change_edit (fixture->change, 0)->before == (LvsdItem *) fixture->web);
  g_assert_cmpuint (fixture->counts.changed, ==, 1);
}

static void
test_of_a_whole_kind_the_rest_goes (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  LvsdService *web = want (fixture, sample_service ("web", "tcp/192.0.2.1:80"));
  g_autofree char *text = NULL;

  want (fixture, sample_destination (web, "198.51.100.1:80"));
  want (fixture, sample_destination (web, "198.51.100.3:80"));
  compare (fixture, SERVICES);
  g_assert_cmpuint (fixture->counts.added, ==, 1);
  g_assert_cmpuint (fixture->counts.changed, ==, 0);
  g_assert_cmpuint (fixture->counts.removed, ==, 2);
  g_assert_cmpuint (fixture->counts.unchanged, ==, 2);
  text = outcome (fixture);
  g_assert_null (strstr (text, "dns"));
  g_assert_null (strstr (text, "198.51.100.2"));
  g_assert_nonnull (strstr (text, "198.51.100.3"));
  g_assert_nonnull (strstr (text, "[address 192.0.2.1]"));
  g_assert_nonnull (strstr (text, "[role 192.0.2.9]"));
}

static void
test_what_was_set_for_now_stays (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  LvsdService *web = want (fixture, sample_service ("web", "tcp/192.0.2.1:80"));
  LvsdDestination *first = want (fixture, sample_destination (web, "198.51.100.1:80"));

  first->weight = 3;
  compare (fixture, 0);
  g_assert_cmpuint (fixture->change->edits->len, ==, 1);
  g_assert_nonnull (first->runtime);
  g_assert_cmpuint (first->runtime->weight, ==, 7);
  g_assert_true (first->identity == fixture->web->identity);
}

/* Names change hands, and a key gets another one. */
static void
test_names_can_be_exchanged (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  LvsdService *web = want (fixture, sample_service ("web", "udp/192.0.2.1:53"));
  g_autofree char *text = NULL;

  want (fixture, sample_destination (web, "198.51.100.9:53"));
  web = want (fixture, sample_service ("dns", "tcp/192.0.2.1:80"));
  want (fixture, sample_destination (web, "198.51.100.1:80"));
  compare (fixture, SERVICES);
  text = outcome (fixture);
  g_assert_nonnull (strstr (text, "[service dns]\nkey=tcp/192.0.2.1:80"));
  g_assert_nonnull (strstr (text, "[service web]\nkey=udp/192.0.2.1:53"));
  g_assert_nonnull (strstr (text, "198.51.100.1 80"));
}

static void
test_what_is_fixed_is_made_anew (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  LvsdRole *role = want (fixture, sample_role ("192.0.2.9"));
  g_autoptr (GError) error = NULL;

  role->method = LVSD_METHOD_TUNNEL;
  g_assert_false (lvsd_declaration_compare (fixture->table, fixture->wanted, NULL, 0,
                                            fixture->change, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT);
  compare (fixture, LVSD_KIND_BIT (LVSD_KIND_ROLE));
  g_assert_cmpuint (fixture->change->edits->len, ==, 2);
  g_assert_null (lvsd_change_edit (fixture->change, 0)->after);
  g_assert_true (lvsd_change_edit (fixture->change, 1)->after == (LvsdItem *) role);
}

static void
test_nothing_is_named_twice (Fixture *fixture, gconstpointer data)
{
  const char *const *second = data;
  g_autoptr (GError) error = NULL;

  want (fixture, sample_service ("web", "tcp/192.0.2.1:80"));
  want (fixture, sample_service (second[0], second[1]));
  g_assert_false (lvsd_declaration_compare (fixture->table, fixture->wanted, NULL, SERVICES,
                                            fixture->change, NULL, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, second[0]));
}

static void
test_an_empty_one_removes_all_but_the_daemons_own (Fixture *fixture,
                                                   G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (LvsdGeneration) generation = sample_generation (7);

  keep (fixture, generation);
  compare (fixture, lvsd_declaration_all_kinds ());
  g_assert_cmpuint (fixture->counts.removed, ==, 6);
  g_free (outcome (fixture));
  g_assert_cmpuint (lvsd_table_count (fixture->table, LVSD_KIND_GENERATION), ==, 1);
  g_assert_cmpuint (lvsd_table_count (fixture->table, LVSD_KIND_SERVICE), ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const same_key[] = { "other", "tcp/192.0.2.1:80" };
  static const char *const same_name[] = { "web", "tcp/192.0.2.1:81" };

  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function)                                                                  \
  g_test_add ("/declaration/" name, Fixture, data, set_up, function, tear_down)
  ADD ("what-is-not-named-stays", NULL, test_what_is_not_named_stays);
  ADD ("of-a-whole-kind-the-rest-goes", NULL, test_of_a_whole_kind_the_rest_goes);
  ADD ("what-was-set-for-now-stays", NULL, test_what_was_set_for_now_stays);
  ADD ("names-can-be-exchanged", NULL, test_names_can_be_exchanged);
  ADD ("what-is-fixed-is-made-anew", NULL, test_what_is_fixed_is_made_anew);
  ADD ("no-key-is-named-twice", same_key, test_nothing_is_named_twice);
  ADD ("no-name-is-named-twice", same_name, test_nothing_is_named_twice);
  ADD ("an-empty-one-removes-all-but-the-daemons-own", NULL,
       test_an_empty_one_removes_all_but_the_daemons_own);
  return g_test_run ();
}
