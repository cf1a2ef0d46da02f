/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_ADDRESSES 65536 /* of one range */

gboolean
lvsctl_keepalived_parse_address (const LvsctlKeepalivedStatement *statement,
                                 guint index,
                                 LvsdAddress *ret_address,
                                 GError **error)
{
  const char *text = lvsctl_keepalived_word (statement, index);

  if (text == NULL)
    return lvsctl_place_refuse (&statement->place, error, _ ("%s: an address is missing"),
                                statement->words[0]);
  return lvsd_address_parse (text, ret_address, error)
         || lvsctl_place_prefix (&statement->place, error);
}

/* Left out, it is 0. */
gboolean
lvsctl_keepalived_parse_port (const LvsctlKeepalivedStatement *statement,
                              guint index,
                              guint16 *ret_port,
                              GError **error)
{
  const char *text = lvsctl_keepalived_word (statement, index);
  guint64 port = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &port, NULL))
    return lvsctl_place_refuse (&statement->place, error,
                                _ ("port '%.40s' must be a number from 1 to 65535"), text);
  *ret_port = (guint16) port;
  return TRUE;
}

static gboolean
add_mark (GArray *targets, const LvsctlKeepalivedStatement *statement, guint index, GError **error)
{
  const char *text = lvsctl_keepalived_word (statement, index);
  const char *family = lvsctl_keepalived_word (statement, index + 1);
  LvsctlKeepalivedTarget target = { .place = statement->place };
  guint64 mark;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &mark, NULL))
    return lvsctl_place_refuse (&statement->place, error,
                                _ ("fwmark '%.40s' must be a number from 1 to 4294967295"),
                                text != NULL ? text : "");
  target.fwmark = (guint32) mark;
  if (g_strcmp0 (family, "inet") == 0)
    target.endpoint.address.family = AF_INET;
  else if (g_strcmp0 (family, "inet6") == 0)
    target.endpoint.address.family = AF_INET6;
  g_array_append_val (targets, target);
  return TRUE;
}

/* What stands behind the hyphen: a whole address, or its last part alone. */
static gboolean
parse_last (const char *text, const LvsdAddress *first, LvsdAddress *ret_last)
{
  gboolean is_ipv6 = first->family == AF_INET6;
  guint64 number;

  *ret_last = *first;
  if (strpbrk (text, ".:") != NULL)
    return lvsd_address_parse (text, ret_last, NULL) && ret_last->family == first->family;
  if (!g_ascii_string_to_unsigned (text, is_ipv6 ? 16 : 10, 0, is_ipv6 ? 0xffff : 0xff, &number,
                                   NULL))
    return FALSE;
  if (is_ipv6)
    ret_last->bytes[14] = (guint8) (number >> 8);
  ret_last->bytes[is_ipv6 ? 15 : 3] = (guint8) number;
  return TRUE;
}

/* ADDRESS/LENGTH: all of the subnet's addresses. */
static gboolean
parse_subnet (const char *text, LvsdAddress *ret_first, LvsdAddress *ret_last)
{
  guint length;

  if (!lvsd_prefix_parse (text, ret_first, &length, NULL))
    return FALSE;
  *ret_last = *ret_first;
  for (guint bit = length; bit < lvsd_address_bits (ret_first); bit++)
    {
      ret_first->bytes[bit / 8] &= (guint8) ~(0x80 >> bit % 8);
      ret_last->bytes[bit / 8] |= (guint8) (0x80 >> bit % 8);
    }
  return TRUE;
}

static gboolean
parse_range (const char *text, LvsdAddress *ret_first, LvsdAddress *ret_last)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);

  if (ends[0] != NULL && ends[1] != NULL)
    return lvsd_address_parse (ends[0], ret_first, NULL)
           && parse_last (ends[1], ret_first, ret_last)
           && lvsd_address_compare (ret_first, ret_last) <= 0;
  if (strchr (text, '/') != NULL)
    return parse_subnet (text, ret_first, ret_last);
  if (!lvsd_address_parse (text, ret_first, NULL))
    return FALSE;
  *ret_last = *ret_first;
  return TRUE;
}

static gboolean
add_range (GArray *targets, const LvsctlKeepalivedStatement *statement, guint index, GError **error)
{
  const char *text = lvsctl_keepalived_word (statement, index);
  LvsctlKeepalivedTarget target = { .place = statement->place };
  LvsdAddress last;

  if (text == NULL || !parse_range (text, &target.endpoint.address, &last))
    return lvsctl_place_refuse (&statement->place, error,
                                _ ("'%.80s' is no address; write it like 192.0.2.1, 192.0.2.1-10, "
                                   "192.0.2.8/29 or 2001:db8::1"),
                                text != NULL ? text : "");
  if (!lvsctl_keepalived_parse_port (statement, index + 1, &target.endpoint.port, error))
    return FALSE;
  for (guint n = 0; n < MOST_ADDRESSES; n++)
    {
      g_array_append_val (targets, target);
      if (lvsd_address_compare (&target.endpoint.address, &last) == 0
          || !lvsd_address_advance (&target.endpoint.address))
        return TRUE;
    }
  return lvsctl_place_refuse (&statement->place, error, _ ("'%.80s' holds more than %d addresses"),
                              text, MOST_ADDRESSES);
}

gboolean
lvsctl_keepalived_targets_add (GArray *targets,
                               const LvsctlKeepalivedStatement *statement,
                               guint index,
                               GError **error)
{
  if (!lvsctl_keepalived_check_words (statement, 3, TRUE, error))
    return FALSE;
  if (g_strcmp0 (lvsctl_keepalived_word (statement, index), "fwmark") == 0)
    return add_mark (targets, statement, index + 1, error);
  return add_range (targets, statement, index, error);
}
