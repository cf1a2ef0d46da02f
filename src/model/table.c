/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <string.h>

/* A service with its destinations, which are sorted by endpoint. */
typedef struct
{
  LvsdService *service;
  GPtrArray *destinations;
} ServiceEntry;

struct _LvsdTable
{
  GHashTable *services_by_key;     /* LvsdServiceKey in the identity -> ServiceEntry */
  GHashTable *services_by_name;    /* name in the identity -> ServiceEntry, borrowed */
  GSequence *service_order;        /* ServiceEntry, borrowed, by name */
  GSequence *others[LVSD_N_KINDS]; /* items by id; unused for services and destinations */
  guint n_destinations;
};

static int
compare_services (gconstpointer a, gconstpointer b, G_GNUC_UNUSED gpointer user_data)
{
  return strcmp (((const ServiceEntry *) a)->service->identity->name,
                 ((const ServiceEntry *) b)->service->identity->name);
}

static int
compare_others (gconstpointer a, gconstpointer b, G_GNUC_UNUSED gpointer user_data)
{
  switch (lvsd_item_get_kind (a))
    {
    case LVSD_KIND_ADDRESS:
      return lvsd_address_compare (&((const LvsdVirtualAddress *) a)->address,
                                   &((const LvsdVirtualAddress *) b)->address);
    case LVSD_KIND_ROLE:
      return lvsd_address_compare (&((const LvsdRole *) a)->address,
                                   &((const LvsdRole *) b)->address);
    case LVSD_KIND_SETTING:
      return strcmp (((const LvsdSetting *) a)->name, ((const LvsdSetting *) b)->name);
    case LVSD_KIND_SYNC:
      return (int) ((const LvsdSyncDaemon *) a)->state - (int) ((const LvsdSyncDaemon *) b)->state;
    case LVSD_KIND_REPLACED:
      return strcmp (((const LvsdReplaced *) a)->name, ((const LvsdReplaced *) b)->name);
    case LVSD_KIND_GENERATION:
      return ((const LvsdGeneration *) a)->number < ((const LvsdGeneration *) b)->number
                 ? -1
                 : ((const LvsdGeneration *) a)->number > ((const LvsdGeneration *) b)->number;
    case LVSD_KIND_HOLD:
      return strcmp (((const LvsdHold *) a)->name, ((const LvsdHold *) b)->name);
    case LVSD_KIND_SERVICE:
    case LVSD_KIND_DESTINATION:
      break;
    }
  g_assert_not_reached ();
}

static void
free_entry (gpointer data)
{
  ServiceEntry *entry = data;

  g_ptr_array_unref (entry->destinations);
  lvsd_item_unref (entry->service);
  g_free (entry);
}

