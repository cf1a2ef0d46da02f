/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "role.h"

#include <glib/gi18n-lib.h>

#include "error.h"

/* Below TCP_MIN_MSS (include/net/tcp.h) no connection sends; above the other the kernel lowers it
 * (ip_metrics_convert in net/ipv4/metrics.c). */
enum
{
  ADVMSS_MIN = 88,
  ADVMSS_MAX = 65535 - 40,
};

static const LvsdField fields[] = {
  { "method", LVSD_FIELD_TERM, G_STRUCT_OFFSET (LvsdRole, method), 0, 3, LVSD_METHOD_DIRECT,
    lvsd_method_terms, LVSD_FIELD_FIXED, N_ ("METHOD"),
    N_ ("How the director forwards: direct (at first), tunnel or masquerade") },
  { "tunnel", LVSD_FIELD_TERM, G_STRUCT_OFFSET (LvsdRole, tunnel), 0, 2, LVSD_TUNNEL_IPIP,
    lvsd_tunnel_terms, LVSD_FIELD_FIXED, N_ ("TYPE"),
    N_ ("How a tunnel wraps packets: ipip (at first), gue or gre") },
  { "tunnel-port", LVSD_FIELD_UINT16, G_STRUCT_OFFSET (LvsdRole, tunnel_port), 0, G_MAXUINT16, 0,
    NULL, LVSD_FIELD_FIXED, N_ ("PORT"), N_ ("The UDP port that takes the packets of gue") },
  { "interface", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdRole, interface), 0, LVSD_INTERFACE_MAX, 0,
    NULL, LVSD_FIELD_NONE, N_ ("INTERFACE"), N_ ("Set the ARP settings of this interface alone") },
  { "advmss", LVSD_FIELD_UINT16, G_STRUCT_OFFSET (LvsdRole, advmss), 0, ADVMSS_MAX, 0, NULL,
    LVSD_FIELD_NONE, N_ ("BYTES"),
    N_ ("Ask clients for segments that fit the tunnel; 0: as the default route has it") },
};

static char *
dup_role_id (const LvsdItem *item)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  return g_strdup (lvsd_address_format (&((const LvsdRole *) item)->address, text));
}

static guint
hash_role (const LvsdItem *item)
{
  return lvsd_address_hash (&((const LvsdRole *) item)->address);
}

static gboolean
equal_role (const LvsdItem *a, const LvsdItem *b)
{
  return lvsd_address_compare (&((const LvsdRole *) a)->address, &((const LvsdRole *) b)->address)
         == 0;
}

static gboolean
refuse (const LvsdRole *role, LvsdError code, const char *message, GError **error)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, code, _ ("role %s: %s"),
               lvsd_address_format (&role->address, text), message);
  return FALSE;
}

static gboolean
validate_tunnel (const LvsdRole *role, GError **error)
{
  if (role->method != LVSD_METHOD_TUNNEL)
    {
      if (role->tunnel != LVSD_TUNNEL_IPIP)
        return refuse (role, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("tunnel: goes with method tunnel only"), error);
      if (role->advmss != 0)
        return refuse (role, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("advmss: goes with method tunnel only"), error);
    }
  if (role->tunnel == LVSD_TUNNEL_GUE && role->tunnel_port == 0)
    return refuse (role, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("tunnel-port: is missing; gue needs one from 1 to 65535"), error);
  if (role->tunnel != LVSD_TUNNEL_GUE && role->tunnel_port != 0)
    return refuse (role, LVSD_ERROR_INVALID_ARGUMENT, _ ("tunnel-port: goes with gue only"), error);
  if (role->advmss != 0 && role->advmss < ADVMSS_MIN)
    return refuse (role, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("advmss: must be 0 or a number from 88 to 65495"), error);
  return TRUE;
}

static gboolean
validate_role (const LvsdItem *item, GError **error)
{
  const LvsdRole *role = (const LvsdRole *) item;
  g_autoptr (GError) reason = NULL;

  if (lvsd_address_is_unspecified (&role->address) || lvsd_address_is_multicast (&role->address)
      || lvsd_address_is_broadcast (&role->address) || lvsd_address_is_loopback (&role->address))
    return refuse (role, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("address: must be a virtual address, and not the loopback's"), error);
  if (role->method == LVSD_METHOD_LOCAL)
    return refuse (
        role, LVSD_ERROR_INVALID_ARGUMENT,
        _ ("method: must be direct, tunnel or masquerade; with local the director is the "
           "real server itself and needs no role"),
        error);
  if (role->method == LVSD_METHOD_MASQUERADE && role->interface[0] != '\0')
    return refuse (role, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("interface: method masquerade needs no ARP settings"), error);
  if (role->interface[0] != '\0' && !lvsd_interface_check (role->interface, &reason))
    return refuse (role, LVSD_ERROR_INVALID_ARGUMENT, reason->message, error);
  return validate_tunnel (role, error);
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  lvsd_vardict_add_string (into, "address",
                           lvsd_address_format (&((const LvsdRole *) item)->address, text));
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  const char *text;

  if (!g_variant_dict_lookup (from, "address", "&s", &text))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("role: address: is missing"));
      return FALSE;
    }
  if (!lvsd_address_parse (text, &((LvsdRole *) item)->address, error))
    return FALSE;
  g_variant_dict_remove (from, "address");
  return TRUE;
}

const LvsdItemClass lvsd_role_class = {
  .name = "role",
  .size = sizeof (LvsdRole),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_role_id,
  .identity_hash = hash_role,
  .identity_equal = equal_role,
  .validate = validate_role,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft. */
LvsdRole *
lvsd_role_new (const LvsdAddress *address)
{
  LvsdRole *role = lvsd_item_new (LVSD_KIND_ROLE);

  role->address = *address;
  return role;
}
