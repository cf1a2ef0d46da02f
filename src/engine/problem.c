/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "problem.h"

/* message and advice are copied; subject and word are literals. */
LvsdProblem *
lvsd_problem_new (gboolean severe,
                  const char *subject,
                  const char *id,
                  const char *word,
                  const char *message,
                  const char *advice)
{
  LvsdProblem *problem = g_new0 (LvsdProblem, 1);

  problem->severe = severe;
  problem->subject = subject;
  problem->id = g_strdup (id);
  problem->word = word;
  problem->message = g_strdup (message);
  problem->advice = g_strdup (advice);
  return problem;
}

void
lvsd_problem_free (LvsdProblem *problem)
{
  g_free (problem->id);
  g_free (problem->message);
  g_free (problem->advice);
  g_free (problem);
}