LvsdTable *
lvsd_table_new (void)
{
  LvsdTable *table = g_new0 (LvsdTable, 1);

  table->services_by_key = g_hash_table_new_full (
      (GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal, NULL, free_entry);
  table->services_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  table->service_order = g_sequence_new (NULL);
  for (guint kind = LVSD_KIND_ADDRESS; kind < LVSD_N_KINDS; kind++)
    table->others[kind] = g_sequence_new (lvsd_item_unref);
  return table;
}

void
lvsd_table_free (LvsdTable *table)
{
  for (guint kind = LVSD_KIND_ADDRESS; kind < LVSD_N_KINDS; kind++)
    g_sequence_free (table->others[kind]);
  g_sequence_free (table->service_order);
  g_hash_table_unref (table->services_by_name);
  g_hash_table_unref (table->services_by_key);
  g_free (table);
}

static ServiceEntry *
find_entry (const LvsdTable *table, const LvsdServiceKey *key)
{
  return g_hash_table_lookup (table->services_by_key, key);
}

static void
add_service (LvsdTable *table, LvsdService *service)
{
  ServiceEntry *entry = g_new0 (ServiceEntry, 1);

  entry->service = lvsd_item_ref (service);
  entry->destinations = g_ptr_array_new_with_free_func (lvsd_item_unref);
  g_hash_table_insert (table->services_by_key, &service->identity->key, entry);
  g_hash_table_insert (table->services_by_name, service->identity->name, entry);
  g_sequence_insert_sorted (table->service_order, entry, compare_services, NULL);
}

static void
remove_service (LvsdTable *table, const LvsdService *service)
{
  ServiceEntry *entry = find_entry (table, &service->identity->key);

  g_assert (entry != NULL && entry->destinations->len == 0);
  g_sequence_remove (g_sequence_lookup (table->service_order, entry, compare_services, NULL));
  g_hash_table_remove (table->services_by_name, service->identity->name);
  g_hash_table_remove (table->services_by_key, &service->identity->key);
}

/* Items that were read from the store come with an identity of their own; sharing the service's
 * saves its size for each destination, and the hash tables' keys lie in it. */
static void
share_identity (LvsdServiceIdentity **identity, LvsdServiceIdentity *shared)
{
  if (*identity == shared)
    return;
  lvsd_service_identity_unref (*identity);
  *identity = lvsd_service_identity_ref (shared);
}

static void
edit_service (LvsdTable *table, LvsdService *after)
{
  ServiceEntry *entry = find_entry (table, &after->identity->key);
  LvsdService *old = entry->service;

  share_identity (&after->identity, old->identity);
  entry->service = lvsd_item_ref (after);
  lvsd_item_unref (old);
}

/* The index of the endpoint's destination, or of where it would go. */
static guint
find_position (const GPtrArray *destinations, const LvsdEndpoint *endpoint, gboolean *ret_found)
{
  guint low = 0;
  guint high = destinations->len;

  *ret_found = FALSE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const LvsdDestination *candidate = g_ptr_array_index (destinations, middle);
      int order = lvsd_endpoint_compare (&candidate->endpoint, endpoint);

      if (order == 0)
        {
          *ret_found = TRUE;
          return middle;
        }
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
replace_destination (LvsdTable *table, const LvsdDestination *before, LvsdDestination *after)
{
  const LvsdDestination *either = before != NULL ? before : after;
  ServiceEntry *entry = find_entry (table, &either->identity->key);
  gboolean found;
  guint position;

  g_assert (entry != NULL);
  position = find_position (entry->destinations, &either->endpoint, &found);
  g_assert (found == (before != NULL));
  if (after != NULL)
    share_identity (&after->identity, entry->service->identity);
  if (before == NULL)
    g_ptr_array_insert (entry->destinations, (int) position, lvsd_item_ref (after));
  else if (after == NULL)
    g_ptr_array_remove_index (entry->destinations, position);
  else
    {
      LvsdDestination *old = g_ptr_array_index (entry->destinations, position);

      g_ptr_array_index (entry->destinations, position) = lvsd_item_ref (after);
      lvsd_item_unref (old);
    }
  table->n_destinations += (guint) (after != NULL) - (guint) (before != NULL);
}

static void
replace_other (LvsdTable *table, LvsdItem *before, LvsdItem *after)
{
  GSequence *sequence = table->others[lvsd_item_get_kind (before != NULL ? before : after)];
  GSequenceIter *position;

  if (before == NULL)
    {
      g_sequence_insert_sorted (sequence, lvsd_item_ref (after), compare_others, NULL);
      return;
    }
  position = g_sequence_lookup (sequence, before, compare_others, NULL);
  g_assert (position != NULL);
  if (after == NULL)
    g_sequence_remove (position);
  else
    g_sequence_set (position, lvsd_item_ref (after));
}

void
lvsd_table_replace (LvsdTable *table, gpointer before, gpointer after)
{
  switch (lvsd_item_get_kind (before != NULL ? before : after))
    {
    case LVSD_KIND_SERVICE:
      if (before == NULL)
        add_service (table, after);
      else if (after == NULL)
        remove_service (table, before);
      else
        edit_service (table, after);
      return;
    case LVSD_KIND_DESTINATION:
      replace_destination (table, before, after);
      return;
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      replace_other (table, before, after);
      return;
    }
  g_assert_not_reached ();
}

static gpointer
find_destination (const LvsdTable *table, const LvsdServiceKey *key, const LvsdEndpoint *endpoint)
{
  const ServiceEntry *entry = find_entry (table, key);
  gboolean found;
  guint position;

  if (entry == NULL)
    return NULL;
  position = find_position (entry->destinations, endpoint, &found);
  return found ? g_ptr_array_index (entry->destinations, position) : NULL;
}

static gpointer
find_other (const LvsdTable *table, gconstpointer like)
{
  GSequenceIter *position = g_sequence_lookup (table->others[lvsd_item_get_kind (like)],
                                               (gpointer) like, compare_others, NULL);

  return position != NULL ? g_sequence_get (position) : NULL;
}

/* The item of the same kind and identity, or NULL; borrowed. */
gpointer
lvsd_table_find (const LvsdTable *table, gconstpointer like)
{
  switch (lvsd_item_get_kind (like))
    {
    case LVSD_KIND_SERVICE:
      return lvsd_table_find_service_by_key (table, &((const LvsdService *) like)->identity->key);
    case LVSD_KIND_DESTINATION:
      return find_destination (table, &((const LvsdDestination *) like)->identity->key,
                               &((const LvsdDestination *) like)->endpoint);
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return find_other (table, like);
    }
  g_assert_not_reached ();
}

LvsdService *
lvsd_table_find_service_by_key (const LvsdTable *table, const LvsdServiceKey *key)
{
  const ServiceEntry *entry = find_entry (table, key);

  return entry != NULL ? entry->service : NULL;
}

/* Names hold no slash and keys always do, so one cannot be taken for the other. */
LvsdService *
lvsd_table_find_service (const LvsdTable *table, const char *name_or_key)
{
  const ServiceEntry *entry = g_hash_table_lookup (table->services_by_name, name_or_key);
  LvsdServiceKey key;

  if (entry != NULL)
    return entry->service;
  if (!lvsd_service_key_parse (name_or_key, &key, NULL))
    return NULL;
  return lvsd_table_find_service_by_key (table, &key);
}

LvsdVirtualAddress *
lvsd_table_find_address (const LvsdTable *table, const LvsdAddress *address)
{
  LvsdVirtualAddress like = { .item.kind = LVSD_KIND_ADDRESS, .address = *address };

  return find_other (table, &like);
}

LvsdRole *
lvsd_table_find_role (const LvsdTable *table, const LvsdAddress *address)
{
  LvsdRole like = { .item.kind = LVSD_KIND_ROLE, .address = *address };

  return find_other (table, &like);
}

LvsdSyncDaemon *
lvsd_table_find_sync (const LvsdTable *table, LvsdSyncState state)
{
  LvsdSyncDaemon like = { .item.kind = LVSD_KIND_SYNC, .state = (guint8) state };

  return find_other (table, &like);
}

LvsdGeneration *
lvsd_table_find_generation (const LvsdTable *table, guint32 number)
{
  LvsdGeneration like = { .item.kind = LVSD_KIND_GENERATION, .number = number };

  return find_other (table, &like);
}

LvsdHold *
lvsd_table_find_hold (const LvsdTable *table, const char *name)
{
  LvsdHold like = { .item.kind = LVSD_KIND_HOLD };

  g_strlcpy (like.name, name, sizeof like.name);
  return find_other (table, &like);
}

static gpointer
find_destination_by_id (const LvsdTable *table, const char *id)
{
  const char *slash = strchr (id, '/');
  g_autofree char *name = slash != NULL ? g_strndup (id, (gsize) (slash - id)) : NULL;
  const ServiceEntry *entry;
  LvsdEndpoint endpoint;

  if (name == NULL || (entry = g_hash_table_lookup (table->services_by_name, name)) == NULL
      || !lvsd_endpoint_parse (slash + 1, &endpoint, NULL, NULL))
    return NULL;
  return find_destination (table, &entry->service->identity->key, &endpoint);
}

/* The item that lvsd_item_dup_id gave this id, or NULL; borrowed. */
gpointer
lvsd_table_find_by_id (const LvsdTable *table, LvsdKind kind, const char *id)
{
  LvsdReplaced replaced = { .item.kind = LVSD_KIND_REPLACED };
  LvsdSetting setting = { .item.kind = LVSD_KIND_SETTING };
  const ServiceEntry *entry;
  LvsdAddress address;
  guint state;

  switch (kind)
    {
    case LVSD_KIND_SERVICE:
      entry = g_hash_table_lookup (table->services_by_name, id);
      return entry != NULL ? entry->service : NULL;
    case LVSD_KIND_DESTINATION:
      return find_destination_by_id (table, id);
    case LVSD_KIND_ADDRESS:
      return lvsd_address_parse (id, &address, NULL) ? lvsd_table_find_address (table, &address)
                                                     : NULL;
    case LVSD_KIND_ROLE:
      return lvsd_address_parse (id, &address, NULL) ? lvsd_table_find_role (table, &address)
                                                     : NULL;
    case LVSD_KIND_SETTING:
      return lvsd_setting_parse_name (id, setting.name, NULL) ? find_other (table, &setting) : NULL;
    case LVSD_KIND_SYNC:
      return lvsd_terms_parse (lvsd_sync_state_terms, "state", id, &state, NULL)
                 ? lvsd_table_find_sync (table, (LvsdSyncState) state)
                 : NULL;
    case LVSD_KIND_REPLACED:
      g_strlcpy (replaced.name, id, sizeof replaced.name);
      return find_other (table, &replaced);
    case LVSD_KIND_GENERATION:
      return lvsd_table_find_generation (table, (guint32) g_ascii_strtoull (id, NULL, 10));
    case LVSD_KIND_HOLD:
      return lvsd_table_find_hold (table, id);
    }
  g_assert_not_reached ();
}

guint
lvsd_table_count (const LvsdTable *table, LvsdKind kind)
{
  if (kind == LVSD_KIND_SERVICE)
    return g_hash_table_size (table->services_by_key);
  if (kind == LVSD_KIND_DESTINATION)
    return table->n_destinations;
  return (guint) g_sequence_get_length (table->others[kind]);
}

/* NULL where the service is not in the table. */
GPtrArray *
lvsd_table_destinations (const LvsdTable *table, const LvsdServiceIdentity *identity)
{
  const ServiceEntry *entry = find_entry (table, &identity->key);

  return entry != NULL ? entry->destinations : NULL;
}

/* Where a walk that goes on behind the item of this id begins; the item itself may be gone. */
static GSequenceIter *
begin_services (const LvsdTable *table, const char *after_id)
{
  LvsdServiceIdentity identity = { 0 };
  LvsdService service = { .identity = &identity };
  ServiceEntry like = { .service = &service };

  if (after_id == NULL)
    return g_sequence_get_begin_iter (table->service_order);
  g_strlcpy (identity.name, after_id, sizeof identity.name);
  return g_sequence_search (table->service_order, &like, compare_services, NULL);
}

static GSequenceIter *
begin_others (const LvsdTable *table, LvsdKind kind, const char *after_id)
{
  LvsdVirtualAddress address = { .item.kind = LVSD_KIND_ADDRESS };
  LvsdRole role = { .item.kind = LVSD_KIND_ROLE };
  LvsdSetting setting = { .item.kind = LVSD_KIND_SETTING };
  LvsdReplaced replaced = { .item.kind = LVSD_KIND_REPLACED };
  LvsdSyncDaemon daemon = { .item.kind = LVSD_KIND_SYNC };
  LvsdGeneration generation = { .item.kind = LVSD_KIND_GENERATION };
  LvsdHold hold = { .item.kind = LVSD_KIND_HOLD };
  gpointer like = &address;
  guint state = 0;

  if (after_id == NULL)
    return g_sequence_get_begin_iter (table->others[kind]);
  if (kind == LVSD_KIND_SYNC)
    {
      lvsd_terms_parse (lvsd_sync_state_terms, "state", after_id, &state, NULL);
      daemon.state = (guint8) state;
      like = &daemon;
    }
  else if (kind == LVSD_KIND_REPLACED)
    {
      g_strlcpy (replaced.name, after_id, sizeof replaced.name);
      like = &replaced;
    }
  else if (kind == LVSD_KIND_SETTING)
    {
      lvsd_setting_parse_name (after_id, setting.name, NULL);
      like = &setting;
    }
  else if (kind == LVSD_KIND_GENERATION)
    {
      generation.number = (guint32) g_ascii_strtoull (after_id, NULL, 10);
      like = &generation;
    }
  else if (kind == LVSD_KIND_HOLD)
    {
      g_strlcpy (hold.name, after_id, sizeof hold.name);
      like = &hold;
    }
  else
    {
      lvsd_address_parse (after_id, &address.address, NULL);
      role.address = address.address;
      if (kind == LVSD_KIND_ROLE)
        like = &role;
    }
  return g_sequence_search (table->others[kind], like, compare_others, NULL);
}

void
lvsd_table_walk (const LvsdTable *table,
                 LvsdKind kind,
                 const char *after_id,
                 LvsdTableFunc function,
                 gpointer user_data)
{
  gboolean services = kind == LVSD_KIND_SERVICE;
  GSequenceIter *position =
      services ? begin_services (table, after_id) : begin_others (table, kind, after_id);

  for (; !g_sequence_iter_is_end (position); position = g_sequence_iter_next (position))
    {
      gpointer value = g_sequence_get (position);

      if (!function (services ? ((ServiceEntry *) value)->service : value, user_data))
        return;
    }
}

static gboolean
take_reference (gpointer item, gpointer user_data)
{
  g_ptr_array_add (user_data, lvsd_item_ref (item));
  return TRUE;
}

void
lvsd_table_collect (const LvsdTable *table, LvsdKind kind, GPtrArray *into)
{
  lvsd_table_walk (table, kind, NULL, take_reference, into);
}

GPtrArray *
lvsd_table_snapshot (const LvsdTable *table)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  GSequenceIter *position = g_sequence_get_begin_iter (table->service_order);

  for (; !g_sequence_iter_is_end (position); position = g_sequence_iter_next (position))
    {
      const ServiceEntry *entry = g_sequence_get (position);

      take_reference (entry->service, items);
      for (guint i = 0; i < entry->destinations->len; i++)
        take_reference (g_ptr_array_index (entry->destinations, i), items);
    }
  for (guint kind = LVSD_KIND_ADDRESS; kind < LVSD_N_KINDS; kind++)
    lvsd_table_collect (table, (LvsdKind) kind, items);
  return items;
}
