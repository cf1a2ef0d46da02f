/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "fuzz.h"
#include "store/checkpoint.h"
#include "store/loading.h"
#include "store/seal.h"

/* What is read from the state directory. The first byte says as what the rest is taken:
 *
 * C  the text of a checkpoint, which gets its seal here
 * J  a journal: each line is a change, as GVariant text, and becomes a record with a checksum
 * B  the payload of one record
 * R  the bytes of both files as they are, with a line "----" between them
 *
 * So damage is tried, and what a checksum would else keep from the parser. */

#define SEQUENCE G_GUINT64_CONSTANT (2)
#define BETWEEN "\n----\n"

/* Directories */

typedef struct
{
  char *path;
  LvsdDirectory *directory;
} Place;

static void
place_init (Place *place)
{
  place->path = g_dir_make_tmp ("lvsd-fuzz-XXXXXX", NULL);
  place->directory = lvsd_directory_open (place->path, NULL);
  g_assert_nonnull (place->directory);
}

static void
place_clear (Place *place)
{
  g_autoptr (GDir) listing = NULL;
  const char *name;

  if (place->path == NULL)
    return;
  listing = g_dir_open (place->path, 0, NULL);
  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *file = g_build_filename (place->path, name, NULL);

      g_unlink (file);
    }
  lvsd_directory_close (place->directory);
  g_rmdir (place->path);
  g_free (place->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static void
put (const Place *place, const char *prefix, const char *data, gsize length)
{
  g_autofree char *name = lvsd_directory_name (prefix, SEQUENCE);

  g_assert_true (lvsd_directory_write (place->directory, name, data, length, NULL));
}

/* Loading */

/* What was loaded can be written, and is the same when it is loaded again. */
static void
assert_lasting (const LvsdTable *table)
{
  g_autoptr (GPtrArray) items = lvsd_table_snapshot (table);
  GString *text = lvsd_checkpoint_format (SEQUENCE, items);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  fuzz_assert_valid_items (items);
  lvsd_seal_append (text);
  again = lvsd_checkpoint_parse (text->str, text->len, SEQUENCE, &error);
  g_string_free (text, TRUE);
  g_assert_no_error (error);
  fuzz_assert_same_items (items, again);
}

static void
load (const Place *place)
{
  g_autoptr (LvsdTable) table = lvsd_table_new ();
  g_autoptr (LvsdLoading) loading = lvsd_loading_run (place->directory, table, NULL);

  g_assert_nonnull (loading);
  g_assert_true (loading->condition == LVSD_STORE_SOUND || loading->explanation->len > 0);
  assert_lasting (table);
}

static void
load_checkpoint (const char *data, gsize size)
{
  g_auto (Place) place = { NULL, NULL };
  g_autoptr (GString) text = g_string_new ("[lvsd]\nformat=1\nsequence=2\n");

  g_string_append_len (text, data, (gssize) size);
  lvsd_seal_append (text);
  place_init (&place);
  put (&place, LVSD_CHECKPOINT_PREFIX, text->str, text->len);
  load (&place);
}

static void
load_raw (const char *data, gsize size)
{
  const char *between = g_strstr_len (data, (gssize) size, BETWEEN);
  gsize length = between != NULL ? (gsize) (between - data) : size;
  g_auto (Place) place = { NULL, NULL };

  place_init (&place);
  put (&place, LVSD_CHECKPOINT_PREFIX, data, length);
  if (between != NULL)
    put (&place, LVSD_JOURNAL_PREFIX, between + strlen (BETWEEN), size - length - strlen (BETWEEN));
  load (&place);
}

/* Records */

/* A change that was taken is the same after it was recorded. */
static void
read_payload (GBytes *payload)
{
  g_autoptr (LvsdChange) change = lvsd_record_unpack_change (3, payload, NULL);
  g_autoptr (LvsdChange) again = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GError) error = NULL;

  if (change == NULL)
    return;
  packed = lvsd_record_pack_change (change);
  again = lvsd_record_unpack_change (3, packed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (change->edits->len, ==, again->edits->len);
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdEdit *same = lvsd_change_edit (again, i);

      g_assert_true ((edit->before == NULL) == (same->before == NULL));
      g_assert_true ((edit->after == NULL) == (same->after == NULL));
      if (edit->before != NULL)
        fuzz_assert_same_item (edit->before, same->before);
      if (edit->after != NULL)
        fuzz_assert_same_item (edit->after, same->after);
    }
}

static GBytes *
pack_line (const char *line)
{
  g_autoptr (GVariant) change =
      g_variant_parse (G_VARIANT_TYPE (LVSD_CHANGE_VARIANT_TYPE), line, NULL, NULL, NULL);

  return change != NULL ? g_variant_get_data_as_bytes (change) : NULL;
}

static void
load_journal (const char *data, gsize size)
{
  g_autofree char *text = fuzz_dup_text ((const guint8 *) data, size);
  g_auto (GStrv) lines = NULL;
  g_auto (Place) place = { NULL, NULL };
  g_autoptr (GByteArray) journal = g_byte_array_new ();
  g_autofree char *name = lvsd_directory_name (LVSD_JOURNAL_PREFIX, 0);
  guint64 sequence = 0;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return;
  lines = g_strsplit (text, "\n", 64);
  lvsd_head_encode (0, journal);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GBytes) payload = pack_line (lines[i]);
      g_autoptr (LvsdRecord) record =
          payload != NULL ? lvsd_record_new (LVSD_RECORD_CHANGE, sequence + 1, payload) : NULL;

      if (record == NULL)
        continue;
      sequence++;
      read_payload (payload);
      lvsd_record_encode (record, LVSD_JOURNAL_VERSION, journal->len, journal);
    }
  place_init (&place);
  g_assert_true (lvsd_directory_write (place.directory, name, (const char *) journal->data,
                                       journal->len, NULL));
  load (&place);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *rest = (const char *) data + 1;
  g_autoptr (GBytes) payload = NULL;

  fuzz_begin ();
  if (size == 0)
    return 0;
  switch (data[0])
    {
    case 'C':
      load_checkpoint (rest, size - 1);
      break;
    case 'J':
      load_journal (rest, size - 1);
      break;
    case 'B':
      payload = g_bytes_new (rest, size - 1);
      read_payload (payload);
      break;
    case 'R':
      load_raw (rest, size - 1);
      break;
    default:
      break;
    }
  return 0;
}
