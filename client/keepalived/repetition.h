/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/reading.h"

G_BEGIN_DECLS

/* ~SEQ(VAR, START, STEP, END) REST and ~LST(VAR, VALUE, …) REST: the rest of the line once for each
 * value of a variable, or of several. */
typedef struct
{
  GStrv names;
  GPtrArray *values; /* of GStrv, each as long as names */
  const char *rest;  /* of the line */
} LvsctlKeepalivedRepetition;

gboolean lvsctl_keepalived_is_repetition (const char *line);
LvsctlKeepalivedRepetition *
lvsctl_keepalived_repetition_parse (const char *line, const LvsctlPlace *place, GError **error);
void lvsctl_keepalived_repetition_free (LvsctlKeepalivedRepetition *repetition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlKeepalivedRepetition, lvsctl_keepalived_repetition_free)

G_END_DECLS
