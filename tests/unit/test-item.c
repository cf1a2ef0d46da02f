/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "samples.h"

#include <string.h>

#include "model/error.h"

static gpointer
sample_of (guint kind)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");

  switch ((LvsdKind) kind)
    {
    case LVSD_KIND_SERVICE:
      return g_steal_pointer (&service);
    case LVSD_KIND_DESTINATION:
      return sample_destination (service, "198.51.100.1:80");
    case LVSD_KIND_ADDRESS:
      return sample_virtual_address ("192.0.2.1", "eth0");
    case LVSD_KIND_ROLE:
      return sample_role ("192.0.2.1");
    case LVSD_KIND_SETTING:
      return sample_setting ("net.ipv4.vs.sync_threshold", "3 50");
    case LVSD_KIND_SYNC:
      return sample_sync_daemon (LVSD_SYNC_BACKUP, "eth0");
    case LVSD_KIND_REPLACED:
      return lvsd_replaced_new ("net/ipv4/conf/all/arp_ignore", "0", "1");
    case LVSD_KIND_GENERATION:
      return sample_generation (7);
    case LVSD_KIND_HOLD:
      return sample_hold ("web");
    }
  g_assert_not_reached ();
}

static void
test_every_kind_comes_back_from_a_variant (void)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    {
      g_autoptr (LvsdItem) item = sample_of (kind);
      g_autoptr (GVariant) variant = g_variant_ref_sink (lvsd_item_to_variant (item));
      g_autoptr (GError) error = NULL;
      g_autoptr (LvsdItem) again = lvsd_item_from_variant ((LvsdKind) kind, variant, &error);
      g_autofree char *id = lvsd_item_dup_id (item);
      g_autofree char *id_again = NULL;

      g_assert_no_error (error);
      id_again = lvsd_item_dup_id (again);
      g_assert_cmpstr (id, ==, id_again);
      g_assert_true (lvsd_item_identity_equal (item, again));
      g_assert_cmpuint (lvsd_item_identity_hash (item), ==, lvsd_item_identity_hash (again));
      g_assert_true (lvsd_item_fields_equal (item, again));
    }
}

static void
test_every_field_fits_its_member (void)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    {
      const LvsdItemClass *class = lvsd_item_class ((LvsdKind) kind);
      LvsdKind found;

      g_assert_true (lvsd_kind_from_name (class->name, &found));
      g_assert_cmpint (found, ==, kind);
      g_assert_cmpuint (class->n_fields, <=, 64);
      for (gsize i = 0; i < class->n_fields; i++)
        {
          const LvsdField *field = &class->fields[i];

          g_assert_true (lvsd_item_find_field ((LvsdKind) kind, field->name) == field);
          g_assert_cmpuint (field->offset, >=, sizeof (LvsdItem));
          g_assert_cmpuint (field->offset, <, class->size);
          if (field->type == LVSD_FIELD_WORD)
            g_assert_cmpuint (field->offset + field->maximum + 1, <=, class->size);
        }
    }
}

static void
test_a_copy_is_its_own (void)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    {
      g_autoptr (LvsdItem) item = sample_of (kind);
      g_autoptr (LvsdItem) copy = NULL;

      if (kind == LVSD_KIND_DESTINATION)
        {
          ((LvsdDestination *) item)->runtime = g_new0 (LvsdOverride, 1);
          ((LvsdDestination *) item)->runtime->owner = g_strdup ("root");
        }
      copy = lvsd_item_copy (item);
      g_clear_pointer (&item, lvsd_item_unref);
      g_assert_true (lvsd_item_identity_equal (copy, copy));
      if (kind == LVSD_KIND_DESTINATION)
        g_assert_cmpstr (((LvsdDestination *) copy)->runtime->owner, ==, "root");
    }
}

static void
test_kinds_are_not_mixed_up (void)
{
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.1");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");

  g_assert_false (lvsd_item_identity_equal (role, address));
}

