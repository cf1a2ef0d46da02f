/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loading.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "checkpoint.h"
#include "model/error.h"

/* Stays until somebody has decided what to do, so that a restart does not make the damage seem
 * repaired. Its content is the explanation. */
#define DAMAGE_MARK "damaged"

/* Enough to tell which version wrote a file. */
#define BEGINNING 128

typedef struct
{
  guint64 number;
  GBytes *beginning;
  GBytes *content; /* NULL: not read yet */
} File;

typedef struct
{
  const LvsdDirectory *directory;
  LvsdTable *table;
  LvsdLoading *found;
  GArray *checkpoints; /* of File, oldest first */
  GArray *journals;    /* of File, oldest first */
  GError *failure;     /* of reading a file, which ends the loading; or NULL */
} Loader;

/* Where the reading of one journal ended. */
typedef enum
{
  END_WHOLE,   /* behind the last record, or where a later journal takes over */
  END_TORN,    /* at something that is no record and need never have been one */
  END_DAMAGED, /* at something that was a record once, or does not fit */
} End;

static void
clear_file (gpointer data)
{
  File *file = data;

  g_bytes_unref (file->beginning);
  g_clear_pointer (&file->content, g_bytes_unref);
}

static File *
file_at (const GArray *files, guint i)
{
  return &g_array_index (files, File, i);
}

void
lvsd_loading_free (LvsdLoading *loading)
{
  g_string_free (loading->explanation, TRUE);
  g_ptr_array_unref (loading->unsettled);
  g_free (loading->refusal);
  g_clear_pointer (&loading->journal, lvsd_journal_free);
  g_free (loading);
}

static GArray *
find_files (const LvsdDirectory *directory, const char *prefix, GError **error)
{
  g_autoptr (GArray) numbers = lvsd_directory_list (directory, prefix, error);
  g_autoptr (GArray) files = g_array_new (FALSE, FALSE, sizeof (File));

  g_array_set_clear_func (files, clear_file);
  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      File file = { .number = g_array_index (numbers, guint64, i) };
      g_autofree char *name = lvsd_directory_name (prefix, file.number);

      file.beginning = lvsd_directory_read_beginning (directory, name, BEGINNING, error);
      if (file.beginning == NULL)
        return NULL;
      g_array_append_val (files, file);
    }
  return numbers != NULL ? g_steal_pointer (&files) : NULL;
}

/* Those that a checkpoint stands for need not be read. */
static gboolean
read_content (Loader *loader, const char *prefix, File *file)
{
  g_autofree char *name = lvsd_directory_name (prefix, file->number);

  if (file->content == NULL)
    file->content = lvsd_directory_read (loader->directory, name, &loader->failure);
  return file->content != NULL;
}

/* Damage */

G_GNUC_PRINTF (2, 3)
static void
explain (Loader *loader, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list arguments;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_warning ("%s", sentence);
  if (loader->found->explanation->len > 0)
    g_string_append_c (loader->found->explanation, ' ');
  g_string_append (loader->found->explanation, sentence);
}

static gboolean
is_writable (const Loader *loader)
{
  return loader->directory->refusal == NULL && loader->found->refusal == NULL;
}

/* The file gets a second name for good; whole: and loses its own, so that it is not read again.
 * Where that fails nothing is written any more: it could be the only copy. */
static void
keep_aside (Loader *loader, const char *name, gboolean whole)
{
  g_autoptr (GError) error = NULL;

  loader->found->condition = LVSD_STORE_DAMAGED;
  if (!is_writable (loader))
    return;
  if (!lvsd_directory_keep_aside (loader->directory, name, &error))
    loader->found->refusal = g_strdup (error->message);
  else if (whole)
    lvsd_directory_remove (loader->directory, name);
}

static void
mark_damage (Loader *loader)
{
  const GString *explanation = loader->found->explanation;
  g_autoptr (GError) error = NULL;

  if (!is_writable (loader))
    return;
  if (!lvsd_directory_write (loader->directory, DAMAGE_MARK, explanation->str, explanation->len,
                             &error))
    g_warning ("%s", error->message);
}

