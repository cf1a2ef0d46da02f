/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "destination.h"

#include <glib/gi18n-lib.h>

#include "error.h"

static const LvsdField fields[] = {
  { "method", LVSD_FIELD_TERM, G_STRUCT_OFFSET (LvsdDestination, method), 0, 3, LVSD_METHOD_DIRECT,
    lvsd_method_terms, LVSD_FIELD_NONE, N_ ("METHOD"),
    N_ ("Forwarding method: direct (at first), tunnel, masquerade or local") },
  { "weight", LVSD_FIELD_UINT32, G_STRUCT_OFFSET (LvsdDestination, weight), 0, LVSD_WEIGHT_MAX, 1,
    NULL, LVSD_FIELD_NONE, N_ ("WEIGHT"),
    N_ ("Its share of new connections; at first 1, and 0 takes none") },
  { "upper-threshold", LVSD_FIELD_UINT32, G_STRUCT_OFFSET (LvsdDestination, upper_threshold), 0,
    G_MAXUINT32, 0, NULL, LVSD_FIELD_NONE, N_ ("CONNECTIONS"),
    N_ ("Takes no new ones above so many; 0: no limit") },
  { "lower-threshold", LVSD_FIELD_UINT32, G_STRUCT_OFFSET (LvsdDestination, lower_threshold), 0,
    G_MAXUINT32, 0, NULL, LVSD_FIELD_NONE, N_ ("CONNECTIONS"),
    N_ ("Takes new ones again below so many; 0: three quarters of the upper one") },
  { "tunnel", LVSD_FIELD_TERM, G_STRUCT_OFFSET (LvsdDestination, tunnel), 0, 2, LVSD_TUNNEL_IPIP,
    lvsd_tunnel_terms, LVSD_FIELD_NONE, N_ ("TYPE"),
    N_ ("What method tunnel wraps packets in: ipip (at first), gue or gre") },
  { "tunnel-port", LVSD_FIELD_UINT16, G_STRUCT_OFFSET (LvsdDestination, tunnel_port), 0,
    G_MAXUINT16, 0, NULL, LVSD_FIELD_NONE, N_ ("PORT"),
    N_ ("The UDP port on which the destination takes gue") },
  { "tunnel-checksum", LVSD_FIELD_TERM, G_STRUCT_OFFSET (LvsdDestination, tunnel_flags), 0, 2,
    LVSD_CHECKSUM_NONE, lvsd_checksum_terms, LVSD_FIELD_NONE, N_ ("KIND"),
    N_ ("Of the outer header: none (at first), checksum (gue, gre) or remote-checksum (gue)") },
};

static void
clear_destination (LvsdItem *item)
{
  LvsdDestination *destination = (LvsdDestination *) item;

  g_clear_pointer (&destination->identity, lvsd_service_identity_unref);
  g_clear_pointer (&destination->runtime, lvsd_override_free);
}

static void
copied_destination (LvsdItem *item)
{
  LvsdDestination *destination = (LvsdDestination *) item;

  lvsd_service_identity_ref (destination->identity);
  destination->runtime = lvsd_override_copy (destination->runtime);
}

static char *
dup_destination_id (const LvsdItem *item)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  return g_strdup_printf ("%s/%s", destination->identity->name,
                          lvsd_endpoint_format (&destination->endpoint, endpoint));
}

static guint
hash_destination (const LvsdItem *item)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;

  return (lvsd_service_key_hash (&destination->identity->key) * 31
          + lvsd_address_hash (&destination->endpoint.address))
             * 31
         + destination->endpoint.port;
}

static gboolean
equal_destination (const LvsdItem *a, const LvsdItem *b)
{
  const LvsdDestination *first = (const LvsdDestination *) a;
  const LvsdDestination *second = (const LvsdDestination *) b;

  return lvsd_endpoint_compare (&first->endpoint, &second->endpoint) == 0
         && (first->identity == second->identity
             || lvsd_service_key_equal (&first->identity->key, &second->identity->key));
}

