/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "archive.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "checkpoint.h"
#include "model/error.h"

/* Takes the items over. */
LvsdArchiving *
lvsd_archiving_new (const LvsdDirectory *directory, GPtrArray *items, const LvsdChange *change)
{
  LvsdArchiving *archiving = g_new0 (LvsdArchiving, 1);

  archiving->directory = directory;
  archiving->items = items;
  archiving->change = lvsd_change_new ();
  for (guint i = 0; i < change->edits->len; i++)
    lvsd_change_add (archiving->change, lvsd_change_edit (change, i)->before,
                     lvsd_change_edit (change, i)->after);
  return archiving;
}

void
lvsd_archiving_free (LvsdArchiving *archiving)
{
  g_ptr_array_unref (archiving->items);
  lvsd_change_free (archiving->change);
  g_clear_pointer (&archiving->kept, g_array_unref);
  g_clear_error (&archiving->error);
  g_free (archiving);
}

/* As it was configured: what was set for now, and what belongs to this machine's boot, stays out.
 */
GString *
lvsd_archive_format (const GPtrArray *items)
{
  GString *text = g_string_sized_new (128 + 64 * (gsize) items->len);

  lvsd_document_begin (text, LVSD_DOCUMENT_EXPORT);
  for (guint i = 0; i < items->len; i++)
    lvsd_document_append (text, g_ptr_array_index (items, i), LVSD_DOCUMENT_EXPORT);
  return text;
}

static gboolean
write_one (LvsdArchiving *archiving, guint32 number, GString *text, const char *digest)
{
  g_autofree char *name = lvsd_directory_name (LVSD_GENERATION_PREFIX, number);

  lvsd_seal_append_digest (text, digest);
  return lvsd_directory_write (archiving->directory, name, text->str, text->len, &archiving->error);
}

static gboolean
write_before (LvsdArchiving *archiving)
{
  g_autoptr (GString) text = lvsd_archive_format (archiving->items);
  g_autofree char *digest = NULL;

  if (lvsd_seal_digest_fits (text, archiving->newest))
    return TRUE;
  digest = lvsd_seal_digest (text);
  g_strlcpy (archiving->before, digest, sizeof archiving->before);
  return write_one (archiving, archiving->number, text, digest);
}

/* Afters by their befores, of all edits that a text tells of; NULL where something comes or goes.
 */
static GHashTable *
index_edits (const LvsdChange *change)
{
  g_autoptr (GHashTable) afters = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdItem *either = edit->before != NULL ? edit->before : edit->after;

      if (lvsd_kind_is_internal (lvsd_item_get_kind (either)))
        continue;
      if (edit->before == NULL || edit->after == NULL)
        return NULL;
      g_hash_table_insert (afters, edit->before, edit->after);
    }
  return g_steal_pointer (&afters);
}

/* An edit keeps the identity of an item, and so its place. NULL where there is more to the change
 * than one edit each of items that there are. */
static GPtrArray *
exchange_edited (const LvsdArchiving *archiving)
{
  g_autoptr (GHashTable) afters = index_edits (archiving->change);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (lvsd_item_unref);
  guint n_left = afters != NULL ? g_hash_table_size (afters) : 0;

  if (afters == NULL)
    return NULL;
  for (guint i = 0; i < archiving->items->len; i++)
    {
      gpointer before = g_ptr_array_index (archiving->items, i);
      gpointer after = g_hash_table_lookup (afters, before);

      n_left -= after != NULL;
      g_ptr_array_add (items, lvsd_item_ref (after != NULL ? after : before));
    }
  return n_left == 0 ? g_steal_pointer (&items) : NULL;
}

static GPtrArray *
commit_all (const LvsdArchiving *archiving)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();

  for (guint i = 0; i < archiving->items->len; i++)
    lvsd_table_replace (table, NULL, g_ptr_array_index (archiving->items, i));
  lvsd_change_commit (archiving->change, table);
  return lvsd_table_snapshot (table);
}

/* The items are shared with the main thread, which changes none of them: committed ones never
 * change, and whoever made the drafts waits for this. */
static gboolean
write_after (LvsdArchiving *archiving)
{
  g_autoptr (GPtrArray) items = exchange_edited (archiving);
  g_autoptr (GString) text = NULL;
  g_autofree char *digest = NULL;

  if (items == NULL)
    items = commit_all (archiving);
  text = lvsd_archive_format (items);
  digest = lvsd_seal_digest (text);
  g_strlcpy (archiving->after, digest, sizeof archiving->after);
  return write_one (archiving, archiving->number + (archiving->before[0] != '\0'), text, digest);
}

static gboolean
is_kept (const GArray *kept, guint64 number)
{
  for (guint i = 0; i < kept->len; i++)
    if (g_array_index (kept, guint32, i) == number)
      return TRUE;
  return FALSE;
}

static void
remove_others (LvsdArchiving *archiving)
{
  g_autoptr (GArray) numbers =
      lvsd_directory_list (archiving->directory, LVSD_GENERATION_PREFIX, NULL);

  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      guint64 number = g_array_index (numbers, guint64, i);
      g_autofree char *name = lvsd_directory_name (LVSD_GENERATION_PREFIX, number);

      if (!is_kept (archiving->kept, number))
        lvsd_directory_remove (archiving->directory, name);
    }
}

void
lvsd_archiving_run (LvsdArchiving *archiving)
{
  if (archiving->kept != NULL)
    remove_others (archiving);
  if (archiving->is_kept || write_before (archiving))
    write_after (archiving);
}

static gboolean
fail (const LvsdDirectory *directory, const char *name, const char *reason, GError **error)
{
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED, "%s/%s: %s", directory->path, name,
               reason);
  return FALSE;
}

static gboolean
check (const LvsdDirectory *directory,
       const char *name,
       GBytes *content,
       const char *digest,
       GError **error)
{
  if (!lvsd_seal_is_whole (content))
    return fail (directory, name, _ ("its checksum does not fit its content"), error);
  if (digest[0] != '\0' && !lvsd_seal_holds (content, digest))
    return fail (directory, name, _ ("is not the generation that was recorded"), error);
  return TRUE;
}

GPtrArray *
lvsd_archive_read (const LvsdDirectory *directory,
                   guint32 number,
                   const char *digest,
                   GError **error)
{
  g_autofree char *name = lvsd_directory_name (LVSD_GENERATION_PREFIX, number);
  g_autoptr (GBytes) content = lvsd_directory_read (directory, name, error);
  GPtrArray *items;
  const char *text;
  gsize length;

  if (content == NULL || !check (directory, name, content, digest, error))
    return NULL;
  text = g_bytes_get_data (content, &length);
  items = lvsd_document_parse (text, length, LVSD_DOCUMENT_EXPORT, error);
  if (items == NULL)
    g_prefix_error (error, "%s/%s: ", directory->path, name);
  return items;
}

guint32
lvsd_archive_greatest (const LvsdDirectory *directory)
{
  g_autoptr (GArray) numbers = lvsd_directory_list (directory, LVSD_GENERATION_PREFIX, NULL);

  if (numbers == NULL || numbers->len == 0)
    return 0;
  return (guint32) MIN (g_array_index (numbers, guint64, numbers->len - 1), G_MAXUINT32 - 2);
}
