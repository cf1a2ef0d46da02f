/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hold.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "exit-status.h"
#include "model/hold.h"

#define ALL "all"

static const struct
{
  const char *unit;
  guint32 seconds;
} units[] = {
  { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 60 * 60 }, { "d", 24 * 60 * 60 },
};

static guint32
find_unit (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].unit, text))
      return units[i].seconds;
  return 0;
}

gboolean
lvsctl_hold_parse_time (const char *text, guint32 *ret_seconds, GError **error)
{
  char *end = (char *) text;
  guint64 number = g_ascii_isdigit (text[0]) ? g_ascii_strtoull (text, &end, 10) : 0;
  guint32 unit = find_unit (end);

  if (number > 0 && unit > 0 && number <= LVSD_HOLD_SECONDS_MAX / unit)
    {
      *ret_seconds = (guint32) number * unit;
      return TRUE;
    }
  g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
               _ ("--for: '%s' is not a time; write seconds, or like 15m, 2h or 1d, up to 365d"),
               text);
  return FALSE;
}

/* NULL: everything. */
static const char *
named_service (const LvsctlClient *client)
{
  const char *service = lvsctl_arguments_operand (client->arguments, 0);

  return service != NULL && !g_str_equal (service, ALL) ? service : NULL;
}

static gboolean
call (LvsctlClient *client, const char *method, GVariant *options, GError **error)
{
  const char *service = named_service (client);
  g_autoptr (GVariant) reply =
      lvsctl_client_change (client, &lvsctl_manager, method,
                            g_variant_new ("(s)", service != NULL ? service : ""), options, NULL,
                            "()", error);

  return reply != NULL;
}

gboolean
lvsctl_hold (LvsctlClient *client, GError **error)
{
  const char *service = named_service (client);
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  const char *time;
  guint32 seconds;

  if (g_variant_lookup (client->arguments->options, "for", "&s", &time))
    {
      if (!lvsctl_hold_parse_time (time, &seconds, error))
        return FALSE;
      g_variant_dict_insert (&options, "seconds", "u", seconds);
    }
  if (!call (client, "Hold", g_variant_dict_end (&options), error))
    return FALSE;
  if (service != NULL)
    lvsctl_client_say (client, _ ("Service %s is held: nothing of it is repaired."), service);
  else
    lvsctl_client_say (client, _ ("Everything is held: nothing is repaired."));
  return TRUE;
}

gboolean
lvsctl_release (LvsctlClient *client, GError **error)
{
  const char *service = named_service (client);

  if (!call (client, "Release", NULL, error))
    return FALSE;
  if (service != NULL)
    lvsctl_client_say (client, _ ("Service %s is not held any more."), service);
  else
    lvsctl_client_say (client, _ ("Nothing is held any more."));
  return TRUE;
}

static gboolean
check_service (LvsctlClient *client, GError **error)
{
  const char *service = named_service (client);
  g_autofree char *path = NULL;

  if (service == NULL)
    return lvsctl_client_connect (client, error);
  path = lvsctl_client_find (client, "GetService", g_variant_new ("(s)", service), error);
  return path != NULL;
}

gboolean
lvsctl_rehearse_hold (LvsctlClient *client, GError **error)
{
  if (!check_service (client, error))
    return FALSE;
  if (named_service (client) != NULL)
    lvsctl_client_say (client, _ ("Service %s would be held."), named_service (client));
  else
    lvsctl_client_say (client, _ ("Everything would be held."));
  return TRUE;
}

gboolean
lvsctl_rehearse_release (LvsctlClient *client, GError **error)
{
  if (!check_service (client, error))
    return FALSE;
  if (named_service (client) != NULL)
    lvsctl_client_say (client, _ ("Service %s would not be held any more."),
                       named_service (client));
  else
    lvsctl_client_say (client, _ ("Nothing would be held any more."));
  return TRUE;
}