static void
recall_damage (Loader *loader)
{
  g_autoptr (GBytes) content = NULL;
  const char *text;
  gsize length;

  if (!lvsd_directory_exists (loader->directory, DAMAGE_MARK))
    return;
  content = lvsd_directory_read (loader->directory, DAMAGE_MARK, NULL);
  loader->found->condition = LVSD_STORE_DAMAGED;
  if (content == NULL)
    return;
  text = g_bytes_get_data (content, &length);
  if (length > 0 && g_utf8_validate (text, (gssize) length, NULL))
    g_string_append_len (loader->found->explanation, text, (gssize) length);
}

void
lvsd_loading_forget_damage (const LvsdDirectory *directory)
{
  lvsd_directory_remove (directory, DAMAGE_MARK);
}

/* Newer versions */

static gboolean
is_newer_checkpoint (Loader *loader, File *checkpoint)
{
  return lvsd_checkpoint_is_newer (checkpoint->beginning)
         && read_content (loader, LVSD_CHECKPOINT_PREFIX, checkpoint)
         && lvsd_checkpoint_is_newer (checkpoint->content);
}

static gboolean
is_newer (Loader *loader)
{
  for (guint i = 0; i < loader->checkpoints->len; i++)
    if (is_newer_checkpoint (loader, file_at (loader->checkpoints, i)))
      return TRUE;
  for (guint i = 0; i < loader->journals->len; i++)
    {
      const File *journal = file_at (loader->journals, i);

      if (lvsd_head_decode (journal->beginning, journal->number) == LVSD_HEAD_NEWER)
        return TRUE;
    }
  return FALSE;
}

/* Checkpoints */

/* The items of one text fit each other: see lvsd_document_parse. */
static void
fill_table (LvsdTable *table, const GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    lvsd_table_replace (table, NULL, g_ptr_array_index (items, i));
}

static gboolean
load_checkpoint (Loader *loader, File *file)
{
  g_autofree char *name = lvsd_directory_name (LVSD_CHECKPOINT_PREFIX, file->number);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!read_content (loader, LVSD_CHECKPOINT_PREFIX, file))
    return FALSE;
  text = g_bytes_unref_to_data (g_steal_pointer (&file->content), &length);
  items = lvsd_checkpoint_parse (text, length, file->number, &error);
  if (items == NULL)
    {
      explain (loader,
               _ ("%s/%s is damaged (%s) and was kept aside; what is older than it was loaded."),
               loader->directory->path, name, error->message);
      keep_aside (loader, name, TRUE);
      return FALSE;
    }
  fill_table (loader->table, items);
  loader->found->has_checkpoint = TRUE;
  loader->found->checkpoint = loader->found->sequence = file->number;
  loader->found->checkpoint_size = length;
  return TRUE;
}

static void
load_newest_checkpoint (Loader *loader)
{
  for (guint i = loader->checkpoints->len; i > 0 && loader->failure == NULL; i--)
    if (load_checkpoint (loader, file_at (loader->checkpoints, i - 1)))
      return;
}

/* Journals */

static int
find_unsettled (const GPtrArray *unsettled, guint64 sequence)
{
  for (guint i = unsettled->len; i > 0; i--)
    if (((const LvsdRecord *) g_ptr_array_index (unsettled, i - 1))->sequence == sequence)
      return (int) (i - 1);
  return -1;
}

/* They come in order, but for carried ones that are known already. */
static void
add_unsettled (Loader *loader, const LvsdRecord *record)
{
  GPtrArray *unsettled = loader->found->unsettled;
  const LvsdRecord *last =
      unsettled->len > 0 ? g_ptr_array_index (unsettled, unsettled->len - 1) : NULL;

  if (last == NULL || record->sequence > last->sequence
      || find_unsettled (unsettled, record->sequence) < 0)
    g_ptr_array_add (unsettled,
                     lvsd_record_new (LVSD_RECORD_CARRIED, record->sequence, record->payload));
}

