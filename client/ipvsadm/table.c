/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <string.h>

#include "client/destination.h"
#include "client/difference.h"
#include "client/service.h"

static void
free_destination (gpointer data)
{
  LvsctlKernelDestination *destination = data;

  lvsd_item_unref (destination->item);
  g_free (destination);
}

static void
free_service (gpointer data)
{
  LvsctlKernelService *service = data;

  lvsd_item_unref (service->item);
  g_ptr_array_unref (service->destinations);
  g_free (service);
}

/* Another program's service may be one that lvsd would not take, so a key is read leniently. */
static gboolean
parse_key (const char *text, LvsdServiceKey *ret_key)
{
  const char *slash = strchr (text, '/');
  g_autofree char *protocol = slash != NULL ? g_strndup (text, (gsize) (slash - text)) : NULL;
  LvsdServiceKey key = { 0 };
  guint number;

  if (slash == NULL)
    return FALSE;
  if (g_str_has_prefix (text, "fwmark"))
    return lvsd_service_key_parse (text, ret_key, NULL);
  if (lvsd_terms_parse (lvsd_protocol_terms, "protocol", protocol, &number, NULL))
    key.protocol = (guint8) number;
  if (!lvsd_endpoint_parse (slash + 1, &key.endpoint, NULL, NULL))
    return FALSE;
  *ret_key = key;
  return TRUE;
}

/* What has no word in the model stays at its preset. */
static void
take_fields (const LvsctlListing *listing, gpointer row, gpointer item)
{
  const LvsdItemClass *class = lvsd_item_class (listing->kind);

  for (gsize i = 0; i < class->n_fields; i++)
    {
      g_autoptr (GVariant) value =
          g_variant_take_ref (lvsctl_listing_get (listing, class->fields[i].name, row));

      lvsd_field_set (&class->fields[i], item, value, NULL);
    }
}

static guint64
get_counter (const LvsctlListing *listing, gpointer row, const char *name)
{
  g_autoptr (GVariant) value = g_variant_take_ref (lvsctl_listing_get (listing, name, row));

  return g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32) ? g_variant_get_uint32 (value)
                                                             : g_variant_get_uint64 (value);
}

static void
take_counters (const LvsctlListing *listing,
               gpointer row,
               LvsctlCounters *totals,
               LvsctlCounters *rates)
{
  *totals = (LvsctlCounters){
    get_counter (listing, row, "connections"), get_counter (listing, row, "packets-in"),
    get_counter (listing, row, "packets-out"), get_counter (listing, row, "bytes-in"),
    get_counter (listing, row, "bytes-out"),
  };
  *rates = (LvsctlCounters){
    get_counter (listing, row, "connection-rate"), get_counter (listing, row, "packet-rate-in"),
    get_counter (listing, row, "packet-rate-out"), get_counter (listing, row, "byte-rate-in"),
    get_counter (listing, row, "byte-rate-out"),
  };
}

/* What lvsd wants and the kernel has not is nothing that ipvsadm would see. */
static gboolean
is_in_kernel (const LvsctlListing *listing,
              gpointer row,
              gboolean *ret_foreign,
              gboolean *ret_changed)
{
  g_autofree char *state = lvsctl_listing_text (listing, "state", row);

  *ret_foreign = g_str_equal (state, "foreign");
  *ret_changed = g_str_equal (state, "changed");
  return !g_str_equal (state, "missing") && !g_str_equal (state, "failed");
}

/* Takes the services of the rows; by_id finds them by what their destinations' rows call them. */
static void
take_services (GPtrArray *rows, GPtrArray *services, GHashTable *by_id)
{
  const LvsctlListing *listing = &lvsctl_service_listing;

  for (guint i = 0; i < rows->len; i++)
    {
      gpointer row = rows->pdata[i];
      g_autofree char *key_text = lvsctl_listing_text (listing, "key", row);
      g_autoptr (LvsdServiceIdentity) identity = NULL;
      LvsctlKernelService *service;
      LvsdServiceKey key;
      gboolean is_foreign;
      gboolean is_changed;

      if (!is_in_kernel (listing, row, &is_foreign, &is_changed) || !parse_key (key_text, &key))
        continue;
      identity = lvsd_service_identity_new ("", &key);
      service = g_new0 (LvsctlKernelService, 1);
      service->item = lvsd_service_new (identity);
      service->is_foreign = is_foreign;
      service->is_changed = is_changed;
      service->destinations = g_ptr_array_new_with_free_func (free_destination);
      take_fields (listing, row, service->item);
      take_counters (listing, row, &service->totals, &service->rates);
      g_ptr_array_add (services, service);
      g_hash_table_insert (by_id, g_strdup (lvsctl_service_row_id (row)), service);
    }
}

