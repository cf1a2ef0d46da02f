/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/survey.h"

#include "engine/reception.h"
#include "engine/sync-links.h"
#include "kernel/ipvs-dump.h"
#include "kernel/ipvs-sync.h"
#include "kernel/setting.h"
#include "model/error.h"

/* A dump shows about as many services in the time in which the kernel answers for one. */
#define FEW_SERVICES 16

/* Services that are asked for at a time. */
#define SLICE 32

/* Reads some, and says what comes next when nothing is left of its own. */
typedef gboolean (*Stage) (LvsdSurvey *survey, GError **error);

struct _LvsdSurvey
{
  LvsdNode *node;
  const LvsdChange *change;
  Stage stage;      /* NULL: all is read */
  GHashTable *keys; /* LvsdServiceKey in items of the change or of the table */
  LvsdIpvsDump *dump;
  GPtrArray *missing; /* what the dump did not show of ours: LvsdServiceKey */
  GPtrArray *left; /* of the services whose destinations are to be read yet: LvsdServiceIdentity */
  LvsdActual *actual;
};

static gboolean read_destinations (LvsdSurvey *survey, GError **error);
static gboolean read_rest (LvsdSurvey *survey, GError **error);

typedef struct
{
  const LvsdAddress *address;
  GHashTable *keys;
} Listeners;

static gboolean
note_listener (gpointer item, gpointer user_data)
{
  LvsdService *service = item;
  Listeners *listeners = user_data;

  if (lvsd_address_compare (&service->identity->key.endpoint.address, listeners->address) == 0)
    g_hash_table_add (listeners->keys, &service->identity->key);
  return TRUE;
}

/* The services that an edit touches, or whose connections taking an address away would cut. */
static void
collect_keys (LvsdNode *node, const LvsdEdit *edit, GHashTable *keys)
{
  LvsdServiceIdentity *identity =
      lvsd_item_service (edit->before != NULL ? edit->before : edit->after);
  Listeners listeners = { .keys = keys };

  if (identity != NULL)
    g_hash_table_add (keys, &identity->key);
  else if (edit->before != NULL && lvsd_item_get_kind (edit->before) == LVSD_KIND_ADDRESS)
    {
      listeners.address = &((const LvsdVirtualAddress *) edit->before)->address;
      lvsd_table_walk (node->table, LVSD_KIND_SERVICE, NULL, note_listener, &listeners);
    }
}

/* Whether one dump of all services is cheaper than asking for each of these. */
static gboolean
are_many (LvsdNode *node, GHashTable *keys)
{
  guint n = g_hash_table_size (keys);

  return n > FEW_SERVICES && n > lvsd_table_count (node->table, LVSD_KIND_SERVICE) / FEW_SERVICES;
}

static void
begin_destinations (LvsdSurvey *survey)
{
  const GPtrArray *entries = lvsd_actual_entries (survey->actual);

  for (guint i = entries->len; i > 0; i--)
    {
      const LvsdActualEntry *entry = g_ptr_array_index (entries, i - 1);

      g_ptr_array_add (survey->left, ((LvsdService *) entry->item)->identity);
    }
  survey->stage = read_destinations;
}

