/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the words of ipvsadm, keepalived, nmcli and systemctl are here; NULL where there is nothing
 * of the kind. */

/* A whole command: "save" is "export". */
const char *lvsctl_vocabulary_find_command (const char *typed);

/* One of these verbs, with what follows it. */
const char *lvsctl_vocabulary_find_verb (const char *const *verbs, const char *typed);

/* One of these options, of LvsctlOption: "-w" is "--weight". */
const char *lvsctl_vocabulary_find_option (const GArray *options, const char *typed);

G_END_DECLS
