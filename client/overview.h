/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "listing.h"
#include "status.h"

G_BEGIN_DECLS

/* The rows of all listings, in one state of the configuration. */
typedef struct
{
  guint64 generation;
  GPtrArray *services;
  GPtrArray *destinations;
  GPtrArray *addresses;
  GPtrArray *roles;
  GPtrArray *settings;
  GPtrArray *sync;
  LvsctlCondition condition;
} LvsctlOverview;

void lvsctl_overview_clear (LvsctlOverview *overview);
char *lvsctl_overview_format (const LvsctlOverview *overview, const LvsctlArguments *arguments);
GVariant *lvsctl_overview_to_json (const LvsctlOverview *overview);

/* The rows of destinations by what their service is called, and those of one service's row taken
 * out of the table: NULL where it has none. */
GHashTable *lvsctl_overview_group_destinations (const LvsctlOverview *overview);
GPtrArray *lvsctl_overview_take_destinations (GHashTable *groups, GVariant *row);

gboolean lvsctl_overview_list (LvsctlClient *client, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlOverview, lvsctl_overview_clear)

G_END_DECLS
