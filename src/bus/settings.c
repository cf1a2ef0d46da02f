/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/listing.h"
#include "bus/options.h"
#include "model/error.h"

/* Some kernels have three dozen, and each interface three. */
#define MAX_SETTINGS_OF_CALL 1000

#define SETTINGS_TYPE "a(ssssa{sv})"

static gboolean
refuse_twice (const LvsdSetting *setting, GError **error)
{
  g_autofree char *name = lvsd_setting_format_name (setting->name);

  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT, _ ("setting %s: is named twice"),
               name);
  return FALSE;
}

/* The change names each at most once, however often and in whichever way it was written. */
static gboolean
is_named (const LvsdRequest *request, const LvsdSetting *setting)
{
  for (guint i = 0; i < request->change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (request->change, i);

      if (lvsd_item_identity_equal (edit->after != NULL ? edit->after : edit->before, setting))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_held (const LvsdRequest *request, const LvsdSetting *setting)
{
  g_autofree char *value = lvsd_engine_read_setting (request->engine, setting->name);

  return value != NULL && lvsd_setting_same_value (setting->name, value, setting->value);
}

/* Also where the value is the same, but the kernel does not hold it any more: it is written again.
 */
static gboolean
set_one (LvsdRequest *request, const char *name, const char *value, GError **error)
{
  g_autoptr (LvsdSetting) draft = lvsd_setting_new (name, value, error);
  gpointer before;

  if (draft == NULL)
    return FALSE;
  if (is_named (request, draft))
    return refuse_twice (draft, error);
  before = lvsd_table_find (lvsd_request_table (request), draft);
  if (before == NULL || !lvsd_item_fields_equal (before, draft) || !is_held (request, draft))
    lvsd_request_add_edit (request, before, draft);
  return TRUE;
}

gboolean
lvsd_call_manager_set_settings (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) values = g_variant_get_child_value (request->parameters, 0);

  if (!lvsd_options_finish (options, error)
      || !lvsd_options_check_count ("settings", values, MAX_SETTINGS_OF_CALL, error))
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (values); i++)
    {
      const char *name;
      const char *value;

      g_variant_get_child (values, i, "{&s&s}", &name, &value);
      if (!set_one (request, name, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
unset_one (LvsdRequest *request, const char *text, GError **error)
{
  LvsdSetting like = { .item.kind = LVSD_KIND_SETTING };
  gpointer before;

  if (!lvsd_setting_parse_name (text, like.name, error))
    return FALSE;
  if (is_named (request, &like))
    return refuse_twice (&like, error);
  before = lvsd_table_find (lvsd_request_table (request), &like);
  if (before == NULL)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("setting %s: is not one that lvsd was told to set"), text);
      return FALSE;
    }
  lvsd_request_add_edit (request, before, NULL);
  return TRUE;
}

gboolean
lvsd_call_manager_unset_settings (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (GVariant) names = g_variant_get_child_value (request->parameters, 0);

  if (!lvsd_options_finish (options, error)
      || !lvsd_options_check_count ("settings", names, MAX_SETTINGS_OF_CALL, error))
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (names); i++)
    {
      const char *name;

      g_variant_get_child (names, i, "&s", &name);
      if (!unset_one (request, name, error))
        return FALSE;
    }
  return TRUE;
}

/* What the kernel was just found to hold says more than what the engine remembers, but it does not
 * know that it once refused. */
static const char *
describe_state (LvsdEngine *engine, LvsdSetting *setting, const char *held)
{
  LvsdState state = lvsd_engine_item_state (engine, setting, NULL);

  if (held == NULL)
    state = LVSD_STATE_MISSING;
  else if (lvsd_setting_same_value (setting->name, held, setting->value))
    state = LVSD_STATE_APPLIED;
  else if (state != LVSD_STATE_FAILED)
    state = LVSD_STATE_CHANGED;
  return lvsd_terms_format (lvsd_state_terms, state);
}

static void
add_row (LvsdListing *listing,
         const char *path,
         const char *wanted,
         const char *held,
         const char *state)
{
  const LvsdReplaced *record = lvsd_table_find_by_id (listing->table, LVSD_KIND_REPLACED, path);
  g_autofree char *name = lvsd_setting_format_name (path);
  GVariantDict fields;

  g_variant_dict_init (&fields, NULL);
  if (record != NULL && record->previous[0] != '\0')
    g_variant_dict_insert (&fields, "previous", "s", record->previous);
  lvsd_listing_add_row (listing,
                        g_variant_new ("(ssss@a{sv})", name, wanted, held != NULL ? held : "",
                                       state, g_variant_dict_end (&fields)));
}

static gboolean
add_setting (gpointer item, gpointer user_data)
{
  LvsdSetting *setting = item;
  LvsdListing *listing = user_data;
  g_autofree char *held = lvsd_engine_read_setting (listing->engine, setting->name);

  add_row (listing, setting->name, setting->value, held,
           describe_state (listing->engine, setting, held));
  return TRUE;
}

/* Of those that exist whatever the interfaces are called, and that lvsd was not told to set. */
static void
add_foreign (LvsdListing *listing)
{
  const char *path;

  for (guint i = 0; (path = lvsd_setting_known (i)) != NULL; i++)
    {
      g_autofree char *held = NULL;

      if (lvsd_table_find_by_id (listing->table, LVSD_KIND_SETTING, path) != NULL)
        continue;
      held = lvsd_engine_read_setting (listing->engine, path);
      if (held != NULL)
        add_row (listing, path, "", held, "foreign");
    }
}

gboolean
lvsd_call_manager_list_settings (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_auto (LvsdListing) listing = { .engine = request->engine,
                                   .generation = lvsd_engine_generation (request->engine),
                                   .table = lvsd_request_table (request),
                                   .foreign = TRUE };

  g_variant_builder_init (&listing.rows, G_VARIANT_TYPE (SETTINGS_TYPE));
  if (!lvsd_options_take_boolean (options, "foreign", &listing.foreign, error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  lvsd_table_walk (listing.table, LVSD_KIND_SETTING, NULL, add_setting, &listing);
  if (listing.foreign)
    add_foreign (&listing);
  lvsd_listing_answer (&listing, request);
  return TRUE;
}
