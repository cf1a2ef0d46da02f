/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include <string.h>

#include "model/change.h"
#include "model/error.h"

/* A service with two destinations, an address and a role: added in one change. */
static LvsdChange *
sample_addition (void)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) first = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdDestination) second = sample_destination (service, "198.51.100.2:80");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.9");
  LvsdChange *change = lvsd_change_new ();

  first->runtime = g_new0 (LvsdOverride, 1);
  first->runtime->owner = g_strdup ("root");
  first->runtime->reason = g_strdup ("");
  first->runtime->boot_id = g_strdup ("b");
  lvsd_change_add (change, NULL, service);
  lvsd_change_add (change, NULL, first);
  lvsd_change_add (change, NULL, second);
  lvsd_change_add (change, NULL, address);
  lvsd_change_add (change, NULL, role);
  return change;
}

static LvsdTable *
sample_table (void)
{
  g_autoptr (LvsdChange) change = sample_addition ();
  LvsdTable *table = lvsd_table_new ();

  lvsd_change_commit (change, table);
  return table;
}

static gpointer
find (const LvsdTable *table, LvsdKind kind, const char *id)
{
  gpointer item = lvsd_table_find_by_id (table, kind, id);

  g_assert_nonnull (item);
  return item;
}

/* Edits, removes and adds. */
static LvsdChange *
sample_edits (const LvsdTable *table)
{
  LvsdService *service = find (table, LVSD_KIND_SERVICE, "web");
  LvsdItem *second = find (table, LVSD_KIND_DESTINATION, "web/198.51.100.2:80");
  g_autoptr (LvsdService) edited = lvsd_item_copy (service);
  g_autoptr (LvsdDestination) third = sample_destination (service, "198.51.100.3:80");
  LvsdChange *change = lvsd_change_new ();

  edited->persistence = 60;
  lvsd_change_add (change, service, edited);
  lvsd_change_add (change, second, NULL);
  lvsd_change_add (change, NULL, third);
  lvsd_change_add (change, find (table, LVSD_KIND_ROLE, "192.0.2.9"), NULL);
  return change;
}

static void
test_the_inverse_takes_back (void)
{
  g_autoptr (LvsdTable) table = sample_table ();
  g_autoptr (LvsdChange) change = sample_edits (table);
  g_autoptr (LvsdChange) inverse = lvsd_change_invert (change);
  g_autofree char *before = sample_text (table);
  g_autofree char *between = NULL;
  g_autofree char *after = NULL;

  lvsd_change_commit (change, table);
  between = sample_text (table);
  lvsd_change_commit (inverse, table);
  after = sample_text (table);
  g_assert_cmpstr (before, !=, between);
  g_assert_cmpstr (before, ==, after);
}

static void
test_the_inverse_of_an_addition_empties_the_table (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = sample_addition ();
  g_autoptr (LvsdChange) inverse = lvsd_change_invert (change);

  lvsd_change_commit (change, table);
  lvsd_change_commit (inverse, table);
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    g_assert_cmpuint (lvsd_table_count (table, (LvsdKind) kind), ==, 0);
}

static LvsdChange *
through_variant (const LvsdChange *change)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (lvsd_change_to_variant (change));
  g_autoptr (GError) error = NULL;
  LvsdChange *again = lvsd_change_from_variant (variant, &error);

  g_assert_true (g_variant_is_of_type (variant, G_VARIANT_TYPE (LVSD_CHANGE_VARIANT_TYPE)));
  g_assert_no_error (error);
  return again;
}

/* What GVariant makes of the same text by itself. */
static void
assert_serialized_as_by_glib (const LvsdChange *change)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (lvsd_change_to_variant (change));
  g_autofree char *text = g_variant_print (variant, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) parsed =
      g_variant_parse (G_VARIANT_TYPE (LVSD_CHANGE_VARIANT_TYPE), text, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_variant_get_data (variant), g_variant_get_size (variant),
                   g_variant_get_data (parsed), g_variant_get_size (parsed));
}

