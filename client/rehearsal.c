/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rehearsal.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "configuration.h"
#include "model/destination.h"
#include "model/error.h"
#include "model/role.h"
#include "model/service.h"
#include "model/setting.h"
#include "model/sync-daemon.h"
#include "model/virtual-address.h"
#include "plan.h"
#include "service.h"
#include "status.h"

static const char *
operand (const LvsctlClient *client, guint index)
{
  return lvsctl_arguments_operand (client->arguments, index);
}

static LvsdKind
kind_of (const LvsctlClient *client)
{
  LvsdKind kind = LVSD_KIND_SERVICE;

  lvsd_kind_from_name (client->arguments->command->noun, &kind);
  return kind;
}

static gboolean
submit (LvsctlClient *client, GPtrArray *items, GError **error)
{
  g_autoptr (GVariant) result = lvsctl_configuration_apply (client, items, TRUE, TRUE, error);
  gsize n_steps;

  return result != NULL && lvsctl_plan_print (client, result, &n_steps, error);
}

static gboolean
is_service (const LvsdService *service, const char *name_or_key)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  return g_str_equal (service->identity->name, name_or_key)
         || g_str_equal (lvsd_service_key_format (&service->identity->key, key), name_or_key);
}

static LvsdService *
find_service (GPtrArray *items, const char *name_or_key, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_get_kind (items->pdata[i]) == LVSD_KIND_SERVICE
        && is_service (items->pdata[i], name_or_key))
      return items->pdata[i];
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("service '%s': there is none"),
               name_or_key);
  return NULL;
}

/* Whether an item is the one that the operands name. */
static gboolean
is_named (const LvsctlClient *client, LvsdKind kind, gpointer item)
{
  LvsdEndpoint endpoint;
  LvsdAddress address;
  gboolean has_port;
  guint length;

  if (lvsd_item_get_kind (item) != kind)
    return FALSE;
  switch (kind)
    {
    case LVSD_KIND_SERVICE:
      return is_service (item, operand (client, 0));
    case LVSD_KIND_DESTINATION:
      {
        const LvsdDestination *destination = item;
        const LvsdService service = { .identity = destination->identity };

        return is_service (&service, operand (client, 0))
               && lvsd_endpoint_parse (operand (client, 1), &endpoint, &has_port, NULL)
               && lvsd_address_compare (&endpoint.address, &destination->endpoint.address) == 0
               && (!has_port || endpoint.port == destination->endpoint.port);
      }
    case LVSD_KIND_ADDRESS:
      return lvsd_prefix_parse (operand (client, 0), &address, &length, NULL)
             && lvsd_address_compare (&address, &((LvsdVirtualAddress *) item)->address) == 0;
    case LVSD_KIND_ROLE:
      return lvsd_prefix_parse (operand (client, 0), &address, &length, NULL)
             && lvsd_address_compare (&address, &((LvsdRole *) item)->address) == 0;
    case LVSD_KIND_SYNC:
      return g_str_equal (lvsd_terms_format (lvsd_sync_state_terms,
                                             ((LvsdSyncDaemon *) item)->state),
                          operand (client, 0));
    case LVSD_KIND_SETTING:
    case LVSD_KIND_REPLACED:
    case LVSD_KIND_GENERATION:
    case LVSD_KIND_HOLD:
      break;
    }
  return FALSE;
}

/* Its index; -1 with an error where there is none. */
static int
find (const LvsctlClient *client, LvsdKind kind, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    if (is_named (client, kind, items->pdata[i]))
      return (int) i;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND, _ ("%s %s%s%s: there is none"),
               lvsd_item_class (kind)->name, operand (client, 0),
               kind == LVSD_KIND_DESTINATION ? "/" : "",
               kind == LVSD_KIND_DESTINATION ? operand (client, 1) : "");
  return -1;
}

