/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operand.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "exit-status.h"
#include "model/key.h"
#include "model/setting.h"
#include "model/sync-daemon.h"

static char *
canonical_name (const char *text, GError **error)
{
  if (strchr (text, '/') == NULL)
    return g_strdup (text);
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("'%s' is not a name; a service's name comes before its key, and the key last"),
               text);
  return NULL;
}

static char *
canonical_key (const char *text, GError **error)
{
  char buffer[LVSD_SERVICE_KEY_TEXT_SIZE];
  LvsdServiceKey key;

  if (!lvsd_service_key_parse (text, &key, error))
    return NULL;
  return g_strdup (lvsd_service_key_format (&key, buffer));
}

static char *
canonical_service (const char *text, GError **error)
{
  if (strchr (text, '/') != NULL)
    return canonical_key (text, error);
  return g_strdup (text);
}

static char *
canonical_endpoint (const char *text, GError **error)
{
  char buffer[LVSD_ENDPOINT_TEXT_SIZE];
  LvsdEndpoint endpoint;
  gboolean has_port;

  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, error))
    {
      g_prefix_error (error, _ ("destination %s: "), text);
      return NULL;
    }
  return g_strdup (has_port ? lvsd_endpoint_format (&endpoint, buffer)
                            : lvsd_address_format (&endpoint.address, buffer));
}

static char *
canonical_prefix (const char *text, GError **error)
{
  char buffer[LVSD_ADDRESS_TEXT_SIZE];
  LvsdAddress address;
  guint length;

  if (!lvsd_prefix_parse (text, &address, &length, error))
    {
      g_prefix_error (error, _ ("address %s: "), text);
      return NULL;
    }
  lvsd_address_format (&address, buffer);
  return strchr (text, '/') != NULL ? g_strdup_printf ("%s/%u", buffer, length) : g_strdup (buffer);
}

static char *
canonical_address (const char *text, gboolean whole, GError **error)
{
  char buffer[LVSD_ADDRESS_TEXT_SIZE];
  LvsdAddress address;
  guint length;

  if (!lvsd_prefix_parse (text, &address, &length, error))
    {
      g_prefix_error (error, whole ? _ ("role %s: ") : _ ("address %s: "), text);
      return NULL;
    }
  if (whole && length != lvsd_address_bits (&address))
    {
      g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                   _ ("'%s': a real server holds the address as /%u; leave the length out"), text,
                   lvsd_address_bits (&address));
      return NULL;
    }
  return g_strdup (lvsd_address_format (&address, buffer));
}

/* ip_forward is as short a name as drop_entry, and means nothing else. */
static char *
canonical_setting (const char *text, GError **error)
{
  g_autofree char *whole = NULL;
  char name[LVSD_SYSCTL_MAX + 1];

  if (strpbrk (text, "./") == NULL)
    whole =
        g_strconcat (g_str_equal (text, "ip_forward") ? "net.ipv4." : "net.ipv4.vs.", text, NULL);
  if (!lvsd_setting_parse_name (whole != NULL ? whole : text, name, error))
    return NULL;
  return lvsd_setting_format_name (name);
}

static char *
canonical_sync (const char *text, GError **error)
{
  guint state;

  if (!lvsd_terms_parse (lvsd_sync_state_terms, "sync", text, &state, error))
    return NULL;
  return g_strdup (lvsd_terms_format (lvsd_sync_state_terms, state));
}

static char *
canonical_binding (const char *text, GError **error)
{
  const char *at = strchrnul (text, '@');
  g_autofree char *typed = g_strndup (text, (gsize) (at - text));
  g_autofree char *prefix = canonical_prefix (typed, error);

  if (prefix == NULL || *at == '\0')
    return g_steal_pointer (&prefix);
  return g_strconcat (prefix, at, NULL);
}

/* What is sent for what was typed, or NULL with an error that says how to write it. */
char *
lvsctl_operand_canonical (LvsctlOperandType type, const char *text, GError **error)
{
  switch (type)
    {
    case LVSCTL_OPERAND_NAME:
      return canonical_name (text, error);
    case LVSCTL_OPERAND_SERVICE:
      return canonical_service (text, error);
    case LVSCTL_OPERAND_KEY:
      return canonical_key (text, error);
    case LVSCTL_OPERAND_ENDPOINT:
      return canonical_endpoint (text, error);
    case LVSCTL_OPERAND_PREFIX:
      return canonical_prefix (text, error);
    case LVSCTL_OPERAND_ADDRESS:
      return canonical_address (text, FALSE, error);
    case LVSCTL_OPERAND_HOST:
      return canonical_address (text, TRUE, error);
    case LVSCTL_OPERAND_SETTING:
      return canonical_setting (text, error);
    case LVSCTL_OPERAND_SYNC:
      return canonical_sync (text, error);
    case LVSCTL_OPERAND_BINDING:
      return canonical_binding (text, error);
    case LVSCTL_OPERAND_TEXT:
      return g_strdup (text);
    case LVSCTL_OPERAND_NONE:
      break;
    }
  g_assert_not_reached ();
}
