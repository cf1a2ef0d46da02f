/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "kernel/refusal.h"
#include "model/destination.h"
#include "model/error.h"
#include "model/service.h"
#include "model/sync-daemon.h"

static LvsdServiceIdentity *
identity (const char *name)
{
  LvsdServiceKey key;

  g_assert_true (lvsd_service_key_parse ("tcp/192.0.2.1:80", &key, NULL));
  return lvsd_service_identity_new (name, &key);
}

static void
assert_says (const LvsdItem *item, int failure, LvsdError code, const char *part)
{
  LvsdStep step = { .verb = LVSD_STEP_SET, .item = (LvsdItem *) item };
  g_autoptr (GError) error = NULL;

  lvsd_refusal_set (&error, &step, failure);
  g_assert_error (error, LVSD_ERROR, (int) code);
  if (strstr (error->message, part) == NULL)
    g_error ("'%s' is not in: %s", part, error->message);
}

static void
test_a_service_and_its_field_are_named (void)
{
  g_autoptr (LvsdServiceIdentity) of = identity ("web");
  g_autoptr (LvsdService) service = lvsd_service_new (of);

  g_strlcpy (service->scheduler, "wl", sizeof service->scheduler);
  assert_says (&service->item, ENOENT, LVSD_ERROR_INVALID_ARGUMENT,
               "service web: scheduler: this kernel has no 'wl'");
  assert_says (&service->item, EEXIST, LVSD_ERROR_CONFLICT, "adopt");
  assert_says (&service->item, EAFNOSUPPORT, LVSD_ERROR_NOT_SUPPORTED, "IPv6");
  assert_says (&service->item, EPERM, LVSD_ERROR_KERNEL_REFUSED, "CAP_NET_ADMIN");
  assert_says (&service->item, ENOPROTOOPT, LVSD_ERROR_KERNEL_UNAVAILABLE, "modprobe ip_vs");
  assert_says (&service->item, ENOMEM, LVSD_ERROR_KERNEL_REFUSED, "service web: ");
  assert_says (&service->item, ERANGE, LVSD_ERROR_KERNEL_REFUSED, "service web: ");
}

static void
test_a_destination_and_its_field_are_named (void)
{
  g_autoptr (LvsdServiceIdentity) of = identity ("");
  g_autoptr (LvsdDestination) destination = NULL;
  LvsdEndpoint endpoint;

  g_assert_true (lvsd_endpoint_parse ("192.0.2.2:80", &endpoint, NULL, NULL));
  destination = lvsd_destination_new (of, &endpoint);
  assert_says (&destination->item, ESRCH, LVSD_ERROR_NOT_FOUND,
               "destination 192.0.2.2:80 of service tcp/192.0.2.1:80");
  assert_says (&destination->item, EINVAL, LVSD_ERROR_INVALID_ARGUMENT, ": address: ");
  assert_says (&destination->item, ERANGE, LVSD_ERROR_INVALID_ARGUMENT, ": weight: ");
  assert_says (&destination->item, ENOBUFS, LVSD_ERROR_KERNEL_REFUSED, "lost");
  assert_says (&destination->item, EOPNOTSUPP, LVSD_ERROR_NOT_SUPPORTED, "tunnel: ");
  destination->lower_threshold = 1;
  assert_says (&destination->item, ERANGE, LVSD_ERROR_INVALID_ARGUMENT, ": lower-threshold: ");
  destination->tunnel = LVSD_TUNNEL_GUE;
  assert_says (&destination->item, EINVAL, LVSD_ERROR_INVALID_ARGUMENT, ": tunnel-port: ");
  g_assert_true (lvsd_endpoint_parse ("[2001:db8::2]:80", &destination->endpoint, NULL, NULL));
  assert_says (&destination->item, EINVAL, LVSD_ERROR_INVALID_ARGUMENT, "another family");
}

static void
test_a_sync_daemon_and_its_field_are_named (void)
{
  g_autoptr (LvsdSyncDaemon) daemon = lvsd_sync_daemon_new (LVSD_SYNC_MASTER);

  g_strlcpy (daemon->interface, "eth0", sizeof daemon->interface);
  assert_says (&daemon->item, EEXIST, LVSD_ERROR_CONFLICT, "sync master on interface eth0: ");
  assert_says (&daemon->item, ENODEV, LVSD_ERROR_NOT_FOUND, ": interface: ");
  assert_says (&daemon->item, EINVAL, LVSD_ERROR_CONFLICT, "another family");
  assert_says (&daemon->item, EADDRNOTAVAIL, LVSD_ERROR_KERNEL_REFUSED, ": interface: ");
  assert_says (&daemon->item, EADDRINUSE, LVSD_ERROR_KERNEL_REFUSED, ": port: ");
  assert_says (&daemon->item, EACCES, LVSD_ERROR_KERNEL_REFUSED, ": port: ");
  assert_says (&daemon->item, EAFNOSUPPORT, LVSD_ERROR_NOT_SUPPORTED, ": group: ");
  assert_says (&daemon->item, ENOMEM, LVSD_ERROR_KERNEL_REFUSED, "sync master");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/refusal/a-service-and-its-field-are-named",
                   test_a_service_and_its_field_are_named);
  g_test_add_func ("/refusal/a-destination-and-its-field-are-named",
                   test_a_destination_and_its_field_are_named);
  g_test_add_func ("/refusal/a-sync-daemon-and-its-field-are-named",
                   test_a_sync_daemon_and_its_field_are_named);
  return g_test_run ();
}
