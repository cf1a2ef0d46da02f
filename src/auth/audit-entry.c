/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "auth/audit-entry.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "model/message-ids.h"

/* Objects that are told one by one: a configuration may be of a hundred thousand, and what it was
 * is kept as a generation. */
#define MAX_OBJECTS 32

/* Of the fields that there are always, and of those that there are at most besides the objects. */
#define MAX_FIELDS 20

/* Every level below these two is left out unless somebody debugs. Apart, since the journal limits
 * the rate of each service by level: who may do nothing cannot talk down what was done. */
#define LEVEL_PASSED G_LOG_LEVEL_MESSAGE
#define LEVEL_STOPPED G_LOG_LEVEL_WARNING

typedef struct
{
  GLogField fields[MAX_FIELDS + MAX_OBJECTS];
  gsize n_fields;
} Fields;

LvsdAuditEntry *
lvsd_audit_entry_new (const char *interface,
                      const char *method,
                      const char *action,
                      const char *sender)
{
  LvsdAuditEntry *entry = g_new0 (LvsdAuditEntry, 1);

  entry->method = g_strconcat (interface, ".", method, NULL);
  entry->action = action;
  entry->sender = g_strdup (sender);
  entry->authorization = "none";
  entry->objects = g_ptr_array_new_with_free_func (g_free);
  entry->before = g_string_new (NULL);
  entry->after = g_string_new (NULL);
  return entry;
}

void
lvsd_audit_entry_free (LvsdAuditEntry *entry)
{
  lvsd_credentials_clear (&entry->caller);
  g_free (entry->method);
  g_free (entry->sender);
  g_ptr_array_unref (entry->objects);
  g_string_free (entry->before, TRUE);
  g_string_free (entry->after, TRUE);
  g_free (entry->error);
  g_free (entry->message);
  g_free (entry);
}

static char *
dup_name (gconstpointer item)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  return g_strdup_printf ("%s %s", lvsd_item_class (lvsd_item_get_kind (item))->name, id);
}

void
lvsd_audit_entry_add_object (LvsdAuditEntry *entry, gconstpointer item)
{
  if (entry->objects->len < MAX_OBJECTS)
    g_ptr_array_add (entry->objects, dup_name (item));
}

/* Printed as GVariant text, in which nothing can look like the beginning of another line. */
static void
append_differing (GString *text, const char *name, GVariant *all, GVariant *other)
{
  GVariantIter iter;
  GVariantDict differing;
  g_autoptr (GVariant) owned = NULL;
  const char *key;
  GVariant *value;

  g_variant_dict_init (&differing, NULL);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) there = other != NULL ? g_variant_lookup_value (other, key, NULL) : NULL;

      if (there == NULL || !g_variant_equal (value, there))
        g_variant_dict_insert_value (&differing, key, value);
    }
  owned = g_variant_ref_sink (g_variant_dict_end (&differing));
  g_string_append_printf (text, "%s%s: ", text->len > 0 ? "\n" : "", name);
  g_variant_print_string (owned, text, FALSE);
}

static void
describe_edit (LvsdAuditEntry *entry, const LvsdEdit *edit)
{
  const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;
  g_autofree char *name = NULL;

  if (lvsd_kind_is_internal (lvsd_item_get_kind (either))
      && lvsd_item_get_kind (either) != LVSD_KIND_HOLD)
    return;
  entry->n_edits++;
  if (entry->n_edits > MAX_OBJECTS)
    return;
  name = dup_name (either);
  if (edit->before != NULL)
    before = g_variant_ref_sink (lvsd_item_to_variant (edit->before));
  if (edit->after != NULL)
    after = g_variant_ref_sink (lvsd_item_to_variant (edit->after));
  if (before != NULL)
    append_differing (entry->before, name, before, after);
  if (after != NULL)
    append_differing (entry->after, name, after, before);
  lvsd_audit_entry_add_object (entry, either);
}

/* What is about to change, while it is known what was there. */
void
lvsd_audit_entry_describe (LvsdAuditEntry *entry, const LvsdChange *change)
{
  if (change->edits->len > 0)
    g_ptr_array_set_size (entry->objects, 0);
  for (guint i = 0; i < change->edits->len; i++)
    describe_edit (entry, lvsd_change_edit (change, i));
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
         || g_error_matches (error, LVSD_ERROR, LVSD_ERROR_INTERACTION_REQUIRED)
         || g_error_matches (error, LVSD_ERROR, LVSD_ERROR_AUTHORIZATION_DISMISSED)
         || g_error_matches (error, LVSD_ERROR, LVSD_ERROR_AUTHORIZATION_UNAVAILABLE);
}

