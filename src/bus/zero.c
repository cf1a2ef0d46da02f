/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/options.h"

/* Who wants more of them leaves the names out, which means all. */
#define MAX_SERVICES_OF_CALL 10000

/* Services between two looks at the main loop. */
#define SLICE 512

/* Counters on their way to 0. */
typedef struct
{
  LvsdRequest *request;
  GPtrArray *identities; /* of LvsdServiceIdentity */
  guint position;
  guint zeroed;
} Zeroing;

gboolean
lvsd_call_manager_zero (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) named = g_variant_get_child_value (request->parameters, 0);
  g_autofree const char **names = NULL;

  if (!lvsd_options_finish (options, error)
      || !lvsd_options_check_count ("services", named, MAX_SERVICES_OF_CALL, error))
    return FALSE;
  names = g_variant_get_strv (named, NULL);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      LvsdService *service = lvsd_lookup_service (lvsd_request_table (request), names[i], error);

      if (service == NULL)
        return FALSE;
      lvsd_request_require (request, service);
    }
  /* So that a rule of polkit's, and the person who is asked, know which one. */
  if (request->required->len == 1)
    {
      request->target = lvsd_item_ref (g_ptr_array_index (request->required, 0));
      request->message = N_ ("Authentication is required to set the counters of the virtual "
                             "service $(service) ($(key)) to zero");
    }
  return TRUE;
}

static gboolean
take_identity (gpointer item, gpointer user_data)
{
  g_ptr_array_add (user_data, lvsd_service_identity_ref (((const LvsdService *) item)->identity));
  return TRUE;
}

static void
finish (Zeroing *zeroing, GError *error)
{
  LvsdRequest *request = zeroing->request;

  if (error == NULL)
    lvsd_request_set_reply (request, g_variant_new ("(u)", zeroing->zeroed));
  g_ptr_array_unref (zeroing->identities);
  g_free (zeroing);
  if (error == NULL)
    lvsd_request_answer (request);
  else
    lvsd_request_fail (request, error);
}

static gboolean
go_on (gpointer user_data)
{
  Zeroing *zeroing = user_data;
  g_autoptr (GPtrArray) slice = g_ptr_array_new ();
  GError *error = NULL;
  guint zeroed = 0;

  for (; slice->len < SLICE && zeroing->position < zeroing->identities->len; zeroing->position++)
    g_ptr_array_add (slice, g_ptr_array_index (zeroing->identities, zeroing->position));
  lvsd_engine_zero (zeroing->request->engine, slice, &zeroed, &error);
  zeroing->zeroed += zeroed;
  if (error == NULL && zeroing->position < zeroing->identities->len)
    return G_SOURCE_CONTINUE;
  finish (zeroing, error);
  return G_SOURCE_REMOVE;
}

void
lvsd_call_manager_perform_zero (LvsdRequest *request)
{
  Zeroing *zeroing = g_new0 (Zeroing, 1);

  zeroing->request = request;
  zeroing->identities =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lvsd_service_identity_unref);
  for (guint i = 0; i < request->required->len; i++)
    take_identity (g_ptr_array_index (request->required, i), zeroing->identities);
  if (request->required->len == 0)
    lvsd_table_walk (lvsd_request_table (request), LVSD_KIND_SERVICE, NULL, take_identity,
                     zeroing->identities);
  g_idle_add_full (G_PRIORITY_DEFAULT, go_on, zeroing, NULL);
}
