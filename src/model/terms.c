/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "terms.h"

#include <glib/gi18n-lib.h>

#include "error.h"

const LvsdTerm lvsd_method_terms[] = {
  { "direct", LVSD_METHOD_DIRECT },
  { "tunnel", LVSD_METHOD_TUNNEL },
  { "masquerade", LVSD_METHOD_MASQUERADE },
  { "local", LVSD_METHOD_LOCAL },
  { "dr", LVSD_METHOD_DIRECT },
  { "gatewaying", LVSD_METHOD_DIRECT },
  { "route", LVSD_METHOD_DIRECT },
  { "tun", LVSD_METHOD_TUNNEL },
  { "ipip", LVSD_METHOD_TUNNEL },
  { "nat", LVSD_METHOD_MASQUERADE },
  { "masq", LVSD_METHOD_MASQUERADE },
  { "masquerading", LVSD_METHOD_MASQUERADE },
  { NULL, 0 },
};

const LvsdTerm lvsd_protocol_terms[] = {
  { "tcp", LVSD_PROTOCOL_TCP },
  { "udp", LVSD_PROTOCOL_UDP },
  { "sctp", LVSD_PROTOCOL_SCTP },
  { NULL, 0 },
};

const LvsdTerm lvsd_tunnel_terms[] = {
  { "ipip", LVSD_TUNNEL_IPIP },
  { "gue", LVSD_TUNNEL_GUE },
  { "gre", LVSD_TUNNEL_GRE },
  { NULL, 0 },
};

const LvsdTerm lvsd_checksum_terms[] = {
  { "none", LVSD_CHECKSUM_NONE },
  { "checksum", LVSD_CHECKSUM_PLAIN },
  { "remote-checksum", LVSD_CHECKSUM_REMOTE },
  { "nocsum", LVSD_CHECKSUM_NONE },
  { "csum", LVSD_CHECKSUM_PLAIN },
  { "remcsum", LVSD_CHECKSUM_REMOTE },
  { NULL, 0 },
};

const LvsdTerm lvsd_scheduler_flag_terms[] = {
  { "flag-1", LVSD_SCHEDULER_FLAG_1 },  { "flag-2", LVSD_SCHEDULER_FLAG_2 },
  { "flag-3", LVSD_SCHEDULER_FLAG_3 },  { "sh-fallback", LVSD_SCHEDULER_FLAG_1 },
  { "sh-port", LVSD_SCHEDULER_FLAG_2 }, { "mh-fallback", LVSD_SCHEDULER_FLAG_1 },
  { "mh-port", LVSD_SCHEDULER_FLAG_2 }, { NULL, 0 },
};

static gboolean
is_canonical (const LvsdTerm *terms, const LvsdTerm *term)
{
  return g_str_equal (lvsd_terms_format (terms, term->value), term->word);
}

static char *
list_canonical (const LvsdTerm *terms)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (const LvsdTerm *term = terms; term->word != NULL; term++)
    if (is_canonical (terms, term))
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", term->word);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* Finds the value of a word or of one of its synonyms, whatever the case. field is for the message.
 */
gboolean
lvsd_terms_parse (const LvsdTerm *terms,
                  const char *field,
                  const char *word,
                  guint *ret_value,
                  GError **error)
{
  g_autofree char *known = NULL;

  for (const LvsdTerm *term = terms; term->word != NULL; term++)
    if (g_ascii_strcasecmp (term->word, word) == 0)
      {
        *ret_value = term->value;
        return TRUE;
      }

  known = list_canonical (terms);
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("%s: '%s' is not one of %s"),
               field, word, known);
  return FALSE;
}

/* The canonical word for a value, or NULL where there is none. */
const char *
lvsd_terms_format (const LvsdTerm *terms, guint value)
{
  for (const LvsdTerm *term = terms; term->word != NULL; term++)
    if (term->value == value)
      return term->word;
  return NULL;
}
