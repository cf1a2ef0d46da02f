/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "definition.h"
#include "repetition.h"

#define DEEPEST_INCLUDE 16
#define DEEPEST_EXPANSION 64
#define MOST_REPLACEMENTS 1000 /* in one line */
#define LONGEST_LINE 65536
/* Conditions, definitions and included files count as well, so that what makes lines of lines and
 * ends up with none comes to an end too. */
#define MOST_STEPS 2000000
#define MOST_BYTES (64 * 1024 * 1024)

typedef struct
{
  LvsctlReading *reading;
  GPtrArray *lines;
  GHashTable *definitions; /* text by name; one of several lines has newlines between them */
  const char *config_id;
  char *open; /* the name of a definition that goes on in the next line, or NULL */
  guint n_steps;
  guint n_bytes;
  guint depth; /* of included files */
} Reader;

static gboolean process_line (Reader *reader,
                              const char *line,
                              const LvsctlPlace *place,
                              guint depth,
                              GError **error);
static gboolean read_file (Reader *reader, const char *file, const char *text, GError **error);

static void
line_free (gpointer data)
{
  g_free (((LvsctlKeepalivedLine *) data)->text);
  g_free (data);
}

/* definitions */

static void
define (Reader *reader, const char *line, gsize length)
{
  const char *value = line + length + 2;

  g_hash_table_insert (reader->definitions, g_strndup (line + 1, length),
                       g_strstrip (g_strdup (value)));
}

/* Of a definition of several lines the first goes into this line, and the others follow. */
static gboolean
process_parts (Reader *reader,
               const char *first,
               const char *others,
               const LvsctlPlace *place,
               guint depth,
               GError **error)
{
  g_auto (GStrv) lines = others != NULL ? g_strsplit (others, "\n", -1) : NULL;

  if (!process_line (reader, first, place, depth + 1, error))
    return FALSE;
  for (gsize i = 0; lines != NULL && lines[i] != NULL; i++)
    if (!process_line (reader, lines[i], place, depth + 1, error))
      return FALSE;
  return TRUE;
}

/* Replaces one reference after the other until none is left; what comes of one of several lines
 * is processed at once. */
static gboolean
replace_references (Reader *reader,
                    GString *line,
                    const LvsctlPlace *place,
                    guint depth,
                    gboolean *ret_done,
                    GError **error)
{
  LvsctlKeepalivedReference reference = { 0 };

  *ret_done = FALSE;
  for (guint n = 0; lvsctl_keepalived_find_reference (reader->definitions, line->str, &reference);
       n++)
    {
      g_autofree char *value = g_strdup (reference.value);
      char *newline = strchr (value, '\n');

      if (n == MOST_REPLACEMENTS || line->len + strlen (value) > LONGEST_LINE)
        return lvsctl_place_refuse (place, error,
                                    _ ("the definitions in this line refer to themselves, or make "
                                       "it longer than %d bytes"),
                                    LONGEST_LINE);
      if (newline != NULL)
        *newline = '\0';
      lvsctl_keepalived_replace (line, &reference, value);
      if (newline == NULL && !lvsctl_keepalived_is_repetition (line->str))
        continue;
      *ret_done = TRUE;
      return process_parts (reader, line->str, newline != NULL ? newline + 1 : NULL, place, depth,
                            error);
    }
  return TRUE;
}

/* conditions and repetitions */

/* @ID or @^ID at the beginning of a line. Returns what follows, or NULL where it is not for this
 * machine. */
static const char *
pass_condition (const Reader *reader, const char *line, const LvsctlPlace *place)
{
  gboolean negated = line[1] == '^';
  const char *id = line + (negated ? 2 : 1);
  gsize length = strcspn (id, " \t");
  gboolean same =
      strlen (reader->config_id) == length && strncmp (reader->config_id, id, length) == 0;
  g_autofree char *why = NULL;

  why = g_strdup_printf (_ ("the configuration id is taken to be '%s', the host's name; lines for "
                            "others were left out"),
                         reader->config_id);
  lvsctl_reading_note (reader->reading, place, _ ("condition"), why);
  return same != negated ? id + length + strspn (id + length, " \t") : NULL;
}

/* The bounds of a sequence may be definitions; what is repeated is looked at each time. */
static void
replace_in_head (const Reader *reader, GString *line)
{
  LvsctlKeepalivedReference reference = { 0 };

  for (guint n = 0; n < MOST_REPLACEMENTS && line->len < LONGEST_LINE; n++)
    {
      g_autofree char *value = NULL;

      if (!lvsctl_keepalived_find_reference (reader->definitions, line->str, &reference)
          || strchr (line->str + reference.begin, ')') == NULL)
        return;
      value = g_strdup (reference.value);
      lvsctl_keepalived_replace (line, &reference, value);
    }
}

