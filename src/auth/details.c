/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/details.h"

/* What one key is for all the items of a change so far. */
typedef struct
{
  char *value;
  guint n_items;
  gboolean differs;
} Detail;

static void
free_detail (gpointer data)
{
  Detail *detail = data;

  g_free (detail->value);
  g_free (detail);
}

static void
note (GHashTable *details, const char *key, const char *value)
{
  Detail *detail = g_hash_table_lookup (details, key);

  if (detail == NULL)
    {
      detail = g_new0 (Detail, 1);
      detail->value = g_strdup (value);
      g_hash_table_insert (details, (gpointer) key, detail);
    }
  detail->n_items++;
  if (!g_str_equal (detail->value, value))
    detail->differs = TRUE;
}

static void
note_service (GHashTable *details, const LvsdServiceIdentity *identity)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  note (details, "service", identity->name);
  note (details, "key", lvsd_service_key_format (&identity->key, key));
}

static void
note_destination (GHashTable *details, const LvsdDestination *destination)
{
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  note_service (details, destination->identity);
  note (details, "destination", lvsd_endpoint_format (&destination->endpoint, endpoint));
  note (details, "method", lvsd_terms_format (lvsd_method_terms, destination->method));
}

static void
note_address (GHashTable *details, const LvsdAddress *address, const char *interface)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  note (details, "address", lvsd_address_format (address, text));
  note (details, "interface", interface);
}

static void
note_setting (GHashTable *details, const LvsdSetting *setting)
{
  g_autofree char *name = lvsd_setting_format_name (setting->name);

  note (details, "setting", name);
  note (details, "value", setting->value);
}

static void
note_item (GHashTable *details, gconstpointer item)
{
  const LvsdVirtualAddress *address = item;
  const LvsdRole *role = item;
  const LvsdSyncDaemon *daemon = item;

  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      note_service (details, ((const LvsdService *) item)->identity);
      return;
    case LVSD_KIND_DESTINATION:
      note_destination (details, item);
      return;
    case LVSD_KIND_ADDRESS:
      note_address (details, &address->address, address->interface);
      return;
    case LVSD_KIND_ROLE:
      note_address (details, &role->address, role->interface);
      note (details, "method", lvsd_terms_format (lvsd_method_terms, role->method));
      return;
    case LVSD_KIND_SETTING:
      note_setting (details, item);
      return;
    case LVSD_KIND_SYNC:
      note (details, "state", lvsd_terms_format (lvsd_sync_state_terms, daemon->state));
      note (details, "interface", daemon->interface);
      return;
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
      return;
    }
  g_assert_not_reached ();
}

/* Of a setting that is given another value it matters which: a rule may allow some. */
static gboolean
counts_before (const LvsdEdit *edit)
{
  return edit->before != NULL
         && (edit->after == NULL || lvsd_item_get_kind (edit->after) != LVSD_KIND_SETTING);
}

static guint
note_change (GHashTable *details, const LvsdChange *change)
{
  guint n_items = 0;

  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);

      if (counts_before (edit))
        note_item (details, edit->before);
      if (edit->after != NULL)
        note_item (details, edit->after);
      n_items += (guint) counts_before (edit) + (guint) (edit->after != NULL);
    }
  return n_items;
}

/* What polkit's rules and the person at the dialog are told: a floating a{ss}. A key is given only
 * where it is the same for all that the change names, before and after: a rule that lets somebody
 * at one destination must not let a second one through with it, and a list joined into a string
 * would fool a rule that looks at the beginning. polkit itself translates the message and fills
 * $(key) in. change may be NULL, and so may target, which stands in where there are no edits. */
GVariant *
lvsd_details_new (const LvsdChange *change, gconstpointer target, const char *message)
{
  g_autoptr (GHashTable) details =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_detail);
  g_autofree char *count = NULL;
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer key;
  gpointer value;
  guint n_items = 0;

  if (change != NULL)
    n_items = note_change (details, change);
  if (n_items == 0 && target != NULL)
    {
      note_item (details, target);
      n_items = 1;
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_hash_table_iter_init (&iter, details);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((const Detail *) value)->n_items == n_items && !((const Detail *) value)->differs)
      g_variant_builder_add (&builder, "{ss}", key, ((const Detail *) value)->value);
  count = g_strdup_printf ("%u", change != NULL ? change->edits->len : 0);
  g_variant_builder_add (&builder, "{ss}", "count", count);
  g_variant_builder_add (&builder, "{ss}", "polkit.message", message);
  g_variant_builder_add (&builder, "{ss}", "polkit.gettext_domain", GETTEXT_PACKAGE);
  return g_variant_builder_end (&builder);
}