/* message: the error's, of a bounded length. */
void
lvsd_audit_entry_set_error (LvsdAuditEntry *entry, const GError *error, const char *message)
{
  entry->is_refusal = is_refusal (error);
  entry->error = g_dbus_error_encode_gerror (error);
  entry->message = g_strdup (message);
}

static void
add (Fields *fields, const char *name, const char *value)
{
  if (value == NULL || value[0] == '\0')
    return;
  fields->fields[fields->n_fields].key = name;
  fields->fields[fields->n_fields].value = value;
  fields->fields[fields->n_fields].length = -1;
  fields->n_fields++;
}

static char *
dup_objects (const LvsdAuditEntry *entry)
{
  guint n = MAX (entry->n_edits, entry->objects->len);

  if (entry->objects->len == 0)
    return g_strdup ("");
  if (n == 1)
    return g_strdup_printf (": %s", (const char *) g_ptr_array_index (entry->objects, 0));
  /* Translators: what a call was about: ": service web and 3 more" */
  return g_strdup_printf (_ (": %s and %u more"),
                          (const char *) g_ptr_array_index (entry->objects, 0), n - 1);
}

static char *
dup_caller (const LvsdAuditEntry *entry, const char *unit)
{
  if (entry->caller.unit == NULL)
    return g_strdup_printf (_ ("somebody unknown (%s)"), entry->sender);
  if (unit == NULL)
    return g_strdup_printf (_ ("user %u"), entry->caller.uid);
  return g_strdup_printf (_ ("user %u in %s"), entry->caller.uid, unit);
}

static char *
dup_sentence (const LvsdAuditEntry *entry, const char *unit)
{
  g_autofree char *caller = dup_caller (entry, unit);
  g_autofree char *objects = dup_objects (entry);

  /* Translators: a method, who called it, and ": service web" or nothing */
  if (entry->error == NULL)
    return g_strdup_printf (_ ("%s by %s%s"), entry->method, caller, objects);
  if (entry->is_refusal)
    return g_strdup_printf (_ ("%s by %s%s was refused: %s"), entry->method, caller, objects,
                            entry->message);
  return g_strdup_printf (_ ("%s by %s%s failed: %s"), entry->method, caller, objects,
                          entry->message);
}

static const char *
message_id (const LvsdAuditEntry *entry)
{
  if (entry->error == NULL)
    return LVSD_MESSAGE_DONE;
  return entry->is_refusal ? LVSD_MESSAGE_REFUSED : LVSD_MESSAGE_FAILED;
}

void
lvsd_audit_entry_write (const LvsdAuditEntry *entry, const char *unit)
{
  gboolean stopped = g_str_equal (entry->authorization, "none");
  g_autofree char *sentence = dup_sentence (entry, unit);
  g_autofree char *uid = g_strdup_printf ("%u", entry->caller.uid);
  g_autofree char *pid = g_strdup_printf ("%u", entry->caller.pid);
  g_autofree char *edits = g_strdup_printf ("%u", entry->n_edits);
  Fields fields = { .n_fields = 0 };

  add (&fields, "MESSAGE", sentence);
  add (&fields, "MESSAGE_ID", message_id (entry));
  add (&fields, "PRIORITY", stopped ? "4" : "5"); /* as GLib has it for these levels */
  add (&fields, "GLIB_DOMAIN", G_LOG_DOMAIN);
  add (&fields, "LVSD_CALLER_UID", entry->caller.unit != NULL ? uid : NULL);
  add (&fields, "LVSD_CALLER_PID", entry->caller.pid != 0 ? pid : NULL);
  add (&fields, "LVSD_CALLER_UNIT", unit);
  add (&fields, "LVSD_CALLER_NAME", entry->sender);
  add (&fields, "LVSD_METHOD", entry->method);
  add (&fields, "LVSD_ACTION", entry->action);
  add (&fields, "LVSD_AUTHORIZATION", entry->authorization);
  add (&fields, "LVSD_EDITS", edits);
  for (guint i = 0; i < entry->objects->len; i++)
    add (&fields, "LVSD_OBJECT", g_ptr_array_index (entry->objects, i));
  add (&fields, "LVSD_BEFORE", entry->before->str);
  add (&fields, "LVSD_AFTER", entry->after->str);
  add (&fields, "LVSD_RESULT", entry->error != NULL ? entry->error : "done");
  add (&fields, "LVSD_ERROR", entry->message);
  g_log_structured_array (stopped ? LEVEL_STOPPED : LEVEL_PASSED, fields.fields, fields.n_fields);
}