static gboolean
take_settled (Loader *loader, const LvsdRecord *record)
{
  g_autoptr (GArray) sequences = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (!lvsd_record_unpack_settled (record->payload, sequences))
    return FALSE;
  for (guint i = 0; i < sequences->len; i++)
    {
      int found = find_unsettled (loader->found->unsettled, g_array_index (sequences, guint64, i));

      if (found >= 0)
        g_ptr_array_remove_index (loader->found->unsettled, (guint) found);
    }
  return TRUE;
}

static gboolean
take_change (Loader *loader, const LvsdRecord *record, GError **error)
{
  g_autoptr (LvsdChange) change = NULL;

  if (record->sequence > loader->found->sequence)
    {
      change = lvsd_record_unpack_change (record->sequence, record->payload, error);
      if (change == NULL || !lvsd_change_replay (change, loader->table, error))
        return FALSE;
      loader->found->sequence = record->sequence;
      loader->found->journal_size += g_bytes_get_size (record->payload) + LVSD_HEAD_SIZE;
    }
  add_unsettled (loader, record);
  return TRUE;
}

/* here: the number of the last change that stood in this file. */
static gboolean
take_record (Loader *loader, const LvsdRecord *record, guint64 base, guint64 *here, GError **error)
{
  gboolean fits = FALSE;

  switch (record->type)
    {
    case LVSD_RECORD_CARRIED:
      fits = record->sequence <= base && *here == base;
      if (fits)
        add_unsettled (loader, record);
      break;
    case LVSD_RECORD_SETTLED:
      fits = record->sequence == *here && take_settled (loader, record);
      break;
    case LVSD_RECORD_CHANGE:
      fits = record->sequence == *here + 1;
      if (fits && !take_change (loader, record, error))
        return FALSE;
      *here += fits;
      break;
    }
  if (!fits)
    g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
                         _ ("a record does not follow the one before it"));
  return fits;
}

/* limit: where the next journal takes over. */
static End
read_journal (Loader *loader, const File *file, guint64 limit, gsize *offset, GError **error)
{
  guint64 here = file->number;

  if (lvsd_head_decode (file->content, file->number) != LVSD_HEAD_GOOD)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED, _ ("its head is damaged"));
      return END_DAMAGED;
    }
  *offset = LVSD_HEAD_SIZE;
  while (*offset < g_bytes_get_size (file->content))
    {
      gsize next = *offset;
      g_autoptr (LvsdRecord) record = lvsd_record_decode (file->content, &next);

      if (record == NULL && !lvsd_record_proves_sync (file->content, *offset))
        return END_TORN;
      if (record == NULL)
        g_set_error (error, LVSD_ERROR, LVSD_ERROR_STORE_FAILED,
                     _ ("the record at byte %zu is not as it was written"), *offset);
      else if (record->type == LVSD_RECORD_CHANGE && record->sequence > limit)
        return END_WHOLE;
      if (record == NULL || !take_record (loader, record, file->number, &here, error))
        return END_DAMAGED;
      *offset = next;
    }
  return END_WHOLE;
}

static void
begin_anew (Loader *loader)
{
  g_autoptr (GError) error = NULL;

  if (!is_writable (loader))
    return;
  loader->found->journal = lvsd_journal_begin (loader->directory, loader->found->sequence,
                                               loader->found->unsettled, &error);
  if (loader->found->journal == NULL)
    g_warning ("%s", error->message);
}

/* What stands behind the damage cannot be used: a journal that goes on after changes that are lost
 * would take the place of those to come. */
static void
give_up_from (Loader *loader, guint i, const char *reason)
{
  g_autofree char *name =
      lvsd_directory_name (LVSD_JOURNAL_PREFIX, file_at (loader->journals, i)->number);

  explain (loader,
           _ ("%s/%s is damaged (%s) and was kept aside; the state after change %" PRIu64
              ", the last good one, was loaded. Compare it with what the kernel holds."),
           loader->directory->path, name, reason, loader->found->sequence);
  /* The first name stays with what the last good state was read from. */
  keep_aside (loader, name, file_at (loader->journals, i)->number > loader->found->sequence);
  for (guint later = i + 1; later < loader->journals->len; later++)
    {
      g_autofree char *later_name =
          lvsd_directory_name (LVSD_JOURNAL_PREFIX, file_at (loader->journals, later)->number);

      keep_aside (loader, later_name, TRUE);
    }
  begin_anew (loader);
}