/* What makes a valid item invalid, and the field that the message must name. */
static const struct
{
  LvsdKind kind;
  const char *variant;
  const char *word;
} bad_items[] = {
  { LVSD_KIND_SERVICE, "{'scheduler': <'rr'>}", "key" },
  { LVSD_KIND_SERVICE, "{'key': <'tcp/192.0.2.1:80'>}", "scheduler" },
  { LVSD_KIND_SERVICE, "{'key': <5>, 'scheduler': <'rr'>}", "key" },
  { LVSD_KIND_SERVICE, "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'name': <5>}", "name" },
  { LVSD_KIND_SERVICE, "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'name': <'-'>}",
    "name" },
  { LVSD_KIND_SERVICE, "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'more': <1>}", "more" },
  { LVSD_KIND_SERVICE, "{'key': <'tcp/192.0.2.1:0'>, 'scheduler': <'rr'>}", "port" },
  { LVSD_KIND_SERVICE,
    "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'persistence': <2678401>}", "persistence" },
  { LVSD_KIND_SERVICE,
    "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'persistence-prefix': <24>}",
    "persistence-prefix" },
  { LVSD_KIND_SERVICE,
    "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'persistence': <9>, "
    "'persistence-prefix': <33>}",
    "persistence-prefix" },
  { LVSD_KIND_SERVICE,
    "{'key': <'tcp/[2001:db8::1]:80'>, 'scheduler': <'rr'>, 'persistence': <9>, "
    "'persistence-prefix': <129>}",
    "persistence-prefix" },
  { LVSD_KIND_SERVICE, "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'one-packet': <true>}",
    "one-packet" },
  { LVSD_KIND_SERVICE,
    "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'sh'>, 'flags': <['sh-weight']>}", "flags" },
  { LVSD_KIND_SERVICE,
    "{'key': <'udp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'persistence-engine': <'sip'>}",
    "persistence-engine" },
  { LVSD_KIND_SERVICE,
    "{'key': <'tcp/192.0.2.1:80'>, 'scheduler': <'rr'>, 'persistence': <9>, "
    "'persistence-engine': <'sip'>}",
    "persistence-engine" },
  { LVSD_KIND_DESTINATION, "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>}", "endpoint" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1'>}", "port" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:81'>}", "port" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'0.0.0.0:80'>}", "address" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'224.0.0.1:80'>}", "address" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'[2001:db8::1]:80'>}",
    "family" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:0'>, "
    "'method': <'masquerade'>}",
    "port" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'lower-threshold': <5>}",
    "lower-threshold" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'upper-threshold': <4>, 'lower-threshold': <5>}",
    "lower-threshold" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'method': <'tunnel'>, 'tunnel': <'vxlan'>}",
    "tunnel" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'weight': <uint32 2147483648>}",
    "weight" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'runtime': <5>}",
    "runtime" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'runtime': <{'weight': <uint32 1>}>}",
    "runtime" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'tunnel': <'gue'>}",
    "method tunnel" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'method': <'tunnel'>, 'tunnel': <'gue'>}",
    "tunnel-port" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'method': <'tunnel'>, 'tunnel-port': <5555>}",
    "tunnel-port" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'method': <'tunnel'>, 'tunnel-checksum': <'checksum'>}",
    "tunnel-checksum" },
  { LVSD_KIND_DESTINATION,
    "{'service': <'web'>, 'key': <'tcp/192.0.2.1:80'>, 'endpoint': <'198.51.100.1:80'>, "
    "'method': <'tunnel'>, 'tunnel': <'gre'>, 'tunnel-checksum': <'remote-checksum'>}",
    "tunnel-checksum" },
  { LVSD_KIND_ADDRESS, "{'interface': <'eth0'>}", "address" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>}", "interface" },
  { LVSD_KIND_ADDRESS, "{'address': <'127.0.0.1'>, 'interface': <'eth0'>}", "address" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>, 'interface': <'eth0'>, 'prefix-length': <33>}",
    "prefix-length" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>, 'interface': <'eth0'>, 'prefix-length': <0>}",
    "prefix-length" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>, 'interface': <'eth0'>, 'label': <'eth00'>}",
    "label" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>, 'interface': <'eth0'>, 'label': <'eth1:1'>}",
    "label" },
  { LVSD_KIND_ADDRESS, "{'address': <'2001:db8::1'>, 'interface': <'eth0'>, 'label': <'eth0:1'>}",
    "label" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>, 'interface': <'sixteencharacter'>}",
    "interface" },
  { LVSD_KIND_ADDRESS, "{'address': <'192.0.2.1'>, 'interface': <'eth0:1'>}", "interface" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'direct'>, 'interface': <'..'>}",
    "interface: '..'" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'a/b'>}", "interface: 'a/b'" },
  { LVSD_KIND_ROLE, "{'method': <'direct'>}", "address" },
  { LVSD_KIND_ROLE, "{'address': <'::1'>}", "address" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'fast'>}", "method" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'local'>}",
    "role 192.0.2.1: method: must be direct, tunnel or masquerade" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'tunnel': <'gre'>}",
    "role 192.0.2.1: tunnel: goes with method tunnel only" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'masquerade'>, 'advmss': <1400>}",
    "role 192.0.2.1: advmss: goes with method tunnel only" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'masquerade'>, 'interface': <'eth0'>}",
    "role 192.0.2.1: interface: method masquerade needs no ARP settings" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'tunnel'>, 'tunnel': <'gue'>}",
    "role 192.0.2.1: tunnel-port: is missing; gue needs one from 1 to 65535" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'tunnel'>, 'tunnel-port': <5555>}",
    "role 192.0.2.1: tunnel-port: goes with gue only" },
  { LVSD_KIND_ROLE, "{'address': <'192.0.2.1'>, 'method': <'tunnel'>, 'advmss': <87>}",
    "role 192.0.2.1: advmss: must be 0 or a number from 88 to 65495" },
  { LVSD_KIND_SETTING, "{'value': <'1'>}", "name" },
  { LVSD_KIND_SETTING, "{'name': <'net.ipv4.ip_forward'>}", "value" },
  { LVSD_KIND_SETTING, "{'name': <'net.ipv4.ip_forward'>, 'value': <'2'>}", "value" },
  { LVSD_KIND_SETTING, "{'name': <'net.ipv4.ip_forward'>, 'value': <'01'>}", "value" },
  { LVSD_KIND_SETTING, "{'name': <'net.ipv4.ip_forward'>, 'value': <1>}", "value" },
  { LVSD_KIND_SETTING, "{'name': <'kernel.panic'>, 'value': <'1'>}", "kernel.panic" },
  { LVSD_KIND_SYNC, "{'interface': <'eth0'>}", "state" },
  { LVSD_KIND_SYNC, "{'state': <'both'>, 'interface': <'eth0'>}", "state" },
  { LVSD_KIND_SYNC, "{'state': <'master'>}", "interface" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'id': <uint32 256>}", "id" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'group': <'192.0.2.1'>}",
    "group" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'group': <'fe80::1'>}", "group" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'group': <'all'>}", "group" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'port': <uint32 0>}", "port" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'ttl': <uint32 0>}", "ttl" },
  { LVSD_KIND_SYNC, "{'state': <'backup'>, 'interface': <'eth0'>, 'max-length': <uint32 1023>}",
    "max-length" },
  { LVSD_KIND_SYNC, "{'state': <'master'>, 'interface': <'eth0'>, 'max-length': <uint32 65508>}",
    "max-length" },
  { LVSD_KIND_SYNC,
    "{'state': <'master'>, 'interface': <'eth0'>, 'group': <'ff02::81'>, "
    "'max-length': <uint32 65488>}",
    "max-length" },
  { LVSD_KIND_REPLACED, "{'written': <1>}", "name" },
  { LVSD_KIND_REPLACED, "{'name': <'kernel/core_pattern'>}", "kernel/core_pattern" },
  { LVSD_KIND_REPLACED, "{'name': <'net/../kernel/core_pattern'>}", "setting" },
  { LVSD_KIND_REPLACED, "{'name': <'net/a'>, 'written': <uint32 1>}", "written" },
};