/* The numbers in it grow with what they count: at 256 bytes and at 64 KiB. */
static void
test_a_change_of_any_length_is_serialized_as_by_glib (void)
{
  g_autoptr (LvsdTable) table = sample_table ();
  g_autoptr (LvsdChange) edits = sample_edits (table);
  g_autoptr (LvsdChange) grown = lvsd_change_new ();

  assert_serialized_as_by_glib (grown);
  assert_serialized_as_by_glib (edits);
  while (grown->edits->len < 2000)
    {
      const LvsdEdit *edit = lvsd_change_edit (edits, grown->edits->len % edits->edits->len);

      lvsd_change_add (grown, edit->before, edit->after);
      if (grown->edits->len < 30 || grown->edits->len % 64 == 0)
        assert_serialized_as_by_glib (grown);
    }
}

static void
test_replaying_what_was_recorded_comes_to_the_same (void)
{
  g_autoptr (LvsdTable) table = sample_table ();
  g_autoptr (LvsdTable) other = lvsd_table_new ();
  g_autoptr (LvsdChange) addition = sample_addition ();
  g_autoptr (LvsdChange) edits = sample_edits (table);
  g_autoptr (LvsdChange) recorded_addition = through_variant (addition);
  g_autoptr (LvsdChange) recorded_edits = through_variant (edits);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *other_text = NULL;

  lvsd_change_commit (edits, table);
  lvsd_change_replay (recorded_addition, other, &error);
  g_assert_no_error (error);
  lvsd_change_replay (recorded_edits, other, &error);
  g_assert_no_error (error);
  text = sample_text (table);
  other_text = sample_text (other);
  g_assert_cmpstr (text, ==, other_text);
}

/* Behind edits that fit comes one that does not: the table stays as it was. */
static void
assert_does_not_fit (LvsdTable *table, gpointer before, gpointer after)
{
  g_autoptr (LvsdChange) change = sample_edits (table);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = sample_text (table);
  g_autofree char *text_after = NULL;

  lvsd_change_add (change, before, after);
  g_assert_false (lvsd_change_replay (change, table, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED);
  text_after = sample_text (table);
  g_assert_cmpstr (text, ==, text_after);
}

static void
test_what_does_not_fit_changes_nothing (void)
{
  g_autoptr (LvsdTable) table = sample_table ();
  g_autoptr (LvsdService) same_key = sample_service ("other", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) same_name = sample_service ("web", "tcp/192.0.2.2:80");
  g_autoptr (LvsdService) missing = sample_service ("no", "tcp/192.0.2.3:80");
  g_autoptr (LvsdDestination) orphan = sample_destination (missing, "198.51.100.1:80");
  g_autoptr (LvsdDestination) misnamed = sample_destination (same_key, "198.51.100.8:80");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.77");
  g_autoptr (LvsdRole) other_role = sample_role ("192.0.2.78");
  LvsdService *web = find (table, LVSD_KIND_SERVICE, "web");
  LvsdItem *first = find (table, LVSD_KIND_DESTINATION, "web/198.51.100.1:80");

  assert_does_not_fit (table, NULL, same_key);
  assert_does_not_fit (table, NULL, same_name);
  assert_does_not_fit (table, web, same_key);
  assert_does_not_fit (table, web, same_name);
  assert_does_not_fit (table, web, NULL);
  assert_does_not_fit (table, missing, NULL);
  assert_does_not_fit (table, missing, missing);
  assert_does_not_fit (table, NULL, first);
  assert_does_not_fit (table, NULL, orphan);
  assert_does_not_fit (table, orphan, NULL);
  assert_does_not_fit (table, NULL, misnamed);
  assert_does_not_fit (table, role, NULL);
  assert_does_not_fit (table, role, other_role);
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;

  for (text = strstr (text, word); text != NULL; text = strstr (text + 1, word))
    n++;
  return n;
}

static void
test_a_service_is_said_once_for_all_that_follow (void)
{
  g_autoptr (LvsdService) web = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) mail = sample_service ("mail", "tcp/192.0.2.1:25");
  g_autoptr (LvsdDestination) first = sample_destination (web, "192.0.2.11:80");
  g_autoptr (LvsdDestination) second = sample_destination (web, "192.0.2.12:80");
  g_autoptr (LvsdDestination) third = sample_destination (mail, "192.0.2.12:25");
  g_autoptr (LvsdDestination) edited = lvsd_item_copy (third);
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdChange) again = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *text = NULL;

  edited->weight = 7;
  lvsd_change_add (change, NULL, web);
  lvsd_change_add (change, NULL, first);
  lvsd_change_add (change, second, NULL);
  lvsd_change_add (change, third, edited);
  lvsd_change_add (change, NULL, first);
  variant = g_variant_ref_sink (lvsd_change_to_variant (change));
  text = g_variant_print (variant, FALSE);
  g_assert_cmpuint (count (text, "'key'"), ==, 3);
  again = through_variant (change);
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdEdit *read = lvsd_change_edit (again, i);
      const LvsdItem *item = edit->after != NULL ? edit->after : edit->before;
      const LvsdItem *same = edit->after != NULL ? read->after : read->before;

      g_assert_true (lvsd_item_identity_equal (item, same));
      g_assert_true (lvsd_item_fields_equal (item, same));
      g_assert_cmpstr (lvsd_item_service (item)->name, ==, lvsd_item_service (same)->name);
    }
}

