/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "refusal.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "kernel/ipvs-family.h"
#include "model/adoption.h"
#include "model/destination.h"
#include "model/error.h"
#include "model/service.h"
#include "model/sync-daemon.h"
#include "model/virtual-address.h"

/* Items read from the kernel have no name; then the key tells which it is. */
static char *
describe_service (const LvsdServiceIdentity *identity)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (identity->name[0] != '\0')
    return g_strdup_printf (_ ("service %s"), identity->name);
  return g_strdup_printf (_ ("service %s"), lvsd_service_key_format (&identity->key, key));
}

static char *
describe_destination (const LvsdDestination *destination)
{
  g_autofree char *service = describe_service (destination->identity);
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  /* TRANSLATORS: the second is like "service web" */
  return g_strdup_printf (_ ("destination %s of %s"),
                          lvsd_endpoint_format (&destination->endpoint, endpoint), service);
}

static char *
describe_address (const LvsdVirtualAddress *address)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_strdup_printf (_ ("address %s/%u on interface %s"),
                          lvsd_address_format (&address->address, text), address->prefix_length,
                          address->interface);
}

static char *
describe_setting (const LvsdReplaced *setting)
{
  g_autofree char *name = lvsd_replaced_format_name (setting);

  return g_strdup_printf (_ ("setting %s"), name);
}

static char *
describe_sync_daemon (const LvsdSyncDaemon *daemon)
{
  return g_strdup_printf (_ ("sync %s on interface %s"),
                          lvsd_terms_format (lvsd_sync_state_terms, daemon->state),
                          daemon->interface);
}

/* What a message calls an item: "destination 192.0.2.1:80 of service web". To be freed. */
char *
lvsd_refusal_describe (const LvsdItem *item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return describe_service (((const LvsdService *) item)->identity);
    case LVSD_KIND_DESTINATION:
      return describe_destination ((const LvsdDestination *) item);
    case LVSD_KIND_ADDRESS:
      return describe_address ((const LvsdVirtualAddress *) item);
    case LVSD_KIND_SYNC:
      return describe_sync_daemon ((const LvsdSyncDaemon *) item);
    case LVSD_KIND_REPLACED:
      return describe_setting ((const LvsdReplaced *) item);
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
      break;
    }
  g_assert_not_reached ();
}

/* Reading IPVS needs the capability as well: every command of the family asks for it. */
void
lvsd_refusal_set_capability (GError **error)
{
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                       _ ("the kernel refused: lvsd lacks CAP_NET_ADMIN; run it as its unit does, "
                          "and not in a user namespace"));
}

/* Of what is not a step: the counters, or a question. */
void
lvsd_refusal_set_unreadable (int failure, GError **error)
{
  if (failure == EPERM)
    lvsd_refusal_set_capability (error);
  else if (failure == ENOPROTOOPT)
    lvsd_ipvs_family_set_unavailable (failure, error);
  else if (failure == EINTR)
    g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                         _ ("IPVS: the services change faster than they can be read; try again"));
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
                 _ ("IPVS: the kernel does not show its services: %s (error %d)"),
                 g_strerror (failure), failure);
}

static void
set (GError **error, LvsdError code, const LvsdItem *item, const char *message)
{
  g_autofree char *what = lvsd_refusal_describe (item);

  g_set_error (error, LVSD_ERROR, code, "%s: %s", what, message);
}

static void
set_other (GError **error, const LvsdItem *item, int failure)
{
  g_autofree char *what = lvsd_refusal_describe (item);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_KERNEL_REFUSED,
               _ ("%s: the kernel refused it: %s (error %d)"), what, g_strerror (failure), failure);
}

static void
set_foreign (GError **error, const LvsdItem *item)
{
  g_autofree char *what = lvsd_refusal_describe (item);
  g_autofree char *command = lvsd_adoption_command (item);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("%s: the kernel already has one that lvsd did not put there; '%s' takes it over"),
               what, command);
}

/* ip_vs_add_service and ip_vs_edit_service answer ENOENT for a name that they cannot look up, be it
 * the scheduler's or the persistence engine's. */
static void
set_unknown_name (GError **error, const LvsdService *service)
{
  g_autofree char *what = describe_service (service->identity);

  if (service->engine[0] != '\0')
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                 _ ("%s: scheduler: this kernel has no '%s', or no persistence engine '%s'; see "
                    "that the modules ip_vs_%s and ip_vs_pe_%s are installed"),
                 what, service->scheduler, service->engine, service->scheduler, service->engine);
  else
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                 _ ("%s: scheduler: this kernel has no '%s'; use one that it has, or install its "
                    "module ip_vs_%s"),
                 what, service->scheduler, service->scheduler);
}

