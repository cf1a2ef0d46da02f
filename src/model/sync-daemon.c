/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync-daemon.h"

#include <glib/gi18n-lib.h>

#include "error.h"

/* linux/ip_vs.h and net/netfilter/ipvs/ip_vs_sync.c: IP_VS_SYNC_GROUP, IP_VS_SYNC_PORT. */
#define PRESET_GROUP 0xe0000051 /* 224.0.0.81 */
#define PRESET_PORT 8848
#define PRESET_TTL 1

/* start_sync_thread() would take other lengths too, and make these of them. */
#define LEAST_BACKUP_LENGTH 1024
#define IPV4_HEADERS (20 + 8)
#define IPV6_HEADERS (40 + 8)

const LvsdTerm lvsd_sync_state_terms[] = {
  { "master", LVSD_SYNC_MASTER },
  { "backup", LVSD_SYNC_BACKUP },
  { NULL, 0 },
};

static const LvsdField fields[] = {
  { "interface", LVSD_FIELD_WORD, G_STRUCT_OFFSET (LvsdSyncDaemon, interface), 1,
    LVSD_INTERFACE_MAX, 0, NULL, LVSD_FIELD_NONE, N_ ("INTERFACE"),
    N_ ("The interface that the other director is reached by") },
  { "id", LVSD_FIELD_UINT8, G_STRUCT_OFFSET (LvsdSyncDaemon, id), 0, G_MAXUINT8, 0, NULL,
    LVSD_FIELD_NONE, N_ ("ID"),
    N_ ("What master and backup have in common; at first 0, with which a backup takes all") },
  { "max-length", LVSD_FIELD_UINT16, G_STRUCT_OFFSET (LvsdSyncDaemon, max_length), 0, G_MAXUINT16,
    0, NULL, LVSD_FIELD_NONE, N_ ("BYTES"),
    N_ ("The longest message, without its headers; 0: what fits the interface") },
  { "group", LVSD_FIELD_ADDRESS, G_STRUCT_OFFSET (LvsdSyncDaemon, group), 0, 0, PRESET_GROUP, NULL,
    LVSD_FIELD_NONE, N_ ("ADDRESS"), N_ ("The multicast group, at first 224.0.0.81") },
  { "port", LVSD_FIELD_UINT16, G_STRUCT_OFFSET (LvsdSyncDaemon, port), 1, G_MAXUINT16, PRESET_PORT,
    NULL, LVSD_FIELD_NONE, N_ ("PORT"), N_ ("The UDP port, at first 8848") },
  { "ttl", LVSD_FIELD_UINT8, G_STRUCT_OFFSET (LvsdSyncDaemon, ttl), 1, G_MAXUINT8, PRESET_TTL, NULL,
    LVSD_FIELD_NONE, N_ ("HOPS"), N_ ("How many routers away the messages may go, at first 1") },
};

static const char *
state_word (const LvsdSyncDaemon *daemon)
{
  return lvsd_terms_format (lvsd_sync_state_terms, daemon->state);
}

static char *
dup_sync_daemon_id (const LvsdItem *item)
{
  return g_strdup (state_word ((const LvsdSyncDaemon *) item));
}

static guint
hash_sync_daemon (const LvsdItem *item)
{
  return ((const LvsdSyncDaemon *) item)->state;
}

static gboolean
equal_sync_daemon (const LvsdItem *a, const LvsdItem *b)
{
  return ((const LvsdSyncDaemon *) a)->state == ((const LvsdSyncDaemon *) b)->state;
}

static gboolean
refuse (const LvsdSyncDaemon *daemon, const char *message, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("sync %s: %s"),
               state_word (daemon), message);
  return FALSE;
}

static gboolean
validate_length (const LvsdSyncDaemon *daemon, GError **error)
{
  guint headers = daemon->group.family == AF_INET6 ? IPV6_HEADERS : IPV4_HEADERS;
  guint least = daemon->state == LVSD_SYNC_BACKUP ? LEAST_BACKUP_LENGTH : 1;
  guint most = G_MAXUINT16 - headers;
  g_autofree char *message = NULL;

  if (daemon->max_length == 0 || (daemon->max_length >= least && daemon->max_length <= most))
    return TRUE;
  message = g_strdup_printf (_ ("max-length: goes from %u to %u here, or is 0 for what fits the "
                                "interface"),
                             least, most);
  return refuse (daemon, message, error);
}

static gboolean
validate_sync_daemon (const LvsdItem *item, GError **error)
{
  const LvsdSyncDaemon *daemon = (const LvsdSyncDaemon *) item;
  g_autoptr (GError) reason = NULL;

  if (daemon->interface[0] == '\0')
    return refuse (daemon,
                   _ ("interface: is missing; name the one that the other director is reached by"),
                   error);
  if (!lvsd_interface_check (daemon->interface, &reason))
    return refuse (daemon, reason->message, error);
  if (!lvsd_address_is_multicast (&daemon->group))
    return refuse (daemon, _ ("group: must be a multicast address, such as 224.0.0.81 or ff02::81"),
                   error);
  return validate_length (daemon, error);
}

static void
get_identity (const LvsdItem *item, LvsdVardict *into)
{
  lvsd_vardict_add_string (into, "state", state_word ((const LvsdSyncDaemon *) item));
}

static gboolean
set_identity (LvsdItem *item, GVariantDict *from, GError **error)
{
  const char *word;
  guint state;

  if (!g_variant_dict_lookup (from, "state", "&s", &word))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("sync: state: is missing; it is master or backup"));
      return FALSE;
    }
  if (!lvsd_terms_parse (lvsd_sync_state_terms, "sync: state", word, &state, error))
    return FALSE;
  ((LvsdSyncDaemon *) item)->state = (guint8) state;
  g_variant_dict_remove (from, "state");
  return TRUE;
}

const LvsdItemClass lvsd_sync_daemon_class = {
  .name = "sync",
  .size = sizeof (LvsdSyncDaemon),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .dup_id = dup_sync_daemon_id,
  .identity_hash = hash_sync_daemon,
  .identity_equal = equal_sync_daemon,
  .validate = validate_sync_daemon,
  .get_more = get_identity,
  .set_more = set_identity,
};

/* A draft. */
LvsdSyncDaemon *
lvsd_sync_daemon_new (LvsdSyncState state)
{
  LvsdSyncDaemon *daemon = lvsd_item_new (LVSD_KIND_SYNC);

  daemon->state = (guint8) state;
  return daemon;
}

/* Whether the kernel, found to hold the one, holds what the other asks for, and it works. The
 * kernel shows the length that it has made of the MTU. */
gboolean
lvsd_sync_daemon_kernel_equal (const LvsdSyncDaemon *wanted, const LvsdSyncDaemon *held)
{
  return g_str_equal (wanted->interface, held->interface) && wanted->id == held->id
         && (wanted->max_length == 0 || wanted->max_length == held->max_length)
         && lvsd_address_compare (&wanted->group, &held->group) == 0 && wanted->port == held->port
         && wanted->ttl == held->ttl && !held->deaf;
}