static gboolean
repeat (Reader *reader, GString *line, const LvsctlPlace *place, guint depth, GError **error)
{
  g_autoptr (LvsctlKeepalivedRepetition) repetition = NULL;

  replace_in_head (reader, line);
  repetition = lvsctl_keepalived_repetition_parse (line->str, place, error);
  if (repetition == NULL)
    return FALSE;
  for (guint i = 0; i < repetition->values->len; i++)
    {
      GStrv values = repetition->values->pdata[i];

      for (gsize j = 0; repetition->names[j] != NULL; j++)
        g_hash_table_insert (reader->definitions, g_strdup (repetition->names[j]),
                             g_strdup (values[j]));
      if (!process_line (reader, repetition->rest, place, depth + 1, error))
        return FALSE;
    }
  return TRUE;
}

/* included files */

static gboolean
read_included (Reader *reader, const char *file, const LvsctlPlace *place, GError **error)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;
  struct stat status;
  gsize length = 0;

  if (fd < 0)
    return lvsctl_place_refuse (place, error, _ ("%s cannot be read: %s"), file,
                                g_strerror (errno));
  /* A pipe would be waited for, and a device might never end. */
  if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode))
    {
      close (fd);
      return lvsctl_place_refuse (place, error, _ ("%s cannot be read: it is no regular file"),
                                  file);
    }
  close (fd);
  if (!g_file_get_contents (file, &text, &length, &reason))
    return lvsctl_place_refuse (place, error, _ ("%s cannot be read: %s"), file, reason->message);
  return lvsctl_reading_check_text (file, text, length, error)
         && read_file (reader, file, text, error);
}

/* Relative names are relative to the file that includes. */
static char *
resolve (const char *name, const char *from)
{
  g_autofree char *directory = NULL;

  if (g_path_is_absolute (name) || g_str_equal (from, _ ("standard input")))
    return g_strdup (name);
  directory = g_path_get_dirname (from);
  return g_str_equal (directory, ".") ? g_strdup (name) : g_build_filename (directory, name, NULL);
}

static gboolean
include (Reader *reader, const char *name, const LvsctlPlace *place, GError **error)
{
  g_autofree char *unquoted = g_strdup (name);
  g_autofree char *pattern = NULL;
  glob_t found = { 0 };
  gboolean ok = TRUE;

  if (reader->depth == DEEPEST_INCLUDE)
    return lvsctl_place_refuse (place, error,
                                _ ("'%s': files include each other more than %d deep"), name,
                                DEEPEST_INCLUDE);
  g_strdelimit (unquoted, "\"", ' ');
  g_strstrip (unquoted);
  pattern = resolve (unquoted, place->file);
  if (glob (pattern, GLOB_MARK | GLOB_BRACE, NULL, &found) != 0)
    {
      lvsctl_reading_note (reader->reading, place, pattern, _ ("there is no such file to include"));
      return TRUE;
    }
  reader->depth++;
  for (gsize i = 0; ok && i < found.gl_pathc; i++)
    if (!g_str_has_suffix (found.gl_pathv[i], "/"))
      ok = read_included (reader, found.gl_pathv[i], place, error);
  reader->depth--;
  globfree (&found);
  return ok;
}

/* include FILE, or one of its variants, which differ in what keepalived checks. */
static const char *
included_name (const char *line)
{
  static const char *const words[] = { "include",  "includer", "includem",
                                       "includew", "includeb", "includea" };
  gsize length = strcspn (line, " \t");

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == length && strncmp (words[i], line, length) == 0
        && line[length] != '\0')
      return line + length + strspn (line + length, " \t");
  return NULL;
}

/* lines */

static void
emit (Reader *reader, const char *text, const LvsctlPlace *place)
{
  LvsctlKeepalivedLine *line = g_new0 (LvsctlKeepalivedLine, 1);

  line->place = *place;
  line->text = g_strdup (text);
  g_ptr_array_add (reader->lines, line);
}

static gboolean
count_step (Reader *reader, const char *line, const LvsctlPlace *place, guint depth, GError **error)
{
  reader->n_bytes += (guint) strlen (line);
  if (++reader->n_steps > MOST_STEPS || reader->n_bytes > MOST_BYTES || depth > DEEPEST_EXPANSION)
    return lvsctl_place_refuse (place, error,
                                _ ("definitions, repetitions and included files make more of this "
                                   "text than it can be"));
  return TRUE;
}

