/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "change.h"

#include <glib/gi18n-lib.h>

#include "dbus/names.h"
#include "explanation.h"
#include "local.h"
#include "model/error.h"
#include "table.h"

#define RUNTIME_REASON "ipvsadm"

/* Services and destinations that are not lvsd's */

/* Whether the kernel holds the service, or the destination where that is not NULL, and lvsd does
 * not own it. */
static gboolean
is_foreign (LvsctlClient *client, const LvsdServiceKey *key, const LvsdDestination *destination)
{
  g_autoptr (GPtrArray) table = lvsctl_kernel_table_fetch (client, key, NULL);
  const LvsctlKernelService *service;
  const LvsctlKernelDestination *found;

  if (table == NULL || table->len == 0)
    return FALSE;
  service = table->pdata[0];
  if (destination == NULL)
    return service->is_foreign;
  found = lvsctl_kernel_table_find (table, destination);
  return found != NULL && found->is_foreign;
}

static gboolean
adopt (LvsctlClient *client, const char *key, GError **error)
{
  static const char *const services[] = { "services", NULL };
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_variant_dict_insert (&options, "service", "s", key);
  reply =
      lvsctl_client_call (client, &lvsctl_manager, "Adopt",
                          g_variant_new ("(^as@a{sv})", services, g_variant_dict_end (&options)),
                          NULL, &reason);
  if (reply != NULL)
    return TRUE;
  g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_LOOKUP,
               _ ("%s is not lvsd's, and was not adopted: %s; 'lvsctl adopt services' takes it "
                  "over"),
               key, reason->message);
  return FALSE;
}

/* Asks one of the manager's Get methods, and once more after what it does not know was adopted. */
static char *
find_object (LvsctlClient *client,
             const char *method,
             GVariant *parameters,
             const LvsctlRule *rule,
             const LvsdDestination *destination,
             GError **error)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);
  const LvsdServiceKey *key = &rule->service->identity->key;
  g_autoptr (GError) reason = NULL;
  char *path = lvsctl_client_find (client, method, owned, &reason);
  char text[LVSD_SERVICE_KEY_TEXT_SIZE];

  if (path != NULL)
    return path;
  if (!g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_NOT_FOUND)
      || !is_foreign (client, key, destination))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (!adopt (client, lvsd_service_key_format (key, text), error))
    return NULL;
  return lvsctl_client_find (client, method, owned, error);
}

static char *
find_service (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  lvsd_service_key_format (&rule->service->identity->key, key);
  return find_object (client, "GetService", g_variant_new ("(s)", key), rule, NULL, error);
}

static char *
find_at (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];

  lvsd_service_key_format (&rule->service->identity->key, key);
  lvsd_endpoint_format (&rule->destination->endpoint, endpoint);
  return find_object (client, "GetDestination", g_variant_new ("(ss)", key, endpoint), rule,
                      rule->destination, error);
}

/* In a service with a mark, one that does not masquerade was added without the port that it was
 * given. */
static char *
find_destination (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autofree char *service = find_service (client, rule, error);
  g_autoptr (GError) reason = NULL;
  char *path;

  if (service == NULL)
    return NULL;
  path = find_at (client, rule, &reason);
  if (g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_NOT_FOUND)
      && rule->service->identity->key.fwmark != 0 && rule->destination->endpoint.port != 0)
    {
      rule->destination->endpoint.port = 0;
      g_clear_error (&reason);
      path = find_at (client, rule, &reason);
    }
  if (path != NULL)
    return path;
  if (g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_FAILED, "%s: %s",
                 LVSCTL_NO_DESTINATION, reason->message);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

/* What is sent */

/* Every field but those in without: what ipvsadm is not told it sets to what it is at first. */
static GVariant *
get_options (gconstpointer item, const char *without)
{
  const LvsdItemClass *class = lvsd_item_class (lvsd_item_get_kind (item));
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  for (gsize i = 0; i < class->n_fields; i++)
    if ((class->fields[i].flags & LVSD_FIELD_INTERNAL) == 0
        && g_strcmp0 (class->fields[i].name, without) != 0)
      g_variant_dict_insert_value (&options, class->fields[i].name,
                                   lvsd_field_get (&class->fields[i], item));
  return g_variant_dict_end (&options);
}

static GVariant *
with_force (GVariant *options)
{
  g_autoptr (GVariant) owned = options != NULL ? g_variant_ref_sink (options) : NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, owned);
  g_variant_dict_insert (&dict, "force", "b", TRUE);
  return g_variant_dict_end (&dict);
}

static gboolean
call (LvsctlClient *client,
      const LvsctlObject *object,
      const char *method,
      GVariant *parameters,
      GError **error)
{
  g_autoptr (GVariant) reply = lvsctl_client_call (client, object, method, parameters, NULL, error);

  return reply != NULL;
}

/* Adds something. Conflict has several reasons; that it is there already, by another's hand, is the
 * one that ipvsadm has words for. */
static gboolean
add (LvsctlClient *client,
     const LvsctlObject *object,
     const char *method,
     GVariant *parameters,
     const LvsctlRule *rule,
     GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (call (client, object, method, parameters, &reason))
    return TRUE;
  if (g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_CONFLICT)
      && is_foreign (client, &rule->service->identity->key, rule->destination))
    g_set_error (error, LVSCTL_IPVSADM_ERROR, LVSCTL_IPVSADM_EXIT_FAILED, "%s: %s",
                 rule->destination != NULL ? LVSCTL_DESTINATION_EXISTS : LVSCTL_SERVICE_EXISTS,
                 reason->message);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* Services */

