/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "error.h"

static gboolean
parse_mark (const char *text, int family, LvsdServiceKey *ret_key, GError **error)
{
  guint64 mark;

  /* 0 would become a look-up of TCP 0.0.0.0:0 in the kernel (ip_vs_ctl.c). */
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &mark, NULL))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("key: firewall mark '%s' must be a number from 1 to 4294967295"), text);
      return FALSE;
    }
  *ret_key = (LvsdServiceKey){ .fwmark = (guint32) mark };
  ret_key->endpoint.address.family = (guint8) family;
  return TRUE;
}

/* Whether a service may have this address; one with a mark has none. */
gboolean
lvsd_service_key_check (const LvsdServiceKey *key, GError **error)
{
  const LvsdAddress *address = &key->endpoint.address;

  if (key->fwmark == 0
      && (lvsd_address_is_unspecified (address) || lvsd_address_is_multicast (address)
          || lvsd_address_is_broadcast (address)))
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                           _ ("the address must be a single host's"));
      return FALSE;
    }
  return TRUE;
}

/* PROTOCOL/ADDRESS:PORT, fwmark/MARK or fwmark6/MARK. That port 0 goes with persistence only is
 * checked with the service, not here. */
gboolean
lvsd_service_key_parse (const char *text, LvsdServiceKey *ret_key, GError **error)
{
  const char *slash = strchr (text, '/');
  g_autofree char *kind = NULL;
  LvsdServiceKey key = { 0 };
  guint protocol;

  if (slash == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("key '%s': write it like tcp/192.0.2.1:80, udp/[2001:db8::1]:53 or fwmark/1"),
                   text);
      return FALSE;
    }
  kind = g_strndup (text, (gsize) (slash - text));
  if (g_str_equal (kind, "fwmark"))
    return parse_mark (slash + 1, AF_INET, ret_key, error);
  if (g_str_equal (kind, "fwmark6"))
    return parse_mark (slash + 1, AF_INET6, ret_key, error);
  if (!lvsd_terms_parse (lvsd_protocol_terms, "protocol", kind, &protocol, error)
      || !lvsd_endpoint_parse (slash + 1, &key.endpoint, NULL, error)
      || !lvsd_service_key_check (&key, error))
    {
      g_prefix_error (error, _ ("key '%s': "), text);
      return FALSE;
    }
  key.protocol = (guint8) protocol;
  *ret_key = key;
  return TRUE;
}

/* The kernel takes any protocol from whoever asks it by netlink; one without a word is shown as a
 * number. */
static const char *
format_protocol (guint protocol, char number[12])
{
  const char *word = lvsd_terms_format (lvsd_protocol_terms, protocol);

  if (word != NULL)
    return word;
  g_snprintf (number, 12, "%u", protocol);
  return number;
}

const char *
lvsd_service_key_format (const LvsdServiceKey *key, char buffer[LVSD_SERVICE_KEY_TEXT_SIZE])
{
  char number[12];

  if (key->fwmark != 0)
    g_snprintf (buffer, LVSD_SERVICE_KEY_TEXT_SIZE, "%s/%" G_GUINT32_FORMAT,
                key->endpoint.address.family == AF_INET6 ? "fwmark6" : "fwmark", key->fwmark);
  else
    {
      char *at = g_stpcpy (buffer, format_protocol (key->protocol, number));

      *at++ = '/';
      lvsd_endpoint_format (&key->endpoint, at);
    }
  return buffer;
}

guint
lvsd_service_key_hash (const LvsdServiceKey *key)
{
  return lvsd_address_hash (&key->endpoint.address) * 31 * 31
         + ((guint) key->endpoint.port << 8 | key->protocol) * 31 + key->fwmark;
}

gboolean
lvsd_service_key_equal (const LvsdServiceKey *a, const LvsdServiceKey *b)
{
  return a->protocol == b->protocol && a->fwmark == b->fwmark
         && lvsd_endpoint_compare (&a->endpoint, &b->endpoint) == 0;
}

static int
compare_numbers (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

/* The order in which services without a name are listed. */
int
lvsd_service_key_compare (const LvsdServiceKey *a, const LvsdServiceKey *b)
{
  int order = compare_numbers (a->protocol, b->protocol);

  if (order == 0)
    order = lvsd_endpoint_compare (&a->endpoint, &b->endpoint);
  return order != 0 ? order : compare_numbers (a->fwmark, b->fwmark);
}

/* tcp-192.0.2.1-80: the name of a service that was not given one. */
char *
lvsd_service_key_derive_name (const LvsdServiceKey *key)
{
  char number[12];
  char name[LVSD_SERVICE_KEY_TEXT_SIZE];
  char *at;

  if (key->fwmark != 0)
    return g_strdup_printf ("%s-%" G_GUINT32_FORMAT,
                            key->endpoint.address.family == AF_INET6 ? "fwmark6" : "fwmark",
                            key->fwmark);
  at = g_stpcpy (name, format_protocol (key->protocol, number));
  *at++ = '-';
  lvsd_address_format (&key->endpoint.address, at);
  g_strdelimit (at, ":", '_');
  at += strlen (at);
  *at++ = '-';
  lvsd_port_format (key->endpoint.port, at);
  return g_strdup (name);
}

/* A name of the derived form that is meant for another key would mislead everybody who reads it. */
static gboolean
is_derived_form (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", 3);
  g_autofree char *key_text = NULL;
  LvsdServiceKey key;

  if (g_strv_length (parts) == 2)
    key_text = g_strdup_printf ("%s/%s", parts[0], parts[1]);
  else if (g_strv_length (parts) == 3)
    key_text =
        g_strdup_printf ("%s/[%s]:%s", parts[0], g_strdelimit (parts[1], "_", ':'), parts[2]);
  else
    return FALSE;
  return lvsd_service_key_parse (key_text, &key, NULL);
}

/* Whether a name may be given to the service of this key: [A-Za-z0-9_][A-Za-z0-9_.-]{0,63}. */
gboolean
lvsd_service_name_check (const char *name, const LvsdServiceKey *key, GError **error)
{
  g_autofree char *derived = NULL;
  gsize length = strlen (name);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && name[i] != '_' && (i == 0 || strchr (".-", name[i]) == NULL))
      length = 0;
  if (length == 0 || length > LVSD_NAME_MAX)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("name '%.80s': use 1 to 64 letters, digits and _ . - and do not begin with "
                      ". or -"),
                   name);
      return FALSE;
    }
  derived = lvsd_service_key_derive_name (key);
  if (!g_str_equal (name, derived) && is_derived_form (name))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
                   _ ("name '%s' reads like the key of another service; for this key it would be "
                      "'%s'"),
                   name, derived);
      return FALSE;
    }
  return TRUE;
}

LvsdServiceIdentity *
lvsd_service_identity_new (const char *name, const LvsdServiceKey *key)
{
  LvsdServiceIdentity *identity = g_new0 (LvsdServiceIdentity, 1);

  g_atomic_ref_count_init (&identity->references);
  identity->key = *key;
  g_strlcpy (identity->name, name, sizeof identity->name);
  return identity;
}

LvsdServiceIdentity *
lvsd_service_identity_ref (LvsdServiceIdentity *identity)
{
  g_atomic_ref_count_inc (&identity->references);
  return identity;
}

void
lvsd_service_identity_unref (LvsdServiceIdentity *identity)
{
  if (g_atomic_ref_count_dec (&identity->references))
    g_free (identity);
}
