/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"
#include "table.h"

static const LvsdItemClass *const classes[LVSD_N_KINDS] = {
  [LVSD_KIND_SERVICE] = &lvsd_service_class,
  [LVSD_KIND_DESTINATION] = &lvsd_destination_class,
  [LVSD_KIND_ADDRESS] = &lvsd_virtual_address_class,
  [LVSD_KIND_ROLE] = &lvsd_role_class,
  [LVSD_KIND_SETTING] = &lvsd_setting_class,
  [LVSD_KIND_SYNC] = &lvsd_sync_daemon_class,
  [LVSD_KIND_REPLACED] = &lvsd_replaced_class,
  [LVSD_KIND_GENERATION] = &lvsd_generation_class,
  [LVSD_KIND_HOLD] = &lvsd_hold_class,
};

static const LvsdItemClass *
class_of (gconstpointer item)
{
  return classes[lvsd_item_get_kind (item)];
}

const LvsdItemClass *
lvsd_item_class (LvsdKind kind)
{
  return classes[kind];
}

gboolean
lvsd_kind_from_name (const char *name, LvsdKind *ret_kind)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    if (g_str_equal (classes[kind]->name, name))
      {
        *ret_kind = (LvsdKind) kind;
        return TRUE;
      }
  return FALSE;
}

/* Whether the store alone has items of this kind: they are the daemon's own, never exported. */
gboolean
lvsd_kind_is_internal (LvsdKind kind)
{
  return kind == LVSD_KIND_REPLACED || kind == LVSD_KIND_GENERATION || kind == LVSD_KIND_HOLD;
}

/* A draft with every field at its preset. */
gpointer
lvsd_item_new (LvsdKind kind)
{
  const LvsdItemClass *class = classes[kind];
  LvsdItem *item = g_malloc0 (class->size);

  g_atomic_ref_count_init (&item->references);
  item->kind = (guint8) kind;
  for (gsize i = 0; i < class->n_fields; i++)
    lvsd_field_reset (&class->fields[i], item);
  return item;
}

/* A draft that begins as the item is. */
gpointer
lvsd_item_copy (gconstpointer item)
{
  const LvsdItemClass *class = class_of (item);
  LvsdItem *copy = g_memdup2 (item, class->size);

  g_atomic_ref_count_init (&copy->references);
  if (class->copied != NULL)
    class->copied (copy);
  return copy;
}

gpointer
lvsd_item_ref (gpointer item)
{
  g_atomic_ref_count_inc (&((LvsdItem *) item)->references);
  return item;
}

void
lvsd_item_unref (gpointer item)
{
  const LvsdItemClass *class = class_of (item);

  if (!g_atomic_ref_count_dec (&((LvsdItem *) item)->references))
    return;
  if (class->clear != NULL)
    class->clear (item);
  g_free (item);
}

/* The name that people and object paths use: a service's name, SERVICE/ADDRESS:PORT, an address. */
char *
lvsd_item_dup_id (gconstpointer item)
{
  return class_of (item)->dup_id (item);
}

guint
lvsd_item_identity_hash (gconstpointer item)
{
  return class_of (item)->identity_hash (item) * LVSD_N_KINDS + lvsd_item_get_kind (item);
}

gboolean
lvsd_item_identity_equal (gconstpointer a, gconstpointer b)
{
  return lvsd_item_get_kind (a) == lvsd_item_get_kind (b) && class_of (a)->identity_equal (a, b);
}

/* Whether two items of a kind agree in all fields of their table. */
gboolean
lvsd_item_fields_equal (gconstpointer a, gconstpointer b)
{
  const LvsdItemClass *class = class_of (a);

  for (gsize i = 0; i < class->n_fields; i++)
    if (!lvsd_field_equal (&class->fields[i], a, b))
      return FALSE;
  return TRUE;
}

