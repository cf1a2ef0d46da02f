/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"

G_BEGIN_DECLS

/* Services with their destinations, one after the other as both come from the daemon. */
typedef struct _LvsctlRoster LvsctlRoster;

typedef struct
{
  const char *service;                    /* that one alone; NULL: all */
  const char *const *service_columns;     /* what is needed of each; NULL: everything */
  const char *const *destination_columns; /* likewise */
  void (*pause) (gpointer user_data); /* called before the daemon is waited for and every so many
                                       * rows, so that what there is can be shown; or NULL */
  gpointer user_data;
} LvsctlRosterPlan;

LvsctlRoster *lvsctl_roster_new (LvsctlClient *client, const LvsctlRosterPlan *plan);

/* Of rows that are there already, in their order; they are borrowed. */
LvsctlRoster *
lvsctl_roster_new_of_rows (GPtrArray *services, GPtrArray *destinations, guint64 generation);
void lvsctl_roster_free (LvsctlRoster *roster);

/* The next service; NULL behind the last, and with error on an error. It and the destinations, of
 * const LvsctlRow, are there until the next call. */
const LvsctlRow *
lvsctl_roster_next (LvsctlRoster *roster, GPtrArray **ret_destinations, GError **error);

/* Of the desired state when the first page was made. */
guint64 lvsctl_roster_generation (const LvsctlRoster *roster);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LvsctlRoster, lvsctl_roster_free)

G_END_DECLS