static void
test_what_is_no_change_is_refused (void)
{
  static const char *const texts[] = {
    "[('service', @ma{sv} nothing, @ma{sv} nothing)]",
    "[('thing', just {'name': <'a'>}, @ma{sv} nothing)]",
    "[('service', just {'name': <'a'>}, @ma{sv} nothing)]",
    "[('role', @ma{sv} nothing, just {'address': <'x'>})]",
    "[('role', @ma{sv} nothing, just {'address': <'192.0.2.1'>, 'more': <1>})]",
    "[('destination', @ma{sv} nothing, just {'endpoint': <'192.0.2.11:80'>})]",
    "[('role', @ma{sv} nothing, just {'address': <'192.0.2.1'>}), "
    "('destination', nothing, just {'endpoint': <'192.0.2.11:80'>})]",
    "[('service', @ma{sv} nothing, just {'name': <'a'>, 'key': <'tcp/192.0.2.1:80'>, 'scheduler': "
    "<'rr'>}), ('destination', nothing, just {'service': <'a'>, 'endpoint': <'192.0.2.11:80'>})]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) variant =
          g_variant_parse (G_VARIANT_TYPE (LVSD_CHANGE_VARIANT_TYPE), texts[i], NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_null (lvsd_change_from_variant (variant, &error));
      g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_an_empty_change_is_one (void)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdChange) again = through_variant (change);

  g_assert_cmpuint (again->edits->len, ==, 0);
  g_assert_true (lvsd_change_replay (again, table, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/change/the-inverse-takes-back", test_the_inverse_takes_back);
  g_test_add_func ("/change/the-inverse-of-an-addition-empties-the-table",
                   test_the_inverse_of_an_addition_empties_the_table);
  g_test_add_func ("/change/a-change-of-any-length-is-serialized-as-by-glib",
                   test_a_change_of_any_length_is_serialized_as_by_glib);
  g_test_add_func ("/change/replaying-what-was-recorded-comes-to-the-same",
                   test_replaying_what_was_recorded_comes_to_the_same);
  g_test_add_func ("/change/what-does-not-fit-changes-nothing",
                   test_what_does_not_fit_changes_nothing);
  g_test_add_func ("/change/variant/service-once", test_a_service_is_said_once_for_all_that_follow);
  g_test_add_func ("/change/what-is-no-change-is-refused", test_what_is_no_change_is_refused);
  g_test_add_func ("/change/an-empty-change-is-one", test_an_empty_change_is_one);
  return g_test_run ();
}