static void
set_invalid (GError **error, const LvsdItem *item)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;

  if (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION)
    set (error, LVSD_ERROR_INVALID_ARGUMENT, item,
         _ ("the kernel takes its values for invalid; persistence and persistence-prefix are those "
            "that it checks"));
  else if (destination->endpoint.address.family
           != destination->identity->key.endpoint.address.family)
    set (error, LVSD_ERROR_INVALID_ARGUMENT, item,
         _ ("address: is of another family than the service, which the kernel takes only with "
            "method tunnel and while no sync daemon runs"));
  else if (destination->tunnel == LVSD_TUNNEL_GUE && destination->tunnel_port == 0)
    set (error, LVSD_ERROR_INVALID_ARGUMENT, item,
         _ ("tunnel-port: is missing; the tunnel gue needs one"));
  else
    set (error, LVSD_ERROR_INVALID_ARGUMENT, item,
         _ ("address: the kernel does not take it as a destination's; it must be a host's own "
            "address, and the interface lo of this machine must be up"));
}

static void
set_out_of_range (GError **error, const LvsdItem *item)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;

  if (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION)
    set_other (error, item, ERANGE);
  else if (destination->lower_threshold > destination->upper_threshold)
    set (error, LVSD_ERROR_INVALID_ARGUMENT, item,
         _ ("lower-threshold: must not be above upper-threshold"));
  else
    set (error, LVSD_ERROR_INVALID_ARGUMENT, item, _ ("weight: goes from 0 to 2147483647"));
}

/* ip_vs_genl_new_daemon and start_sync_thread. Returns FALSE for what is not peculiar to them. */
static gboolean
set_of_sync (GError **error, const LvsdItem *item, int failure)
{
  switch (failure)
    {
    case ENODEV:
      set (error, LVSD_ERROR_NOT_FOUND, item, _ ("interface: does not exist on this machine"));
      return TRUE;
    case EINVAL:
      set (error, LVSD_ERROR_CONFLICT, item,
           _ ("the kernel runs no sync daemon while a destination, be it another program's, is of "
              "another family than its service; 'lvsctl destination list' shows it"));
      return TRUE;
    case EADDRNOTAVAIL:
    case ENETDOWN:
    case ENETUNREACH:
      set (error, LVSD_ERROR_KERNEL_REFUSED, item,
           _ ("interface: must be up, with an address of the group's family"));
      return TRUE;
    case EADDRINUSE:
      set (error, LVSD_ERROR_KERNEL_REFUSED, item,
           _ ("port: is in use by another socket of this machine; take another one on all "
              "directors"));
      return TRUE;
    case EACCES:
      set (error, LVSD_ERROR_KERNEL_REFUSED, item,
           _ ("port: one below 1024 needs CAP_NET_BIND_SERVICE, which lvsd.service does not give, "
              "and those of net.ipv4.vs.sync_ports that would be above 65535 begin there again; "
              "take "
              "another one on all directors, or see lvsd(8)"));
      return TRUE;
    case EAFNOSUPPORT:
      set (error, LVSD_ERROR_NOT_SUPPORTED, item,
           _ ("group: this kernel has no IPv6; take an IPv4 group"));
      return TRUE;
    default:
      return FALSE;
    }
}

/* Says what the kernel's errno means for a step on a service, a destination or a sync daemon:
 * net/netfilter/ipvs/ip_vs_ctl.c, where ENOENT and ESRCH differ. failure is positive. */
void
lvsd_refusal_set (GError **error, const LvsdStep *step, int failure)
{
  const LvsdItem *item = lvsd_step_subject (step);

  if (lvsd_item_get_kind (item) == LVSD_KIND_SYNC && set_of_sync (error, item, failure))
    return;
  switch (failure)
    {
    case EPERM:
      lvsd_refusal_set_capability (error);
      return;
    case EEXIST:
      set_foreign (error, item);
      return;
    case ESRCH:
      set (error, LVSD_ERROR_NOT_FOUND, item,
           _ ("its service is no longer in the kernel; 'reconcile' puts back what is missing"));
      return;
    case ENOENT:
      if (lvsd_item_get_kind (item) == LVSD_KIND_SERVICE)
        set_unknown_name (error, (const LvsdService *) item);
      else
        set_other (error, item, failure);
      return;
    case EINVAL:
      set_invalid (error, item);
      return;
    case ERANGE:
      set_out_of_range (error, item);
      return;
    case EOPNOTSUPP:
      set (error, LVSD_ERROR_NOT_SUPPORTED, item,
           _ ("tunnel: the IPVS of this kernel knows ipip alone; gue came with Linux 5.2, gre with "
              "5.3"));
      return;
    case EAFNOSUPPORT:
      set (error, LVSD_ERROR_NOT_SUPPORTED, item,
           _ ("key: the IPVS of this kernel was built without IPv6"));
      return;
    case ENOPROTOOPT:
      set (error, LVSD_ERROR_KERNEL_UNAVAILABLE, item,
           _ ("IPVS is being taken out of the kernel; load it with 'modprobe ip_vs'"));
      return;
    case ENOBUFS:
    case ETIMEDOUT:
      set (error, LVSD_ERROR_KERNEL_REFUSED, item,
           _ ("the kernel's answer was lost, so it may or may not have been done; try again"));
      return;
    default:
      set_other (error, item, failure);
      return;
    }
}
