/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

/* What the List methods have in common: their options, and what the kernel was found to hold of
 * what is being listed. */
struct _LvsdListing
{
  LvsdEngine *engine;
  const LvsdTable *table;
  guint64 generation;      /* of the table when the listing began */
  LvsdActual *actual;      /* NULL: the kernel cannot be asked; rows then lack the numbers */
  LvsdService *only;       /* NULL: all */
  LvsdServiceKey only_key; /* where only is NULL but one was named: of a foreign one */
  gboolean by_key;
  gboolean foreign;
  char *after;
  guint32 limit;
  guint32 n_rows;
  GVariantBuilder rows;

  /* Of one that is made piece by piece. */
  gboolean (*add_more) (LvsdListing *listing); /* FALSE: that was all */
  gboolean of_others;                          /* all of ours are listed */
  GPtrArray *others; /* services that are not ours, of LvsdService; once of_others */
  guint n_others_listed;
  LvsdEndpoint endpoint; /* the destination of the service in after that the page is behind */
  gboolean has_endpoint;
};

gboolean lvsd_listing_init (LvsdListing *listing,
                            LvsdRequest *request,
                            const char *row_type,
                            gboolean of_services,
                            GError **error);
void lvsd_listing_clear (LvsdListing *listing);
LvsdListing *lvsd_listing_begin (LvsdRequest *request, const char *row_type, GError **error);
void lvsd_listing_free (LvsdListing *listing);
void lvsd_listing_perform (LvsdRequest *request);
gboolean lvsd_listing_is_full (const LvsdListing *listing);
void lvsd_listing_pack_row (GVariantBuilder *rows, GVariant *row);
void lvsd_listing_add_row (LvsdListing *listing, GVariant *row);
void lvsd_listing_answer (LvsdListing *listing, LvsdRequest *request);

const LvsdActualEntry *lvsd_listing_find (const LvsdListing *listing, gpointer item);
const char *lvsd_listing_state (const LvsdListing *listing, gpointer item);
void lvsd_listing_read_services (LvsdListing *listing);
void lvsd_listing_read_destinations (LvsdListing *listing, LvsdServiceIdentity *identity);
void lvsd_listing_find_others (LvsdListing *listing);
GVariant *lvsd_listing_counters (const LvsdActualEntry *entry);

/* The fields that are not at their preset, but for those named, which have a column. */
GVariantDict *lvsd_listing_fields (gconstpointer item, const char *const *except);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsdListing, lvsd_listing_clear)

G_END_DECLS
