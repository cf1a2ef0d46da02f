/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/lookup.h"
#include "bus/object-path.h"
#include "bus/options.h"
#include "model/error.h"

/* What GetSummary has unless more is asked for. */
#define MOST_PROBLEMS 10

static void
reply_with_path (LvsdRequest *request, gconstpointer item)
{
  g_autofree char *path = lvsd_object_path_for_item (item);

  lvsd_request_set_reply (request, g_variant_new ("(o)", path));
}

/* Fills in the options, adds the item, and answers with its path. */
static gboolean
add_item (LvsdRequest *request, gpointer draft, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_options_fill (options, draft, FALSE, error))
    return FALSE;
  lvsd_request_add_edit (request, NULL, draft);
  reply_with_path (request, draft);
  return TRUE;
}

gboolean
lvsd_call_manager_add_service (LvsdRequest *request, GError **error)
{
  g_autofree char *derived = NULL;
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autoptr (LvsdService) draft = NULL;
  const char *name;
  const char *key_text;
  LvsdServiceKey key;

  g_variant_get (request->parameters, "(&s&s@a{sv})", &name, &key_text, NULL);
  if (!lvsd_service_key_parse (key_text, &key, error))
    return FALSE;
  if (name[0] == '\0')
    {
      derived = lvsd_service_key_derive_name (&key);
      name = derived;
    }
  if (!lvsd_service_name_check (name, &key, error)
      || !lvsd_lookup_check_free (lvsd_request_table (request), name, &key, error))
    return FALSE;
  identity = lvsd_service_identity_new (name, &key);
  draft = lvsd_service_new (identity);
  g_strlcpy (draft->scheduler, LVSD_SCHEDULER_PRESET, sizeof draft->scheduler);
  return add_item (request, draft, error);
}

gboolean
lvsd_call_manager_add_address (LvsdRequest *request, GError **error)
{
  g_autoptr (LvsdVirtualAddress) draft = NULL;
  const char *text;
  LvsdAddress address;
  guint prefix_length;

  g_variant_get_child (request->parameters, 0, "&s", &text);
  if (!lvsd_prefix_parse (text, &address, &prefix_length, error))
    {
      g_prefix_error (error, _ ("address %s: "), text);
      return FALSE;
    }
  draft = lvsd_virtual_address_new (&address, prefix_length);
  return lvsd_lookup_check_absent (lvsd_request_table (request), draft, error)
         && add_item (request, draft, error);
}

gboolean
lvsd_call_manager_add_role (LvsdRequest *request, GError **error)
{
  g_autoptr (LvsdRole) draft = NULL;
  LvsdAddress address;
  const char *text;

  g_variant_get_child (request->parameters, 0, "&s", &text);
  if (!lvsd_address_parse (text, &address, error))
    {
      g_prefix_error (error, _ ("role %s: "), text);
      return FALSE;
    }
  draft = lvsd_role_new (&address);
  return lvsd_lookup_check_absent (lvsd_request_table (request), draft, error)
         && add_item (request, draft, error);
}

static gboolean
reply_with_path_of (LvsdRequest *request, gconstpointer item)
{
  if (item == NULL)
    return FALSE;
  reply_with_path (request, item);
  return TRUE;
}

gboolean
lvsd_call_manager_get_service (LvsdRequest *request, GError **error)
{
  const char *service;

  g_variant_get (request->parameters, "(&s)", &service);
  return reply_with_path_of (request,
                             lvsd_lookup_service (lvsd_request_table (request), service, error));
}

gboolean
lvsd_call_manager_get_destination (LvsdRequest *request, GError **error)
{
  const LvsdTable *table = lvsd_request_table (request);
  const LvsdService *service;
  const char *name;
  const char *endpoint;

  g_variant_get (request->parameters, "(&s&s)", &name, &endpoint);
  service = lvsd_lookup_service (table, name, error);
  return service != NULL
         && reply_with_path_of (request, lvsd_lookup_destination (table, service, endpoint, error));
}

gboolean
lvsd_call_manager_get_address (LvsdRequest *request, GError **error)
{
  const char *address;

  g_variant_get (request->parameters, "(&s)", &address);
  return reply_with_path_of (request,
                             lvsd_lookup_address (lvsd_request_table (request), address, error));
}

gboolean
lvsd_call_manager_get_role (LvsdRequest *request, GError **error)
{
  const char *address;

  g_variant_get (request->parameters, "(&s)", &address);
  return reply_with_path_of (request,
                             lvsd_lookup_role (lvsd_request_table (request), address, error));
}

static void
add_problem (GVariantBuilder *rows, const LvsdProblem *problem)
{
  g_variant_builder_add (rows, "(ssssss)", problem->severe ? "error" : "warning", problem->subject,
                         problem->id, problem->word, problem->message, problem->advice);
}

gboolean
lvsd_call_manager_get_status (LvsdRequest *request, G_GNUC_UNUSED GError **error)
{
  g_autoptr (GPtrArray) problems = lvsd_engine_problems (request->engine);
  const char *reason;
  const char *state = lvsd_engine_state (request->engine, &reason);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssssss)"));
  for (guint i = 0; i < problems->len; i++)
    add_problem (&rows, g_ptr_array_index (problems, i));
  lvsd_request_set_reply (request, g_variant_new ("(sa(ssssss))", state, &rows));
  return TRUE;
}

/* Returns a floating a{su}. */
static GVariant *
count_words (const GPtrArray *problems)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer word;
  gpointer count;

  for (guint i = 0; i < problems->len; i++)
    {
      const LvsdProblem *problem = g_ptr_array_index (problems, i);

      count = g_hash_table_lookup (counts, problem->word);
      g_hash_table_insert (counts, (gpointer) problem->word,
                           GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{su}"));
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &word, &count))
    g_variant_builder_add (&builder, "{su}", word, GPOINTER_TO_UINT (count));
  return g_variant_builder_end (&builder);
}

gboolean
lvsd_call_manager_get_summary (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GPtrArray) problems = NULL;
  guint32 limit = MOST_PROBLEMS;
  const char *reason;
  const char *state;
  GVariantBuilder rows;

  if (!lvsd_options_take_number (options, "limit", 0, G_MAXUINT32, &limit, error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  problems = lvsd_engine_problems (request->engine);
  state = lvsd_engine_state (request->engine, &reason);
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssssss)"));
  for (guint i = 0; i < MIN (problems->len, limit); i++)
    add_problem (&rows, g_ptr_array_index (problems, i));
  lvsd_request_set_reply (request, g_variant_new ("(s@a{su}a(ssssss))", state,
                                                  count_words (problems), &rows));
  return TRUE;
}