static void
take_destination (gpointer row, LvsctlKernelService *service, const LvsdEndpoint *endpoint)
{
  const LvsctlListing *listing = &lvsctl_destination_listing;
  LvsctlKernelDestination *destination;
  gboolean is_foreign;
  gboolean is_changed;

  if (!is_in_kernel (listing, row, &is_foreign, &is_changed))
    return;
  destination = g_new0 (LvsctlKernelDestination, 1);
  destination->item = lvsd_destination_new (service->item->identity, endpoint);
  destination->is_foreign = is_foreign;
  destination->is_changed = is_changed;
  take_fields (listing, row, destination->item);
  destination->configured = destination->item->weight;
  destination->item->weight = (guint32) get_counter (listing, row, "effective-weight");
  destination->active = (guint32) get_counter (listing, row, "active");
  destination->inactive = (guint32) get_counter (listing, row, "inactive");
  destination->persistent = (guint32) get_counter (listing, row, "persistent");
  take_counters (listing, row, &destination->totals, &destination->rates);
  g_ptr_array_add (service->destinations, destination);
}

static void
take_destinations (GPtrArray *rows, GHashTable *by_id)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *id =
          lvsctl_listing_text (&lvsctl_destination_listing, "service", rows->pdata[i]);
      g_autofree char *text =
          lvsctl_listing_text (&lvsctl_destination_listing, "endpoint", rows->pdata[i]);
      LvsctlKernelService *service = g_hash_table_lookup (by_id, id);
      LvsdEndpoint endpoint;

      if (service != NULL && lvsd_endpoint_parse (text, &endpoint, NULL, NULL))
        take_destination (rows->pdata[i], service, &endpoint);
    }
}

/* What was changed by hand */

static gboolean
any_changed (GPtrArray *services)
{
  for (guint i = 0; i < services->len; i++)
    {
      const LvsctlKernelService *service = services->pdata[i];

      if (service->is_changed)
        return TRUE;
      for (guint j = 0; j < service->destinations->len; j++)
        if (((const LvsctlKernelDestination *) service->destinations->pdata[j])->is_changed)
          return TRUE;
    }
  return FALSE;
}

static gpointer
find_destination (const LvsctlKernelService *service, const char *text)
{
  LvsdEndpoint endpoint;

  if (service == NULL || !lvsd_endpoint_parse (text, &endpoint, NULL, NULL))
    return NULL;
  for (guint i = 0; i < service->destinations->len; i++)
    {
      const LvsctlKernelDestination *destination = service->destinations->pdata[i];

      if (lvsd_endpoint_compare (&destination->item->endpoint, &endpoint) == 0)
        return destination->item;
    }
  return NULL;
}

/* "web", or "web/192.0.2.11:80". */
static gpointer
find_item (GHashTable *by_id, const char *kind, const char *id)
{
  const char *slash = strchr (id, '/');
  g_autofree char *name = slash != NULL ? g_strndup (id, (gsize) (slash - id)) : g_strdup (id);
  const LvsctlKernelService *service = g_hash_table_lookup (by_id, name);

  if (service != NULL && g_str_equal (kind, "service"))
    return service->item;
  if (slash == NULL || !g_str_equal (kind, "destination"))
    return NULL;
  return find_destination (service, slash + 1);
}

static void
take_held (GHashTable *by_id, GVariant *row)
{
  const char *kind;
  const char *id;
  g_autoptr (GVariant) pairs = g_variant_get_child_value (row, 4);
  const LvsdField *field;
  const char *name;
  GVariant *pair;
  GVariantIter iter;
  gpointer item;

  g_variant_get_child (row, 0, "&s", &kind);
  g_variant_get_child (row, 1, "&s", &id);
  item = find_item (by_id, kind, id);
  g_variant_iter_init (&iter, pairs);
  while (item != NULL && g_variant_iter_loop (&iter, "{&sv}", &name, &pair))
    {
      g_autoptr (GVariant) held = g_variant_get_child_value (pair, 1);

      field = lvsd_item_find_field (lvsd_item_get_kind (item), name);
      if (field != NULL)
        lvsd_field_set (field, item, held, NULL);
    }
}

