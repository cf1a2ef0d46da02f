/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/columns.h"
#include "bus/request.h"
#include "engine/service-reading.h"

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

  /* Of one that is made piece by piece, column by column. */
  LvsdColumns *columns;
  LvsdServiceReading *reading; /* under way, or NULL */
  LvsdServiceIdentity *last;   /* the service of the last row; NULL: there is none yet */
  LvsdEndpoint last_endpoint;
  gboolean has_more;                           /* a row that the limit left out */
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
                            GError **error);
void lvsd_listing_clear (LvsdListing *listing);
LvsdListing *lvsd_listing_begin (LvsdRequest *request,
                                 const LvsdColumn *columns,
                                 guint n_columns,
                                 GError **error);
void lvsd_listing_free (LvsdListing *listing);
void lvsd_listing_perform (LvsdRequest *request);
gboolean lvsd_listing_is_full (const LvsdListing *listing);
gboolean lvsd_listing_begin_row (LvsdListing *listing, LvsdServiceIdentity *of);
void lvsd_listing_pack_row (GVariantBuilder *rows, GVariant *row);
void lvsd_listing_add_row (LvsdListing *listing, GVariant *row);
void lvsd_listing_answer (LvsdListing *listing, LvsdRequest *request);

const LvsdActualEntry *lvsd_listing_find (const LvsdListing *listing, gpointer item);
const char *
lvsd_listing_judge (const LvsdListing *listing, gpointer item, const LvsdActualEntry *entry);
const char *lvsd_listing_state (const LvsdListing *listing, gpointer item);
gboolean lvsd_listing_read_services (LvsdListing *listing);
void lvsd_listing_read_service (LvsdListing *listing, const LvsdServiceKey *key);
void lvsd_listing_read_destinations (LvsdListing *listing, LvsdServiceIdentity *identity);
void lvsd_listing_find_others (LvsdListing *listing);
void lvsd_listing_add_counters (LvsdListing *listing, guint first, const LvsdActualEntry *entry);
void lvsd_listing_add_fields (LvsdListing *listing,
                              guint column,
                              gconstpointer item,
                              const char *const *except);

/* The columns of the counters, in the order of LvsdCounters. */
#define LVSD_LISTING_COUNTERS                                                                      \
  { "connections", LVSD_COLUMN_NUMBERS }, { "packets-in", LVSD_COLUMN_NUMBERS },                   \
      { "packets-out", LVSD_COLUMN_NUMBERS }, { "bytes-in", LVSD_COLUMN_NUMBERS },                 \
      { "bytes-out", LVSD_COLUMN_NUMBERS }, { "connection-rate", LVSD_COLUMN_NUMBERS },            \
      { "packet-rate-in", LVSD_COLUMN_NUMBERS }, { "packet-rate-out", LVSD_COLUMN_NUMBERS },       \
      { "byte-rate-in", LVSD_COLUMN_NUMBERS },                                                     \
  {                                                                                                \
    "byte-rate-out", LVSD_COLUMN_NUMBERS                                                           \
  }

/* The fields that are not at their preset, but for those named, which have a column. */
GVariantDict *lvsd_listing_fields (gconstpointer item, const char *const *except);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LvsdListing, lvsd_listing_clear)

G_END_DECLS