static void
test_bad_items_are_refused_by_field (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_items); i++)
    {
      g_autoptr (GVariant) variant =
          g_variant_parse (G_VARIANT_TYPE_VARDICT, bad_items[i].variant, NULL, NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (variant);
      g_assert_null (lvsd_item_from_variant (bad_items[i].kind, variant, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_true (error->domain == LVSD_ERROR);
      g_assert_nonnull (strstr (error->message, bad_items[i].word));
    }
}

static void
test_a_setting_of_a_name_that_is_not_utf8_is_refused (void)
{
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/ipv4/conf/\xff/arp_ignore", "0", "1");
  g_autoptr (GError) error = NULL;

  g_assert_false (lvsd_item_validate (replaced, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
}

static gboolean
set_options (gpointer item, const char *text, gboolean editing, GError **error)
{
  g_autoptr (GVariant) options = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);

  g_assert_nonnull (options);
  return lvsd_item_set_options (item, options, editing, error);
}

static void
test_options_set_fields (void)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");

  g_assert_true (
      set_options (service, "{'scheduler': <'wlc'>, 'persistence': <uint16 300>}", TRUE, NULL));
  g_assert_cmpstr (service->scheduler, ==, "wlc");
  g_assert_cmpuint (service->persistence, ==, 300);
}

static void
test_an_unknown_option_is_an_error (void)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdReplaced) replaced = lvsd_replaced_new ("net/a", "0", "1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) internal = NULL;

  g_assert_false (set_options (service, "{'scheduler': <'wlc'>, 'shedule': <1>}", FALSE, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "shedule"));
  g_assert_false (set_options (replaced, "{'written': <1>}", FALSE, &internal));
  g_assert_error (internal, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
}

static void
test_a_fixed_field_is_not_edited (void)
{
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.1");
  g_autoptr (GError) error = NULL;

  g_assert_true (set_options (role, "{'method': <'direct'>}", FALSE, NULL));
  g_assert_false (set_options (role, "{'method': <'direct'>}", TRUE, &error));
  g_assert_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "method"));
}

