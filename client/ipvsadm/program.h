/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/client.h"

G_BEGIN_DECLS

/* The verb "ipvsadm": runs the words after it as ipvsadm's command line. It says itself what went
 * wrong, and sets the exit status that ipvsadm would have. */
gboolean lvsctl_ipvsadm (LvsctlClient *client, GError **error);

G_END_DECLS
