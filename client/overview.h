/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "json-writer.h"
#include "listing.h"
#include "roster.h"
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

/* All rows, of one state of the configuration if that can be had; and those besides services and
 * destinations alone. */
gboolean lvsctl_overview_fetch (LvsctlClient *client, LvsctlOverview *overview, GError **error);
gboolean
lvsctl_overview_fetch_sections (LvsctlClient *client, LvsctlOverview *overview, GError **error);

/* Each kind of rows by the column of that name, where it has one. */
void lvsctl_overview_sort (LvsctlOverview *overview, const char *order);

char *lvsctl_overview_format (const LvsctlOverview *overview, const LvsctlArguments *arguments);
char *lvsctl_overview_format_tersely (const LvsctlOverview *overview);

/* What there is besides services and destinations: tables with an empty line before each. */
void lvsctl_overview_append_sections (const LvsctlOverview *overview,
                                      const LvsctlArguments *arguments,
                                      GString *output);

/* Parts of JSON, into the object that is open. */
void lvsctl_overview_write_condition (LvsctlJsonWriter *writer, const LvsctlOverview *overview);
void lvsctl_overview_write_sections (LvsctlJsonWriter *writer, const LvsctlOverview *overview);

/* The generation, and the services with their destinations. */
gboolean lvsctl_overview_write_services (LvsctlJsonWriter *writer,
                                         LvsctlRoster *roster,
                                         const LvsctlListing *services,
                                         const LvsctlListing *destinations,
                                         GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsctlOverview, lvsctl_overview_clear)

G_END_DECLS