/* Rows of ours have the values that lvsd wants; ipvsadm shows those that the kernel has. */
static gboolean
correct_changed (LvsctlClient *client, GPtrArray *services, GHashTable *by_id, GError **error)
{
  g_autoptr (GPtrArray) differences = NULL;
  guint64 generation;

  if (!any_changed (services))
    return TRUE;
  differences = lvsctl_difference_fetch (client, &generation, error);
  for (guint i = 0; differences != NULL && i < differences->len; i++)
    take_held (by_id, differences->pdata[i]);
  return differences != NULL;
}

/* Order */

static int
compare_numbers (guint32 a, guint32 b)
{
  gint32 difference = (gint32) (a - b);

  return (difference > 0) - (difference < 0);
}

/* Word by word as libipvs.c does it, where the sign of a difference in 32 bits decides: 192.0.2.1
 * stands before 10.0.0.1. Scripts see the order that they know. */
static int
compare_addresses (const LvsdAddress *a, const LvsdAddress *b)
{
  gsize n_words = a->family == AF_INET6 ? 4 : 1;
  int order = 0;

  for (gsize i = 0; i < n_words && order == 0; i++)
    {
      guint32 words[2];

      memcpy (&words[0], a->bytes + 4 * i, sizeof words[0]);
      memcpy (&words[1], b->bytes + 4 * i, sizeof words[1]);
      order = compare_numbers (g_ntohl (words[0]), g_ntohl (words[1]));
    }
  return order;
}

static int
compare_endpoints (const LvsdEndpoint *a, const LvsdEndpoint *b)
{
  int order = compare_addresses (&a->address, &b->address);

  return order != 0 ? order : compare_numbers (a->port, b->port);
}

int
lvsctl_kernel_service_compare (gconstpointer a, gconstpointer b)
{
  const LvsdServiceKey *first = &(*(const LvsctlKernelService *const *) a)->item->identity->key;
  const LvsdServiceKey *second = &(*(const LvsctlKernelService *const *) b)->item->identity->key;
  int order = compare_numbers (first->fwmark, second->fwmark);

  if (order == 0)
    order = compare_numbers (first->endpoint.address.family, second->endpoint.address.family);
  if (order == 0)
    order = compare_numbers (first->protocol, second->protocol);
  return order != 0 ? order : compare_endpoints (&first->endpoint, &second->endpoint);
}

int
lvsctl_kernel_destination_compare (gconstpointer a, gconstpointer b)
{
  return compare_endpoints (&(*(const LvsctlKernelDestination *const *) a)->item->endpoint,
                            &(*(const LvsctlKernelDestination *const *) b)->item->endpoint);
}

static GVariant *
of_service (const LvsdServiceKey *key)
{
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (key != NULL)
    g_variant_dict_insert (&options, "service", "s", lvsd_service_key_format (key, text));
  return g_variant_dict_end (&options);
}

GPtrArray *
lvsctl_kernel_table_fetch (LvsctlClient *client, const LvsdServiceKey *key, GError **error)
{
  g_autoptr (GPtrArray) services = g_ptr_array_new_with_free_func (free_service);
  g_autoptr (GHashTable) by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) service_rows =
      lvsctl_listing_fetch (client, &lvsctl_service_listing, of_service (key), NULL, error);
  g_autoptr (GPtrArray) destination_rows = NULL;

  if (service_rows == NULL)
    return NULL;
  take_services (service_rows, services, by_id);
  if (services->len == 0)
    return g_steal_pointer (&services);
  destination_rows =
      lvsctl_listing_fetch (client, &lvsctl_destination_listing, of_service (key), NULL, error);
  if (destination_rows == NULL)
    return NULL;
  take_destinations (destination_rows, by_id);
  if (!correct_changed (client, services, by_id, error))
    return NULL;
  g_ptr_array_sort (services, lvsctl_kernel_service_compare);
  for (guint i = 0; i < services->len; i++)
    g_ptr_array_sort (((LvsctlKernelService *) services->pdata[i])->destinations,
                      lvsctl_kernel_destination_compare);
  return g_steal_pointer (&services);
}

const LvsctlKernelDestination *
lvsctl_kernel_table_find (GPtrArray *table, const LvsdDestination *destination)
{
  const LvsctlKernelService *service = table->len > 0 ? table->pdata[0] : NULL;

  for (guint i = 0; service != NULL && i < service->destinations->len; i++)
    {
      const LvsctlKernelDestination *found = service->destinations->pdata[i];

      if (lvsd_endpoint_compare (&found->item->endpoint, &destination->endpoint) == 0)
        return found;
    }
  return NULL;
}
