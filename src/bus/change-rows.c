/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/change-rows.h"

#include "bus/listing.h"

typedef enum
{
  VERB_NEW,
  VERB_SET,
  VERB_DELETE,
} Verb;

static const char *const verb_names[] = { "new", "set", "delete" };

const char *
lvsd_change_kind_name (gconstpointer item)
{
  LvsdKind kind = lvsd_item_get_kind (item);

  return kind == LVSD_KIND_REPLACED ? "setting" : lvsd_item_class (kind)->name;
}

static Verb
verb_of (const LvsdEdit *edit)
{
  if (edit->before == NULL)
    return VERB_NEW;
  return edit->after != NULL ? VERB_SET : VERB_DELETE;
}

/* A setting is what it was and what it becomes; in which boot is the daemon's affair. */
static gboolean
is_shown (gconstpointer item, const LvsdField *field)
{
  if (lvsd_item_get_kind (item) == LVSD_KIND_REPLACED)
    return field->offset != G_STRUCT_OFFSET (LvsdReplaced, boot_id);
  return (field->flags & LVSD_FIELD_INTERNAL) == 0;
}

/* In the order in which they are added, which people read them in. */
static void
add_detail (GVariantBuilder *details, const char *name, GVariant *value)
{
  g_variant_builder_add (details, "{sv}", name, value);
}

static GVariant *
describe_new (gconstpointer item)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (lvsd_item_get_kind (item) == LVSD_KIND_SERVICE)
    add_detail (&details, "key",
                g_variant_new_string (
                    lvsd_service_key_format (&((const LvsdService *) item)->identity->key, key)));
  for (gsize i = 0; i < class->n_fields; i++)
    if (is_shown (item, &class->fields[i]) && !lvsd_field_is_preset (&class->fields[i], item))
      add_detail (&details, class->fields[i].name, lvsd_field_get (&class->fields[i], item));
  return g_variant_builder_end (&details);
}

GVariant *
lvsd_change_pairs (gconstpointer before, gconstpointer after)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (before));
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < class->n_fields; i++)
    {
      const LvsdField *field = &class->fields[i];
      GVariant *pair[2];

      if (!is_shown (before, field) || lvsd_field_equal (field, before, after))
        continue;
      pair[0] = lvsd_field_get (field, before);
      pair[1] = lvsd_field_get (field, after);
      add_detail (&details, field->name, g_variant_new_tuple (pair, 2));
    }
  return g_variant_builder_end (&details);
}

static GVariant *
describe (const LvsdEdit *edit)
{
  switch (verb_of (edit))
    {
    case VERB_NEW:
      return describe_new (edit->after);
    case VERB_SET:
      return lvsd_change_pairs (edit->before, edit->after);
    case VERB_DELETE:
      return g_variant_new ("a{sv}", NULL);
    }
  g_assert_not_reached ();
}

static void
add_rows (GVariantBuilder *rows, const LvsdChange *change, Verb verb)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdItem *either = edit->after != NULL ? edit->after : edit->before;
      g_autofree char *id = NULL;

      if (verb_of (edit) != verb || lvsd_item_get_kind (either) == LVSD_KIND_GENERATION
          || lvsd_item_get_kind (either) == LVSD_KIND_HOLD)
        continue;
      id = lvsd_item_dup_id (either);
      lvsd_listing_pack_row (rows,
                             g_variant_new ("(sss@a{sv})", verb_names[verb],
                                            lvsd_change_kind_name (either), id, describe (edit)));
    }
}

GVariant *
lvsd_change_rows (const LvsdChange *change)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sssa{sv})"));
  add_rows (&rows, change, VERB_NEW);
  add_rows (&rows, change, VERB_SET);
  add_rows (&rows, change, VERB_DELETE);
  return g_variant_builder_end (&rows);
}
