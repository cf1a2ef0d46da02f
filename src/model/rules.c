/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules.h"

#include <glib/gi18n-lib.h>

#include "error.h"

/* What the whole change does, looked up once for each of its edits. */
typedef struct
{
  const LvsdTable *table;
  GHashTable *removed;              /* items without an after */
  GHashTable *added;                /* identities of services without a before */
  GHashTable *removed_destinations; /* identity -> how many of its destinations go */
  gboolean starts_sync;
} Outline;

static void
outline_edit (Outline *outline, const LvsdEdit *edit)
{
  LvsdServiceIdentity *identity;
  guint count;

  if (edit->before == NULL && lvsd_item_get_kind (edit->after) == LVSD_KIND_SERVICE)
    g_hash_table_add (outline->added, ((LvsdService *) edit->after)->identity);
  if (edit->after != NULL && lvsd_item_get_kind (edit->after) == LVSD_KIND_SYNC)
    outline->starts_sync = TRUE;
  if (edit->after != NULL)
    return;
  g_hash_table_add (outline->removed, edit->before);
  if (lvsd_item_get_kind (edit->before) == LVSD_KIND_DESTINATION)
    {
      identity = ((LvsdDestination *) edit->before)->identity;
      count = GPOINTER_TO_UINT (g_hash_table_lookup (outline->removed_destinations, identity));
      g_hash_table_insert (outline->removed_destinations, identity, GUINT_TO_POINTER (count + 1));
    }
}

static gboolean
refuse_stale (const LvsdItem *item, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("%s %s: was changed by somebody else meanwhile; look at it and try again"),
               lvsd_item_class (lvsd_item_get_kind (item))->name, id);
  return FALSE;
}

static gboolean
refuse_present (const LvsdItem *item, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS, _ ("%s %s: exists already"),
               lvsd_item_class (lvsd_item_get_kind (item))->name, id);
  return FALSE;
}

static gboolean
stays (const Outline *outline, gconstpointer service)
{
  return service != NULL && !g_hash_table_contains (outline->removed, service);
}

static gboolean
check_new_service (const Outline *outline, const LvsdService *service, GError **error)
{
  const LvsdService *namesake =
      lvsd_table_find_by_id (outline->table, LVSD_KIND_SERVICE, service->identity->name);
  const LvsdService *holder =
      lvsd_table_find_service_by_key (outline->table, &service->identity->key);
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (stays (outline, namesake))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS,
                   _ ("service %s: exists already, with key %s"), service->identity->name,
                   lvsd_service_key_format (&namesake->identity->key, key));
      return FALSE;
    }
  if (stays (outline, holder))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS,
                   _ ("service %s: key %s belongs to service %s already"), service->identity->name,
                   lvsd_service_key_format (&service->identity->key, key), holder->identity->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_new_destination (const Outline *outline, const LvsdDestination *destination, GError **error)
{
  const LvsdServiceIdentity *identity = destination->identity;

  const LvsdService *service = lvsd_table_find_service_by_key (outline->table, &identity->key);

  /* A service of the same key that was added anew is another service. */
  if ((stays (outline, service) && service->identity == identity)
      || g_hash_table_contains (outline->added, identity))
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("service %s: was deleted or replaced by somebody else meanwhile; look at it and "
                  "try again"),
               identity->name);
  return FALSE;
}

typedef struct
{
  const LvsdTable *table;
  const LvsdAddress *address;
  const LvsdService *found;
} Search;

static gboolean
find_destination_at (gpointer item, gpointer user_data)
{
  Search *search = user_data;
  const LvsdService *service = item;
  const GPtrArray *destinations = lvsd_table_destinations (search->table, service->identity);

  for (guint i = 0; i < destinations->len && search->found == NULL; i++)
    {
      const LvsdDestination *destination = g_ptr_array_index (destinations, i);

      if (lvsd_address_compare (&destination->endpoint.address, search->address) == 0)
        search->found = service;
    }
  return search->found == NULL;
}

/* The commonest mistake: the real server's own address where the virtual one belongs. */
static gboolean
check_new_role (const LvsdRole *role, const LvsdTable *table, GError **error)
{
  Search search = { .table = table, .address = &role->address };
  char address[LVSD_ADDRESS_TEXT_SIZE];
  char vip[LVSD_ADDRESS_TEXT_SIZE];

  lvsd_table_walk (table, LVSD_KIND_SERVICE, NULL, find_destination_at, &search);
  if (search.found == NULL)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("role %s: is a destination of service %s, and a role takes the virtual address; "
                  "you probably meant, on that machine: lvsctl role add %s"),
               lvsd_address_format (&role->address, address), search.found->identity->name,
               lvsd_address_format (&search.found->identity->key.endpoint.address, vip));
  return FALSE;
}

static gboolean
check_new (const Outline *outline, const LvsdItem *item, GError **error)
{
  gboolean present = lvsd_item_get_kind (item) != LVSD_KIND_SERVICE
                     && stays (outline, lvsd_table_find (outline->table, item));

  if (present)
    return refuse_present (item, error);
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return check_new_service (outline, (const LvsdService *) item, error);
    case LVSD_KIND_DESTINATION:
      return check_new_destination (outline, (const LvsdDestination *) item, error);
    case LVSD_KIND_ROLE:
      return check_new_role ((const LvsdRole *) item, outline->table, error);
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return TRUE;
    }
  g_assert_not_reached ();
}

static gboolean
is_mixed (const LvsdDestination *destination)
{
  return destination->endpoint.address.family != destination->identity->key.endpoint.address.family;
}