static void
resume (Loader *loader, const File *file, gsize offset, gboolean torn)
{
  g_autoptr (GError) error = NULL;

  if (torn)
    g_message ("%s: the last %" G_GSIZE_FORMAT
               " bytes of the journal were never finished, and so never acknowledged; they are cut "
               "off",
               loader->directory->path, g_bytes_get_size (file->content) - offset);
  if (!is_writable (loader))
    return;
  loader->found->journal = lvsd_journal_resume (
      loader->directory, file->number, lvsd_head_version (file->content), (goffset) offset, &error);
  if (loader->found->journal == NULL)
    g_warning ("%s", error->message);
}

/* Returns FALSE when what follows cannot be used. */
static gboolean
load_journal (Loader *loader, guint i)
{
  File *file = file_at (loader->journals, i);
  gboolean is_last = i + 1 == loader->journals->len;
  guint64 limit = is_last ? G_MAXUINT64 : file_at (loader->journals, i + 1)->number;
  g_autoptr (GError) error = NULL;
  gsize offset = 0;
  End end;

  if (limit <= loader->found->checkpoint && loader->found->has_checkpoint)
    return TRUE;
  if (file->number > loader->found->sequence)
    {
      give_up_from (loader, i, _ ("changes before it are missing"));
      return FALSE;
    }
  if (!read_content (loader, LVSD_JOURNAL_PREFIX, file))
    return FALSE;
  end = read_journal (loader, file, limit, &offset, &error);
  if (is_last && end != END_DAMAGED)
    resume (loader, file, offset, end == END_TORN);
  else if (loader->found->sequence < limit)
    {
      give_up_from (loader, i, error != NULL ? error->message : _ ("its end is missing"));
      return FALSE;
    }
  return TRUE;
}

static void
load (Loader *loader)
{
  LvsdStoreCondition before;

  recall_damage (loader);
  before = loader->found->condition;
  loader->found->condition = LVSD_STORE_SOUND;
  load_newest_checkpoint (loader);
  for (guint i = 0; i < loader->journals->len && loader->failure == NULL; i++)
    if (!load_journal (loader, i))
      break;
  if (loader->found->condition == LVSD_STORE_DAMAGED)
    mark_damage (loader);
  else
    loader->found->condition = before;
  if (is_writable (loader))
    lvsd_directory_remove_unfinished (loader->directory);
}

static void
explain_newer (Loader *loader)
{
  loader->found->condition = LVSD_STORE_NEWER;
  explain (loader,
           _ ("%s was written by a newer lvsd: nothing was loaded, and nothing is written; use the "
              "newer one, or move the directory away to begin anew."),
           loader->directory->path);
}

/* Fills the table, which is empty. Fails only when the directory cannot be read. */
LvsdLoading *
lvsd_loading_run (const LvsdDirectory *directory, LvsdTable *table, GError **error)
{
  g_autoptr (LvsdLoading) found = g_new0 (LvsdLoading, 1);
  g_autoptr (GArray) checkpoints = NULL;
  g_autoptr (GArray) journals = NULL;
  Loader loader = { .directory = directory, .table = table, .found = found };

  found->explanation = g_string_new (NULL);
  found->unsettled = g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_record_unref);
  checkpoints = find_files (directory, LVSD_CHECKPOINT_PREFIX, error);
  journals = checkpoints != NULL ? find_files (directory, LVSD_JOURNAL_PREFIX, error) : NULL;
  if (journals == NULL)
    return NULL;
  loader.checkpoints = checkpoints;
  loader.journals = journals;
  if (is_newer (&loader))
    explain_newer (&loader);
  else
    load (&loader);
  if (loader.failure != NULL)
    {
      g_propagate_error (error, loader.failure);
      return NULL;
    }
  return g_steal_pointer (&found);
}