static gboolean
process_line (Reader *reader,
              const char *line,
              const LvsctlPlace *place,
              guint depth,
              GError **error)
{
  g_autoptr (GString) text = NULL;
  const char *name;
  gboolean done;
  gsize length;

  if (!count_step (reader, line, place, depth, error))
    return FALSE;
  line += strspn (line, " \t");
  if (line[0] == '@' && (line = pass_condition (reader, line, place)) == NULL)
    return TRUE;
  if (line[0] == '\0')
    return TRUE;
  if (lvsctl_keepalived_is_definition (line, &length))
    {
      define (reader, line, length);
      return TRUE;
    }
  text = g_string_new (line);
  if (lvsctl_keepalived_is_repetition (line))
    return repeat (reader, text, place, depth, error);
  if (!replace_references (reader, text, place, depth, &done, error))
    return FALSE;
  if (done)
    return TRUE;
  if (text->str[0] == '@' && !g_str_equal (text->str, line))
    return process_line (reader, text->str, place, depth + 1, error);
  name = included_name (text->str);
  if (name != NULL)
    return include (reader, name, place, error);
  emit (reader, text->str, place);
  return TRUE;
}

/* From a # or ! to the end, unless it is escaped or in quotes. */
static void
remove_comment (char *line)
{
  gboolean quoted = FALSE;
  char *to = line;

  for (const char *from = line; *from != '\0'; from++)
    {
      if (*from == '"')
        quoted = !quoted;
      else if (!quoted && (*from == '#' || *from == '!'))
        break;
      else if (*from == '\\' && from[1] != '\0')
        {
          if (quoted || strchr ("#!", from[1]) == NULL)
            *to++ = *from;
          from++;
        }
      *to++ = *from;
    }
  *to = '\0';
}

/* A definition goes on where its line ends with a backslash. */
static gboolean
continue_definition (Reader *reader, char *line)
{
  gsize length = strlen (line);
  gboolean goes_on = length > 0 && line[length - 1] == '\\';
  const char *before = g_hash_table_lookup (reader->definitions, reader->open);

  if (goes_on)
    line[length - 1] = '\0';
  g_hash_table_insert (reader->definitions, g_strdup (reader->open),
                       g_strconcat (before, "\n", g_strstrip (line), NULL));
  if (!goes_on)
    g_clear_pointer (&reader->open, g_free);
  return TRUE;
}

static gboolean
read_physical_line (Reader *reader, char *line, const LvsctlPlace *begin, GError **error)
{
  LvsctlPlace place = *begin;
  gsize indent;
  gsize length;

  remove_comment (line);
  g_strchomp (line);
  if (reader->open != NULL)
    return continue_definition (reader, line);
  indent = strspn (line, " \t");
  place.column += (guint) indent;
  line += indent;
  if (lvsctl_keepalived_is_definition (line, &length) && g_str_has_suffix (line, "\\"))
    {
      line[strlen (line) - 1] = '\0';
      define (reader, line, length);
      reader->open = g_strndup (line + 1, length);
      return TRUE;
    }
  return process_line (reader, line, &place, 0, error);
}

static gboolean
read_file (Reader *reader, const char *file, const char *text, GError **error)
{
  LvsctlPlace place = { .file = g_intern_string (file), .line = 1, .column = 1 };

  for (; *text != '\0'; place.line++)
    {
      gsize length = strcspn (text, "\n");
      g_autofree char *line = g_strndup (text, length);

      if (!read_physical_line (reader, line, &place, error))
        return FALSE;
      text += length + (text[length] == '\n');
    }
  g_clear_pointer (&reader->open, g_free);
  return TRUE;
}

static void
define_standard (Reader *reader, const char *name, const char *value)
{
  g_hash_table_insert (reader->definitions, g_strdup (name), g_strdup (value));
}

GPtrArray *
lvsctl_keepalived_lines_read (LvsctlReading *reading,
                              const char *file,
                              const char *text,
                              const char *config_id,
                              GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  g_autoptr (GHashTable) definitions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Reader reader = {
    .reading = reading, .lines = lines, .definitions = definitions, .config_id = config_id
  };
  gboolean ok;

  define_standard (&reader, "_INSTANCE", config_id);
  define_standard (&reader, "_HASH", "#");
  define_standard (&reader, "_BANG", "!");
  ok = read_file (&reader, file, text, error);
  g_free (reader.open);
  return ok ? g_steal_pointer (&lines) : NULL;
}
