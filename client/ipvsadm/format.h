/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/destination.h"
#include "model/service.h"

G_BEGIN_DECLS

/* The text that ipvsadm -S prints and ipvsadm -R reads, as a form of services and destinations. */

/* Reads it, numbers and names, into items of the model that passed validation. Nothing is returned
 * on an error, which is InvalidArgument and begins with line and column. */
GPtrArray *lvsctl_ipvsadm_read (const char *text, gsize length, GError **error);

/* Appends the line of a service or of a destination. Without numeric, hosts and ports have names
 * where there are any. Thresholds, which ipvsadm leaves out, are there. */
void lvsctl_ipvsadm_append (GString *text, gconstpointer item, gboolean numeric);

/* Writes all services and destinations. What this text cannot say is described in left_out, of
 * char *, a line for each. */
char *lvsctl_ipvsadm_write (GPtrArray *items, gboolean numeric, GPtrArray *left_out);

/* The granularity of its persistence. */
char *lvsctl_ipvsadm_mask (const LvsdService *service);

G_END_DECLS
