/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The code of an error is what ipvsadm exits with. */
typedef enum
{
  LVSCTL_IPVSADM_EXIT_LOOKUP = 1,   /* what is to be listed is not there, or is not lvsd's */
  LVSCTL_IPVSADM_EXIT_ILLEGAL = 2,  /* a wrong option or value, or nobody to ask */
  LVSCTL_IPVSADM_EXIT_FAILED = 255, /* not an option at all, or it was refused when it was tried */
} LvsctlIpvsadmExit;

#define LVSCTL_IPVSADM_ERROR (lvsctl_ipvsadm_error_quark ())
GQuark lvsctl_ipvsadm_error_quark (void);

G_END_DECLS