static gboolean
add_service (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  char key[LVSD_SERVICE_KEY_TEXT_SIZE];

  lvsd_service_key_format (&rule->service->identity->key, key);
  return add (client, &lvsctl_manager, "AddService",
              g_variant_new ("(ss@a{sv})", "", key, get_options (rule->service, NULL)), rule,
              error);
}

static gboolean
edit_service (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autofree char *path = find_service (client, rule, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };

  return path != NULL
         && call (client, &object, "Edit",
                  g_variant_new ("(@a{sv})", get_options (rule->service, NULL)), error);
}

static gboolean
delete_service (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autofree char *path = find_service (client, rule, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };

  return path != NULL
         && call (client, &object, "Delete", g_variant_new ("(@a{sv})", with_force (NULL)), error);
}

/* Destinations */

static void
settle_method (const LvsctlRule *rule)
{
  g_autoptr (GHashTable) local = lvsctl_local_addresses ();

  lvsctl_local_settle (local, rule->destination);
}

static gboolean
add_destination (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autofree char *path = find_service (client, rule, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_SERVICE };
  char endpoint[LVSD_ENDPOINT_TEXT_SIZE];
  const char *endpoints[] = { lvsd_endpoint_format (&rule->destination->endpoint, endpoint), NULL };

  if (path == NULL)
    return FALSE;
  settle_method (rule);
  return add (client, &object, "AddDestinations",
              g_variant_new ("(^as@a{sv})", endpoints, get_options (rule->destination, NULL)), rule,
              error);
}

static gboolean
clear_runtime_weight (LvsctlClient *client, const LvsctlObject *object, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (call (client, object, "ClearRuntimeWeight", g_variant_new ("(@a{sv})", with_force (NULL)),
            &reason)
      || g_error_matches (reason, LVSD_ERROR, LVSD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
set_runtime_weight (LvsctlClient *client,
                    const LvsctlObject *object,
                    guint32 weight,
                    GError **error)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "reason", "s", RUNTIME_REASON);
  return call (client, object, "SetRuntimeWeight",
               g_variant_new ("(u@a{sv})", weight, with_force (g_variant_dict_end (&options))),
               error);
}

static gboolean
edit_fields (LvsctlClient *client,
             const LvsctlObject *object,
             const LvsctlRule *rule,
             const char *without,
             GError **error)
{
  GVariant *options = with_force (get_options (rule->destination, without));

  return call (client, object, "Edit", g_variant_new ("(@a{sv})", options), error);
}

/* The weight for now, and what else differs for good. */
static gboolean
edit_for_now (LvsctlClient *client,
              const LvsctlObject *object,
              const LvsctlRule *rule,
              GError **error)
{
  g_autoptr (GPtrArray) table =
      lvsctl_kernel_table_fetch (client, &rule->service->identity->key, error);
  const LvsctlKernelDestination *found;
  g_autoptr (LvsdDestination) wanted = NULL;

  if (table == NULL)
    return FALSE;
  found = lvsctl_kernel_table_find (table, rule->destination);
  wanted = lvsd_item_copy (rule->destination);
  if (found != NULL)
    wanted->weight = found->item->weight;
  if ((found == NULL || !lvsd_item_fields_equal (wanted, found->item))
      && !edit_fields (client, object, rule, "weight", error))
    return FALSE;
  if (found != NULL && rule->destination->weight == found->configured)
    return clear_runtime_weight (client, object, error);
  return set_runtime_weight (client, object, rule->destination->weight, error);
}

/* lvsd.conf says which weight is meant. */
static gboolean
edit_destination (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autoptr (GVariant) weights = NULL;
  g_autofree char *path = NULL;
  LvsctlObject object = { NULL, LVSD_INTERFACE_DESTINATION };

  weights = lvsctl_client_get_property (client, &lvsctl_manager, "IpvsadmWeights",
                                        G_VARIANT_TYPE_STRING, error);
  if (weights == NULL)
    return FALSE;
  object.path = path = find_destination (client, rule, error);
  if (path == NULL)
    return FALSE;
  settle_method (rule);
  if (g_str_equal (g_variant_get_string (weights, NULL), "runtime"))
    return edit_for_now (client, &object, rule, error);
  /* An override would hide the weight that is set here. */
  return edit_fields (client, &object, rule, NULL, error)
         && clear_runtime_weight (client, &object, error);
}

static gboolean
delete_destination (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  g_autofree char *path = find_destination (client, rule, error);
  const LvsctlObject object = { path, LVSD_INTERFACE_DESTINATION };

  return path != NULL
         && call (client, &object, "Delete", g_variant_new ("(@a{sv})", with_force (NULL)), error);
}

gboolean
lvsctl_ipvsadm_change (LvsctlClient *client, const LvsctlRule *rule, GError **error)
{
  static gboolean (*const of_command[]) (LvsctlClient *, const LvsctlRule *, GError **) = {
    [LVSCTL_SWITCH_ADD_SERVICE] = add_service,
    [LVSCTL_SWITCH_EDIT_SERVICE] = edit_service,
    [LVSCTL_SWITCH_DELETE_SERVICE] = delete_service,
    [LVSCTL_SWITCH_ADD_SERVER] = add_destination,
    [LVSCTL_SWITCH_EDIT_SERVER] = edit_destination,
    [LVSCTL_SWITCH_DELETE_SERVER] = delete_destination,
  };

  return of_command[rule->command](client, rule, error);
}
