/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "terminal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PRESET_COLUMNS 80
#define PRESET_LINES 24
#define ELLIPSIS "…"
#define LONGEST_MESSAGE 4096 /* as the daemon has it */

static int terminal = STDOUT_FILENO;

/* What nobody knows the kind of can do no more than print. */
gboolean
lvsctl_terminal_is_dumb (void)
{
  const char *kind = g_getenv ("TERM");

  return kind == NULL || kind[0] == '\0' || g_str_equal (kind, "dumb");
}

/* Of a terminal that has colours, unless its owner does not want them (no-color.org). */
gboolean
lvsctl_terminal_has_color (void)
{
  static gsize known;
  const char *no_color = g_getenv ("NO_COLOR");
  gboolean has_color;

  /* Once: a pager takes stdout's place later. */
  if (g_once_init_enter (&known))
    {
      has_color = isatty (STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0')
                  && !lvsctl_terminal_is_dumb ();
      g_once_init_leave (&known, has_color ? 2 : 1);
    }
  return known == 2;
}

const char *
lvsctl_style_sequence (LvsctlStyle style)
{
  switch (style)
    {
    case LVSCTL_STYLE_PLAIN:
      return "";
    case LVSCTL_STYLE_HEADING:
      return "\033[1m";
    case LVSCTL_STYLE_GOOD:
      return "\033[32m";
    case LVSCTL_STYLE_WARNING:
      return "\033[33m";
    case LVSCTL_STYLE_BAD:
      return "\033[1;31m";
    case LVSCTL_STYLE_FAINT:
      return "\033[2m";
    }
  g_assert_not_reached ();
}

static const struct
{
  const char *state;
  LvsctlStyle style;
} state_styles[] = {
  { "applied", LVSCTL_STYLE_GOOD },  { "clean", LVSCTL_STYLE_GOOD },
  { "foreign", LVSCTL_STYLE_FAINT }, { "down", LVSCTL_STYLE_FAINT },
  { "missing", LVSCTL_STYLE_BAD },   { "failed", LVSCTL_STYLE_BAD },
  { "error", LVSCTL_STYLE_BAD },     { "degraded", LVSCTL_STYLE_BAD },
};

/* How a state is shown; one that is not known is worth a look. */
LvsctlStyle
lvsctl_style_of_state (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (state_styles); i++)
    if (g_str_equal (state_styles[i].state, state))
      return state_styles[i].style;
  return LVSCTL_STYLE_WARNING;
}

static guint
cells_of (gunichar character)
{
  /* What nearly all of a large table is. */
  if (character >= 0x20 && character < 0x7f)
    return 1;
  if (g_unichar_iszerowidth (character))
    return 0;
  return g_unichar_iswide (character) ? 2 : 1;
}

guint
lvsctl_terminal_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += cells_of (g_utf8_get_char (text));
  return width;
}

/* What the terminal says of its size, unless the variable says otherwise; 0: it is no terminal. */
static guint
measure (const char *variable, gsize member, guint preset)
{
  struct winsize size = { 0 };
  const char *text = g_getenv (variable);
  guint64 number;

  if (!isatty (terminal))
    return 0;
  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return (guint) number;
  if (ioctl (terminal, TIOCGWINSZ, &size) < 0
      || G_STRUCT_MEMBER (unsigned short, &size, member) == 0)
    return preset;
  return G_STRUCT_MEMBER (unsigned short, &size, member);
}

void
lvsctl_terminal_hold (void)
{
  int copy = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

  lvsctl_terminal_has_color ();
  if (copy >= 0)
    terminal = copy;
}

guint
lvsctl_terminal_columns (void)
{
  return measure ("COLUMNS", G_STRUCT_OFFSET (struct winsize, ws_col), PRESET_COLUMNS);
}

guint
lvsctl_terminal_lines (void)
{
  return measure ("LINES", G_STRUCT_OFFSET (struct winsize, ws_row), PRESET_LINES);
}

char *
lvsctl_terminal_cut (const char *text, guint width)
{
  GString *cut = g_string_new (NULL);
  guint used = 0;

  if (lvsctl_terminal_width (text) <= width)
    return g_string_free (g_string_assign (cut, text), FALSE);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (used + cells_of (character) + 1 > width)
        break;
      used += cells_of (character);
      g_string_append_unichar (cut, character);
    }
  if (width > 0)
    g_string_append (cut, ELLIPSIS);
  return g_string_free (cut, FALSE);
}

/* Behind a space, and between characters of scripts that have none; not before their punctuation.
 */
static gboolean
may_break_before (const char *text, const char *at)
{
  gunichar before;
  gunichar after = g_utf8_get_char (at);

  if (at == text)
    return FALSE;
  before = g_utf8_get_char (g_utf8_prev_char (at));
  if (before == ' ')
    return after != ' ';
  return g_unichar_iswide (before) && g_unichar_iswide (after) && !g_unichar_ispunct (after);
}

/* Where the line that begins here ends; a word that is longer than a line is left whole. */
static const char *
find_line_end (const char *text, guint width)
{
  const char *end = NULL;
  guint used = 0;

  if (lvsctl_terminal_width (text) <= width)
    return text + strlen (text);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      if (may_break_before (text, at))
        end = at;
      used += cells_of (g_utf8_get_char (at));
      if (used > width && end != NULL && *at != ' ')
        return end;
    }
  return text + strlen (text);
}

GStrv
lvsctl_terminal_wrap (const char *text, guint width)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  do
    {
      const char *end = find_line_end (text, width);
      g_autofree char *line = g_strndup (text, (gsize) (end - text));

      g_strv_builder_add (lines, g_strchomp (line));
      text = end;
    }
  while (*text != '\0');
  return g_strv_builder_end (lines);
}

/* Interface names and texts of other programs may hold any byte, and one word of a file that is no
 * configuration may be all of it. */
char *
lvsctl_terminal_sanitize (const char *text)
{
  char *clean = g_utf8_make_valid (text, (gssize) strnlen (text, LONGEST_MESSAGE));

  for (char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      /* C1 controls take two bytes. */
      if (character < 0x20 || character == 0x7f)
        *at = ' ';
      else if (character >= 0x80 && character < 0xa0)
        memcpy (at, "\xc2\xa0", 2);
    }
  return clean;
}

/* In UTF-8, whatever the locale says. */
void
lvsctl_terminal_print (const char *text)
{
  lvsctl_pager_start ();
  fputs (text, stdout);
}
