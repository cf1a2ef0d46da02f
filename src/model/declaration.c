/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "declaration.h"

#include <glib/gi18n-lib.h>

#include "error.h"

typedef struct
{
  const LvsdTable *table;
  guint whole;
  GHashTable *wanted; /* drafts, by identity */
  LvsdChange *change;
  LvsdDeclarationCounts counts;
  LvsdServiceIdentity *shared; /* the last that was found to be everybody's; borrowed */
} Comparison;

guint
lvsd_declaration_all_kinds (void)
{
  guint kinds = 0;

  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    if (!lvsd_kind_is_internal ((LvsdKind) kind))
      kinds |= LVSD_KIND_BIT (kind);
  return kinds;
}

static gboolean
refuse (gconstpointer item, LvsdError code, const char *message, GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_set_error (error, LVSD_ERROR, code, "%s %s: %s",
               lvsd_item_class (lvsd_item_get_kind (item))->name, id, message);
  return FALSE;
}

static LvsdServiceIdentity **
identity_of (gpointer item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return &((LvsdService *) item)->identity;
    case LVSD_KIND_DESTINATION:
      return &((LvsdDestination *) item)->identity;
    case LVSD_KIND_ADDRESS:
    case LVSD_KIND_ROLE:
    case LVSD_KIND_SETTING:
    case LVSD_KIND_SYNC:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return NULL;
    }
  g_assert_not_reached ();
}

/* A service of another name is another one, though the kernel cannot tell them apart. */
static gboolean
is_same (gpointer a, gpointer b)
{
  LvsdServiceIdentity **first = identity_of (a);

  return first == NULL || g_str_equal ((*first)->name, (*identity_of (b))->name);
}

static const LvsdField *
find_fixed_difference (gconstpointer before, gconstpointer draft)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (draft));

  for (gsize i = 0; i < class->n_fields; i++)
    if ((class->fields[i].flags & LVSD_FIELD_FIXED) != 0
        && !lvsd_field_equal (&class->fields[i], before, draft))
      return &class->fields[i];
  return NULL;
}

static gboolean
is_whole (const Comparison *comparison, gconstpointer item)
{
  return (comparison->whole & LVSD_KIND_BIT (lvsd_item_get_kind (item))) != 0;
}

/* The item that the draft edits, or NULL where it is to be added. */
static gpointer
find_before (const Comparison *comparison, gpointer draft)
{
  gpointer before = lvsd_table_find (comparison->table, draft);

  if (before == NULL || !is_same (before, draft)
      || (is_whole (comparison, draft) && find_fixed_difference (before, draft) != NULL))
    return NULL;
  return before;
}

static gboolean
refuse_twice (gconstpointer draft, GError **error)
{
  return refuse (draft, LVSD_ERROR_INVALID_ARGUMENT, _ ("is named twice"), error);
}

GHashTable *
lvsd_declaration_index (const GPtrArray *wanted, GError **error)
{
  g_autoptr (GHashTable) index =
      g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);

  for (guint i = 0; i < wanted->len; i++)
    if (!g_hash_table_add (index, g_ptr_array_index (wanted, i)))
      {
        refuse_twice (g_ptr_array_index (wanted, i), error);
        return NULL;
      }
  return g_steal_pointer (&index);
}

static gboolean
check_names (const GPtrArray *wanted, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < wanted->len; i++)
    {
      LvsdItem *draft = g_ptr_array_index (wanted, i);

      if (lvsd_item_get_kind (draft) == LVSD_KIND_SERVICE
          && !g_hash_table_add (names, ((LvsdService *) draft)->identity->name))
        return refuse_twice (draft, error);
    }
  return TRUE;
}

static LvsdServiceIdentity *
find_shared (Comparison *comparison, LvsdServiceIdentity *own)
{
  LvsdService like = { .item.kind = LVSD_KIND_SERVICE, .identity = own };
  LvsdService *service = g_hash_table_lookup (comparison->wanted, &like);

  return service != NULL ? service->identity : own;
}

/* What others find a service by is one identity: the table's, or that of the draft that is added.
 * Destinations follow their service and begin with its identity, so it is mostly the last one. */
static void
share_identity (Comparison *comparison, gpointer draft, gpointer before)
{
  LvsdServiceIdentity **mine = identity_of (draft);
  LvsdServiceIdentity *shared;

  if (mine == NULL)
    return;
  if (before != NULL)
    shared = *identity_of (before);
  else if (*mine == comparison->shared)
    return;
  else
    shared = comparison->shared = find_shared (comparison, *mine);
  lvsd_service_identity_ref (shared);
  lvsd_service_identity_unref (*mine);
  *mine = shared;
}

