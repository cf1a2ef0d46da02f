/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader.h"

#include <glib/gi18n-lib.h>

#include "pending.h"

#define REPLY_TYPE "(tsa{sv})"

struct _LvsctlReader
{
  LvsctlClient *client;
  const LvsctlListing *listing;
  GVariant *options;
  guint32 first_rows;
  guint n_pages;
  char *after; /* what the next page begins behind; "": there is none */
  LvsctlPending *pending;
  guint64 generation;
  gboolean is_consistent;
};

LvsctlReader *
lvsctl_reader_new (LvsctlClient *client,
                   const LvsctlListing *listing,
                   GVariant *options,
                   guint32 first_rows)
{
  LvsctlReader *reader = g_new0 (LvsctlReader, 1);

  reader->client = client;
  reader->listing = listing;
  reader->options = options != NULL ? g_variant_ref_sink (options) : NULL;
  reader->first_rows = first_rows;
  reader->is_consistent = TRUE;
  return reader;
}

void
lvsctl_reader_free (LvsctlReader *reader)
{
  g_clear_pointer (&reader->pending, lvsctl_pending_free);
  g_clear_pointer (&reader->options, g_variant_unref);
  g_free (reader->after);
  g_free (reader);
}

static gboolean
ask (LvsctlReader *reader, GError **error)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (reader->options);

  if (reader->after != NULL)
    g_variant_dict_insert (&options, "after", "s", reader->after);
  g_variant_dict_insert (&options, "packed", "b", TRUE);
  g_variant_dict_insert (&options, "limit", "u",
                         reader->n_pages == 0
                             ? reader->first_rows
                             : MAX (reader->first_rows, reader->listing->page_rows));
  reader->pending = lvsctl_pending_new (reader->client, &lvsctl_manager, reader->listing->method,
                                        g_variant_new ("(@a{sv})", g_variant_dict_end (&options)),
                                        REPLY_TYPE, error);
  return reader->pending != NULL;
}

/* Where the next page begins. One that would begin where this one did would never end. */
static void
note_next (LvsctlReader *reader, const char *next)
{
  if (g_strcmp0 (reader->after, next) == 0)
    next = "";
  g_free (reader->after);
  reader->after = g_strdup (next);
}

static GVariant *
take_reply (LvsctlReader *reader, GError **error)
{
  g_autoptr (LvsctlPending) pending = g_steal_pointer (&reader->pending);
  g_autoptr (GVariant) reply = lvsctl_pending_wait (pending, error);
  g_autofree char *next = NULL;
  GVariant *columns;
  guint64 generation;

  if (reply == NULL)
    return NULL;
  /* To borrow a string from it would serialize all of it. */
  g_variant_get (reply, "(ts@a{sv})", &generation, &next, &columns);
  if (reader->n_pages == 0)
    reader->generation = generation;
  reader->is_consistent = reader->is_consistent && generation == reader->generation;
  reader->n_pages++;
  note_next (reader, next);
  return columns;
}

gboolean
lvsctl_reader_is_at_end (const LvsctlReader *reader)
{
  return reader->after != NULL && reader->after[0] == '\0';
}

LvsctlPage *
lvsctl_reader_next (LvsctlReader *reader, GError **error)
{
  g_autoptr (GVariant) columns = NULL;
  g_autoptr (LvsctlPage) page = NULL;

  if (reader->pending == NULL && (lvsctl_reader_is_at_end (reader) || !ask (reader, error)))
    return NULL;
  columns = take_reply (reader, error);
  if (columns == NULL)
    return NULL;
  page = lvsctl_page_new (columns, reader->listing->cells, reader->listing->n_cells, error);
  if (page == NULL)
    {
      g_prefix_error_literal (error, _ ("lvsd and lvsctl are of different versions: "));
      return NULL;
    }
  if (reader->n_pages > 1 && !lvsctl_reader_is_at_end (reader) && !ask (reader, error))
    return NULL;
  return g_steal_pointer (&page);
}

guint64
lvsctl_reader_generation (const LvsctlReader *reader)
{
  return reader->generation;
}

gboolean
lvsctl_reader_is_consistent (const LvsctlReader *reader)
{
  return reader->is_consistent;
}
