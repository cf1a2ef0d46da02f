/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* The key of the only service at this ADDRESS or ADDRESS:PORT, or a copy of the text where it is
 * something else or the name of a service. An error where there are several. */
char *lvsctl_resolution_of_service (LvsctlClient *client, const char *text, GError **error);

/* The same for rows of services that are there. */
char *lvsctl_resolution_choose (GPtrArray *rows, const char *text, GError **error);

/* Adds to an error that tells of a service that is not there what to do about it. */
void lvsctl_resolution_explain (LvsctlClient *client, const char *text, GError **error);

/* That in words, for rows of services that are there. */
char *lvsctl_resolution_find_way_out (GPtrArray *rows, const char *text);

G_END_DECLS
