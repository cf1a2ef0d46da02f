/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

extern const LvsctlListing lvsctl_problem_listing;

/* How this node is, as the daemon sees it. */
typedef struct
{
  char *state; /* as the property State of the manager */
  guint32 confirm_seconds;
  GPtrArray *problems; /* rows of lvsctl_problem_listing, the gravest first */
  GVariant *counts;    /* a{su}: of all problems, how many there are of each word */
} LvsctlCondition;

/* With so many of the problems: each of very many services may have one. */
gboolean lvsctl_condition_fetch (LvsctlClient *client,
                                 guint most,
                                 LvsctlCondition *condition,
                                 GError **error);
void lvsctl_condition_clear (LvsctlCondition *condition);

/* In few words: "clean", "drifted", "confirm pending in 14 s". */
char *lvsctl_condition_describe (const LvsctlCondition *condition);

/* That, and then the problems that were fetched, and how many there are besides. */
char *lvsctl_condition_format (const LvsctlCondition *condition);

/* Adds the members that say the same in JSON. */
void lvsctl_condition_to_json (GVariantBuilder *object, const LvsctlCondition *condition);

gboolean lvsctl_status (LvsctlClient *client, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlCondition, lvsctl_condition_clear)

G_END_DECLS
