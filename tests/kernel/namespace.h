/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A network namespace of its own, with lo up, for the rest of the process or until the next. */
void namespace_enter (void);
void namespace_run (const char *format, ...) G_GNUC_PRINTF (1, 2);
char *namespace_output (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* The call's last argument is &unexpected. */
#define assert_ok(call)                                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) unexpected = NULL;                                                          \
    gboolean done = (call);                                                                        \
                                                                                                   \
    g_assert_no_error (unexpected);                                                                \
    g_assert_true (done);                                                                          \
  }                                                                                                \
  G_STMT_END
