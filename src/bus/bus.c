/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/bus.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus/dispatch.h"
#include "bus/lookup.h"
#include "bus/object-manager.h"
#include "bus/object-path.h"
#include "bus/properties.h"
#include "bus/signals.h"
#include "bus/turns.h"
#include "dbus/errors.h"
#include "dbus/interfaces.h"
#include "dbus/names.h"

/* Enough for a person who looks around with busctl; nobody reads more than that, and listing a
 * hundred thousand would take a while. */
#define MAX_CHILDREN 1000

/* The objects of one kind: none of them is registered, they are looked up when called. */
typedef struct
{
  LvsdBus *bus;
  LvsdKind kind;
  guint registration;
} Subtree;

struct _LvsdBus
{
  GDBusConnection *connection;
  LvsdEngine *engine;
  LvsdGate *gate;
  LvsdAudit *audit;
  LvsdSignals *signals;
  LvsdTurns *turns;
  guint manager;
  guint object_manager;
  Subtree subtrees[LVSD_N_KINDS];
};

/* A call that waits for its turn. */
typedef struct
{
  const LvsdBus *bus;
  const Subtree *subtree; /* NULL: of the manager */
  GDBusMethodInvocation *invocation;
} Call;

static void
free_call (gpointer data)
{
  Call *call = data;

  g_object_unref (call->invocation);
  g_free (call);
}

static void
wait_for_turn (const LvsdBus *bus,
               const Subtree *subtree,
               GDBusMethodInvocation *invocation,
               void (*serve) (gpointer call))
{
  Call *call = g_new0 (Call, 1);

  call->bus = bus;
  call->subtree = subtree;
  call->invocation = invocation;
  lvsd_turns_wait (bus->turns, g_dbus_method_invocation_get_sender (invocation), serve, call,
                   free_call);
}

static void
serve_manager (gpointer data)
{
  g_autofree Call *call = data;

  lvsd_dispatch (call->bus->engine, call->bus->gate, call->bus->audit, call->invocation, NULL);
}

static void
call_manager (G_GNUC_UNUSED GDBusConnection *connection,
              G_GNUC_UNUSED const char *sender,
              G_GNUC_UNUSED const char *path,
              G_GNUC_UNUSED const char *interface,
              G_GNUC_UNUSED const char *method,
              G_GNUC_UNUSED GVariant *parameters,
              GDBusMethodInvocation *invocation,
              gpointer user_data)
{
  wait_for_turn (user_data, NULL, invocation, serve_manager);
}

static GVariant *
get_manager_property (G_GNUC_UNUSED GDBusConnection *connection,
                      G_GNUC_UNUSED const char *sender,
                      G_GNUC_UNUSED const char *path,
                      G_GNUC_UNUSED const char *interface,
                      const char *property,
                      G_GNUC_UNUSED GError **error,
                      gpointer user_data)
{
  return lvsd_properties_get_of_node (((const LvsdBus *) user_data)->engine, property);
}

static gpointer
find_target (const Subtree *subtree, const char *path)
{
  return lvsd_lookup_object (lvsd_engine_table (subtree->bus->engine), subtree->kind,
                             strrchr (path, '/') + 1);
}

/* GLib looks for the object when the message comes; it may be gone by the time of its turn. */
static void
serve_object (gpointer data)
{
  g_autofree Call *call = data;
  const LvsdBus *bus = call->bus;
  const char *path = g_dbus_method_invocation_get_object_path (call->invocation);
  gpointer target = find_target (call->subtree, path);

  if (target == NULL)
    g_dbus_method_invocation_return_error (call->invocation, G_DBUS_ERROR,
                                           G_DBUS_ERROR_UNKNOWN_OBJECT,
                                           _ ("%s: there is no such object any more"), path);
  else
    lvsd_dispatch (bus->engine, bus->gate, bus->audit, call->invocation, target);
}

static void
call_object (G_GNUC_UNUSED GDBusConnection *connection,
             G_GNUC_UNUSED const char *sender,
             G_GNUC_UNUSED const char *path,
             G_GNUC_UNUSED const char *interface,
             G_GNUC_UNUSED const char *method,
             G_GNUC_UNUSED GVariant *parameters,
             GDBusMethodInvocation *invocation,
             gpointer user_data)
{
  const Subtree *subtree = user_data;

  wait_for_turn (subtree->bus, subtree, invocation, serve_object);
}

static GVariant *
get_object_property (G_GNUC_UNUSED GDBusConnection *connection,
                     G_GNUC_UNUSED const char *sender,
                     const char *path,
                     G_GNUC_UNUSED const char *interface,
                     const char *property,
                     GError **error,
                     gpointer user_data)
{
  const Subtree *subtree = user_data;
  gpointer target = find_target (subtree, path);

  if (target != NULL)
    return lvsd_properties_get (subtree->bus->engine, target, property);
  g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT,
               _ ("%s: there is no such object any more"), path);
  return NULL;
}

static const GDBusInterfaceVTable manager_vtable = { call_manager,
                                                     get_manager_property,
                                                     NULL,
                                                     { NULL } };
static const GDBusInterfaceVTable object_vtable = { call_object,
                                                    get_object_property,
                                                    NULL,
                                                    { NULL } };

static void
add_child (GPtrArray *children, gconstpointer item)
{
  g_autofree char *id = lvsd_item_dup_id (item);

  g_ptr_array_add (children, lvsd_object_path_escape (id));
}

