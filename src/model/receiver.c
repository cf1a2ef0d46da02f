/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "receiver.h"

#include <string.h>

#define ADVMSS "advmss"

enum
{
  IPV4_BYTES = 20,
  IPV6_BYTES = 40,
  GRE_BYTES = 4,
  UDP_BYTES = 8,
  GUE_BYTES = 4,
};

/* The modules make these devices when they are loaded (net/ipv4/ipip.c and its like). */
static const LvsdReceiver receivers[] = {
  { "tunl0", "ipip", "ipip", AF_INET },
  { "ip6tnl0", "ip6tnl", "ip6_tunnel", AF_INET6 },
  { "gre0", "gre", "ip_gre", AF_INET },
  { "ip6gre0", "ip6gre", "ip6_gre", AF_INET6 },
};

static const struct
{
  const char *name;
  guint8 family;
} families[] = { { "ipv4", AF_INET }, { "ipv6", AF_INET6 } };

/* What comes out of GUE is an ordinary packet of ipip. */
const LvsdReceiver *
lvsd_receiver_of_role (const LvsdRole *role)
{
  const char *device;

  if (role->method != LVSD_METHOD_TUNNEL)
    return NULL;
  if (role->address.family == AF_INET6)
    device = role->tunnel == LVSD_TUNNEL_GRE ? "ip6gre0" : "ip6tnl0";
  else
    device = role->tunnel == LVSD_TUNNEL_GRE ? "gre0" : "tunl0";
  return lvsd_receiver_of_device (device);
}

const LvsdReceiver *
lvsd_receiver_of_device (const char *device)
{
  for (guint i = 0; i < G_N_ELEMENTS (receivers); i++)
    if (g_str_equal (receivers[i].device, device))
      return &receivers[i];
  return NULL;
}

const char *
lvsd_receiver_bound_device (const LvsdRole *role)
{
  const LvsdReceiver *receiver = lvsd_receiver_of_role (role);

  if (receiver != NULL)
    return receiver->device;
  return role->method == LVSD_METHOD_DIRECT ? "lo" : NULL;
}

guint
lvsd_receiver_overhead (const LvsdRole *role)
{
  guint outer = role->address.family == AF_INET6 ? IPV6_BYTES : IPV4_BYTES;

  if (role->method != LVSD_METHOD_TUNNEL)
    return 0;
  switch ((LvsdTunnel) role->tunnel)
    {
    case LVSD_TUNNEL_IPIP:
      return outer;
    case LVSD_TUNNEL_GRE:
      return outer + GRE_BYTES;
    case LVSD_TUNNEL_GUE:
      return outer + UDP_BYTES + GUE_BYTES;
    }
  g_assert_not_reached ();
}

static const char *
family_name (int family)
{
  return families[family == AF_INET6].name;
}

static void
add_need (GPtrArray *needs, char *name, gint32 wanted)
{
  g_ptr_array_add (needs, lvsd_replaced_new_number (name, 0, wanted));
  g_free (name);
}

GPtrArray *
lvsd_receiver_needs (const LvsdRole *role)
{
  const LvsdReceiver *receiver = lvsd_receiver_of_role (role);
  GPtrArray *needs = g_ptr_array_new_with_free_func (lvsd_item_unref);
  const char *family = family_name (role->address.family);

  if (receiver == NULL)
    return needs;
  add_need (needs, g_strdup_printf ("link/%s", receiver->device), 1);
  if (role->tunnel == LVSD_TUNNEL_GUE)
    add_need (needs, g_strdup_printf ("gue/%s/%u", family, role->tunnel_port), 1);
  if (role->advmss != 0)
    add_need (needs, g_strdup_printf ("route/%s/" ADVMSS, family), role->advmss);
  return needs;
}

/* Returns what follows the family, or NULL. */
static const char *
read_family (const char *text, LvsdReceiverSetting *setting)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_str_has_prefix (text, families[i].name) && text[strlen (families[i].name)] == '/')
      {
        setting->family = families[i].family;
        return text + strlen (families[i].name) + 1;
      }
  return NULL;
}

static gboolean
read_port (const char *text, LvsdReceiverSetting *setting)
{
  guint64 port;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  setting->part = LVSD_RECEIVER_PORT;
  setting->port = (guint16) port;
  return TRUE;
}

/* FALSE: it is the name of something else. */
gboolean
lvsd_receiver_parse (const char *name, LvsdReceiverSetting *ret_setting)
{
  LvsdReceiverSetting setting = { .part = LVSD_RECEIVER_ROUTE };
  gboolean known = FALSE;

  if (g_str_has_prefix (name, "link/"))
    {
      setting.part = LVSD_RECEIVER_LINK;
      setting.receiver = lvsd_receiver_of_device (name + strlen ("link/"));
      known = setting.receiver != NULL;
      setting.family = known ? setting.receiver->family : 0;
    }
  else if (g_str_has_prefix (name, "gue/"))
    known = read_port (read_family (name + strlen ("gue/"), &setting), &setting);
  else if (g_str_has_prefix (name, "route/"))
    known = g_strcmp0 (read_family (name + strlen ("route/"), &setting), ADVMSS) == 0;
  if (known)
    *ret_setting = setting;
  return known;
}
