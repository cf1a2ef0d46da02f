/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "exit-status.h"
#include "ipvsadm/format.h"
#include "json-document.h"
#include "keepalived/keepalived.h"
#include "ldirectord/ldirectord.h"
#include "model/document.h"
#include "model/error.h"

#define LARGEST_DOCUMENT ((gsize) 64 * 1024 * 1024)
#define READ_SIZE 65536

/* The first line that is neither empty nor a comment. */
static const char *
skip_comments (const char *text)
{
  text += strspn (text, " \t\r\n");
  while (*text == '#')
    {
      text += strcspn (text, "\n");
      text += strspn (text, " \t\r\n");
    }
  return text;
}

static gboolean
recognize_native (const char *text)
{
  text = skip_comments (text);
  if (*text != '[')
    return FALSE;
  text++;
  return g_str_has_prefix (text + strspn (text, " \t"), "lvsd");
}

static gboolean
take_native (LvsctlReading *reading, const char *file, char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) items = lvsd_document_take (text, length, LVSD_DOCUMENT_EXPORT, error);

  if (items == NULL)
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  lvsctl_reading_take_all (reading, g_steal_pointer (&items));
  return TRUE;
}

static gboolean
read_native (LvsctlReading *reading,
             const char *file,
             const char *text,
             gsize length,
             GError **error)
{
  g_autofree char *copy = g_memdup2 (text, length + 1);

  return take_native (reading, file, copy, length, error);
}

static char *
write_native (GPtrArray *items, G_GNUC_UNUSED guint64 generation, G_GNUC_UNUSED GPtrArray *notes)
{
  return lvsd_document_format (items, LVSD_DOCUMENT_EXPORT);
}

/* A rule can only stand behind its service, so -S begins with one. */
static gboolean
recognize_ipvsadm (const char *text)
{
  text = skip_comments (text);
  return g_str_has_prefix (text, "-A ") || g_str_has_prefix (text, "--add-service ");
}

static gboolean
read_ipvsadm (LvsctlReading *reading,
              const char *file,
              const char *text,
              gsize length,
              GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_ipvsadm_read (text, length, error);

  if (items == NULL)
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  lvsctl_reading_take_all (reading, g_steal_pointer (&items));
  return TRUE;
}

static char *
write_ipvsadm (GPtrArray *items, G_GNUC_UNUSED guint64 generation, GPtrArray *notes)
{
  return lvsctl_ipvsadm_write (items, TRUE, notes);
}

/* A text is taken for the first format that recognizes it. */
static const LvsctlFormat formats[] = {
  { "native", recognize_native, read_native, take_native, write_native, TRUE, TRUE },
  { "json", lvsctl_json_document_recognize, lvsctl_json_document_read, NULL,
    lvsctl_json_document_write, TRUE, FALSE },
  { "ldirectord", lvsctl_ldirectord_recognize, lvsctl_ldirectord_read, NULL, NULL, FALSE, TRUE },
  { "ipvsadm", recognize_ipvsadm, read_ipvsadm, NULL, write_ipvsadm, FALSE, TRUE },
  { "keepalived", lvsctl_keepalived_recognize, lvsctl_keepalived_read, NULL, NULL, FALSE, FALSE },
};

static char *
list_names (void)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", formats[i].name);
  return g_string_free (names, FALSE);
}

const LvsctlFormat *
lvsctl_format_find (const char *name, GError **error)
{
  g_autofree char *names = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, name))
      return &formats[i];
  names = list_names ();
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE, _ ("--format: '%s' is not one of %s"), name,
               names);
  return NULL;
}

/* NULL where it could be anything. */
const LvsctlFormat *
lvsctl_format_recognize (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].recognize != NULL && formats[i].recognize (text))
      return &formats[i];
  return NULL;
}

static gboolean
fail_to_read (const char *file, const char *reason, GError **error)
{
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_FAILED, _ ("%s cannot be read: %s"), file, reason);
  return FALSE;
}

static gboolean
refuse_rest (const char *file, const GString *text, GError **error)
{
  LvsctlPlace place = { .file = g_intern_string (file), .line = 1, .column = 1 };

  for (gsize i = 0; i < text->len; i++)
    place.line += text->str[i] == '\n';
  return lvsctl_place_refuse (&place, error, _ ("here the text is larger than %d MiB; split it"),
                              (int) (LARGEST_DOCUMENT / (1024 * 1024)));
}