/* Of the service that the item is or belongs to, borrowed; NULL: of none. */
LvsdServiceIdentity *
lvsd_item_service (gconstpointer item)
{
  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      return ((const LvsdService *) item)->identity;
    case LVSD_KIND_DESTINATION:
      return ((const LvsdDestination *) item)->identity;
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

/* What one item can get wrong by itself; rules.h has what items can get wrong together. */
gboolean
lvsd_item_validate (gconstpointer item, GError **error)
{
  return class_of (item)->validate (item, error);
}

const LvsdField *
lvsd_item_find_field (LvsdKind kind, const char *name)
{
  const LvsdItemClass *class = classes[kind];

  for (gsize i = 0; i < class->n_fields; i++)
    if (g_str_equal (class->fields[i].name, name))
      return &class->fields[i];
  return NULL;
}

static gboolean
set_option (gpointer draft, const char *name, GVariant *value, gboolean editing, GError **error)
{
  LvsdKind kind = lvsd_item_get_kind (draft);
  const LvsdField *field = lvsd_item_find_field (kind, name);

  if (field == NULL || (field->flags & LVSD_FIELD_INTERNAL) != 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("option '%s' is not known for a %s"), name, classes[kind]->name);
      return FALSE;
    }
  if (editing && (field->flags & LVSD_FIELD_FIXED) != 0)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("%s: cannot be changed; delete the %s and add it anew"), name,
                   classes[kind]->name);
      return FALSE;
    }
  return lvsd_field_set (field, draft, value, error);
}

gboolean
lvsd_item_set_options (gpointer draft, GVariant *options, gboolean editing, GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (g_variant_iter_init (&iter, options) == 0) /* as of most among very many */
    return TRUE;
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    if (!set_option (draft, name, value, editing, error))
      {
        g_variant_unref (value);
        return FALSE;
      }
  return TRUE;
}

static gboolean
is_of_service_of (gconstpointer item, gconstpointer before)
{
  return before != NULL && lvsd_item_get_kind (item) == LVSD_KIND_DESTINATION
         && lvsd_item_service (item) == lvsd_item_service (before);
}

/* Fields at their preset are left out. */
void
lvsd_item_serialize (gconstpointer item, gconstpointer before, GByteArray *bytes)
{
  const LvsdItemClass *class = class_of (item);
  LvsdVardict dict;

  lvsd_vardict_begin (&dict, bytes);
  dict.is_brief = is_of_service_of (item, before);
  class->get_more (item, &dict);
  for (gsize i = 0; i < class->n_fields; i++)
    if (!lvsd_field_is_preset (&class->fields[i], item))
      lvsd_vardict_add_value (&dict, class->fields[i].name,
                              lvsd_field_get (&class->fields[i], item));
  lvsd_vardict_end (&dict);
}

/* Returns a floating a{sv}. */
GVariant *
lvsd_item_to_variant (gconstpointer item)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GBytes) data = NULL;

  lvsd_item_serialize (item, NULL, bytes);
  data = g_byte_array_free_to_bytes (bytes);
  return g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, data, TRUE);
}

static gboolean
set_fields (gpointer item, GVariantDict *from, GError **error)
{
  const LvsdItemClass *class = class_of (item);

  for (gsize i = 0; i < class->n_fields; i++)
    {
      g_autoptr (GVariant) value = g_variant_dict_lookup_value (from, class->fields[i].name, NULL);

      if (value == NULL)
        continue;
      g_variant_dict_remove (from, class->fields[i].name);
      if (!lvsd_field_set (&class->fields[i], item, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
refuse_leftover (LvsdKind kind, GVariantDict *from, GError **error)
{
  g_autoptr (GVariant) rest = g_variant_ref_sink (g_variant_dict_end (from));
  const char *name;

  if (g_variant_n_children (rest) == 0)
    return TRUE;
  g_variant_get_child (rest, 0, "{&sv}", &name, NULL);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("'%s' is not known for a %s"),
               name, classes[kind]->name);
  return FALSE;
}

/* Returns a draft that passed validation, or NULL. Whatever the variant holds, nothing worse than
 * an error comes of it. */
gpointer
lvsd_item_from_variant_behind (LvsdKind kind,
                               GVariant *variant,
                               gconstpointer before,
                               GError **error)
{
  g_autoptr (LvsdItem) item = lvsd_item_new (kind);
  g_auto (GVariantDict) from = G_VARIANT_DICT_INIT (variant);
  LvsdServiceIdentity *identity = before != NULL ? lvsd_item_service (before) : NULL;

  if (kind == LVSD_KIND_DESTINATION && identity != NULL)
    ((LvsdDestination *) item)->identity = lvsd_service_identity_ref (identity);
  if (!classes[kind]->set_more (item, &from, error) || !set_fields (item, &from, error)
      || !refuse_leftover (kind, &from, error) || !lvsd_item_validate (item, error))
    return NULL;
  return g_steal_pointer (&item);
}

gpointer
lvsd_item_from_variant (LvsdKind kind, GVariant *variant, GError **error)
{
  return lvsd_item_from_variant_behind (kind, variant, NULL, error);
}
