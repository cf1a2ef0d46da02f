/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What lvsctl exits with; scripts rely on the numbers. */
typedef enum
{
  LVSCTL_EXIT_SUCCESS = 0,
  LVSCTL_EXIT_FAILURE = 1,
  LVSCTL_EXIT_USAGE = 2,
  LVSCTL_EXIT_NOT_FOUND = 3,
  LVSCTL_EXIT_EXISTS = 4,
  LVSCTL_EXIT_REFUSED = 5,
  LVSCTL_EXIT_KERNEL = 6,
  LVSCTL_EXIT_CONFLICT = 7,
  LVSCTL_EXIT_ATTENTION = 8,
  LVSCTL_EXIT_UNREACHABLE = 9,
} LvsctlExit;

#define LVSCTL_N_EXITS (LVSCTL_EXIT_UNREACHABLE + 1)

/* Failures of the client itself; those of the daemon are LvsdError. */
typedef enum
{
  LVSCTL_ERROR_FAILED,
  LVSCTL_ERROR_USAGE,
  LVSCTL_ERROR_DECLINED,
  LVSCTL_ERROR_UNREACHABLE,
} LvsctlError;

#define LVSCTL_ERROR (lvsctl_error_quark ())
GQuark lvsctl_error_quark (void);

LvsctlExit lvsctl_exit_of_error (const GError *error);
const char *lvsctl_exit_meaning (LvsctlExit status);

G_END_DECLS