/* A pipe or a device has no size to ask for, so the limit is kept while reading. */
static gboolean
read_all (FILE *stream, const char *file, GString *text, GError **error)
{
  gsize n;

  do
    {
      gsize length = text->len;

      g_string_set_size (text, length + READ_SIZE);
      n = fread (text->str + length, 1, READ_SIZE, stream);
      g_string_truncate (text, length + n);
      if (text->len > LARGEST_DOCUMENT)
        return refuse_rest (file, text, error);
    }
  while (n > 0);
  return !ferror (stream) || fail_to_read (file, g_strerror (errno), error);
}

/* Three times what is there to be read, of which no more is touched: the message that is made of
 * the text takes more room, and goes where the text was. */
static void
reserve (FILE *stream, GString *text)
{
  struct stat status;

  if (fstat (fileno (stream), &status) < 0 || !S_ISREG (status.st_mode))
    return;
  g_string_set_size (text, 3 * MIN ((gsize) status.st_size, LARGEST_DOCUMENT));
  g_string_truncate (text, 0);
}

static gboolean
read_text (const char *file, const char *shown, GString *text, GError **error)
{
  gboolean is_stdin = g_str_equal (file, "-");
  FILE *stream = is_stdin ? stdin : fopen (file, "re");
  gboolean ok;

  if (stream == NULL)
    return fail_to_read (shown, g_strerror (errno), error);
  reserve (stream, text);
  ok = read_all (stream, shown, text, error);
  if (!is_stdin)
    fclose (stream);
  return ok;
}

const char *
lvsctl_format_show_file (const char *file)
{
  return g_str_equal (file, "-") ? _ ("standard input") : file;
}

static LvsctlReading *
read_as (const LvsctlFormat *format, const char *file, GString *text, GError **error)
{
  g_autoptr (LvsctlReading) reading = lvsctl_reading_new ();

  if (!(format->take != NULL ? format->take (reading, file, text->str, text->len, error)
                             : format->read (reading, file, text->str, text->len, error)))
    return NULL;
  return g_steal_pointer (&reading);
}

/* 192.0.2.1 may be all that is left of 192.0.2.11. */
static gboolean
check_end (const char *file, const GString *text, GError **error)
{
  LvsctlPlace place = { .file = g_intern_string (file), .line = 1, .column = 1 };

  if (text->len == 0 || text->str[text->len - 1] == '\n')
    return TRUE;
  for (gsize i = 0; i < text->len; i++)
    {
      place.line += text->str[i] == '\n';
      place.column = text->str[i] == '\n' ? 1 : place.column + 1;
    }
  return lvsctl_place_refuse (&place, error,
                              _ ("the text ends within a line, so there may have been more; if "
                                 "this is all, end the line"));
}

LvsctlReading *
lvsctl_format_read_file (const char *file, const char *name, GError **error)
{
  const char *shown = lvsctl_format_show_file (file);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *names = NULL;
  const LvsctlFormat *format = NULL;

  if ((name != NULL && (format = lvsctl_format_find (name, error)) == NULL)
      || !read_text (file, shown, text, error))
    return NULL;
  if (format == NULL)
    format = lvsctl_format_recognize (text->str);
  if (format != NULL && format->is_lines && !check_end (shown, text, error))
    return NULL;
  if (format != NULL)
    return read_as (format, shown, text, error);
  names = list_names ();
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("%s:1:1: the text is of no format that is known; if it should be, name it by "
                  "--format: %s"),
               shown, names);
  return NULL;
}

/* What is of no known format is read as native, which tells best what should be there. */
LvsctlReading *
lvsctl_format_read_own_file (const char *file, GError **error)
{
  const char *shown = lvsctl_format_show_file (file);
  g_autoptr (GString) text = g_string_new (NULL);
  const LvsctlFormat *format;

  if (!read_text (file, shown, text, error))
    return NULL;
  format = lvsctl_format_recognize (text->str);
  if (format == NULL)
    format = &formats[0];
  if (format->is_own)
    return read_as (format, shown, text, error);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("%s:1:1: this is a file of %s; 'lvsctl import %s' takes it over"), shown,
               format->name, file);
  return NULL;
}
