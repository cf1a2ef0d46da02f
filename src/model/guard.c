/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guard.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "error.h"

typedef struct
{
  const LvsdTable *table;
  const LvsdActual *actual;
  GHashTable *afters;   /* before -> after, NULL where it goes */
  GHashTable *services; /* identities of services whose destinations go or lose their weight */
  GHashTable *gaining;  /* identities of services that get a destination with weight */
  GHashTable *added;    /* items without a before, by what the kernel tells them apart by */
} Guard;

static gboolean
has_weight (const LvsdItem *destination)
{
  return destination != NULL
         && lvsd_destination_effective_weight ((const LvsdDestination *) destination) > 0;
}

static void
note_edit (Guard *guard, const LvsdEdit *edit)
{
  const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;
  LvsdServiceIdentity *identity;

  if (edit->before != NULL)
    g_hash_table_insert (guard->afters, edit->before, edit->after);
  if (edit->before == NULL)
    g_hash_table_add (guard->added, edit->after);
  if (lvsd_item_get_kind (either) != LVSD_KIND_DESTINATION)
    return;
  identity = ((const LvsdDestination *) either)->identity;
  if (edit->before != NULL && !has_weight (edit->after))
    g_hash_table_add (guard->services, identity);
  if (edit->before == NULL && has_weight (edit->after))
    g_hash_table_add (guard->gaining, identity);
}

static guint32
active_connections (const Guard *guard, const LvsdItem *destination)
{
  const LvsdActualEntry *entry = lvsd_actual_find (guard->actual, destination);

  return entry != NULL ? entry->connections.active : 0;
}

static gboolean
is_removed (const Guard *guard, gconstpointer item)
{
  gpointer after;

  return g_hash_table_lookup_extended (guard->afters, item, NULL, &after) && after == NULL;
}

/* What goes from a service and comes back under another name of it stays in the kernel. */
static gboolean
is_cut (const Guard *guard, gconstpointer destination)
{
  return is_removed (guard, destination) && !g_hash_table_contains (guard->added, destination);
}

/* Connections of the destinations that go, and how many of them have some. */
static gboolean
check_connections (const Guard *guard, const LvsdServiceIdentity *identity, GError **error)
{
  const GPtrArray *destinations = lvsd_table_destinations (guard->table, identity);
  guint64 connections = 0;
  guint busy = 0;

  for (guint i = 0; destinations != NULL && i < destinations->len; i++)
    {
      const LvsdItem *destination = g_ptr_array_index (destinations, i);
      guint32 active = is_cut (guard, destination) ? active_connections (guard, destination) : 0;

      connections += active;
      busy += active > 0;
    }
  if (connections == 0)
    return TRUE;
  g_set_error (
      error, LVSD_ERROR, LVSD_ERROR_IN_USE,
      _ ("service %s: deleting would cut %" PRIu64
         " active connections on %u destinations; set their weight to 0 and wait, or force "
         "it"),
      identity->name, connections, busy);
  return FALSE;
}

static gboolean
keeps_weight (const Guard *guard, gpointer destination)
{
  gpointer after;

  if (!g_hash_table_lookup_extended (guard->afters, destination, NULL, &after))
    after = destination;
  return after != NULL && lvsd_destination_effective_weight (after) > 0;
}

static gboolean
check_last_weight (const Guard *guard, const LvsdServiceIdentity *identity, GError **error)
{
  const LvsdService *service = lvsd_table_find_service_by_key (guard->table, &identity->key);
  const GPtrArray *destinations = lvsd_table_destinations (guard->table, identity);
  guint before = 0;
  guint after = g_hash_table_contains (guard->gaining, identity);

  if (service == NULL || is_removed (guard, service))
    return TRUE;
  for (guint i = 0; i < destinations->len; i++)
    {
      gpointer destination = g_ptr_array_index (destinations, i);

      before += lvsd_destination_effective_weight (destination) > 0;
      after += keeps_weight (guard, destination);
    }
  if (before == 0 || after > 0)
    return TRUE;
  g_set_error (
      error, LVSD_ERROR, LVSD_ERROR_IN_USE,
      _ ("service %s: would have no destination with weight left, of %u; add one first, or "
         "force it"),
      identity->name, before);
  return FALSE;
}

static guint64
count_active (const Guard *guard, const LvsdService *service)
{
  const GPtrArray *destinations = lvsd_table_destinations (guard->table, service->identity);
  guint64 active = 0;

  for (guint i = 0; i < destinations->len; i++)
    active += active_connections (guard, g_ptr_array_index (destinations, i));
  return active;
}

/* The services that stay and listen on an address. */
typedef struct
{
  const Guard *guard;
  const LvsdAddress *address;
  const LvsdService *first;
  guint64 active;
} Listeners;

static gboolean
note_listener (gpointer item, gpointer user_data)
{
  const LvsdService *service = item;
  Listeners *listeners = user_data;

  if (service->identity->key.fwmark != 0 || is_removed (listeners->guard, service)
      || lvsd_address_compare (&service->identity->key.endpoint.address, listeners->address) != 0)
    return TRUE;
  if (listeners->first == NULL)
    listeners->first = service;
  listeners->active += count_active (listeners->guard, service);
  return TRUE;
}

/* Deleting takes the address from its services for good; taking it down is half of a failover, so
 * only connections that it cuts count. */
static gboolean
check_address (const Guard *guard, const LvsdEdit *edit, GError **error)
{
  const LvsdVirtualAddress *before = (const LvsdVirtualAddress *) edit->before;
  const LvsdVirtualAddress *after = (const LvsdVirtualAddress *) edit->after;
  Listeners listeners = { .guard = guard, .address = &before->address };
  char text[LVSD_ADDRESS_TEXT_SIZE];

  if (after != NULL && (after->up || !before->up))
    return TRUE;
  lvsd_table_walk (guard->table, LVSD_KIND_SERVICE, NULL, note_listener, &listeners);
  if (listeners.first == NULL || (after != NULL && listeners.active == 0))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_IN_USE,
               _ ("address %s: service %s listens on it, with %" PRIu64
                  " active connections; delete the service first, or force it"),
               lvsd_address_format (&before->address, text), listeners.first->identity->name,
               listeners.active);
  return FALSE;
}

static gboolean
check_services (const Guard *guard, GError **error)
{
  GHashTableIter iter;
  gpointer identity;

  g_hash_table_iter_init (&iter, guard->services);
  while (g_hash_table_iter_next (&iter, &identity, NULL))
    if (!check_connections (guard, identity, error) || !check_last_weight (guard, identity, error))
      return FALSE;
  return TRUE;
}

/* What only comes cuts nothing. */
static gboolean
only_adds (const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    if (lvsd_change_edit (change, i)->before != NULL)
      return FALSE;
  return TRUE;
}

gboolean
lvsd_guard_check (const LvsdChange *change,
                  const LvsdTable *table,
                  const LvsdActual *actual,
                  GError **error)
{
  g_autoptr (GHashTable) afters = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) services = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) gaining = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) added =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  Guard guard = { table, actual, afters, services, gaining, added };

  if (only_adds (change))
    return TRUE;
  for (guint i = 0; i < change->edits->len; i++)
    note_edit (&guard, lvsd_change_edit (change, i));
  if (!check_services (&guard, error))
    return FALSE;
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (edit->before != NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_ADDRESS
          && !check_address (&guard, edit, error))
        return FALSE;
    }
  return TRUE;
}