/* Takes the draft. */
static gboolean
add_draft (const LvsctlClient *client, GPtrArray *items, gpointer draft, GError **error)
{
  g_autoptr (LvsdItem) item = draft;
  g_autofree char *id = NULL;

  if (!lvsd_item_set_options (item, client->arguments->fields, FALSE, error)
      || !lvsd_item_validate (item, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (lvsd_item_get_kind (items->pdata[i]) == lvsd_item_get_kind (item)
        && lvsd_item_identity_equal (items->pdata[i], item))
      {
        id = lvsd_item_dup_id (item);
        g_set_error (error, LVSD_ERROR, LVSD_ERROR_ALREADY_EXISTS, _ ("%s %s: exists already"),
                     lvsd_item_class (lvsd_item_get_kind (item))->name, id);
        return FALSE;
      }
  g_ptr_array_add (items, g_steal_pointer (&item));
  return TRUE;
}

/* A name or a key that is taken is refused by the daemon, unless it is both. */
static gboolean
add_service (const LvsctlClient *client, GPtrArray *items, GError **error)
{
  const char *name = operand (client, 0);
  g_autoptr (LvsdServiceIdentity) identity = NULL;
  g_autofree char *derived = NULL;
  LvsdServiceKey key;
  LvsdService *draft;

  if (!lvsd_service_key_parse (operand (client, 1), &key, error))
    return FALSE;
  derived = lvsd_service_key_derive_name (&key);
  identity = lvsd_service_identity_new (name != NULL ? name : derived, &key);
  draft = lvsd_service_new (identity);
  g_strlcpy (draft->scheduler, LVSD_SCHEDULER_PRESET, sizeof draft->scheduler);
  return add_draft (client, items, draft, error);
}

static gboolean
add_destinations (const LvsctlClient *client, GPtrArray *items, GError **error)
{
  LvsdService *service = find_service (items, operand (client, 0), error);
  const GStrv endpoints = client->arguments->operands[1];

  if (service == NULL)
    return FALSE;
  for (guint i = 0; endpoints[i] != NULL; i++)
    {
      LvsdEndpoint endpoint;
      gboolean has_port;

      if (!lvsd_endpoint_parse (endpoints[i], &endpoint, &has_port, error))
        return FALSE;
      if (!has_port)
        endpoint.port = service->identity->key.endpoint.port;
      if (!add_draft (client, items, lvsd_destination_new (service->identity, &endpoint), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_addressed (const LvsctlClient *client, LvsdKind kind, GPtrArray *items, GError **error)
{
  LvsdAddress address;
  guint length;

  if (!lvsd_prefix_parse (operand (client, 0), &address, &length, error))
    return FALSE;
  return add_draft (client, items,
                    kind == LVSD_KIND_ROLE ? (gpointer) lvsd_role_new (&address)
                                           : (gpointer) lvsd_virtual_address_new (&address, length),
                    error);
}

static gboolean
add_sync (const LvsctlClient *client, GPtrArray *items, GError **error)
{
  guint state;

  return lvsd_terms_parse (lvsd_sync_state_terms, "sync", operand (client, 0), &state, error)
         && add_draft (client, items, lvsd_sync_daemon_new ((LvsdSyncState) state), error);
}

gboolean
lvsctl_rehearse_add (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_fetch_items (client, error);
  LvsdKind kind = kind_of (client);
  gboolean ok;

  if (items == NULL)
    return FALSE;
  if (kind == LVSD_KIND_SERVICE)
    ok = add_service (client, items, error);
  else if (kind == LVSD_KIND_DESTINATION)
    ok = add_destinations (client, items, error);
  else if (kind == LVSD_KIND_SYNC)
    ok = add_sync (client, items, error);
  else
    ok = add_addressed (client, kind, items, error);
  return ok && submit (client, items, error);
}

/* A weight for now is no part of the configuration, so nothing can be said of what it would do. */
static void
say_runtime (LvsctlClient *client)
{
  guint32 weight;

  if (!client->arguments->json
      && g_variant_lookup (client->arguments->options, "runtime", "u", &weight))
    lvsctl_client_say (client, _ ("The weight for now would be %u."), weight);
}

gboolean
lvsctl_rehearse_edit (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_fetch_items (client, error);
  int index = items != NULL ? find (client, kind_of (client), items, error) : -1;
  g_autoptr (LvsdItem) edited = NULL;

  if (index < 0)
    return FALSE;
  edited = lvsd_item_copy (items->pdata[index]);
  if (!lvsd_item_set_options (edited, client->arguments->fields, TRUE, error)
      || !lvsd_item_validate (edited, error))
    return FALSE;
  lvsd_item_unref (items->pdata[index]);
  items->pdata[index] = g_steal_pointer (&edited);
  if (!submit (client, items, error))
    return FALSE;
  say_runtime (client);
  return TRUE;
}

gboolean
lvsctl_rehearse_delete (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_fetch_items (client, error);
  int index = items != NULL ? find (client, kind_of (client), items, error) : -1;

  if (index < 0)
    return FALSE;
  /* The destinations of a service are left out with it. */
  g_ptr_array_remove_index (items, (guint) index);
  return submit (client, items, error);
}

/* "address up" and "address down". */
gboolean
lvsctl_rehearse_up (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_fetch_items (client, error);
  int index = items != NULL ? find (client, LVSD_KIND_ADDRESS, items, error) : -1;
  LvsdVirtualAddress *edited;

  if (index < 0)
    return FALSE;
  edited = lvsd_item_copy (items->pdata[index]);
  edited->up = g_str_equal (client->arguments->command->verb, "up");
  lvsd_item_unref (items->pdata[index]);
  items->pdata[index] = edited;
  return submit (client, items, error);
}

static gboolean
is_setting (gpointer item, const char *name)
{
  g_autofree char *found = NULL;

  if (lvsd_item_get_kind (item) != LVSD_KIND_SETTING)
    return FALSE;
  found = lvsd_setting_format_name (((LvsdSetting *) item)->name);
  return g_str_equal (found, name);
}

static gboolean
put_setting (GPtrArray *items, const char *name, const char *value, GError **error)
{
  LvsdSetting *setting = lvsd_setting_new (name, value, error);

  if (setting == NULL)
    return FALSE;
  for (guint i = items->len; i > 0; i--)
    if (is_setting (items->pdata[i - 1], name))
      g_ptr_array_remove_index (items, i - 1);
  g_ptr_array_add (items, setting);
  return TRUE;
}

static gboolean
put_timeouts (LvsctlClient *client, GPtrArray *items, GError **error)
{
  static const char *const names[] = { "tcp", "tcp-fin", "udp" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *setting = g_strconcat ("timeout.", names[i], NULL);
      g_autofree char *value = NULL;
      guint32 seconds;

      if (!g_variant_lookup (client->arguments->options, names[i], "u", &seconds))
        continue;
      value = g_strdup_printf ("%" G_GUINT32_FORMAT, seconds);
      if (!put_setting (items, setting, value, error))
        return FALSE;
    }
  return TRUE;
}

/* Of "sysctl" and of "timeouts". */
gboolean
lvsctl_rehearse_set (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_fetch_items (client, error);
  gboolean is_sysctl = g_str_equal (client->arguments->command->noun, "sysctl");

  return items != NULL
         && (is_sysctl ? put_setting (items, operand (client, 0), operand (client, 1), error)
                       : put_timeouts (client, items, error))
         && submit (client, items, error);
}

static gboolean
is_to_be_unset (const LvsctlClient *client, gpointer item)
{
  const GStrv names = client->arguments->operands[0];

  if (names == NULL)
    return lvsd_item_get_kind (item) == LVSD_KIND_SETTING
           && lvsd_setting_is_timeout (((LvsdSetting *) item)->name);
  for (guint i = 0; names[i] != NULL; i++)
    if (is_setting (item, names[i]))
      return TRUE;
  return FALSE;
}

gboolean
lvsctl_rehearse_unset (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) items = lvsctl_configuration_fetch_items (client, error);
  const GStrv names = client->arguments->operands[0];
  guint found = 0;

  if (items == NULL)
    return FALSE;
  for (guint i = items->len; i > 0; i--)
    if (is_to_be_unset (client, items->pdata[i - 1]))
      {
        g_ptr_array_remove_index (items, i - 1);
        found++;
      }
  if (names != NULL && found < g_strv_length (names))
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("setting %s: lvsd was not told to set it; 'lvsctl sysctl list' shows all"),
                   names[0]);
      return FALSE;
    }
  return submit (client, items, error);
}

gboolean
lvsctl_rehearse_clear (LvsctlClient *client, GError **error)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  return submit (client, nothing, error);
}

gboolean
lvsctl_rehearse_announce (LvsctlClient *client, GError **error)
{
  g_autofree char *path =
      lvsctl_client_find (client, "GetAddress", g_variant_new ("(s)", operand (client, 0)), error);

  if (path == NULL)
    return FALSE;
  lvsctl_client_say (client, _ ("Address %s would be announced."), operand (client, 0));
  return TRUE;
}

gboolean
lvsctl_rehearse_zero (LvsctlClient *client, GError **error)
{
  const GStrv named = client->arguments->operands[0];
  GVariantDict ours;
  g_autoptr (GPtrArray) rows = NULL;
  guint n = named != NULL ? g_strv_length (named) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path =
          lvsctl_client_find (client, "GetService", g_variant_new ("(s)", named[i]), error);

      if (path == NULL)
        return FALSE;
    }
  if (n == 0)
    {
      g_variant_dict_init (&ours, NULL);
      g_variant_dict_insert (&ours, "foreign", "b", FALSE);
      rows = lvsctl_listing_fetch (client, &lvsctl_service_listing, g_variant_dict_end (&ours),
                                   NULL, error);
      if (rows == NULL)
        return FALSE;
      n = rows->len;
    }
  lvsctl_client_say (client,
                     ngettext ("The counters of %u service would be set to zero.",
                               "The counters of %u services would be set to zero.", n),
                     n);
  return TRUE;
}

gboolean
lvsctl_rehearse_confirm (LvsctlClient *client, GError **error)
{
  g_auto (LvsctlCondition) condition = { 0 };

  if (!lvsctl_condition_fetch (client, 0, &condition, error))
    return FALSE;
  if (condition.confirm_seconds == 0)
    {
      g_set_error_literal (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                           _ ("nothing waits to be confirmed"));
      return FALSE;
    }
  lvsctl_client_say (client, _ ("What was applied would stay."));
  return TRUE;
}