static gboolean
add_item_child (gpointer item, gpointer user_data)
{
  add_child (user_data, item);
  return TRUE;
}

typedef struct
{
  const LvsdTable *table;
  GPtrArray *children;
} DestinationWalk;

static gboolean
add_destination_children (gpointer item, gpointer user_data)
{
  const DestinationWalk *walk = user_data;
  const GPtrArray *destinations =
      lvsd_table_destinations (walk->table, ((const LvsdService *) item)->identity);

  for (guint i = 0; i < destinations->len; i++)
    add_child (walk->children, g_ptr_array_index (destinations, i));
  return TRUE;
}

static char **
enumerate (G_GNUC_UNUSED GDBusConnection *connection,
           G_GNUC_UNUSED const char *sender,
           G_GNUC_UNUSED const char *path,
           gpointer user_data)
{
  const Subtree *subtree = user_data;
  const LvsdTable *table = lvsd_engine_table (subtree->bus->engine);
  g_autoptr (GPtrArray) children = g_ptr_array_new ();
  DestinationWalk walk = { table, children };

  if (lvsd_table_count (table, subtree->kind) > MAX_CHILDREN)
    ; /* none */
  else if (subtree->kind == LVSD_KIND_DESTINATION)
    lvsd_table_walk (table, LVSD_KIND_SERVICE, NULL, add_destination_children, &walk);
  else
    lvsd_table_walk (table, subtree->kind, NULL, add_item_child, children);
  g_ptr_array_add (children, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&children), FALSE);
}

/* node is NULL for the node above the objects, which has no interface of ours. */
static GDBusInterfaceInfo **
introspect (G_GNUC_UNUSED GDBusConnection *connection,
            G_GNUC_UNUSED const char *sender,
            G_GNUC_UNUSED const char *path,
            const char *node,
            gpointer user_data)
{
  const Subtree *subtree = user_data;
  GDBusInterfaceInfo **interfaces;

  if (node != NULL
      && lvsd_lookup_object (lvsd_engine_table (subtree->bus->engine), subtree->kind, node) == NULL)
    return NULL;
  interfaces = g_new0 (GDBusInterfaceInfo *, 2);
  if (node != NULL)
    interfaces[0] = (GDBusInterfaceInfo *) lvsd_properties_interface (subtree->kind);
  return interfaces;
}

static const GDBusInterfaceVTable *
dispatch (G_GNUC_UNUSED GDBusConnection *connection,
          G_GNUC_UNUSED const char *sender,
          G_GNUC_UNUSED const char *path,
          G_GNUC_UNUSED const char *interface,
          const char *node,
          gpointer *ret_user_data,
          gpointer user_data)
{
  *ret_user_data = user_data;
  return node != NULL ? &object_vtable : NULL;
}

static gboolean
register_manager (LvsdBus *bus, GError **error)
{
  bus->manager =
      g_dbus_connection_register_object (bus->connection, LVSD_OBJECT_PATH,
                                         (GDBusInterfaceInfo *) &org_lvsd1_manager_interface,
                                         &manager_vtable, bus, NULL, error);
  if (bus->manager == 0)
    return FALSE;
  bus->object_manager =
      g_dbus_connection_register_object (bus->connection, LVSD_OBJECT_PATH,
                                         (GDBusInterfaceInfo *) &lvsd_object_manager_interface,
                                         &manager_vtable, bus, NULL, error);
  return bus->object_manager != 0;
}

static gboolean
register_subtree (LvsdBus *bus, LvsdKind kind, GError **error)
{
  static const GDBusSubtreeVTable vtable = { enumerate, introspect, dispatch, { NULL } };
  g_autofree char *path = lvsd_object_path_for_kind (kind);
  Subtree *subtree = &bus->subtrees[kind];

  subtree->bus = bus;
  subtree->kind = kind;
  subtree->registration =
      g_dbus_connection_register_subtree (bus->connection, path, &vtable,
                                          G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES,
                                          subtree, NULL, error);
  return subtree->registration != 0;
}

LvsdBus *
lvsd_bus_new (GDBusConnection *connection,
              LvsdEngine *engine,
              LvsdGate *gate,
              LvsdAudit *audit,
              GError **error)
{
  g_autoptr (LvsdBus) bus = g_new0 (LvsdBus, 1);

  lvsd_errors_register ();
  bus->connection = g_object_ref (connection);
  bus->engine = engine;
  bus->gate = gate;
  bus->audit = audit;
  bus->signals = lvsd_signals_new (connection, engine);
  bus->turns = lvsd_turns_new ();
  if (!register_manager (bus, error))
    return NULL;
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    if (lvsd_properties_interface ((LvsdKind) kind) != NULL
        && !register_subtree (bus, (LvsdKind) kind, error))
      return NULL;
  return g_steal_pointer (&bus);
}

void
lvsd_bus_free (LvsdBus *bus)
{
  for (guint kind = 0; kind < LVSD_N_KINDS; kind++)
    if (bus->subtrees[kind].registration != 0)
      g_dbus_connection_unregister_subtree (bus->connection, bus->subtrees[kind].registration);
  if (bus->object_manager != 0)
    g_dbus_connection_unregister_object (bus->connection, bus->object_manager);
  if (bus->manager != 0)
    g_dbus_connection_unregister_object (bus->connection, bus->manager);
  lvsd_turns_free (bus->turns);
  lvsd_signals_free (bus->signals);
  g_object_unref (bus->connection);
  g_free (bus);
}