static void
test_overrides_are_compared_by_content (void)
{
  LvsdOverride a = { .weight = 1, .since = 2, .owner = (char *) "o" };
  g_autoptr (LvsdOverride) b = lvsd_override_copy (&a);

  g_assert_true (lvsd_override_equal (&a, b));
  g_assert_false (lvsd_override_equal (&a, NULL));
  g_assert_true (lvsd_override_equal (NULL, NULL));
  b->since = 3;
  g_assert_false (lvsd_override_equal (&a, b));
  g_assert_null (lvsd_override_copy (NULL));
}

static void
test_persistence_masks_count_only_with_persistence (void)
{
  g_autoptr (LvsdService) wanted = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdService) held = lvsd_item_copy (wanted);

  held->persistence_prefix = 24;
  g_assert_true (lvsd_service_kernel_equal (wanted, held));
  wanted->persistence = held->persistence = 60;
  g_assert_false (lvsd_service_kernel_equal (wanted, held));
  held->persistence_prefix = 32;
  g_assert_true (lvsd_service_kernel_equal (wanted, held));
}

static void
test_tunnels_count_only_with_that_method (void)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) wanted = sample_destination (service, "198.51.100.1:80");
  g_autoptr (LvsdDestination) held = lvsd_item_copy (wanted);

  held->tunnel = LVSD_TUNNEL_GRE;
  g_assert_true (lvsd_destination_kernel_equal (wanted, held));
  wanted->method = held->method = LVSD_METHOD_TUNNEL;
  g_assert_false (lvsd_destination_kernel_equal (wanted, held));
}

