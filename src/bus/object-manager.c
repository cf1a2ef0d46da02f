/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/object-manager.h"

#include <glib/gi18n-lib.h>

#include "bus/handlers.h"
#include "bus/object-path.h"
#include "bus/properties.h"
#include "model/error.h"

/* A megabyte, which takes some 40 ms of the main loop to be made. */
#define MAX_OBJECTS 2000

#define ARGUMENT(variable, argument_name, type)                                                    \
  static const GDBusArgInfo variable = { -1, (char *) (argument_name), (char *) (type), NULL }

ARGUMENT (objects_argument, "objpath_interfaces_and_properties", "a{oa{sa{sv}}}");
ARGUMENT (added_path_argument, "object_path", "o");
ARGUMENT (added_interfaces_argument, "interfaces_and_properties", "a{sa{sv}}");
ARGUMENT (removed_path_argument, "object_path", "o");
ARGUMENT (removed_interfaces_argument, "interfaces", "as");

static const GDBusArgInfo *const managed_arguments[] = { &objects_argument, NULL };
static const GDBusArgInfo *const added_arguments[] = { &added_path_argument,
                                                       &added_interfaces_argument, NULL };
static const GDBusArgInfo *const removed_arguments[] = { &removed_path_argument,
                                                         &removed_interfaces_argument, NULL };

static const GDBusMethodInfo get_managed_objects = { -1, (char *) "GetManagedObjects", NULL,
                                                     (GDBusArgInfo **) managed_arguments, NULL };
static const GDBusSignalInfo interfaces_added = { -1, (char *) "InterfacesAdded",
                                                  (GDBusArgInfo **) added_arguments, NULL };
static const GDBusSignalInfo interfaces_removed = { -1, (char *) "InterfacesRemoved",
                                                    (GDBusArgInfo **) removed_arguments, NULL };

static const GDBusMethodInfo *const methods[] = { &get_managed_objects, NULL };
static const GDBusSignalInfo *const object_signals[] = { &interfaces_added, &interfaces_removed,
                                                         NULL };

const GDBusInterfaceInfo lvsd_object_manager_interface = {
  .ref_count = -1,
  .name = (char *) "org.freedesktop.DBus.ObjectManager",
  .methods = (GDBusMethodInfo **) methods,
  .signals = (GDBusSignalInfo **) object_signals,
};

typedef struct
{
  LvsdEngine *engine;
  GVariantBuilder objects;
} Collection;

static gboolean
add_object (gpointer item, gpointer user_data)
{
  Collection *collection = user_data;
  g_autofree char *path = lvsd_object_path_for_item (item);
  GVariantBuilder interfaces;

  g_variant_builder_init (&interfaces, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&interfaces, "{s@a{sv}}",
                         lvsd_properties_interface (lvsd_item_get_kind (item))->name,
                         lvsd_properties_get_all (collection->engine, item));
  g_variant_builder_add (&collection->objects, "{oa{sa{sv}}}", path, &interfaces);
  return TRUE;
}

static gboolean
add_service (gpointer item, gpointer user_data)
{
  Collection *collection = user_data;
  const GPtrArray *destinations = lvsd_table_destinations (lvsd_engine_table (collection->engine),
                                                           ((const LvsdService *) item)->identity);

  add_object (item, collection);
  for (guint i = 0; i < destinations->len; i++)
    add_object (g_ptr_array_index (destinations, i), collection);
  return TRUE;
}

gboolean
lvsd_call_object_manager_get_managed_objects (LvsdRequest *request, GError **error)
{
  const LvsdTable *table = lvsd_request_table (request);
  Collection collection = { .engine = request->engine };
  guint n_objects = 0;

  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    if (lvsd_properties_interface ((LvsdKind) kind) != NULL)
      n_objects += lvsd_table_count (table, (LvsdKind) kind);
  if (n_objects > MAX_OBJECTS)
    {
      g_set_error (error, LVSD_ERROR, LVSD_ERROR_LIMITS_EXCEEDED,
                   _ ("GetManagedObjects: there are %u objects, and it shows at most %d; use "
                      "ListServices, ListDestinations, ListAddresses and ListRoles of "
                      "org.lvsd1.Manager"),
                   n_objects, MAX_OBJECTS);
      return FALSE;
    }
  g_variant_builder_init (&collection.objects, G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  lvsd_table_walk (table, LVSD_KIND_SERVICE, NULL, add_service, &collection);
  lvsd_table_walk (table, LVSD_KIND_ADDRESS, NULL, add_object, &collection);
  lvsd_table_walk (table, LVSD_KIND_ROLE, NULL, add_object, &collection);
  lvsd_request_set_reply (request, g_variant_new ("(a{oa{sa{sv}}})", &collection.objects));
  return TRUE;
}
