/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  LVSCTL_STYLE_PLAIN,
  LVSCTL_STYLE_HEADING,
  LVSCTL_STYLE_GOOD,
  LVSCTL_STYLE_WARNING,
  LVSCTL_STYLE_BAD,
  LVSCTL_STYLE_FAINT,
} LvsctlStyle;

gboolean lvsctl_terminal_has_color (void);

/* TERM is "dumb" or not set: no colours, no pager, nothing that moves. */
gboolean lvsctl_terminal_is_dumb (void);
const char *lvsctl_style_sequence (LvsctlStyle style);
LvsctlStyle lvsctl_style_of_state (const char *state);

/* How many columns a text takes on a terminal. */
guint lvsctl_terminal_width (const char *text);

/* How many columns the terminal at stdout has; 0 where stdout is none, and nothing is to be cut. */
guint lvsctl_terminal_columns (void);

/* How many lines it has; 0 where stdout is none. */
guint lvsctl_terminal_lines (void);

/* Keeps the terminal in mind before a pager takes stdout's place. */
void lvsctl_terminal_hold (void);

/* A copy of the text that takes no more than so many columns, with an ellipsis where it was cut. */
char *lvsctl_terminal_cut (const char *text, guint width);

/* The text in lines of so many columns at most, as words allow. */
GStrv lvsctl_terminal_wrap (const char *text, guint width);

/* A copy without anything that a terminal would take for a command. */
char *lvsctl_terminal_sanitize (const char *text);

void lvsctl_terminal_print (const char *text);

/* From here on what is printed goes through a pager, where stdout is a terminal; it is started with
 * the first text. To close it is to wait until it was left; FALSE where there was none. */
void lvsctl_pager_open (void);
void lvsctl_pager_start (void);
gboolean lvsctl_pager_close (void);

G_END_DECLS
