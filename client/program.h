/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs a command line without the program's name. Returns the exit status. */
int lvsctl_program_run (const char *const *argv);

G_END_DECLS