static gboolean
runs_sync (const Outline *outline)
{
  return outline->starts_sync
         || stays (outline, lvsd_table_find_sync (outline->table, LVSD_SYNC_MASTER))
         || stays (outline, lvsd_table_find_sync (outline->table, LVSD_SYNC_BACKUP));
}

/* The messages of a sync daemon cannot say that a connection changes family on its way, so
 * ip_vs_add_dest and ip_vs_genl_new_daemon refuse the one while the other is there. */
static gboolean
refuse_mixed (const LvsdDestination *destination, GError **error)
{
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
               _ ("destination %s of service %s: address: is of another family than the service, "
                  "and sync daemons cannot carry such connections; do without the one or stop the "
                  "other"),
               lvsd_endpoint_format (&destination->endpoint, endpoint),
               destination->identity->name);
  return FALSE;
}

typedef struct
{
  const Outline *outline;
  const LvsdDestination *found;
} MixedSearch;

static gboolean
find_mixed (gpointer item, gpointer user_data)
{
  MixedSearch *search = user_data;
  const GPtrArray *destinations =
      lvsd_table_destinations (search->outline->table, ((const LvsdService *) item)->identity);

  for (guint i = 0; i < destinations->len && search->found == NULL; i++)
    if (is_mixed (g_ptr_array_index (destinations, i))
        && stays (search->outline, g_ptr_array_index (destinations, i)))
      search->found = g_ptr_array_index (destinations, i);
  return search->found == NULL;
}

/* Only a daemon that comes needs a look at every destination that is there already. */
static gboolean
check_families (const Outline *outline, const LvsdChange *change, GError **error)
{
  MixedSearch search = { .outline = outline };

  if (!runs_sync (outline))
    return TRUE;
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after != NULL && lvsd_item_get_kind (after) == LVSD_KIND_DESTINATION
          && is_mixed ((const LvsdDestination *) after))
        return refuse_mixed ((const LvsdDestination *) after, error);
    }
  if (outline->starts_sync)
    lvsd_table_walk (outline->table, LVSD_KIND_SERVICE, NULL, find_mixed, &search);
  return search.found == NULL || refuse_mixed (search.found, error);
}

static gboolean
touches (const LvsdChange *change, LvsdKind kind)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdItem *after = lvsd_change_edit (change, i)->after;

      if (after != NULL && lvsd_item_get_kind (after) == kind)
        return TRUE;
    }
  return FALSE;
}

static gboolean
wants_backup_only (const LvsdChange *change, const LvsdTable *table, gboolean held)
{
  g_autoptr (GPtrArray) settings = lvsd_change_outcome (change, table, LVSD_KIND_SETTING);

  for (guint i = 0; i < settings->len; i++)
    {
      const LvsdSetting *setting = g_ptr_array_index (settings, i);

      if (g_str_equal (setting->name, LVSD_SETTING_BACKUP_ONLY))
        return !g_str_equal (setting->value, "0");
    }
  return held;
}

/* With backup_only a director that has a backup daemon forwards nothing by itself, and a master
 * daemon beside it does not change that: ip_vs_in in net/netfilter/ipvs/ip_vs_core.c. */
gboolean
lvsd_rules_check_backup_only (const LvsdChange *change,
                              const LvsdTable *table,
                              gboolean held,
                              GError **error)
{
  g_autoptr (GPtrArray) daemons = NULL;

  if (!touches (change, LVSD_KIND_SYNC) && !touches (change, LVSD_KIND_SETTING))
    return TRUE;
  daemons = lvsd_change_outcome (change, table, LVSD_KIND_SYNC);
  if (daemons->len < 2 || !wants_backup_only (change, table, held))
    return TRUE;
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_CONFLICT,
                       _ ("sync: with master and backup and net.ipv4.vs.backup_only=1 this "
                          "director would balance nothing; set it to 0 first, or run one of the "
                          "two"));
  return FALSE;
}

/* A service goes with all its destinations, so one that was added meanwhile must be known. */
static gboolean
check_whole (const Outline *outline, LvsdService *service, GError **error)
{
  guint removed =
      GPOINTER_TO_UINT (g_hash_table_lookup (outline->removed_destinations, service->identity));

  return removed == lvsd_table_destinations (outline->table, service->identity)->len
         || refuse_stale ((LvsdItem *) service, error);
}

static gboolean
check_edit (const Outline *outline, const LvsdEdit *edit, GError **error)
{
  if (edit->after != NULL && !lvsd_item_validate (edit->after, error))
    return FALSE;
  if (edit->before == NULL)
    return check_new (outline, edit->after, error);
  if (lvsd_table_find (outline->table, edit->before) != edit->before)
    return refuse_stale (edit->before, error);
  if (edit->after == NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_SERVICE)
    return check_whole (outline, (LvsdService *) edit->before, error);
  return TRUE;
}

gboolean
lvsd_rules_check (const LvsdChange *change, const LvsdTable *table, GError **error)
{
  g_autoptr (GHashTable) removed = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) added = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) removed_destinations = g_hash_table_new (NULL, NULL);
  Outline outline = { table, removed, added, removed_destinations, FALSE };

  for (guint i = 0; i < change->edits->len; i++)
    outline_edit (&outline, lvsd_change_edit (change, i));
  for (guint i = 0; i < change->edits->len; i++)
    if (!check_edit (&outline, lvsd_change_edit (change, i), error))
      return FALSE;
  return check_families (&outline, change, error)
         && lvsd_rules_check_backup_only (change, table, FALSE, error);
}