/* What is the daemon's own in an item outlives a declaration, which cannot have it. */
static void
inherit (gpointer draft, gpointer before)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (draft));

  for (gsize i = 0; i < class->n_fields; i++)
    if ((class->fields[i].flags & LVSD_FIELD_INTERNAL) != 0)
      {
        g_autoptr (GVariant) value =
            g_variant_ref_sink (lvsd_field_get (&class->fields[i], before));

        lvsd_field_set (&class->fields[i], draft, value, NULL);
      }
  if (lvsd_item_get_kind (draft) == LVSD_KIND_DESTINATION
      && ((LvsdDestination *) draft)->runtime == NULL)
    ((LvsdDestination *) draft)->runtime =
        lvsd_override_copy (((LvsdDestination *) before)->runtime);
}

static gboolean
add_wanted (Comparison *comparison, gpointer draft, GError **error)
{
  gpointer before = find_before (comparison, draft);
  const LvsdField *fixed = before != NULL ? find_fixed_difference (before, draft) : NULL;
  g_autofree char *message = NULL;

  if (fixed != NULL)
    {
      message =
          g_strdup_printf (_ ("%s: cannot be changed; delete it and add it anew"), fixed->name);
      return refuse (draft, LVSD_ERROR_CONFLICT, message, error);
    }
  share_identity (comparison, draft, before);
  if (before == NULL)
    comparison->counts.added++;
  else
    inherit (draft, before);
  if (before != NULL && lvsd_item_fields_equal (before, draft))
    {
      comparison->counts.unchanged++;
      return TRUE;
    }
  comparison->counts.changed += before != NULL;
  lvsd_change_add (comparison->change, before, draft);
  return TRUE;
}

static gboolean
stays (const Comparison *comparison, gpointer item)
{
  gpointer draft = g_hash_table_lookup (comparison->wanted, item);

  return draft != NULL && find_before (comparison, draft) == item;
}

static gboolean
remove_unwanted (gpointer item, gpointer user_data)
{
  Comparison *comparison = user_data;

  if (!stays (comparison, item))
    {
      lvsd_change_add (comparison->change, item, NULL);
      comparison->counts.removed++;
    }
  return TRUE;
}

/* Destinations go before their service does. */
static gboolean
remove_from_service (gpointer item, gpointer user_data)
{
  Comparison *comparison = user_data;
  const GPtrArray *destinations =
      lvsd_table_destinations (comparison->table, ((const LvsdService *) item)->identity);

  for (guint i = 0; i < destinations->len; i++)
    remove_unwanted (g_ptr_array_index (destinations, i), comparison);
  return remove_unwanted (item, comparison);
}

/* What goes comes first in the change, so that its names and keys are free for what is added. */
static void
remove_others (Comparison *comparison)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    if ((comparison->whole & LVSD_KIND_BIT (kind)) != 0 && kind != LVSD_KIND_DESTINATION)
      lvsd_table_walk (comparison->table, (LvsdKind) kind, NULL,
                       kind == LVSD_KIND_SERVICE ? remove_from_service : remove_unwanted,
                       comparison);
}

gboolean
lvsd_declaration_compare (const LvsdTable *table,
                          GPtrArray *wanted,
                          GHashTable *index,
                          guint whole,
                          LvsdChange *change,
                          LvsdDeclarationCounts *ret_counts,
                          GError **error)
{
  g_autoptr (GHashTable) drafts =
      index != NULL ? g_hash_table_ref (index) : lvsd_declaration_index (wanted, error);
  Comparison comparison = { .table = table, .whole = whole, .wanted = drafts, .change = change };

  if (drafts == NULL || !check_names (wanted, error))
    return FALSE;
  remove_others (&comparison);
  for (guint i = 0; i < wanted->len; i++)
    if (!add_wanted (&comparison, g_ptr_array_index (wanted, i), error))
      return FALSE;
  if (ret_counts != NULL)
    *ret_counts = comparison.counts;
  return TRUE;
}

void
lvsd_declaration_note (const LvsdDeclarationCounts *counts, LvsdGeneration *draft)
{
  draft->added = counts->added;
  draft->changed = counts->changed;
  draft->removed = counts->removed;
}
