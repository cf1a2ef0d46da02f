/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "client/listing.h"

/* Rows as the daemon sends them, in GVariant's text: an array of tuples, or columns by name. */
static GPtrArray *
parse_rows (const LvsctlListing *listing, const char *text)
{
  g_autofree char *type =
      listing->cells != NULL ? g_strdup ("a{sv}") : g_strdup_printf ("a%s", listing->row_type);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, &error);
  GPtrArray *rows = lvsctl_listing_new_rows (listing);
  g_autoptr (LvsctlPage) page = NULL;

  g_assert_no_error (error);
  if (listing->cells == NULL)
    for (gsize i = 0; i < g_variant_n_children (parsed); i++)
      g_ptr_array_add (rows, g_variant_get_child_value (parsed, i));
  else
    {
      page = lvsctl_page_new (parsed, listing->cells, listing->n_cells, &error);
      g_assert_no_error (error);
      lvsctl_listing_add_page (rows, page);
    }
  return rows;
}
