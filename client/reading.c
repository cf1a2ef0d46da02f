/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reading.h"

#include <glib/gi18n-lib.h>

#include "model/error.h"
#include "model/service.h"

/* Other programs' files hold a few hundred services; what is larger was not written for them. */
#define LARGEST_TEXT ((gsize) 16 * 1024 * 1024)

/* A few ranges make millions of a short text; no director holds so many. */
#define MOST_ITEMS 500000

/* What is said of one or more places in a file. */
typedef struct
{
  LvsctlPlace place; /* the first */
  char *text;
  GArray *more; /* of guint: the other lines */
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->text);
  g_array_unref (note->more);
  g_free (note);
}

gboolean
lvsctl_place_prefix (const LvsctlPlace *place, GError **error)
{
  g_prefix_error (error, "%s:%u:%u: ", place->file, place->line, place->column);
  return FALSE;
}

gboolean
lvsctl_place_refuse (const LvsctlPlace *place, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, message);
  return lvsctl_place_prefix (place, error);
}

LvsctlReading *
lvsctl_reading_new (void)
{
  LvsctlReading *reading = g_new0 (LvsctlReading, 1);

  reading->items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  reading->known = g_hash_table_new (lvsd_item_identity_hash, lvsd_item_identity_equal);
  reading->names = g_hash_table_new (g_str_hash, g_str_equal);
  reading->notes = g_ptr_array_new_with_free_func (note_free);
  reading->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return reading;
}

void
lvsctl_reading_free (LvsctlReading *reading)
{
  g_hash_table_unref (reading->noted);
  g_ptr_array_unref (reading->notes);
  g_hash_table_unref (reading->names);
  g_hash_table_unref (reading->known);
  g_ptr_array_unref (reading->items);
  g_free (reading);
}

void
lvsctl_reading_take_all (LvsctlReading *reading, GPtrArray *items)
{
  g_ptr_array_unref (reading->items);
  reading->items = items;
}

/* Takes a reference of its own to the item, once it is found to be right. */
gboolean
lvsctl_reading_take (LvsctlReading *reading,
                     gpointer item,
                     const LvsctlPlace *place,
                     GError **error)
{
  g_autofree char *id = lvsd_item_dup_id (item);
  LvsdKind kind = lvsd_item_get_kind (item);

  if (reading->items->len == MOST_ITEMS)
    return lvsctl_place_refuse (place, error,
                                _ ("the text makes more than %d services and destinations; split "
                                   "it"),
                                MOST_ITEMS);
  if (!lvsd_item_validate (item, error))
    return lvsctl_place_prefix (place, error);
  if (g_hash_table_contains (reading->known, item))
    return lvsctl_place_refuse (place, error,
                                _ ("%s %s stands further up already; remove one of the two"),
                                lvsd_item_class (kind)->name, id);
  if (kind == LVSD_KIND_SERVICE && lvsctl_reading_has_name (reading, id))
    return lvsctl_place_refuse (place, error,
                                _ ("another service is called %s already; give one of the two "
                                   "another name"),
                                id);
  g_ptr_array_add (reading->items, lvsd_item_ref (item));
  g_hash_table_add (reading->known, item);
  if (kind == LVSD_KIND_SERVICE)
    g_hash_table_add (reading->names, ((LvsdService *) item)->identity->name);
  return TRUE;
}

gboolean
lvsctl_reading_has_name (const LvsctlReading *reading, const char *name)
{
  return g_hash_table_contains (reading->names, name);
}

void
lvsctl_reading_note (LvsctlReading *reading,
                     const LvsctlPlace *place,
                     const char *what,
                     const char *why)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s\n%s", place->file, what, why);
  Note *note = g_hash_table_lookup (reading->noted, key);

  if (note != NULL)
    {
      g_array_append_val (note->more, place->line);
      return;
    }
  note = g_new0 (Note, 1);
  note->place = *place;
  note->text = g_strdup_printf ("%s: %s", what, why);
  note->more = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (reading->notes, note);
  g_hash_table_insert (reading->noted, g_steal_pointer (&key), note);
}

static char *
format_note (const Note *note)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%s:%u:%u: %s", note->place.file, note->place.line, note->place.column,
                   note->text);
  for (guint i = 0; i < note->more->len; i++)
    g_string_append_printf (text, i == 0 ? _ (" (also in line %u") : ", %u",
                            g_array_index (note->more, guint, i));
  if (note->more->len > 0)
    g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

GStrv
lvsctl_reading_dup_notes (const LvsctlReading *reading)
{
  GPtrArray *notes = g_ptr_array_new ();

  for (guint i = 0; i < reading->notes->len; i++)
    g_ptr_array_add (notes, format_note (reading->notes->pdata[i]));
  g_ptr_array_add (notes, NULL);
  return (GStrv) g_ptr_array_free (notes, FALSE);
}

gboolean
lvsctl_reading_set (gpointer item,
                    const char *field,
                    const char *text,
                    const LvsctlPlace *place,
                    GError **error)
{
  const LvsdField *row = lvsd_item_find_field (lvsd_item_get_kind (item), field);

  return lvsd_field_parse (row, item, text, error) || lvsctl_place_prefix (place, error);
}

void
lvsctl_reading_settle_port (LvsctlReading *reading,
                            LvsdDestination *destination,
                            const LvsctlPlace *place)
{
  guint16 given = destination->endpoint.port;
  guint16 own = destination->identity->key.endpoint.port;
  g_autofree char *what = NULL;
  g_autofree char *why = NULL;

  if (given == own || (given != 0 && destination->method == LVSD_METHOD_MASQUERADE))
    return;
  destination->endpoint.port = own;
  if (given == 0)
    return;
  what = g_strdup_printf (_ ("port %u"), given);
  why = own != 0
            ? g_strdup_printf (_ ("packets keep the service's unless they are masqueraded; %u is "
                                  "taken instead"),
                               own)
            : g_strdup (_ ("packets keep theirs unless they are masqueraded; left out"));
  lvsctl_reading_note (reading, place, what, why);
}

static gboolean
is_control (char byte)
{
  return ((guchar) byte < ' ' && !g_ascii_isspace (byte)) || byte == 0x7f;
}

gboolean
lvsctl_reading_check_text (const char *file, const char *text, gsize length, GError **error)
{
  LvsctlPlace place = { .file = g_intern_string (file), .line = 1, .column = 1 };

  if (length > LARGEST_TEXT)
    return lvsctl_place_refuse (&place, error,
                                _ ("the text is larger than %zu MiB, which is more "
                                   "than it can be; split it, or apply the native format"),
                                LARGEST_TEXT / (1024 * 1024));
  for (gsize i = 0; i < length; i++, place.column++)
    {
      if (is_control (text[i]))
        return lvsctl_place_refuse (&place, error,
                                    _ ("byte 0x%02x is no text; is this a binary file?"),
                                    (guint) (guchar) text[i]);
      if (text[i] == '\n')
        {
          place.line++;
          place.column = 0;
        }
    }
  return TRUE;
}
