/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json-document.h"

#include "dbus/names.h"
#include "json.h"
#include "model/document.h"

const LvsctlJsonSection lvsctl_json_sections[] = {
  { LVSD_SECTION_SERVICES, LVSD_KIND_SERVICE }, { LVSD_SECTION_ADDRESSES, LVSD_KIND_ADDRESS },
  { LVSD_SECTION_ROLES, LVSD_KIND_ROLE },       { LVSD_SECTION_SETTINGS, LVSD_KIND_SETTING },
  { LVSD_SECTION_SYNC, LVSD_KIND_SYNC },        { NULL, LVSD_KIND_SERVICE },
};

/* An item's identity and all of its fields; what a destination says of its service is left out. */
static GVariant *
item_to_json (gconstpointer item)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  static const char *const identity[] = { "name", "key", "endpoint", "address", "state", NULL };
  g_autoptr (GVariant) whole = g_variant_ref_sink (lvsd_item_to_variant (item));

  for (gsize i = 0; identity[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (whole, identity[i], NULL);

      if (value != NULL
          && (lvsd_item_get_kind (item) != LVSD_KIND_DESTINATION
              || g_str_equal (identity[i], "endpoint")))
        lvsctl_json_add (&object, identity[i], value);
    }
  for (gsize i = 0; i < class->n_fields; i++)
    if (!lvsd_document_hides (&class->fields[i], LVSD_DOCUMENT_EXPORT))
      lvsctl_json_add (&object, class->fields[i].name, lvsd_field_get (&class->fields[i], item));
  return g_variant_builder_end (&object);
}

/* The destinations behind the service of this index. */
static GVariant *
destinations_to_json (GPtrArray *items, guint service)
{
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = service + 1; i < items->len; i++)
    {
      if (lvsd_item_get_kind (items->pdata[i]) != LVSD_KIND_DESTINATION)
        break;
      g_variant_builder_add_value (&array, item_to_json (items->pdata[i]));
    }
  return g_variant_builder_end (&array);
}

static GVariant *
section_to_json (GPtrArray *items, LvsdKind kind)
{
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr (GVariant) object = NULL;

      if (lvsd_item_get_kind (items->pdata[i]) != kind)
        continue;
      object = g_variant_ref_sink (item_to_json (items->pdata[i]));
      g_variant_builder_add_value (
          &array, kind != LVSD_KIND_SERVICE ? object
                                            : lvsctl_json_extend (object, "destinations",
                                                                  destinations_to_json (items, i)));
    }
  return g_variant_builder_end (&array);
}

/* Of each service, the items are that service first and then its destinations. */
char *
lvsctl_json_document_write (GPtrArray *items, guint64 generation, G_GNUC_UNUSED GPtrArray *notes)
{
  g_auto (GVariantBuilder) object = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *text = NULL;

  lvsctl_json_add (&object, "format", g_variant_new_uint32 (LVSD_DOCUMENT_FORMAT));
  lvsctl_json_add (&object, "generation", g_variant_new_uint64 (generation));
  for (gsize i = 0; lvsctl_json_sections[i].name != NULL; i++)
    lvsctl_json_add (&object, lvsctl_json_sections[i].name,
                     section_to_json (items, lvsctl_json_sections[i].kind));
  text = lvsctl_json_format (g_variant_builder_end (&object));
  return g_strconcat (text, "\n", NULL);
}
