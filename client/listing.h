/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client.h"
#include "model/item.h"
#include "page.h"
#include "table.h"

G_BEGIN_DECLS

typedef enum
{
  LVSCTL_COLUMN_PLAIN = 0,
  LVSCTL_COLUMN_NUMBER = 1 << 0,     /* aligned at the right */
  LVSCTL_COLUMN_HIDE_EMPTY = 1 << 1, /* left out of a table where no row has it */
  LVSCTL_COLUMN_STATE = 1 << 2,      /* coloured by what it says */
  LVSCTL_COLUMN_KEEP = 1 << 3,       /* not cut while others can be */
  LVSCTL_COLUMN_WRAP = 1 << 4, /* a text that may need lines of its own, the last of a table */
} LvsctlColumnFlags;

/* One column: a heading and cells in a table, a line of "show", a member in JSON. A row is a tuple,
 * or of a listing that has cells a const LvsctlRow. */
typedef struct
{
  const char *name;  /* as the option is called; JSON has _ for - */
  const char *title; /* NULL: not in a table */
  LvsctlColumnFlags flags;
  guint child;                     /* of the tuple, or the cell */
  guint member;                    /* of the child, where that is a tuple */
  GVariant *(*get) (gpointer row); /* instead of child; NULL where it says all */
  char *(*text) (gpointer row);    /* for people; NULL where the value says all */
} LvsctlColumn;

#define LVSCTL_NO_FIELDS G_MAXUINT
#define LVSCTL_PAGE_FIELDS (G_MAXUINT - 1) /* of rows that come column by column */

/* The daemon never gives more rows at once. */
#define LVSCTL_PAGE_ROWS 10000

/* A kind of rows: where they come from and what is in them. Fields of the model's that no column
 * names are shown after the columns, so that a new one needs nothing here. */
typedef struct
{
  const char *name;     /* the member of JSON that has the rows */
  const char *method;   /* of the manager; NULL where they are got in another way */
  const char *row_type; /* NULL where the rows come column by column: */
  const LvsctlCell *cells;
  guint n_cells;
  guint32
      page_rows; /* asked for at a time while they are shown, so that little memory is touched */
  const LvsctlColumn *columns;
  gsize n_columns;
  guint fields; /* the child that has the fields that are not at their preset */
  LvsdKind kind;
  char *(*after) (gpointer row); /* what the next page begins behind, where that does not say */
} LvsctlListing;

/* Returns the rows, all of one generation. options, a{sv}, may be NULL. */
GPtrArray *lvsctl_listing_fetch (LvsctlClient *client,
                                 const LvsctlListing *listing,
                                 GVariant *options,
                                 guint64 *ret_generation,
                                 GError **error);

/* An array for rows of the listing, which it owns; and a page's added to it. */
GPtrArray *lvsctl_listing_new_rows (const LvsctlListing *listing);
void lvsctl_listing_add_page (GPtrArray *rows, LvsctlPage *page);

/* A field that is not at its preset, or NULL. */
GVariant *lvsctl_listing_find_field (const LvsctlListing *listing, const char *name, gpointer row);

/* Return references, floating or not: see g_variant_take_ref(). */
GVariant *lvsctl_listing_get (const LvsctlListing *listing, const char *name, gpointer row);
GVariant *lvsctl_listing_to_object (const LvsctlListing *listing, gpointer row);
GVariant *lvsctl_listing_to_array (const LvsctlListing *listing, GPtrArray *rows);

/* NULL where it has no such column. */
const LvsctlColumn *lvsctl_listing_find_column (const LvsctlListing *listing, const char *name);

/* What its rows can be asked for: the columns, and then the further fields; NULL-terminated, of
 * strings that are not owned. */
GPtrArray *lvsctl_listing_names (const LvsctlListing *listing);

/* A value of a field for people. */
char *lvsctl_value_to_text (GVariant *value);
char *lvsctl_number_to_text (guint64 number);
char *lvsctl_listing_text (const LvsctlListing *listing, const char *name, gpointer row);
char *lvsctl_listing_describe (const LvsctlListing *listing, gpointer row, gboolean color);

G_END_DECLS
