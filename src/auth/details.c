/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/details.h"

/* What one key is for all the edits of a change so far. */
typedef struct
{
  char *value;
  guint n_edits; /* that have it */
  guint last;    /* of them, counted from 1 */
  gboolean differs;
} Detail;

/* What a change comes to. */
typedef struct
{
  GHashTable *details; /* key -> Detail */
  guint n_edits;
  guint added;
  guint changed;
  guint removed;
  guint sysctls;
} Account;

static void
free_detail (gpointer data)
{
  Detail *detail = data;

  g_free (detail->value);
  g_free (detail);
}

static void
note (Account *account, const char *key, const char *value)
{
  Detail *detail = g_hash_table_lookup (account->details, key);

  if (detail == NULL)
    {
      detail = g_new0 (Detail, 1);
      detail->value = g_strdup (value);
      g_hash_table_insert (account->details, (gpointer) key, detail);
    }
  if (detail->last != account->n_edits)
    detail->n_edits++;
  detail->last = account->n_edits;
  if (!g_str_equal (detail->value, value))
    detail->differs = TRUE;
}

static void
note_service (Account *account, const LvsdServiceIdentity *identity)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  note (account, "service", identity->name);
  note (account, "key", lvsd_service_key_format (&identity->key, key));
}

static void
note_destination (Account *account, const LvsdDestination *destination)
{
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  note_service (account, destination->identity);
  note (account, "destination", lvsd_endpoint_format (&destination->endpoint, endpoint));
  note (account, "method", lvsd_terms_format (lvsd_method_terms, destination->method));
}

static void
note_address (Account *account, const LvsdAddress *address, const char *interface)
{
  char text[LVSD_ADDRESS_TEXT_SIZE];

  note (account, "address", lvsd_address_format (address, text));
  note (account, "interface", interface);
}

static void
note_setting (Account *account, const LvsdSetting *setting)
{
  g_autofree char *name = lvsd_setting_format_name (setting->name);

  note (account, "setting", name);
}

/* The hold of everything is about no single service. */
static void
note_hold (Account *account, const LvsdHold *hold)
{
  if (!g_str_equal (hold->name, LVSD_HOLD_ALL))
    note (account, "service", hold->name);
}

static void
note_item (Account *account, gconstpointer item)
{
  const LvsdVirtualAddress *address = item;
  const LvsdRole *role = item;
  const LvsdSyncDaemon *daemon = item;

  switch (lvsd_item_get_kind (item))
    {
    case LVSD_KIND_SERVICE:
      note_service (account, ((const LvsdService *) item)->identity);
      return;
    case LVSD_KIND_DESTINATION:
      note_destination (account, item);
      return;
    case LVSD_KIND_ADDRESS:
      note_address (account, &address->address, address->interface);
      return;
    case LVSD_KIND_ROLE:
      note_address (account, &role->address, role->interface);
      note (account, "method", lvsd_terms_format (lvsd_method_terms, role->method));
      return;
    case LVSD_KIND_SETTING:
      note_setting (account, item);
      return;
    case LVSD_KIND_SYNC:
      note (account, "state", lvsd_terms_format (lvsd_sync_state_terms, daemon->state));
      note (account, "interface", daemon->interface);
      return;
    case LVSD_KIND_HOLD:
      note_hold (account, item);
      return;
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
      return;
    }
  g_assert_not_reached ();
}

static void
note_weight (Account *account, const char *key, guint32 weight)
{
  g_autofree char *text = g_strdup_printf ("%u", weight);

  note (account, key, text);
}

/* The weights that one is changed from and to, the configured one or the one for now; where both
 * change, a rule that looks at one must not let the other through. */
static void
note_weights (Account *account, const LvsdDestination *before, const LvsdDestination *after)
{
  gboolean configured = before->weight != after->weight;

  if (configured == !lvsd_override_equal (before->runtime, after->runtime))
    return;
  note_weight (account, "from",
               configured ? before->weight : lvsd_destination_effective_weight (before));
  note_weight (account, "to",
               configured ? after->weight : lvsd_destination_effective_weight (after));
}

static void
note_setting_edit (Account *account, const LvsdSetting *before, const LvsdSetting *after)
{
  account->sysctls += !lvsd_setting_is_timeout (before != NULL ? before->name : after->name);
  if (before != NULL)
    note (account, "from", before->value);
  if (after != NULL)
    note (account, "to", after->value);
}

static void
note_edit (Account *account, const LvsdEdit *edit)
{
  LvsdKind kind = lvsd_item_get_kind (edit->before != NULL ? edit->before : edit->after);

  account->n_edits++;
  account->added += edit->before == NULL;
  account->removed += edit->after == NULL;
  account->changed += edit->before != NULL && edit->after != NULL;
  if (edit->before != NULL)
    note_item (account, edit->before);
  if (edit->after != NULL)
    note_item (account, edit->after);
  if (kind == LVSD_KIND_SETTING)
    note_setting_edit (account, (const LvsdSetting *) edit->before,
                       (const LvsdSetting *) edit->after);
  else if (kind == LVSD_KIND_DESTINATION && edit->before != NULL && edit->after != NULL)
    note_weights (account, (const LvsdDestination *) edit->before,
                  (const LvsdDestination *) edit->after);
}

static void
add_number (GVariantBuilder *builder, const char *key, guint number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  g_variant_builder_add (builder, "{ss}", key, text);
}

static void
add_common (GVariantBuilder *builder, const Account *account)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, account->details);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((const Detail *) value)->n_edits == account->n_edits && !((const Detail *) value)->differs)
      g_variant_builder_add (builder, "{ss}", key, ((const Detail *) value)->value);
}

/* What polkit's rules and the person at the dialog are told: a floating a{ss}. A key is given only
 * where it is the same for all that the change names, before and after: a rule that lets somebody
 * at one destination must not let a second one through with it, and a list joined into a string
 * would fool a rule that looks at the beginning. polkit itself translates the message and fills
 * $(key) in; it may be NULL where nobody will be asked. change may be NULL, and so may target,
 * which stands in where there are no edits. */
GVariant *
lvsd_details_new (const LvsdChange *change, gconstpointer target, const char *message)
{
  g_autoptr (GHashTable) details =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_detail);
  Account account = { .details = details };
  GVariantBuilder builder;

  if (change != NULL)
    for (guint i = 0; i < change->edits->len; i++)
      note_edit (&account, lvsd_change_edit (change, i));

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  add_number (&builder, "count", account.n_edits);
  add_number (&builder, "added", account.added);
  add_number (&builder, "changed", account.changed);
  add_number (&builder, "removed", account.removed);
  add_number (&builder, "sysctls", account.sysctls);
  if (account.n_edits == 0 && target != NULL)
    {
      account.n_edits = 1;
      note_item (&account, target);
    }
  add_common (&builder, &account);
  if (message != NULL)
    {
      g_variant_builder_add (&builder, "{ss}", "polkit.message", message);
      g_variant_builder_add (&builder, "{ss}", "polkit.gettext_domain", GETTEXT_PACKAGE);
    }
  return g_variant_builder_end (&builder);
}
