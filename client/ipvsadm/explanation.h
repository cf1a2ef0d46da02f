/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "rule.h"

G_BEGIN_DECLS

/* What ipvsadm says to a refusal of the kernel's; scripts may look for it, so it is never
 * translated. */
#define LVSCTL_SERVICE_EXISTS "Service already exists"
#define LVSCTL_DESTINATION_EXISTS "Destination already exists"
#define LVSCTL_NO_SERVICE "No such service"
#define LVSCTL_NO_DESTINATION "No such destination"

/* Turns what came of a command into an error with ipvsadm's exit status, and with its words in
 * front where it has some. Takes the reason. */
void lvsctl_ipvsadm_explain (LvsctlSwitchId command, GError *reason, GError **error);

G_END_DECLS
