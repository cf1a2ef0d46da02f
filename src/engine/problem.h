/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Something that keeps the node from doing what it was told to, as status shows it. */
typedef struct
{
  gboolean severe;     /* an error rather than a warning */
  const char *subject; /* kind of the thing: "service", "store", … */
  char *id;            /* its name */
  const char *word;    /* for programs: "no-weight", "interface-missing", …; never translated */
  char *message;
  char *advice;
} LvsdProblem;

LvsdProblem *lvsd_problem_new (gboolean severe,
                               const char *subject,
                               const char *id,
                               const char *word,
                               const char *message,
                               const char *advice);
void lvsd_problem_free (LvsdProblem *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsdProblem, lvsd_problem_free)

G_END_DECLS
