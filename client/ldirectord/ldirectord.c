/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ldirectord.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "omission.h"

#define LEAST_INDENT 4 /* of what belongs to a virtual service, with a tab for 4 spaces */

typedef struct
{
  LvsctlReading *reading;
  LvsctlLdirectordSection *section; /* the one that is open, or NULL */
} Reader;

static guint
measure_indent (const char *line)
{
  guint indent = 0;

  for (; *line == ' ' || *line == '\t'; line++)
    indent += *line == '\t' ? 4 : 1;
  return indent;
}

static gboolean
end_section (Reader *reader, GError **error)
{
  g_autoptr (LvsctlLdirectordSection) section = g_steal_pointer (&reader->section);

  return section == NULL || lvsctl_ldirectord_section_take (section, error);
}

/* NAME = VALUE; supervised alone is an old way to write it. */
static gboolean
split_directive (char *line, LvsctlLdirectordDirective *directive, GError **error)
{
  char *equals = strchr (line, '=');

  directive->name = line;
  directive->value = line + strlen (line);
  if (equals != NULL)
    {
      *equals = '\0';
      directive->value = equals + 1 + strspn (equals + 1, " \t");
      g_strchomp (line);
    }
  else if (!g_str_equal (line, "supervised"))
    return lvsctl_place_refuse (&directive->place, error, _ ("'%.60s': write NAME = VALUE"), line);
  return TRUE;
}

static gboolean
read_directive (Reader *reader,
                const LvsctlLdirectordDirective *directive,
                gboolean is_indented,
                GError **error)
{
  if (is_indented && reader->section == NULL)
    return lvsctl_place_refuse (&directive->place, error,
                                _ ("'%.60s' is indented but follows no virtual service; an empty "
                                   "line ends one"),
                                directive->name);
  if (is_indented)
    return lvsctl_ldirectord_section_read (reader->section, directive, error);
  if (!end_section (reader, error))
    return FALSE;
  if (!g_str_equal (directive->name, "virtual") && !g_str_equal (directive->name, "virtual6"))
    return lvsctl_ldirectord_leave_out (reader->reading, directive, error);
  reader->section = lvsctl_ldirectord_section_begin (reader->reading, directive, error);
  return reader->section != NULL;
}

static gboolean
read_line (Reader *reader, char *line, const LvsctlPlace *begin, GError **error)
{
  LvsctlLdirectordDirective directive = { .place = *begin };
  guint indent = measure_indent (line);
  char *text = line + strspn (line, " \t");

  directive.place.column += (guint) (text - line);
  if (text[0] == '#')
    return TRUE;
  text[strcspn (text, "#")] = '\0';
  g_strchomp (text);
  if (text[0] == '\0')
    return end_section (reader, error);
  if (indent > 0 && indent < LEAST_INDENT)
    return lvsctl_place_refuse (&directive.place, error,
                                _ ("indent what belongs to a virtual service by a tab or at least "
                                   "%d spaces, and the rest not at all"),
                                LEAST_INDENT);
  return split_directive (text, &directive, error)
         && read_directive (reader, &directive, indent > 0, error);
}

gboolean
lvsctl_ldirectord_recognize (const char *text)
{
  return g_regex_match_simple ("^virtual6?[ \t]*=", text, G_REGEX_MULTILINE | G_REGEX_RAW, 0);
}

gboolean
lvsctl_ldirectord_read (LvsctlReading *reading,
                        const char *file,
                        const char *text,
                        gsize length,
                        GError **error)
{
  LvsctlPlace place = { .file = g_intern_string (file), .line = 1, .column = 1 };
  Reader reader = { .reading = reading };
  gboolean ok = lvsctl_reading_check_text (file, text, length, error);

  for (; ok && *text != '\0'; place.line++)
    {
      gsize size = strcspn (text, "\n");
      g_autofree char *line = g_strndup (text, size);

      ok = read_line (&reader, line, &place, error);
      text += size + (text[size] == '\n');
    }
  ok = ok && end_section (&reader, error);
  g_clear_pointer (&reader.section, lvsctl_ldirectord_section_free);
  return ok;
}