static gboolean
refuse (const LvsdDestination *destination, const char *message, GError **error)
{
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("destination %s of service %s: %s"),
               lvsd_endpoint_format (&destination->endpoint, endpoint), destination->identity->name,
               message);
  return FALSE;
}

/* The kernel wants a unicast or local address (ip_vs_new_dest); IPv6 link-local ones only when they
 * are its own. */
static gboolean
validate_address (const LvsdDestination *destination, GError **error)
{
  const LvsdAddress *address = &destination->endpoint.address;
  const LvsdServiceKey *key = &destination->identity->key;

  if (lvsd_address_is_unspecified (address))
    return refuse (destination, _ ("address: is unspecified"), error);
  if (lvsd_address_is_multicast (address) || lvsd_address_is_broadcast (address))
    return refuse (destination, _ ("address: must be a single host's, not multicast or broadcast"),
                   error);
  if (address->family != key->endpoint.address.family && destination->method != LVSD_METHOD_TUNNEL)
    return refuse (destination,
                   _ ("address: is of another family than the service; only method tunnel can "
                      "carry one family in the other"),
                   error);
  return TRUE;
}

static gboolean
validate_port (const LvsdDestination *destination, GError **error)
{
  const LvsdServiceKey *key = &destination->identity->key;
  gboolean translates = destination->method == LVSD_METHOD_MASQUERADE;

  /* The kernel would take the port and then send packets to the service's all the same. */
  if (!translates && destination->endpoint.port != key->endpoint.port)
    return refuse (destination,
                   _ ("port: differs from the service's, and only method masquerade can change the "
                      "port of a packet"),
                   error);
  if (destination->endpoint.port == 0 && key->endpoint.port != 0)
    return refuse (destination, _ ("port: must be a number from 1 to 65535"), error);
  return TRUE;
}

/* The kernel checks the port alone, and that whatever the method; what it takes beside is ignored
 * by the tunnel or sent in a form that no one unwraps. */
static gboolean
validate_tunnel (const LvsdDestination *destination, GError **error)
{
  gboolean is_gue = destination->tunnel == LVSD_TUNNEL_GUE;

  if (destination->method != LVSD_METHOD_TUNNEL)
    {
      if (destination->tunnel != LVSD_TUNNEL_IPIP || destination->tunnel_port != 0
          || destination->tunnel_flags != LVSD_CHECKSUM_NONE)
        return refuse (
            destination,
            _ ("tunnel: goes with method tunnel only; set tunnel to ipip, tunnel-port to 0 and "
               "tunnel-checksum to none"),
            error);
      return TRUE;
    }
  if (is_gue && destination->tunnel_port == 0)
    return refuse (destination, _ ("tunnel-port: is missing; gue needs one from 1 to 65535"),
                   error);
  if (!is_gue && destination->tunnel_port != 0)
    return refuse (destination, _ ("tunnel-port: goes with gue only"), error);
  if (destination->tunnel == LVSD_TUNNEL_IPIP && destination->tunnel_flags != LVSD_CHECKSUM_NONE)
    return refuse (destination, _ ("tunnel-checksum: ipip has none"), error);
  if (!is_gue && destination->tunnel_flags == LVSD_CHECKSUM_REMOTE)
    return refuse (destination, _ ("tunnel-checksum: remote-checksum goes with gue only"), error);
  return TRUE;
}

static gboolean
validate_destination (const LvsdItem *item, GError **error)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;

  if (!validate_address (destination, error) || !validate_port (destination, error)
      || !validate_tunnel (destination, error))
    return FALSE;
  if (destination->lower_threshold > destination->upper_threshold)
    return refuse (destination, _ ("lower-threshold: must not be above upper-threshold"), error);
  return TRUE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  const LvsdDestination *destination = (const LvsdDestination *) item;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  if (!into->is_brief)
    {
      lvsd_vardict_add_string (into, "service", destination->identity->name);
      lvsd_vardict_add_string (into, "key",
                               lvsd_service_key_format (&destination->identity->key, key));
    }
  lvsd_vardict_add_string (into, "endpoint",
                           lvsd_endpoint_format (&destination->endpoint, endpoint));
  if (destination->runtime != NULL)
    lvsd_vardict_add_value (into, "runtime", lvsd_override_to_variant (destination->runtime));
}

