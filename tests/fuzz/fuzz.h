/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

#include "model/destination.h"

/* A target: libFuzzer calls it with one input after the other, replay.c with those of its corpus.
 * It returns 0, and aborts where something is not as it must be. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static inline void
fuzz_pass_over (G_GNUC_UNUSED const char *domain,
                G_GNUC_UNUSED GLogLevelFlags level,
                G_GNUC_UNUSED const char *message,
                G_GNUC_UNUSED gpointer user_data)
{
}

/* A message of GLib's that tells of a mistake in the caller, us, ends the program; warnings about
 * what the input holds are left out. To be called first. */
static inline void
fuzz_begin (void)
{
  static gboolean begun;

  if (begun)
    return;
  begun = TRUE;
  g_log_set_always_fatal ((GLogLevelFlags) (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL));
  g_log_set_handler (NULL, G_LOG_LEVEL_WARNING, fuzz_pass_over, NULL);
}

/* The input as text that ends with a NUL, or NULL where it holds one: such a text never gets to a
 * parser of strings. */
static inline char *
fuzz_dup_text (const guint8 *data, gsize size)
{
  if (size == 0)
    return g_strdup ("");
  return memchr (data, '\0', size) == NULL ? g_strndup ((const char *) data, size) : NULL;
}

static inline void
fuzz_assert_same_item (gconstpointer a, gconstpointer b)
{
  g_autofree char *id = lvsd_item_dup_id (a);
  g_autofree char *other_id = lvsd_item_dup_id (b);

  g_assert_cmpint (lvsd_item_get_kind (a), ==, lvsd_item_get_kind (b));
  g_assert_cmpstr (id, ==, other_id);
  g_assert_true (lvsd_item_identity_equal (a, b));
  g_assert_true (lvsd_item_fields_equal (a, b));
}

/* What a decoder takes validation must not refuse. */
static inline void
fuzz_assert_valid_items (const GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr (GError) error = NULL;

      lvsd_item_validate (items->pdata[i], &error);
      g_assert_no_error (error);
    }
}

static inline void
fuzz_assert_same_items (const GPtrArray *a, const GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    fuzz_assert_same_item (a->pdata[i], b->pdata[i]);
}
