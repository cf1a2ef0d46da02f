/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static gboolean
sync_data (int fd)
{
#ifdef LVSD_TEST_SKIP_SYNC
  (void) fd;
  return TRUE;
#else
  return fdatasync (fd) == 0;
#endif
}

static LvsdJournal *
open_journal (const LvsdDirectory *directory, guint64 base, guint32 version, GError **error)
{
  g_autofree char *name = lvsd_directory_name (LVSD_JOURNAL_PREFIX, base);
  int fd = openat (directory->fd, name, O_WRONLY | O_CLOEXEC);
  LvsdJournal *journal;

  if (fd < 0)
    {
      lvsd_directory_fail (directory, name, errno, error);
      return NULL;
    }
  journal = g_new0 (LvsdJournal, 1);
  journal->directory = directory;
  journal->name = g_steal_pointer (&name);
  journal->fd = fd;
  journal->base = base;
  journal->version = version;
  return journal;
}

/* Makes a new file that is durable, with its name, before a record goes into it. It takes the place
 * of whatever older files hold beyond base. carried: of LvsdRecord. */
LvsdJournal *
lvsd_journal_begin (const LvsdDirectory *directory,
                    guint64 base,
                    const GPtrArray *carried,
                    GError **error)
{
  g_autofree char *name = lvsd_directory_name (LVSD_JOURNAL_PREFIX, base);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  LvsdJournal *journal;

  lvsd_head_encode (base, content);
  for (guint i = 0; i < carried->len; i++)
    lvsd_record_encode (g_ptr_array_index (carried, i), LVSD_JOURNAL_VERSION, 0, content);
  if (!lvsd_directory_write (directory, name, (const char *) content->data, content->len, error))
    return NULL;
  journal = open_journal (directory, base, LVSD_JOURNAL_VERSION, error);
  if (journal != NULL)
    journal->length = journal->durable = content->len;
  return journal;
}

/* Goes on with a file that was read: cuts it off at length and makes what was read durable, since a
 * crash may have come between its writing and its sync. */
LvsdJournal *
lvsd_journal_resume (const LvsdDirectory *directory,
                     guint64 base,
                     guint32 version,
                     goffset length,
                     GError **error)
{
  g_autoptr (LvsdJournal) journal = open_journal (directory, base, version, error);

  if (journal == NULL)
    return NULL;
  if (ftruncate (journal->fd, length) != 0 || !sync_data (journal->fd))
    {
      lvsd_directory_fail (directory, journal->name, errno, error);
      return NULL;
    }
  journal->length = journal->durable = length;
  return g_steal_pointer (&journal);
}

void
lvsd_journal_free (LvsdJournal *journal)
{
  close (journal->fd);
  g_free (journal->name);
  g_free (journal);
}

/* After a failed sync nobody knows which pages are on the disk, and asking again would only say
 * that there is nothing left to write. After a failed write all is well if it can be taken back. */
static void
take_back (LvsdJournal *journal, gboolean sync_failed, gboolean sync)
{
  goffset length = sync_failed ? journal->durable : journal->length;

  if (ftruncate (journal->fd, length) != 0 || sync_failed || (sync && !sync_data (journal->fd)))
    journal->broken = TRUE;
}

/* Either all records are there, and durable when sync is TRUE, or none is. */
gboolean
lvsd_journal_append (LvsdJournal *journal, const GPtrArray *records, gboolean sync, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  gboolean written;
  int code;

  for (guint i = 0; i < records->len; i++)
    lvsd_record_encode (g_ptr_array_index (records, i), journal->version,
                        (guint64) journal->durable, content);
  written =
      lvsd_write_all (journal->fd, (const char *) content->data, content->len, journal->length);
  if (!written || (sync && !sync_data (journal->fd)))
    {
      code = errno;
      take_back (journal, written, sync);
      return lvsd_directory_fail (journal->directory, journal->name, code, error);
    }
  journal->length += content->len;
  if (sync)
    journal->durable = journal->length;
  return TRUE;
}
