/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

/* What the List methods have in common: their options, and the kernel as it was at one moment. */
typedef struct
{
  LvsdEngine *engine;
  const LvsdTable *table;
  LvsdActual *actual;      /* NULL: the kernel cannot be asked; rows then lack the numbers */
  const LvsdService *only; /* NULL: all */
  LvsdServiceKey only_key; /* where only is NULL but one was named: of a foreign one */
  gboolean by_key;
  gboolean foreign;
  char *after;
  guint32 limit;
  guint32 n_rows;
  GVariantBuilder rows;
} LvsdListing;

gboolean lvsd_listing_init (LvsdListing *listing,
                            LvsdRequest *request,
                            const char *row_type,
                            gboolean of_kernel,
                            GError **error);
void lvsd_listing_clear (LvsdListing *listing);
gboolean lvsd_listing_is_full (const LvsdListing *listing);
void lvsd_listing_add_row (LvsdListing *listing, GVariant *row);
void lvsd_listing_answer (LvsdListing *listing, LvsdRequest *request);

const LvsdActualEntry *lvsd_listing_find (const LvsdListing *listing, gpointer item);
const char *lvsd_listing_state (const LvsdListing *listing, gpointer item);
GPtrArray *lvsd_listing_foreign_services (const LvsdListing *listing);
GVariant *lvsd_listing_counters (const LvsdActualEntry *entry);

/* The fields that are not at their preset, but for those named, which have a column. */
GVariantDict *lvsd_listing_fields (gconstpointer item, const char *const *except);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsdListing, lvsd_listing_clear)

G_END_DECLS
