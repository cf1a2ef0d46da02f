/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/client.h"
#include "rule.h"

G_BEGIN_DECLS

/* What runs one command line. */
typedef gboolean (*LvsctlRuleFunc) (LvsctlClient *client, const LvsctlRule *rule, GError **error);

/* -R: each line of standard input is a command line. Services that are all new, with their
 * destinations, are added in one piece: all of them, or none. Otherwise each line is run by itself.
 * One that is wrong ends it; one that is refused is reported, and the last line's exit status
 * counts, as with ipvsadm. */
gboolean lvsctl_ipvsadm_restore (LvsctlClient *client, LvsctlRuleFunc run, GError **error);

G_END_DECLS
