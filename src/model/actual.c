/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "actual.h"

#include "destination.h"
#include "receiver.h"
#include "replaced.h"
#include "role.h"
#include "service.h"

struct _LvsdActual
{
  GPtrArray *entries;       /* LvsdActualEntry, owned */
  GHashTable *by_item;      /* item -> entry, both borrowed */
  GHashTable *destinations; /* LvsdServiceKey in an identity -> GPtrArray of entries */
};

static void
free_entry (gpointer data)
{
  LvsdActualEntry *entry = data;

  lvsd_item_unref (entry->item);
  g_free (entry);
}

LvsdActual *
lvsd_actual_new (void)
{
  LvsdActual *actual = g_new0 (LvsdActual, 1);

  actual->entries = g_ptr_array_new_with_free_func (free_entry);
  actual->by_item = g_hash_table_new (lvsd_kernel_item_hash, lvsd_kernel_item_equal);
  actual->destinations =
      g_hash_table_new_full ((GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal,
                             NULL, (GDestroyNotify) g_ptr_array_unref);
  return actual;
}

void
lvsd_actual_free (LvsdActual *actual)
{
  g_hash_table_unref (actual->destinations);
  g_hash_table_unref (actual->by_item);
  g_ptr_array_unref (actual->entries);
  g_free (actual);
}

static void
note_destination (LvsdActual *actual, LvsdActualEntry *entry)
{
  LvsdServiceIdentity *identity = ((LvsdDestination *) entry->item)->identity;
  GPtrArray *siblings = g_hash_table_lookup (actual->destinations, &identity->key);

  if (siblings == NULL)
    {
      siblings = g_ptr_array_new ();
      g_hash_table_insert (actual->destinations, &identity->key, siblings);
    }
  g_ptr_array_add (siblings, entry);
}

/* Takes the item over. The numbers of the entry are the caller's to fill in. A dump of the kernel
 * may hold a thing twice when somebody changed it meanwhile: the first one found stays. */
LvsdActualEntry *
lvsd_actual_add (LvsdActual *actual, gpointer item)
{
  LvsdActualEntry *entry = g_hash_table_lookup (actual->by_item, item);

  if (entry != NULL)
    {
      lvsd_item_unref (item);
      return entry;
    }
  entry = g_new0 (LvsdActualEntry, 1);
  entry->item = item;
  g_ptr_array_add (actual->entries, entry);
  g_hash_table_insert (actual->by_item, item, entry);
  if (lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION)
    note_destination (actual, entry);
  return entry;
}

/* like is an item as the kernel holds it, as lvsd_item_to_kernel makes them. */
const LvsdActualEntry *
lvsd_actual_find (const LvsdActual *actual, gconstpointer like)
{
  return g_hash_table_lookup (actual->by_item, like);
}

const GPtrArray *
lvsd_actual_entries (const LvsdActual *actual)
{
  return actual->entries;
}

const GPtrArray *
lvsd_actual_destinations (const LvsdActual *actual, const LvsdServiceKey *key)
{
  return g_hash_table_lookup (actual->destinations, key);
}

static LvsdVirtualAddress *
role_to_kernel (const LvsdRole *role)
{
  const char *device = lvsd_receiver_bound_device (role);
  LvsdVirtualAddress *address;

  if (device == NULL)
    return NULL;
  address = lvsd_virtual_address_new (&role->address, lvsd_address_bits (&role->address));
  g_strlcpy (address->interface, device, sizeof address->interface);
  return address;
}

gpointer
lvsd_item_to_kernel (gpointer item)
{
  if (item == NULL)
    return NULL;
  if (lvsd_item_get_kind (item) == LVSD_KIND_ROLE)
    return role_to_kernel (item);
  if (lvsd_item_get_kind (item) == LVSD_KIND_SETTING
      || lvsd_item_get_kind (item) == LVSD_KIND_GENERATION
      || lvsd_item_get_kind (item) == LVSD_KIND_HOLD
      || (lvsd_item_get_kind (item) == LVSD_KIND_ADDRESS && !((LvsdVirtualAddress *) item)->up))
    return NULL;
  return lvsd_item_ref (item);
}

guint
lvsd_kernel_item_hash (gconstpointer item)
{
  guint hash = lvsd_item_identity_hash (item);

  if (lvsd_item_get_kind (item) == LVSD_KIND_ADDRESS)
    hash = hash * 31 + g_str_hash (((const LvsdVirtualAddress *) item)->interface);
  return hash;
}

/* One address may be on several interfaces, and on one with several prefix lengths. */
gboolean
lvsd_kernel_item_equal (gconstpointer a, gconstpointer b)
{
  const LvsdVirtualAddress *first = a;
  const LvsdVirtualAddress *second = b;

  if (!lvsd_item_identity_equal (a, b))
    return FALSE;
  return lvsd_item_get_kind (a) != LVSD_KIND_ADDRESS
         || (first->prefix_length == second->prefix_length
             && g_str_equal (first->interface, second->interface));
}
