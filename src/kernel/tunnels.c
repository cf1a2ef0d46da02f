/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tunnels.h"

#include <glib/gi18n-lib.h>
#include <linux/netlink.h>

#include "routes.h"
#include "gue-port.h"
#include "model/error.h"
#include "sysctl.h"

/* Documentation/networking/ip-sysctl.rst: there is some way back to the sender. */
#define RP_FILTER_LOOSE 2

struct _LvsdTunnels
{
  LvsdLinks *links; /* borrowed */
  LvsdNetlink *generic;
  LvsdNetlink *route;
};

/* Opens nothing yet. */
LvsdTunnels *
lvsd_tunnels_new (LvsdLinks *links)
{
  LvsdTunnels *tunnels = g_new0 (LvsdTunnels, 1);

  tunnels->links = links;
  tunnels->generic = lvsd_netlink_new (NETLINK_GENERIC);
  tunnels->route = lvsd_netlink_new (NETLINK_ROUTE);
  return tunnels;
}

void
lvsd_tunnels_free (LvsdTunnels *tunnels)
{
  lvsd_netlink_free (tunnels->generic);
  lvsd_netlink_free (tunnels->route);
  g_free (tunnels);
}

static gboolean
parse (const char *name, LvsdReceiverSetting *ret_setting, GError **error)
{
  if (lvsd_receiver_parse (name, ret_setting))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("setting '%s' is not one that a tunnel needs"), name);
  return FALSE;
}

static gboolean
read_link (LvsdTunnels *tunnels, const LvsdReceiver *receiver, gint32 *ret_value, GError **error)
{
  g_autoptr (GError) failure = NULL;
  LvsdLink link = { .up = FALSE };

  if (!lvsd_links_find (tunnels->links, receiver->device, &link, &failure)
      && !g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *ret_value = link.up;
  return TRUE;
}

/* Reads a setting of model/receiver.h; 0 where the kernel has none. Fails with KernelRefused. */
gboolean
lvsd_tunnels_read (LvsdTunnels *tunnels, const char *name, gint32 *ret_value, GError **error)
{
  g_auto (LvsdDefaultRoute) route = { .message = NULL };
  LvsdReceiverSetting setting;

  if (!parse (name, &setting, error))
    return FALSE;
  switch (setting.part)
    {
    case LVSD_RECEIVER_LINK:
      return read_link (tunnels, setting.receiver, ret_value, error);
    case LVSD_RECEIVER_PORT:
      return lvsd_gue_port_is_open (tunnels->generic, setting.family, setting.port, ret_value,
                                    error);
    case LVSD_RECEIVER_ROUTE:
      if (!lvsd_routes_read_default (tunnels->route, setting.family, &route, error))
        return FALSE;
      *ret_value = (gint32) route.advmss;
      return TRUE;
    }
  g_assert_not_reached ();
}

/* Whether the kernel could take GUE at a port, be it free or not. Fails with NotSupported or
 * KernelRefused. */
gboolean
lvsd_tunnels_check_port (LvsdTunnels *tunnels, guint16 port, GError **error)
{
  return lvsd_gue_port_check (tunnels->generic, port, error);
}

static gboolean
refuse_route (const LvsdDefaultRoute *route, int family, GError **error)
{
  if (route->message == NULL)
    g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                 family == AF_INET6
                     ? _ ("advmss: this machine has no IPv6 default route that could carry it")
                     : _ ("advmss: this machine has no IPv4 default route that could carry it"));
  else
    g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_NOT_SUPPORTED,
                         _ ("advmss: the default route comes from router advertisements, which "
                            "would make it anew without; have the router advertise a smaller MTU, "
                            "or configure the route on this machine"));
  return FALSE;
}

/* Whether the default route of a family can carry an advmss now. Fails with NotFound where there is
 * none, NotSupported or KernelRefused. */
gboolean
lvsd_tunnels_check_route (LvsdTunnels *tunnels, int family, GError **error)
{
  g_auto (LvsdDefaultRoute) route = { .message = NULL };

  if (!lvsd_routes_read_default (tunnels->route, family, &route, error))
    return FALSE;
  return (route.message != NULL && !route.advertised) || refuse_route (&route, family, error);
}

/* Whether a route leads through another machine, as one through a director does. Where the kernel
 * does not tell, nothing is claimed. */
gboolean
lvsd_tunnels_have_way_back (LvsdTunnels *tunnels, int family)
{
  gboolean have;

  return !lvsd_routes_have_gateway (tunnels->route, family, &have, NULL) || have;
}

/* One that the kernel has just made has the source check that is preset, and not ours. */
static gboolean
switch_on (LvsdTunnels *tunnels, const LvsdReceiver *receiver, GError **error)
{
  g_autofree char *name = g_strdup_printf ("net/ipv4/conf/%s/rp_filter", receiver->device);
  LvsdLink link;

  return lvsd_links_ensure (tunnels->links, receiver, &link, error)
         && (receiver->family != AF_INET || lvsd_sysctl_write (name, RP_FILTER_LOOSE, error))
         && lvsd_links_switch (tunnels->links, &link, TRUE, error);
}

/* With its module a device has gone too. */
static gboolean
switch_off (LvsdTunnels *tunnels, const LvsdReceiver *receiver, GError **error)
{
  g_autoptr (GError) failure = NULL;
  LvsdLink link;

  if (lvsd_links_find (tunnels->links, receiver->device, &link, &failure))
    return lvsd_links_switch (tunnels->links, &link, FALSE, error);
  if (g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* With its route an advmss has gone too. */
static gboolean
set_advmss (LvsdTunnels *tunnels, int family, gint32 advmss, GError **error)
{
  g_auto (LvsdDefaultRoute) route = { .message = NULL };

  if (!lvsd_routes_read_default (tunnels->route, family, &route, error))
    return FALSE;
  if (advmss == 0 && route.message == NULL)
    return TRUE;
  if (route.message == NULL || route.advertised)
    return refuse_route (&route, family, error);
  return lvsd_routes_set_advmss (tunnels->route, &route, (guint32) advmss, error);
}

/* Carries out one step on a setting of model/receiver.h. DELETE of what is gone already is done.
 * Fails with NotFound, NotSupported, Conflict or KernelRefused. */
gboolean
lvsd_tunnels_apply (LvsdTunnels *tunnels, const LvsdStep *step, GError **error)
{
  const LvsdReplaced *replaced = (const LvsdReplaced *) lvsd_step_subject (step);
  gint32 value = step->item != NULL ? lvsd_replaced_to_number (replaced->written) : 0;
  LvsdReceiverSetting setting;

  if (!parse (replaced->name, &setting, error))
    return FALSE;
  switch (setting.part)
    {
    case LVSD_RECEIVER_LINK:
      return value != 0 ? switch_on (tunnels, setting.receiver, error)
                        : switch_off (tunnels, setting.receiver, error);
    case LVSD_RECEIVER_PORT:
      return value != 0
                 ? lvsd_gue_port_open (tunnels->generic, setting.family, setting.port, error)
                 : lvsd_gue_port_close (tunnels->generic, setting.family, setting.port, error);
    case LVSD_RECEIVER_ROUTE:
      return set_advmss (tunnels, setting.family, value, error);
    }
  g_assert_not_reached ();
}
