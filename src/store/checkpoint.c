/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checkpoint.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "model/error.h"
#include "seal.h"

/* Without the seal, which lvsd_checkpoint_write adds. */
GString *
lvsd_checkpoint_format (guint64 sequence, const GPtrArray *items)
{
  GString *text = g_string_sized_new (128 + 64 * (gsize) items->len);

  lvsd_document_begin (text, LVSD_DOCUMENT_CHECKPOINT);
  g_string_append_printf (text, "sequence=%" G_GUINT64_FORMAT "\n", sequence);
  for (guint i = 0; i < items->len; i++)
    lvsd_document_append (text, g_ptr_array_index (items, i), LVSD_DOCUMENT_CHECKPOINT);
  return text;
}

static gboolean
check_sequence (const char *text, gsize length, guint64 sequence, GError **error)
{
  g_autofree char *line = g_strdup_printf ("\nsequence=%" G_GUINT64_FORMAT "\n", sequence);

  if (g_strstr_len (text, (gssize) MIN (length, 128), line) != NULL)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
               _ ("its name says that it is of change %" PRIu64 ", and its content does not"),
               sequence);
  return FALSE;
}

/* What cannot be read again must not take the place of what can. */
static gboolean
check_readable (const LvsdDirectory *directory, guint64 sequence, GString *text, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;

  if (check_sequence (text->str, text->len, sequence, error))
    items = lvsd_document_parse (text->str, text->len, LVSD_DOCUMENT_CHECKPOINT, error);
  if (items != NULL)
    return TRUE;
  g_prefix_error (error, _ ("%s: the checkpoint would not be readable, please report this: "),
                  directory->path);
  return FALSE;
}

/* Adds the seal to the text and writes it durably. May be called from a worker thread. */
gboolean
lvsd_checkpoint_write (const LvsdDirectory *directory,
                       guint64 sequence,
                       GString *text,
                       GError **error)
{
  g_autofree char *name = lvsd_directory_name (LVSD_CHECKPOINT_PREFIX, sequence);

  if (!check_readable (directory, sequence, text, error))
    return FALSE;
  lvsd_seal_append (text);
  return lvsd_directory_write (directory, name, text->str, text->len, error);
}

/* Whether a later version wrote it. Damage to the number must not look like that, so where there is
 * a seal of ours it has to be whole. */
gboolean
lvsd_checkpoint_is_newer (GBytes *content)
{
  static const char begin[] = "[lvsd]\nformat=";
  gsize length;
  const char *text = g_bytes_get_data (content, &length);
  g_autofree char *number = NULL;
  guint64 format;

  if (length < sizeof begin || memcmp (text, begin, sizeof begin - 1) != 0)
    return FALSE;
  number = g_strndup (text + sizeof begin - 1, MIN (length - sizeof begin + 1, 20));
  number[strspn (number, "0123456789")] = '\0';
  if (!g_ascii_string_to_unsigned (number, 10, LVSD_CHECKPOINT_FORMAT + 1, G_MAXUINT64, &format,
                                   NULL))
    return FALSE;
  return !lvsd_seal_is_there (content) || lvsd_seal_is_whole (content);
}

/* Returns the items, or NULL when it is not whole. sequence is what the file's name says. The text
 * is used up. */
GPtrArray *
lvsd_checkpoint_parse (char *text, gsize length, guint64 sequence, GError **error)
{
  g_autoptr (GBytes) content = g_bytes_new_static (text, length);

  if (!lvsd_seal_is_whole (content))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
                           _ ("its checksum does not fit its content"));
      return NULL;
    }
  if (!check_sequence (text, length, sequence, error))
    return NULL;
  text[length - 1] = '\0'; /* the end of the seal's line */
  return lvsd_document_take (text, length - 1, LVSD_DOCUMENT_CHECKPOINT, error);
}
