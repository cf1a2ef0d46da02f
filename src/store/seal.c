/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "seal.h"

#include <inttypes.h>
#include <lzma.h>
#include <string.h>

static char *
digest_crc64 (const char *text, gsize length)
{
  return g_strdup_printf ("%016" PRIx64, lzma_crc64 ((const guint8 *) text, length, 0));
}

static char *
digest_sha256 (const char *text, gsize length)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
}

typedef struct
{
  const char *word;
  gsize digest_length;
  char *(*digest) (const char *text, gsize length);
} Form;

/* The first is written, and those behind it are still read. */
static const Form forms[] = {
  { "# crc64 ", 16, digest_crc64 },
  { "# sha256 ", 64, digest_sha256 },
};

char *
lvsd_seal_digest (const GString *text)
{
  return forms[0].digest (text->str, text->len);
}

/* Whether it is the text's, in whichever form it was made. */
gboolean
lvsd_seal_digest_fits (const GString *text, const char *digest)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strlen (digest) == forms[i].digest_length)
      {
        g_autofree char *expected = forms[i].digest (text->str, text->len);

        return g_str_equal (expected, digest);
      }
  return FALSE;
}

/* Where the text's own is known already. */
void
lvsd_seal_append_digest (GString *text, const char *digest)
{
  g_string_append_printf (text, "%s%s\n", forms[0].word, digest);
}

void
lvsd_seal_append (GString *text)
{
  g_autofree char *digest = lvsd_seal_digest (text);

  lvsd_seal_append_digest (text, digest);
}

/* The form of the seal that the content ends with, or NULL; ret_length: of what it is about. */
static const Form *
find_seal (GBytes *content, gsize *ret_length)
{
  gsize length;
  const char *text = g_bytes_get_data (content, &length);

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize word_length = strlen (forms[i].word);
      gsize size = word_length + forms[i].digest_length + 1;

      if (length < size || text[length - 1] != '\n'
          || memcmp (text + length - size, forms[i].word, word_length) != 0)
        continue;
      *ret_length = length - size;
      return &forms[i];
    }
  return NULL;
}

gboolean
lvsd_seal_is_there (GBytes *content)
{
  gsize length;

  return find_seal (content, &length) != NULL;
}

gboolean
lvsd_seal_is_whole (GBytes *content)
{
  gsize length;
  const Form *form = find_seal (content, &length);
  const char *text = g_bytes_get_data (content, NULL);
  g_autofree char *expected = NULL;

  if (form == NULL)
    return FALSE;
  expected = form->digest (text, length);
  return memcmp (text + length + strlen (form->word), expected, form->digest_length) == 0;
}

/* Whether this very digest stands in the seal. */
gboolean
lvsd_seal_holds (GBytes *content, const char *digest)
{
  gsize length;
  const Form *form = find_seal (content, &length);
  const char *text = g_bytes_get_data (content, NULL);

  return form != NULL && strlen (digest) == form->digest_length
         && memcmp (text + length + strlen (form->word), digest, form->digest_length) == 0;
}
