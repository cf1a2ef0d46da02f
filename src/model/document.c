/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document.h"

#include "destination.h"
#include "service.h"
#include "setting.h"

/* Whether a field is left out of a text of this scope. */
gboolean
lvsd_document_hides (const LvsdField *field, LvsdDocumentScope scope)
{
  return scope == LVSD_DOCUMENT_EXPORT && (field->flags & LVSD_FIELD_INTERNAL) != 0;
}

int
lvsd_document_newest (LvsdDocumentScope scope)
{
  return scope == LVSD_DOCUMENT_CHECKPOINT ? LVSD_CHECKPOINT_FORMAT : LVSD_DOCUMENT_FORMAT;
}

static void
append_field (GString *text, const LvsdField *field, gconstpointer item)
{
  g_string_append (text, field->name);
  g_string_append_c (text, '=');
  lvsd_field_format (field, item, text);
}

static void
append_fields (GString *text, gconstpointer item, LvsdDocumentScope scope)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));

  for (gsize i = 0; i < class->n_fields; i++)
    {
      if (lvsd_document_hides (&class->fields[i], scope)
          || lvsd_field_is_preset (&class->fields[i], item))
        continue;
      append_field (text, &class->fields[i], item);
      g_string_append_c (text, '\n');
    }
}

/* Addresses stand without brackets, which a key may not hold. */
static void
append_endpoint_key (GString *text, const char *word, const LvsdEndpoint *endpoint)
{
  char address[LVSD_ADDRESS_TEXT_SIZE];

  g_string_append (text, word);
  g_string_append_c (text, ' ');
  g_string_append (text, lvsd_address_format (&endpoint->address, address));
  g_string_append_c (text, ' ');
  lvsd_number_append (text, endpoint->port);
  g_string_append_c (text, '=');
}

static void
append_override (GString *text, const LvsdDestination *destination)
{
  const LvsdOverride *runtime = destination->runtime;

  append_endpoint_key (text, "runtime", &destination->endpoint);
  g_string_append_printf (text, "weight=%u since=%" G_GINT64_FORMAT " owner=", runtime->weight,
                          runtime->since);
  g_string_append_uri_escaped (text, runtime->owner, NULL, FALSE);
  g_string_append (text, " boot-id=");
  g_string_append_uri_escaped (text, runtime->boot_id, NULL, FALSE);
  g_string_append (text, " reason=");
  g_string_append_uri_escaped (text, runtime->reason, NULL, FALSE);
  g_string_append_c (text, '\n');
}

/* What people look for in a destination is there even where it is the preset. */
static gboolean
is_always_shown (const LvsdField *field)
{
  return field->offset == G_STRUCT_OFFSET (LvsdDestination, method)
         || field->offset == G_STRUCT_OFFSET (LvsdDestination, weight);
}

static void
append_destination (GString *text, const LvsdDestination *destination, LvsdDocumentScope scope)
{
  const LvsdItemClass *class = &lvsd_destination_class;
  const char *separator = "";

  append_endpoint_key (text, "destination", &destination->endpoint);
  for (gsize i = 0; i < class->n_fields; i++)
    {
      const LvsdField *field = &class->fields[i];

      if (lvsd_document_hides (field, scope)
          || (lvsd_field_is_preset (field, destination) && !is_always_shown (field)))
        continue;
      g_string_append (text, separator);
      append_field (text, field, destination);
      separator = " ";
    }
  g_string_append_c (text, '\n');
  if (destination->runtime != NULL && scope == LVSD_DOCUMENT_CHECKPOINT)
    append_override (text, destination);
}

#define SETTINGS "\n[settings]\n"

/* All settings are lines of one group, which begins with the first of them; nothing but settings is
 * appended between two. */
static void
append_setting (GString *text, const LvsdSetting *setting)
{
  g_autofree char *name = lvsd_setting_format_name (setting->name);
  const char *group = g_strrstr (text->str, "\n[");

  if (group == NULL || !g_str_has_prefix (group, SETTINGS))
    g_string_append (text, SETTINGS);
  g_string_append_printf (text, "%s=%s\n", name, setting->value);
}

void
lvsd_document_begin (GString *text, LvsdDocumentScope scope)
{
  g_string_append_printf (text, "[lvsd]\nformat=%d\n", lvsd_document_newest (scope));
}

void
lvsd_document_append (GString *text, gconstpointer item, LvsdDocumentScope scope)
{
  LvsdKind kind = lvsd_item_get_kind (item);
  g_autofree char *id = NULL;
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (kind == LVSD_KIND_DESTINATION)
    {
      append_destination (text, item, scope);
      return;
    }
  if (kind == LVSD_KIND_SETTING)
    {
      append_setting (text, item);
      return;
    }
  if (lvsd_kind_is_internal (kind) && scope == LVSD_DOCUMENT_EXPORT)
    return;
  id = lvsd_item_dup_id (item);
  g_string_append_printf (text, "\n[%s ", lvsd_item_class (kind)->name);
  /* The name of a setting may hold that of an interface, and so a bracket. */
  g_string_append_uri_escaped (text, id, "/:", FALSE);
  g_string_append (text, "]\n");
  if (kind == LVSD_KIND_SERVICE)
    g_string_append_printf (text, "key=%s\n",
                            lvsd_service_key_format (&((const LvsdService *) item)->identity->key,
                                                     key));
  append_fields (text, item, scope);
}

/* Of each service, the items are that service first and then its destinations. */
char *
lvsd_document_format (const GPtrArray *items, LvsdDocumentScope scope)
{
  GString *text = g_string_sized_new (64 + 64 * (gsize) items->len);

  lvsd_document_begin (text, scope);
  for (guint i = 0; i < items->len; i++)
    lvsd_document_append (text, g_ptr_array_index (items, i), scope);
  return g_string_free (text, FALSE);
}
