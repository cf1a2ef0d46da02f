/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "model/adoption.h"
#include "model/error.h"
#include "samples.h"

static void
assert_command (gconstpointer item, const char *expected)
{
  g_autofree char *command = lvsd_adoption_command (item);

  g_assert_cmpstr (command, ==, expected);
}

static void
test_command (void)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/[2001:db8::1]:80");
  g_autoptr (LvsdDestination) destination = sample_destination (service, "[2001:db8::3]:80");
  g_autoptr (LvsdVirtualAddress) address = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) on_lo = sample_virtual_address ("192.0.2.2", "lo");
  g_autoptr (LvsdVirtualAddress) anywhere = sample_virtual_address ("192.0.2.3", "");
  g_autoptr (LvsdRole) role = sample_role ("192.0.2.4");

  assert_command (service, "lvsctl adopt services tcp/[2001:db8::1]:80");
  assert_command (destination, "lvsctl adopt services tcp/[2001:db8::1]:80");
  assert_command (address, "lvsctl adopt addresses 192.0.2.1/32@eth0");
  assert_command (on_lo, "lvsctl adopt roles 192.0.2.2");
  assert_command (anywhere, "lvsctl adopt addresses 192.0.2.3/32");
  assert_command (role, "lvsctl adopt roles 192.0.2.4");
}

/* The error names the item once, and the field. */
static void
assert_refused (gconstpointer item, const char *name, const char *field)
{
  g_autoptr (GError) error = NULL;
  const char *named;

  g_assert_false (lvsd_adoption_check (item, &error));
  g_assert_true (error->domain == LVSD_ERROR);
  named = strstr (error->message, name);
  if (named == NULL || strstr (named + strlen (name), name) != NULL
      || strstr (error->message, field) == NULL)
    g_error ("not once '%s', or no '%s', in: %s", name, field, error->message);
}

static LvsdService *
service_of_protocol (guint8 protocol)
{
  LvsdServiceKey key = { .protocol = protocol,
                         .endpoint = { .address = sample_address ("192.0.2.1"), .port = 80 } };
  g_autofree char *name = lvsd_service_key_derive_name (&key);
  g_autoptr (LvsdServiceIdentity) identity = lvsd_service_identity_new (name, &key);
  LvsdService *service = lvsd_service_new (identity);

  g_strlcpy (service->scheduler, "rr", sizeof service->scheduler);
  return service;
}

static void
test_limits_of_services (void)
{
  g_autoptr (LvsdService) fine = service_of_protocol (LVSD_PROTOCOL_TCP);
  g_autoptr (LvsdService) protocol = service_of_protocol (50);
  g_autoptr (LvsdService) mask = service_of_protocol (LVSD_PROTOCOL_TCP);
  g_autoptr (LvsdService) seconds = service_of_protocol (LVSD_PROTOCOL_TCP);
  g_autoptr (LvsdService) one_packet = service_of_protocol (LVSD_PROTOCOL_TCP);

  mask->persistence = 300;
  mask->persistence_prefix = G_MAXUINT8;
  seconds->persistence = LVSD_PERSISTENCE_MAX + 1;
  one_packet->one_packet = TRUE;
  g_assert_true (lvsd_adoption_check (fine, NULL));
  assert_refused (protocol, "50-192.0.2.1-80", "protocol");
  assert_refused (mask, "tcp-192.0.2.1-80", "persistence-prefix");
  assert_refused (seconds, "tcp-192.0.2.1-80", "persistence");
  assert_refused (one_packet, "tcp-192.0.2.1-80", "one-packet");
}

static void
test_limits_of_destinations (void)
{
  g_autoptr (LvsdService) service = sample_service ("web", "tcp/192.0.2.1:80");
  g_autoptr (LvsdDestination) fine = sample_destination (service, "192.0.2.3:80");
  g_autoptr (LvsdDestination) method = sample_destination (service, "192.0.2.4:80");
  g_autoptr (LvsdDestination) weight = sample_destination (service, "192.0.2.5:80");
  g_autoptr (LvsdDestination) port = sample_destination (service, "192.0.2.6:81");

  fine->method = method->method = weight->method = port->method = LVSD_METHOD_DIRECT;
  method->method = 4;
  weight->weight = (guint32) LVSD_WEIGHT_MAX + 1;
  g_assert_true (lvsd_adoption_check (fine, NULL));
  assert_refused (method, "192.0.2.4:80", "method");
  assert_refused (weight, "192.0.2.5:80", "weight");
  assert_refused (port, "192.0.2.6:81", "port");
}

/* A script's lo:0 is no reason to take the address away for a moment. */
static void
test_a_label_on_lo_does_not_matter (void)
{
  g_autoptr (LvsdVirtualAddress) wanted = sample_virtual_address ("192.0.2.1", "lo");
  g_autoptr (LvsdVirtualAddress) held = sample_virtual_address ("192.0.2.1", "lo");
  g_autoptr (LvsdVirtualAddress) elsewhere = sample_virtual_address ("192.0.2.1", "eth0");
  g_autoptr (LvsdVirtualAddress) labelled = sample_virtual_address ("192.0.2.1", "eth0");

  g_strlcpy (held->label, "lo:0", sizeof held->label);
  g_strlcpy (labelled->label, "eth0:0", sizeof labelled->label);
  g_assert_true (lvsd_virtual_address_kernel_equal (wanted, held));
  g_assert_false (lvsd_virtual_address_kernel_equal (elsewhere, labelled));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/adoption/command", test_command);
  g_test_add_func ("/adoption/limits-of-services", test_limits_of_services);
  g_test_add_func ("/adoption/limits-of-destinations", test_limits_of_destinations);
  g_test_add_func ("/adoption/a-label-on-lo-does-not-matter", test_a_label_on_lo_does_not_matter);
  return g_test_run ();
}
