/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/needs.h"

#include "auth/actions.h"
#include "auth/details.h"

/* The edits of a change that one need is for. */
typedef struct
{
  const char *action;
  LvsdServiceIdentity *identity; /* borrowed from an item */
  LvsdChange *change;
} Part;

static void
free_part (gpointer data)
{
  Part *part = data;

  lvsd_change_free (part->change);
  g_free (part);
}

/* Whether all that differs are the weights, which is a lesser thing to be allowed. */
static gboolean
differs_in_weights_alone (const LvsdDestination *before, const LvsdDestination *after)
{
  g_autoptr (LvsdDestination) weighed = lvsd_item_copy (before);

  weighed->weight = after->weight;
  return lvsd_item_fields_equal (weighed, after);
}

static const char *
action_for_kind (LvsdKind kind)
{
  switch (kind)
    {
    case LVSD_KIND_SERVICE:
      return LVSD_ACTION_MANAGE_SERVICES;
    case LVSD_KIND_DESTINATION:
      return LVSD_ACTION_MANAGE_DESTINATIONS;
    case LVSD_KIND_ADDRESS:
      return LVSD_ACTION_MANAGE_ADDRESSES;
    case LVSD_KIND_ROLE:
      return LVSD_ACTION_MANAGE_ROLES;
    case LVSD_KIND_SETTING:
      return LVSD_ACTION_MANAGE_SETTINGS;
    case LVSD_KIND_SYNC:
      return LVSD_ACTION_MANAGE_SYNC;
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      return NULL;
    }
  g_assert_not_reached ();
}

typedef struct
{
  GHashTable *by_question; /* Part -> itself, of parts */
  GPtrArray *parts;
  GHashTable *removed; /* identities of services that go */
} Split;

static guint
hash_part (gconstpointer data)
{
  const Part *part = data;

  return g_str_hash (part->action) ^ g_direct_hash (part->identity);
}

static gboolean
same_part (gconstpointer a, gconstpointer b)
{
  const Part *first = a;
  const Part *second = b;

  return first->identity == second->identity && g_str_equal (first->action, second->action);
}

static void
add_to_part (Split *split, const char *action, const LvsdEdit *edit)
{
  Part like = { .action = action,
                .identity = lvsd_item_service (edit->before != NULL ? edit->before : edit->after) };
  Part *part = g_hash_table_lookup (split->by_question, &like);

  if (part == NULL)
    {
      part = g_memdup2 (&like, sizeof like);
      part->change = lvsd_change_new ();
      g_ptr_array_add (split->parts, part);
      g_hash_table_add (split->by_question, part);
    }
  lvsd_change_add (part->change, edit->before, edit->after);
}

static void
split_destination (Split *split, const LvsdEdit *edit)
{
  const LvsdDestination *before = (const LvsdDestination *) edit->before;
  const LvsdDestination *after = (const LvsdDestination *) edit->after;

  if (before == NULL || after == NULL || !differs_in_weights_alone (before, after))
    {
      add_to_part (split, LVSD_ACTION_MANAGE_DESTINATIONS, edit);
      return;
    }
  if (!lvsd_override_equal (before->runtime, after->runtime))
    add_to_part (split, LVSD_ACTION_SET_RUNTIME_WEIGHT, edit);
  if (before->weight != after->weight)
    add_to_part (split, LVSD_ACTION_SET_WEIGHT, edit);
}

/* A destination that goes with its service needs nothing of its own, as when the service is deleted
 * by itself. */
static gboolean
goes_along (const Split *split, const LvsdEdit *edit)
{
  return edit->after == NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_DESTINATION
         && g_hash_table_contains (split->removed, lvsd_item_service (edit->before));
}

static void
split_edit (Split *split, const LvsdEdit *edit)
{
  LvsdKind kind = lvsd_item_get_kind (edit->before != NULL ? edit->before : edit->after);
  const char *action = action_for_kind (kind);

  if (action == NULL || goes_along (split, edit))
    return;
  if (kind == LVSD_KIND_DESTINATION)
    split_destination (split, edit);
  else
    add_to_part (split, action, edit);
}

static void
note_removed (Split *split, const LvsdChange *change)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (edit->after == NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_SERVICE)
        g_hash_table_add (split->removed, lvsd_item_service (edit->before));
    }
}

LvsdNeed *
lvsd_need_new (const char *action,
               const LvsdChange *change,
               gconstpointer target,
               const char *message)
{
  LvsdNeed *need = g_new0 (LvsdNeed, 1);

  need->action = action;
  need->details = g_variant_ref_sink (lvsd_details_new (change, target, message));
  return need;
}

void
lvsd_need_free (LvsdNeed *need)
{
  g_clear_pointer (&need->identity, lvsd_service_identity_unref);
  g_variant_unref (need->details);
  g_free (need);
}

static LvsdNeed *
need_of_part (const Part *part, const LvsdTable *table)
{
  LvsdNeed *need = lvsd_need_new (part->action, part->change, NULL, NULL);
  const LvsdService *service;

  if (part->identity == NULL)
    return need;
  need->identity = lvsd_service_identity_ref (part->identity);
  service = lvsd_table_find_service_by_key (table, &need->identity->key);
  need->existing = service != NULL && service->identity == need->identity;
  return need;
}

GPtrArray *
lvsd_needs_of_change (const LvsdChange *change, const LvsdTable *table, guint max)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (free_part);
  g_autoptr (GHashTable) by_question = g_hash_table_new (hash_part, same_part);
  g_autoptr (GHashTable) removed = g_hash_table_new (NULL, NULL);
  Split split = { .by_question = by_question, .parts = parts, .removed = removed };
  GPtrArray *needs;

  note_removed (&split, change);
  for (guint i = 0; i < change->edits->len; i++)
    {
      split_edit (&split, lvsd_change_edit (change, i));
      if (parts->len > max)
        return NULL;
    }
  needs = g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_need_free);
  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add (needs, need_of_part (g_ptr_array_index (parts, i), table));
  return needs;
}

static gboolean
same_service (const LvsdNeed *a, const LvsdNeed *b)
{
  if (a->identity == b->identity)
    return TRUE;
  return a->identity != NULL && b->identity != NULL && !a->existing && !b->existing
         && g_str_equal (a->identity->name, b->identity->name)
         && lvsd_service_key_equal (&a->identity->key, &b->identity->key);
}

gboolean
lvsd_needs_equal (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const LvsdNeed *first = g_ptr_array_index (a, i);
      const LvsdNeed *second = g_ptr_array_index (b, i);

      if (!g_str_equal (first->action, second->action) || !same_service (first, second)
          || !g_variant_equal (first->details, second->details))
        return FALSE;
    }
  return TRUE;
}
