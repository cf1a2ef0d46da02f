/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "resolution.h"

#include <glib/gi18n-lib.h>

#include "exit-status.h"
#include "model/key.h"
#include "service.h"
#include "spelling.h"

static gboolean
listens_on (const char *key_text, const LvsdEndpoint *wanted, gboolean has_port)
{
  LvsdServiceKey key;

  return lvsd_service_key_parse (key_text, &key, NULL) && key.fwmark == 0
         && lvsd_address_compare (&key.endpoint.address, &wanted->address) == 0
         && (!has_port || key.endpoint.port == wanted->port);
}

/* A name may look like an address, and goes before one. */
char *
lvsctl_resolution_choose (GPtrArray *rows, const char *text, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  LvsdEndpoint endpoint;
  gboolean has_port;

  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, NULL))
    return g_strdup (text);
  for (guint i = 0; i < rows->len; i++)
    {
      const char *name = lvsctl_row_text (rows->pdata[i], LVSCTL_SERVICE_NAME);
      const char *key = lvsctl_row_text (rows->pdata[i], LVSCTL_SERVICE_KEY);

      if (g_str_equal (name, text))
        return g_strdup (text);
      if (listens_on (key, &endpoint, has_port))
        g_ptr_array_add (found, (gpointer) key);
    }
  if (found->len <= 1)
    return g_strdup (found->len == 1 ? found->pdata[0] : text);
  g_ptr_array_add (found, NULL);
  {
    g_autofree char *all = g_strjoinv (", ", (char **) found->pdata);

    g_set_error (error, LVSCTL_ERROR, LVSCTL_ERROR_USAGE,
                 _ ("'%s' may be several services; name one of %s"), text, all);
  }
  return NULL;
}

/* What to do where no service is called that: the name that was meant, or what it is of another's.
 */
char *
lvsctl_resolution_find_way_out (GPtrArray *rows, const char *text)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *suggestion;

  for (guint i = 0; i < rows->len; i++)
    {
      const char *name = lvsctl_row_text (rows->pdata[i], LVSCTL_SERVICE_NAME);
      const char *key = lvsctl_row_text (rows->pdata[i], LVSCTL_SERVICE_KEY);

      if (name[0] != '\0')
        g_ptr_array_add (names, (gpointer) name);
      else if (g_str_equal (key, text))
        return g_strdup_printf (
            _ ("another program has put it into the kernel; 'lvsctl adopt services %s' takes it "
               "over"),
            key);
    }
  g_ptr_array_add (names, NULL);
  suggestion = lvsctl_spelling_suggest ((const char *const *) names->pdata, text);
  if (suggestion != NULL)
    return g_strdup_printf (_ ("did you mean '%s'?"), suggestion);
  return g_strdup (_ ("'lvsctl service list' shows all"));
}

static gboolean
is_called (GPtrArray *rows, const char *text)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const char *name = lvsctl_row_text (rows->pdata[i], LVSCTL_SERVICE_NAME);
      const char *key = lvsctl_row_text (rows->pdata[i], LVSCTL_SERVICE_KEY);

      if (name[0] != '\0' && (g_str_equal (name, text) || g_str_equal (key, text)))
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
fetch_names (LvsctlClient *client, GError **error)
{
  static const char *const columns[] = { "name", "key", NULL };
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "columns", "^as", columns);
  return lvsctl_listing_fetch (client, &lvsctl_service_listing, g_variant_dict_end (&options), NULL,
                               error);
}

void
lvsctl_resolution_explain (LvsctlClient *client, const char *text, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *way_out = NULL;
  g_autofree char *message = NULL;

  rows = fetch_names (client, NULL);
  if (rows == NULL || is_called (rows, text))
    return;
  way_out = lvsctl_resolution_find_way_out (rows, text);
  message = g_strdup_printf ("%s; %s", (*error)->message, way_out);
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

char *
lvsctl_resolution_of_service (LvsctlClient *client, const char *text, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  LvsdEndpoint endpoint;
  gboolean has_port;

  if (!lvsd_endpoint_parse (text, &endpoint, &has_port, NULL))
    return g_strdup (text);
  rows = fetch_names (client, error);
  return rows != NULL ? lvsctl_resolution_choose (rows, text, error) : NULL;
}