/* Without IPVS there are no connections that taking an address down could cut. */
static gboolean
give_up_heads (LvsdSurvey *survey, GError *failure, GError **error)
{
  if (g_error_matches (failure, LVSD_ERROR, LVSD_ERROR_KERNEL_UNAVAILABLE)
      && !lvsd_change_touches (survey->change, LVSD_KIND_SERVICE)
      && !lvsd_change_touches (survey->change, LVSD_KIND_DESTINATION))
    {
      g_error_free (failure);
      begin_destinations (survey);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
read_head_of_each (LvsdSurvey *survey, GError **error)
{
  GHashTableIter iter;
  GError *failure = NULL;
  gpointer key;

  g_hash_table_iter_init (&iter, survey->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!lvsd_ipvs_read_heads (survey->node->ipvs, key, survey->actual, &failure))
      return give_up_heads (survey, failure, error);
  begin_destinations (survey);
  return TRUE;
}

static gboolean
read_missing (LvsdSurvey *survey, GError **error)
{
  GError *failure = NULL;

  for (guint i = 0; i < SLICE && survey->missing->len > 0; i++)
    if (!lvsd_ipvs_read_heads (survey->node->ipvs,
                               g_ptr_array_steal_index (survey->missing, survey->missing->len - 1),
                               survey->actual, &failure))
      return give_up_heads (survey, failure, error);
  if (survey->missing->len == 0)
    begin_destinations (survey);
  return TRUE;
}

/* A dump may pass over a service while somebody deletes others, and what we put into the kernel is
 * not to be taken for gone. */
static void
collect_missing (LvsdSurvey *survey)
{
  LvsdNode *node = survey->node;
  GHashTableIter iter;
  gpointer key;

  if (lvsd_actual_entries (survey->actual)->len == 0)
    return;
  g_hash_table_iter_init (&iter, survey->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      LvsdService *service = lvsd_table_find_service_by_key (node->table, key);

      if (service != NULL && lvsd_actual_find (survey->actual, service) == NULL)
        g_ptr_array_add (survey->missing, key);
    }
}

static gboolean
read_heads_of_many (LvsdSurvey *survey, GError **error)
{
  GError *failure = NULL;
  gboolean complete;

  if (!lvsd_ipvs_dump_go_on (survey->dump, &complete, &failure))
    return give_up_heads (survey, failure, error);
  if (!complete)
    return TRUE;
  collect_missing (survey);
  survey->stage = read_missing;
  return TRUE;
}

static gboolean
begin_heads (LvsdSurvey *survey, GError **error)
{
  const LvsdChange *change = survey->change;

  for (guint i = 0; i < change->edits->len; i++)
    collect_keys (survey->node, lvsd_change_edit (change, i), survey->keys);
  if (!are_many (survey->node, survey->keys))
    return read_head_of_each (survey, error);
  survey->dump = lvsd_ipvs_dump_new (survey->keys, survey->actual);
  survey->stage = read_heads_of_many;
  return TRUE;
}

static gboolean
read_destinations (LvsdSurvey *survey, GError **error)
{
  for (guint i = 0; i < SLICE && survey->left->len > 0; i++)
    if (!lvsd_ipvs_read_destinations (survey->node->ipvs,
                                      g_ptr_array_steal_index (survey->left, survey->left->len - 1),
                                      survey->actual, error))
      return FALSE;
  if (survey->left->len == 0)
    survey->stage = read_rest;
  return TRUE;
}

static gboolean
read_setting (LvsdNode *node, const char *name, LvsdActual *actual, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *value = lvsd_kernel_setting_read (node->ipvs, name, &local_error);

  if (value != NULL)
    {
      lvsd_actual_add (actual, lvsd_replaced_new (name, value, value));
      return TRUE;
    }
  /* The setting went with its interface or module: there is nothing to put back. */
  if (g_error_matches (local_error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
read_settings (LvsdNode *node, const LvsdChange *change, LvsdActual *actual, GError **error)
{
  for (guint i = 0; i < change->edits->len; i++)
    {
      const LvsdEdit *edit = lvsd_change_edit (change, i);
      const LvsdReplaced *either =
          (const LvsdReplaced *) (edit->before != NULL ? edit->before : edit->after);

      if (lvsd_item_get_kind (either) == LVSD_KIND_REPLACED
          && !(lvsd_replaced_can_vanish (either)
                   ? lvsd_reception_read_setting (node, either->name, actual, error)
                   : read_setting (node, either->name, actual, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_rest (LvsdSurvey *survey, GError **error)
{
  LvsdNode *node = survey->node;
  const LvsdChange *change = survey->change;

  survey->stage = NULL;
  if (!read_settings (node, change, survey->actual, error))
    return FALSE;
  if (lvsd_change_touches (change, LVSD_KIND_SYNC)
      && (!lvsd_ipvs_sync_read (node->ipvs, survey->actual, error)
          || !lvsd_sync_links_compare (node, survey->actual, error)))
    return FALSE;
  return (!lvsd_change_touches (change, LVSD_KIND_ADDRESS)
          && !lvsd_change_touches (change, LVSD_KIND_ROLE))
         || lvsd_links_read (node->links, NULL, survey->actual, error);
}

LvsdSurvey *
lvsd_survey_new (LvsdNode *node, const LvsdChange *change)
{
  LvsdSurvey *survey = g_new0 (LvsdSurvey, 1);

  survey->node = node;
  survey->change = change;
  survey->stage = begin_heads;
  survey->keys =
      g_hash_table_new ((GHashFunc) lvsd_service_key_hash, (GEqualFunc) lvsd_service_key_equal);
  survey->missing = g_ptr_array_new ();
  survey->left = g_ptr_array_new ();
  survey->actual = lvsd_actual_new ();
  return survey;
}

void
lvsd_survey_free (LvsdSurvey *survey)
{
  g_clear_pointer (&survey->dump, lvsd_ipvs_dump_free);
  g_clear_pointer (&survey->actual, lvsd_actual_free);
  g_ptr_array_unref (survey->missing);
  g_ptr_array_unref (survey->left);
  g_hash_table_unref (survey->keys);
  g_free (survey);
}

gboolean
lvsd_survey_go_on (LvsdSurvey *survey, LvsdActual **ret_actual, GError **error)
{
  *ret_actual = NULL;
  if (!survey->stage (survey, error))
    return FALSE;
  if (survey->stage == NULL)
    *ret_actual = g_steal_pointer (&survey->actual);
  return TRUE;
}

LvsdActual *
lvsd_survey_at_once (LvsdNode *node, const LvsdChange *change, GError **error)
{
  g_autoptr (LvsdSurvey) survey = lvsd_survey_new (node, change);
  LvsdActual *actual = NULL;

  do
    if (!lvsd_survey_go_on (survey, &actual, error))
      return NULL;
  while (survey->stage != NULL);
  return actual;
}