static gboolean
refuse_incomplete (GError **error)
{
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                       _ ("destination: service, key and endpoint are needed"));
  return FALSE;
}

/* The destination may have it already, of the item that stood before: then both may
 * be left out. */
static gboolean
set_service (LvsdDestination *destination, GVariantDict *from, GError **error)
{
  const char *service;
  const char *key_text;
  gboolean has_service = g_variant_dict_lookup (from, "service", "&s", &service);
  gboolean has_key = g_variant_dict_lookup (from, "key", "&s", &key_text);
  LvsdServiceKey key;

  if (!has_service && !has_key && destination->identity != NULL)
    return TRUE;
  if (!has_service || !has_key)
    return refuse_incomplete (error);
  if (!lvsd_service_key_parse (key_text, &key, error)
      || !lvsd_service_name_check (service, &key, error))
    return FALSE;
  g_clear_pointer (&destination->identity, lvsd_service_identity_unref);
  destination->identity = lvsd_service_identity_new (service, &key);
  g_variant_dict_remove (from, "service");
  g_variant_dict_remove (from, "key");
  return TRUE;
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  LvsdDestination *destination = (LvsdDestination *) item;
  g_autoptr (GVariant) runtime =
      g_variant_dict_lookup_value (from, "runtime", G_VARIANT_TYPE_VARDICT);
  const char *endpoint;

  if (!g_variant_dict_lookup (from, "endpoint", "&s", &endpoint))
    return refuse_incomplete (error);
  if (!set_service (destination, from, error)
      || !lvsd_endpoint_parse (endpoint, &destination->endpoint, NULL, error))
    return FALSE;
  if (runtime != NULL
      && (destination->runtime = lvsd_override_from_variant (runtime, error)) == NULL)
    return FALSE;
  g_variant_dict_remove (from, "endpoint");
  if (runtime != NULL)
    g_variant_dict_remove (from, "runtime");
  return TRUE;
}

const LvsdItemClass lvsd_destination_class = {
  .name = "destination",
  .size = sizeof (LvsdDestination),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .clear = clear_destination,
  .copied = copied_destination,
  .dup_id = dup_destination_id,
  .identity_hash = hash_destination,
  .identity_equal = equal_destination,
  .validate = validate_destination,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft; takes a reference of its own to the identity of the service it belongs to. */
LvsdDestination *
lvsd_destination_new (LvsdServiceIdentity *identity, const LvsdEndpoint *endpoint)
{
  LvsdDestination *destination = lvsd_item_new (LVSD_KIND_DESTINATION);

  destination->identity = lvsd_service_identity_ref (identity);
  destination->endpoint = *endpoint;
  return destination;
}

/* The weight that the kernel is to have: the override's where there is one. */
guint32
lvsd_destination_effective_weight (const LvsdDestination *destination)
{
  return destination->runtime != NULL ? destination->runtime->weight : destination->weight;
}

/* Whether the kernel, found to hold the one, holds what the other asks for. */
gboolean
lvsd_destination_kernel_equal (const LvsdDestination *wanted, const LvsdDestination *held)
{
  if (wanted->method == LVSD_METHOD_TUNNEL
      && (wanted->tunnel != held->tunnel || wanted->tunnel_port != held->tunnel_port
          || wanted->tunnel_flags != held->tunnel_flags))
    return FALSE;
  return wanted->method == held->method
         && lvsd_destination_effective_weight (wanted) == lvsd_destination_effective_weight (held)
         && wanted->upper_threshold == held->upper_threshold
         && wanted->lower_threshold == held->lower_threshold;
}
