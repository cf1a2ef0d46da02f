/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* "--dry-run", "--confirm" and "--replace" as Apply and Rollback take them; floating. */
GVariant *lvsctl_plan_options (LvsctlClient *client, gboolean replace, gboolean dry_run);

/* What a dry run answered, for people or with --json. ret_steps: how many there are. */
gboolean
lvsctl_plan_print (LvsctlClient *client, GVariant *result, gsize *ret_steps, GError **error);

/* What was done, in one line and what it needs yet. done: "Applied web.lvs". */
void lvsctl_plan_say_done (LvsctlClient *client, const char *done, GVariant *result);

/* Whether it was asked for a dry run. */
gboolean lvsctl_plan_is_dry (const LvsctlClient *client);

G_END_DECLS
