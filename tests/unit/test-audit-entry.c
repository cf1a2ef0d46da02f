/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/audit-entry.h"

#include <string.h>

#include "model/error.h"

static LvsdService *
make_service (const char *name, const char *key_text)
{
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  LvsdServiceKey key;

  g_assert_true (lvsd_service_key_parse (key_text, &key, NULL));
  identity = lvsd_service_identity_new (name, &key);
  return lvsd_service_new (identity);
}

static LvsdAuditEntry *
make_entry (void)
{
  return lvsd_audit_entry_new ("org.lvsd1.Manager", "Apply", "org.lvsd1.apply", ":1.7");
}

static void
test_an_edit_tells_only_what_differs (void)
{
  g_autoptr (LvsdService) before = make_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) after = lvsd_item_copy (before);
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdAuditEntry) entry = make_entry ();

  after->persistence = 300;
  lvsd_change_add (change, before, after);
  lvsd_audit_entry_describe (entry, change);
  g_assert_cmpuint (entry->n_edits, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (entry->objects, 0), ==, "service web");
  g_assert_true (g_str_has_prefix (entry->before->str, "service web: {"));
  g_assert_nonnull (strstr (entry->after->str, "'persistence': <uint32 300>"));
  g_assert_null (strstr (entry->after->str, "tcp/192.0.2.1:80"));
}

static void
test_many_objects_are_cut_and_counted (void)
{
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdAuditEntry) entry = make_entry ();

  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("fwmark/%u", i);
      g_autofree char *name = g_strdup_printf ("s%u", i);
      g_autoptr (LvsdService) service = make_service (name, key);

      lvsd_change_add (change, NULL, service);
    }
  lvsd_audit_entry_describe (entry, change);
  g_assert_cmpuint (entry->n_edits, ==, 1000);
  g_assert_cmpuint (entry->objects->len, ==, 32);
  g_assert_cmpuint (entry->before->len, ==, 0);
  g_assert_cmpuint (entry->after->len, <, 32 * 1024);
}

/* What a caller chose must not look like a line of another object. */
static void
test_nothing_forges_a_line (void)
{
  g_autoptr (LvsdService) service = make_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) before = NULL;
  g_autoptr (LvsdDestination) after = NULL;
  g_autoptr (LvsdChange) change = lvsd_change_new ();
  g_autoptr (LvsdAuditEntry) entry = make_entry ();
  LvsdEndpoint endpoint;

  g_assert_true (lvsd_endpoint_parse ("10.0.0.1:80", &endpoint, NULL, NULL));
  before = lvsd_destination_new (service->identity, &endpoint);
  after = lvsd_item_copy (before);
  after->runtime = g_new0 (LvsdOverride, 1);
  after->runtime->weight = 5;
  after->runtime->owner = g_strdup ("alice");
  after->runtime->reason = g_strdup ("x\nservice mail: {}");
  after->runtime->boot_id = g_strdup ("");
  lvsd_change_add (change, before, after);
  lvsd_audit_entry_describe (entry, change);
  g_assert_null (strchr (entry->after->str, '\n'));
  g_assert_nonnull (strstr (entry->after->str, "\\nservice mail"));
}

static void
test_refusals_are_told_from_failures (void)
{
  static const struct
  {
    int code;
    gboolean refusal;
  } errors[] = {
    { LVSD_ERROR_INTERACTION_REQUIRED, TRUE },      { LVSD_ERROR_AUTHORIZATION_DISMISSED, TRUE },
    { LVSD_ERROR_AUTHORIZATION_UNAVAILABLE, TRUE }, { LVSD_ERROR_CONFLICT, FALSE },
    { LVSD_ERROR_LIMITS_EXCEEDED, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (LVSD_ERROR, errors[i].code, "so it is");
      g_autoptr (LvsdAuditEntry) entry = make_entry ();

      lvsd_audit_entry_set_error (entry, error, error->message);
      g_assert_cmpint (entry->is_refusal, ==, errors[i].refusal);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit-entry/differs", test_an_edit_tells_only_what_differs);
  g_test_add_func ("/audit-entry/many", test_many_objects_are_cut_and_counted);
  g_test_add_func ("/audit-entry/forging", test_nothing_forges_a_line);
  g_test_add_func ("/audit-entry/refusals", test_refusals_are_told_from_failures);
  return g_test_run ();
}
