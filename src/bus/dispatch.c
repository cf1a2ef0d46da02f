/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/dispatch.h"

#include <glib/gi18n-lib.h>

#include "auth/actions.h"
#include "bus/admission.h"
#include "bus/handlers.h"
#include "bus/listing.h"
#include "dbus/names.h"
#include "model/error.h"

#define MANAGER LVSD_INTERFACE_MANAGER
#define SERVICE LVSD_INTERFACE_SERVICE
#define DESTINATION LVSD_INTERFACE_DESTINATION
#define ADDRESS LVSD_INTERFACE_ADDRESS
#define ROLE LVSD_INTERFACE_ROLE

/* Every method of every interface, with what its caller must be allowed to do. What is not in this
 * table is refused; nothing else leads to a handler. */
static const LvsdCall calls[] = {
  { MANAGER, "AddService", LVSD_ACTION_MANAGE_SERVICES,
    N_ ("Authentication is required to add the virtual service $(service) ($(key))"),
    lvsd_call_manager_add_service, lvsd_request_submit },
  { MANAGER, "AddAddress", LVSD_ACTION_MANAGE_ADDRESSES,
    N_ ("Authentication is required to add the virtual address $(address) to $(interface)"),
    lvsd_call_manager_add_address, lvsd_request_submit },
  { MANAGER, "AddRole", LVSD_ACTION_MANAGE_ROLES,
    N_ ("Authentication is required to make this machine a real server for $(address)"),
    lvsd_call_manager_add_role, lvsd_request_submit },
  { MANAGER, "SetSettings", LVSD_ACTION_MANAGE_SETTINGS,
    N_ ("Authentication is required to set kernel settings of the load balancer ($(count))"),
    lvsd_call_manager_set_settings, lvsd_request_submit },
  { MANAGER, "UnsetSettings", LVSD_ACTION_MANAGE_SETTINGS,
    N_ ("Authentication is required to give up kernel settings of the load balancer ($(count))"),
    lvsd_call_manager_unset_settings, lvsd_request_submit },
  { MANAGER, "GetService", LVSD_FREE, NULL, lvsd_call_manager_get_service, lvsd_request_answer },
  { MANAGER, "GetDestination", LVSD_FREE, NULL, lvsd_call_manager_get_destination,
    lvsd_request_answer },
  { MANAGER, "GetAddress", LVSD_FREE, NULL, lvsd_call_manager_get_address, lvsd_request_answer },
  { MANAGER, "GetRole", LVSD_FREE, NULL, lvsd_call_manager_get_role, lvsd_request_answer },
  { MANAGER, "ListServices", LVSD_FREE, NULL, lvsd_call_manager_list_services,
    lvsd_listing_perform },
  { MANAGER, "ListDestinations", LVSD_FREE, NULL, lvsd_call_manager_list_destinations,
    lvsd_listing_perform },
  { MANAGER, "ListAddresses", LVSD_FREE, NULL, lvsd_call_manager_list_addresses,
    lvsd_request_answer },
  { MANAGER, "ListRoles", LVSD_FREE, NULL, lvsd_call_manager_list_roles, lvsd_request_answer },
  { MANAGER, "ListSettings", LVSD_FREE, NULL, lvsd_call_manager_list_settings,
    lvsd_request_answer },
  { MANAGER, "ListConnections", LVSD_ACTION_LIST_CONNECTIONS,
    N_ ("Authentication is required to see who is connected to the virtual services"),
    lvsd_call_manager_list_connections, lvsd_call_manager_perform_list_connections },
  { MANAGER, "StartSync", LVSD_ACTION_MANAGE_SYNC,
    N_ ("Authentication is required to start the $(state) sync daemon on $(interface)"),
    lvsd_call_manager_start_sync, lvsd_request_submit },
  { MANAGER, "StopSync", LVSD_ACTION_MANAGE_SYNC,
    N_ ("Authentication is required to stop the $(state) sync daemon on $(interface)"),
    lvsd_call_manager_stop_sync, lvsd_request_submit },
  { MANAGER, "ListSync", LVSD_FREE, NULL, lvsd_call_manager_list_sync, lvsd_request_answer },
  { MANAGER, "Zero", LVSD_ACTION_ZERO_STATISTICS,
    N_ ("Authentication is required to set the counters of virtual services to zero"),
    lvsd_call_manager_zero, lvsd_call_manager_perform_zero },
  { MANAGER, "GetStatus", LVSD_FREE, NULL, lvsd_call_manager_get_status, lvsd_request_answer },
  { MANAGER, "GetSummary", LVSD_FREE, NULL, lvsd_call_manager_get_summary, lvsd_request_answer },
  { MANAGER, "GetConfiguration", LVSD_FREE, NULL, lvsd_call_manager_get_configuration,
    lvsd_call_manager_perform_get_configuration },
  { MANAGER, "Apply", LVSD_ACTION_APPLY,
    N_ ("Authentication is required to apply a load-balancer configuration, which adds $(added), "
        "changes $(changed) and removes $(removed) objects"),
    lvsd_call_manager_apply, lvsd_request_submit },
  { MANAGER, "Confirm", LVSD_ACTION_APPLY,
    N_ ("Authentication is required to keep the load-balancer configuration that was applied"),
    lvsd_call_manager_confirm, lvsd_call_manager_perform_confirm },
  { MANAGER, "Rollback", LVSD_ACTION_APPLY,
    N_ ("Authentication is required to go back to an earlier load-balancer configuration, which "
        "adds $(added), changes $(changed) and removes $(removed) objects"),
    lvsd_call_manager_rollback, lvsd_request_submit },
  { MANAGER, "ListGenerations", LVSD_FREE, NULL, lvsd_call_manager_list_generations,
    lvsd_request_answer },
  { MANAGER, "GetGeneration", LVSD_FREE, NULL, lvsd_call_manager_get_generation,
    lvsd_call_manager_perform_get_generation },
  { MANAGER, "ListDifferences", LVSD_FREE, NULL, lvsd_call_manager_list_differences,
    lvsd_call_manager_perform_list_differences },
  { MANAGER, "Clear", LVSD_ACTION_CLEAR,
    N_ ("Authentication is required to remove all virtual services, addresses, roles, settings and "
        "sync daemons ($(removed) objects)"),
    lvsd_call_manager_clear, lvsd_request_submit },
  { MANAGER, "Adopt", LVSD_ACTION_ADOPT,
    N_ ("Authentication is required to take over what other programs put into the kernel ($(count) "
        "objects)"),
    lvsd_call_manager_adopt, lvsd_request_submit },
  { MANAGER, "Reconcile", LVSD_ACTION_RECONCILE,
    N_ ("Authentication is required to make the kernel match what was declared"),
    lvsd_call_manager_reconcile, lvsd_call_manager_perform_reconcile },

  { MANAGER, "Hold", LVSD_ACTION_RECONCILE,
    N_ ("Authentication is required to hold back the repair of the kernel"), lvsd_call_manager_hold,
    lvsd_call_manager_perform_hold },
  { MANAGER, "Release", LVSD_ACTION_RECONCILE,
    N_ ("Authentication is required to have the kernel repaired again"), lvsd_call_manager_release,
    lvsd_request_submit },

  { SERVICE, "Edit", LVSD_ACTION_MANAGE_SERVICES,
    N_ ("Authentication is required to edit the virtual service $(service) ($(key))"),
    lvsd_call_service_edit, lvsd_request_submit },
  { SERVICE, "Delete", LVSD_ACTION_MANAGE_SERVICES,
    N_ ("Authentication is required to delete the virtual service $(service) ($(key)) with its "
        "destinations"),
    lvsd_call_service_delete, lvsd_request_submit },
  { SERVICE, "AddDestinations", LVSD_ACTION_MANAGE_DESTINATIONS,
    N_ ("Authentication is required to add destinations ($(count)) to the virtual service "
        "$(service)"),
    lvsd_call_service_add_destinations, lvsd_request_submit },

  { DESTINATION, "Edit", LVSD_ACTION_MANAGE_DESTINATIONS,
    N_ ("Authentication is required to edit the destination $(destination) of the virtual service "
        "$(service)"),
    lvsd_call_destination_edit, lvsd_request_submit },
  { DESTINATION, "SetRuntimeWeight", LVSD_ACTION_SET_RUNTIME_WEIGHT,
    N_ ("Authentication is required to set the weight of the destination $(destination) of the "
        "virtual service $(service) from $(from) to $(to) for now"),
    lvsd_call_destination_set_runtime_weight, lvsd_call_destination_perform_set_runtime_weight },
  { DESTINATION, "ClearRuntimeWeight", LVSD_ACTION_SET_RUNTIME_WEIGHT,
    N_ ("Authentication is required to give the destination $(destination) of the virtual service "
        "$(service) its configured weight back"),
    lvsd_call_destination_clear_runtime_weight, lvsd_request_submit },
  { DESTINATION, "Delete", LVSD_ACTION_MANAGE_DESTINATIONS,
    N_ ("Authentication is required to delete the destination $(destination) of the virtual "
        "service $(service)"),
    lvsd_call_destination_delete, lvsd_request_submit },

  { ADDRESS, "Edit", LVSD_ACTION_MANAGE_ADDRESSES,
    N_ ("Authentication is required to edit the virtual address $(address)"),
    lvsd_call_address_edit, lvsd_request_submit },
  { ADDRESS, "Up", LVSD_ACTION_MANAGE_ADDRESSES,
    N_ ("Authentication is required to put the virtual address $(address) on $(interface)"),
    lvsd_call_address_up, lvsd_request_submit },
  { ADDRESS, "Down", LVSD_ACTION_MANAGE_ADDRESSES,
    N_ ("Authentication is required to take the virtual address $(address) off $(interface)"),
    lvsd_call_address_down, lvsd_request_submit },
  { ADDRESS, "Announce", LVSD_ACTION_MANAGE_ADDRESSES,
    N_ ("Authentication is required to announce the virtual address $(address) on $(interface)"),
    lvsd_call_address_announce, lvsd_call_address_perform_announce },
  { ADDRESS, "Delete", LVSD_ACTION_MANAGE_ADDRESSES,
    N_ ("Authentication is required to delete the virtual address $(address) from $(interface)"),
    lvsd_call_address_delete, lvsd_request_submit },

  { ROLE, "Edit", LVSD_ACTION_MANAGE_ROLES,
    N_ ("Authentication is required to edit this machine's role as a real server for $(address)"),
    lvsd_call_role_edit, lvsd_request_submit },
  { ROLE, "Delete", LVSD_ACTION_MANAGE_ROLES,
    N_ ("Authentication is required to end this machine's role as a real server for $(address)"),
    lvsd_call_role_delete, lvsd_request_submit },

  { "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", LVSD_FREE, NULL,
    lvsd_call_object_manager_get_managed_objects, lvsd_request_answer },
};

const LvsdCall *
lvsd_dispatch_calls (gsize *ret_n_calls)
{
  *ret_n_calls = G_N_ELEMENTS (calls);
  return calls;
}

const LvsdCall *
lvsd_dispatch_find (const char *interface, const char *method)
{
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    if (g_str_equal (calls[i].interface, interface) && g_str_equal (calls[i].name, method))
      return &calls[i];
  return NULL;
}

/* Takes the invocation over. target is the item of the object that was called, NULL for the
 * manager. */
void
lvsd_dispatch (LvsdEngine *engine,
               LvsdGate *gate,
               LvsdAudit *audit,
               GDBusMethodInvocation *invocation,
               gpointer target)
{
  const LvsdCall *call =
      lvsd_dispatch_find (g_dbus_method_invocation_get_interface_name (invocation),
                          g_dbus_method_invocation_get_method_name (invocation));
  LvsdRequest *request;

  if (call == NULL)
    {
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                                             _ ("%s is not open to anybody"),
                                             g_dbus_method_invocation_get_method_name (invocation));
      return;
    }
  request = lvsd_request_new (engine, gate, audit, call, invocation, target);
  if (target != NULL)
    lvsd_request_require (request, target);
  lvsd_admission_begin (request);
}