static void
test_labels_default_to_the_interface (void)
{
  g_autoptr (LvsdVirtualAddress) wanted = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) held = lvsd_item_copy (wanted);

  g_strlcpy (held->label, "eth0", sizeof held->label);
  g_assert_true (lvsd_virtual_address_kernel_equal (wanted, held));
  g_strlcpy (held->label, "eth0:1", sizeof held->label);
  g_assert_false (lvsd_virtual_address_kernel_equal (wanted, held));
}

static void
set_another_value (LvsdItem *item, const LvsdField *field)
{
  g_autoptr (GString) now = g_string_new (NULL);
  static const char *const values[] = { "1",      "2",        "yes", "tunnel", "direct",
                                        "flag-1", "checksum", "gue", "other" };

  lvsd_field_format (field, item, now);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (!g_str_equal (values[i], now->str) && lvsd_field_parse (field, item, values[i], NULL))
      return;
  g_error ("no other value is known for the field '%s': give this test one", field->name);
}

/* A field that the kernel holds and that this comparison forgets would be edited without effect. */
static void
test_the_kernel_is_told_of_an_edit_of_any_field (void)
{
  static const LvsdKind kinds[] = { LVSD_KIND_SERVICE, LVSD_KIND_DESTINATION };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      const LvsdItemClass *class = lvsd_item_class (kinds[k]);

      for (gsize i = 0; i < class->n_fields; i++)
        {
          g_autoptr (LvsdItem) held = sample_of (kinds[k]);
          g_autoptr (LvsdItem) wanted = NULL;

          if (kinds[k] == LVSD_KIND_SERVICE)
            ((LvsdService *) held)->persistence = 300;
          else
            ((LvsdDestination *) held)->method = LVSD_METHOD_TUNNEL;
          wanted = lvsd_item_copy (held);
          set_another_value (wanted, &class->fields[i]);
          g_test_message ("%s: %s", class->name, class->fields[i].name);
          if (kinds[k] == LVSD_KIND_SERVICE)
            g_assert_false (
                lvsd_service_kernel_equal ((LvsdService *) wanted, (LvsdService *) held));
          else
            g_assert_false (lvsd_destination_kernel_equal ((LvsdDestination *) wanted,
                                                           (LvsdDestination *) held));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/item/every-kind-comes-back-from-a-variant",
                   test_every_kind_comes_back_from_a_variant);
  g_test_add_func ("/item/every-field-fits-its-member", test_every_field_fits_its_member);
  g_test_add_func ("/item/a-copy-is-its-own", test_a_copy_is_its_own);
  g_test_add_func ("/item/kinds-are-not-mixed-up", test_kinds_are_not_mixed_up);
  g_test_add_func ("/item/bad-items-are-refused-by-field", test_bad_items_are_refused_by_field);
  g_test_add_func ("/item/a-setting-of-a-name-that-is-not-utf8-is-refused",
                   test_a_setting_of_a_name_that_is_not_utf8_is_refused);
  g_test_add_func ("/item/options-set-fields", test_options_set_fields);
  g_test_add_func ("/item/an-unknown-option-is-an-error", test_an_unknown_option_is_an_error);
  g_test_add_func ("/item/a-fixed-field-is-not-edited", test_a_fixed_field_is_not_edited);
  g_test_add_func ("/item/overrides-are-compared-by-content",
                   test_overrides_are_compared_by_content);
  g_test_add_func ("/item/persistence-masks-count-only-with-persistence",
                   test_persistence_masks_count_only_with_persistence);
  g_test_add_func ("/item/tunnels-count-only-with-that-method",
                   test_tunnels_count_only_with_that_method);
  g_test_add_func ("/item/labels-default-to-the-interface", test_labels_default_to_the_interface);
  g_test_add_func ("/item/the-kernel-is-told-of-an-edit-of-any-field",
                   test_the_kernel_is_told_of_an_edit_of_any_field);
  return g_test_run ();
}
