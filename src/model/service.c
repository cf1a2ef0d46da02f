/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service.h"

#include <glib/gi18n-lib.h>

#include "error.h"

static const LvsdField fields[] = {
  { "scheduler", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdService, scheduler), 1, LVSD_SCHEDULER_MAX,
    0, NULL, LVSD_FIELD_NONE, N_ ("NAME"),
    N_ ("The kernel's scheduling algorithm: rr, wrr, lc, wlc, sh, mh and others; at first wlc") },
  { "flags", LVSD_FIELD_FLAGS, G_STRUCT_OFFSET (LvsdService, scheduler_flags),
    G_STRUCT_OFFSET (LvsdService, scheduler), LVSD_SCHEDULER_FLAGS_ALL, 0,
    lvsd_scheduler_flag_terms, LVSD_FIELD_NONE, N_ ("FLAGS"),
    N_ ("What the scheduler is to do: sh-fallback, sh-port, mh-fallback, mh-port, flag-1 to "
        "flag-3, with commas between, or none") },
  { "persistence", LVSD_FIELD_UINT32, G_STRUCT_OFFSET (LvsdService, persistence), 0,
    LVSD_PERSISTENCE_MAX, 0, NULL, LVSD_FIELD_NONE, N_ ("SECONDS"),
    N_ ("How long a client stays with its destination; 0: not persistent") },
  { "persistence-prefix", LVSD_FIELD_UINT8, G_STRUCT_OFFSET (LvsdService, persistence_prefix), 0,
    128, 0, NULL, LVSD_FIELD_NONE, N_ ("BITS"),
    N_ ("Clients whose addresses begin alike count as one; 0: each by itself") },
  { "persistence-engine", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdService, engine), 0,
    LVSD_ENGINE_MAX, 0, NULL, LVSD_FIELD_NONE, N_ ("NAME"),
    N_ ("What tells one client from another instead of its address: sip, by the Call-ID") },
  { "one-packet", LVSD_FIELD_BOOLEAN, G_STRUCT_OFFSET (LvsdService, one_packet), 0, 1, 0, NULL,
    LVSD_FIELD_NONE, NULL, N_ ("Schedule each UDP packet by itself") },
};

static void
clear_service (LvsdItem *item)
{
  g_clear_pointer (&((LvsdService *) item)->identity, lvsd_service_identity_unref);
}

static void
copied_service (LvsdItem *item)
{
  lvsd_service_identity_ref (((LvsdService *) item)->identity);
}

static char *
dup_service_id (const LvsdItem *item)
{
  return g_strdup (((const LvsdService *) item)->identity->name);
}

static guint
hash_service (const LvsdItem *item)
{
  return lvsd_service_key_hash (&((const LvsdService *) item)->identity->key);
}

static gboolean
equal_service (const LvsdItem *a, const LvsdItem *b)
{
  return lvsd_service_key_equal (&((const LvsdService *) a)->identity->key,
                                 &((const LvsdService *) b)->identity->key);
}

static gboolean
refuse (const LvsdService *service, const char *message, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("service %s: %s"),
               service->identity->name, message);
  return FALSE;
}

static gboolean
validate_service (const LvsdItem *item, GError **error)
{
  const LvsdService *service = (const LvsdService *) item;
  const LvsdServiceKey *key = &service->identity->key;
  g_autoptr (GError) mistake = NULL;

  if (!lvsd_service_key_check (key, &mistake))
    return refuse (service, mistake->message, error);
  if (service->scheduler[0] == '\0')
    return refuse (service, _ ("scheduler: is missing; 'wlc' suits most"), error);
  /* The kernel takes port 0 but then refuses to schedule a connection. */
  if (key->fwmark == 0 && key->endpoint.port == 0 && service->persistence == 0)
    return refuse (service, _ ("port: 0 means all ports and goes with persistence only"), error);
  if (service->persistence_prefix > lvsd_address_bits (&key->endpoint.address))
    return refuse (service, _ ("persistence-prefix: an IPv4 prefix has at most 32 bits"), error);
  if (service->persistence_prefix != 0 && service->persistence == 0)
    return refuse (service, _ ("persistence-prefix: goes with persistence only"), error);
  if (service->engine[0] != '\0' && service->persistence == 0)
    return refuse (service, _ ("persistence-engine: goes with persistence only"), error);
  /* ip_vs_sip_fill_param looks at nothing but UDP; for the rest the kernel falls back in silence.
   */
  if (g_str_equal (service->engine, "sip") && key->fwmark == 0
      && key->protocol != LVSD_PROTOCOL_UDP)
    return refuse (service, _ ("persistence-engine: sip goes with UDP only"), error);
  /* IP_VS_SVC_F_ONEPACKET is honoured for UDP and ignored in silence for the rest. */
  if (service->one_packet && key->fwmark == 0 && key->protocol != LVSD_PROTOCOL_UDP)
    return refuse (service, _ ("one-packet: goes with UDP only"), error);
  return TRUE;
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  const LvsdService *service = (const LvsdService *) item;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  lvsd_vardict_add_string (into, "name", service->identity->name);
  lvsd_vardict_add_string (into, "key", lvsd_service_key_format (&service->identity->key, key));
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  g_autofree char *name = NULL;
  const char *key_text;
  LvsdServiceKey key;

  if (!g_variant_dict_lookup (from, "key", "&s", &key_text))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("service: key: is missing"));
      return FALSE;
    }
  if (!lvsd_service_key_parse (key_text, &key, error))
    return FALSE;
  if (!g_variant_dict_contains (from, "name"))
    name = lvsd_service_key_derive_name (&key);
  else if (!g_variant_dict_lookup (from, "name", "s", &name))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("service: name: a value of type 's' is expected"));
      return FALSE;
    }
  if (!lvsd_service_name_check (name, &key, error))
    return FALSE;
  ((LvsdService *) item)->identity = lvsd_service_identity_new (name, &key);
  g_variant_dict_remove (from, "key");
  g_variant_dict_remove (from, "name");
  return TRUE;
}

const LvsdItemClass lvsd_service_class = {
  .name = "service",
  .size = sizeof (LvsdService),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .clear = clear_service,
  .copied = copied_service,
  .dup_id = dup_service_id,
  .identity_hash = hash_service,
  .identity_equal = equal_service,
  .validate = validate_service,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft; takes a reference of its own to the identity. */
LvsdService *
lvsd_service_new (LvsdServiceIdentity *identity)
{
  LvsdService *service = lvsd_item_new (LVSD_KIND_SERVICE);

  service->identity = lvsd_service_identity_ref (identity);
  return service;
}

/* How many leading bits of a client's address persistence looks at. */
guint
lvsd_service_prefix_length (const LvsdService *service)
{
  if (service->persistence_prefix != 0)
    return service->persistence_prefix;
  return lvsd_address_bits (&service->identity->key.endpoint.address);
}

/* Whether the kernel, found to hold the one, holds what the other asks for. Without persistence the
 * kernel keeps a mask that means nothing. */
gboolean
lvsd_service_kernel_equal (const LvsdService *wanted, const LvsdService *held)
{
  if (wanted->persistence != 0
      && lvsd_service_prefix_length (wanted) != lvsd_service_prefix_length (held))
    return FALSE;
  return wanted->persistence == held->persistence && wanted->one_packet == held->one_packet
         && wanted->scheduler_flags == held->scheduler_flags
         && g_str_equal (wanted->scheduler, held->scheduler)
         && g_str_equal (wanted->engine, held->engine);
}
