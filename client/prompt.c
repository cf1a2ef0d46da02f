/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "prompt.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exit-status.h"
#include "terminal.h"

#define LONGEST_ANSWER 64

/* Whether somebody is there to answer, and sees the question. */
gboolean
lvsctl_prompt_is_possible (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/* Returns what was typed without surrounding white space; "" at the end of input. */
static char *
ask (const char *situation, const char *question)
{
  g_autofree char *shown = lvsctl_terminal_sanitize (situation);
  char answer[LONGEST_ANSWER];

  fflush (stdout);
  fprintf (stderr, "%s\n%s ", shown, question);
  fflush (stderr);
  if (fgets (answer, sizeof answer, stdin) == NULL)
    answer[0] = '\0';
  return g_strdup (g_strstrip (answer));
}

static gboolean
decline (GError **error)
{
  g_set_error_literal (error, LVSCTL_ERROR, LVSCTL_ERROR_DECLINED, _ ("nothing was changed"));
  return FALSE;
}

/* Whether the answer is yes; anything else is no, and an error that says so. */
gboolean
lvsctl_prompt_yes_or_no (const char *situation, const char *question, GError **error)
{
  g_autofree char *whole = g_strdup_printf ("%s %s", question, _ ("[y/N]"));
  g_autofree char *answer = ask (situation, whole);
  /* Translators: what a person may answer besides "y" and "yes", separated by spaces */
  g_auto (GStrv) accepted = g_strsplit (C_ ("answer", "y yes"), " ", -1);

  if (g_ascii_strcasecmp (answer, "y") == 0 || g_ascii_strcasecmp (answer, "yes") == 0)
    return TRUE;
  for (gsize i = 0; accepted[i] != NULL; i++)
    if (g_str_equal (accepted[i], answer))
      return TRUE;
  return decline (error);
}

/* For what cannot be taken back: the word must be typed out. */
gboolean
lvsctl_prompt_word (const char *situation, const char *word, GError **error)
{
  g_autofree char *question = g_strdup_printf (_ ("Type '%s' to go ahead:"), word);
  g_autofree char *answer = ask (situation, question);

  return g_str_equal (answer, word) || decline (error);
}
