/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bus/request.h"

G_BEGIN_DECLS

/* The decode functions of the dispatch table, and the performs that do something else than submit
 * the change or answer. Named after interface and method. */

/* manager.c */
gboolean lvsd_call_manager_add_service (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_add_address (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_add_role (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_service (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_destination (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_address (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_role (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_status (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_summary (LvsdRequest *request, GError **error);

/* settings.c */
gboolean lvsd_call_manager_set_settings (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_unset_settings (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_settings (LvsdRequest *request, GError **error);

/* list-*.c */
gboolean lvsd_call_manager_list_services (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_destinations (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_addresses (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_roles (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_connections (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_list_connections (LvsdRequest *request);

/* sync.c, list-sync.c */
gboolean lvsd_call_manager_start_sync (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_stop_sync (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_sync (LvsdRequest *request, GError **error);

/* zero.c */
gboolean lvsd_call_manager_zero (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_zero (LvsdRequest *request);

/* configuration.c, apply.c */
gboolean lvsd_call_manager_get_configuration (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_get_configuration (LvsdRequest *request);
gboolean lvsd_call_manager_apply (LvsdRequest *request, GError **error);
GVariant *lvsd_call_declares (const LvsdRequest *request);
gboolean lvsd_call_manager_clear (LvsdRequest *request, GError **error);

/* adopt.c */
gboolean lvsd_call_manager_adopt (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_reconcile (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_reconcile (LvsdRequest *request);
gboolean lvsd_call_manager_hold (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_hold (LvsdRequest *request);
gboolean lvsd_call_manager_release (LvsdRequest *request, GError **error);

/* history.c, list-differences.c */
gboolean lvsd_call_manager_confirm (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_confirm (LvsdRequest *request);
gboolean lvsd_call_names_generation (const LvsdRequest *request, guint32 *ret_number);
gboolean lvsd_call_manager_rollback (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_list_generations (LvsdRequest *request, GError **error);
gboolean lvsd_call_manager_get_generation (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_get_generation (LvsdRequest *request);
gboolean lvsd_call_manager_list_differences (LvsdRequest *request, GError **error);
void lvsd_call_manager_perform_list_differences (LvsdRequest *request);

/* service.c */
gboolean lvsd_call_service_edit (LvsdRequest *request, GError **error);
gboolean lvsd_call_service_delete (LvsdRequest *request, GError **error);
gboolean lvsd_call_service_add_destinations (LvsdRequest *request, GError **error);

/* destination.c */
gboolean lvsd_call_destination_edit (LvsdRequest *request, GError **error);
gboolean lvsd_call_destination_set_runtime_weight (LvsdRequest *request, GError **error);
void lvsd_call_destination_perform_set_runtime_weight (LvsdRequest *request);
gboolean lvsd_call_destination_clear_runtime_weight (LvsdRequest *request, GError **error);
gboolean lvsd_call_destination_delete (LvsdRequest *request, GError **error);

/* virtual-address.c */
gboolean lvsd_call_address_edit (LvsdRequest *request, GError **error);
gboolean lvsd_call_address_up (LvsdRequest *request, GError **error);
gboolean lvsd_call_address_down (LvsdRequest *request, GError **error);
gboolean lvsd_call_address_announce (LvsdRequest *request, GError **error);
void lvsd_call_address_perform_announce (LvsdRequest *request);
gboolean lvsd_call_address_delete (LvsdRequest *request, GError **error);

/* role.c */
gboolean lvsd_call_role_edit (LvsdRequest *request, GError **error);
gboolean lvsd_call_role_delete (LvsdRequest *request, GError **error);

/* object-manager.c */
gboolean lvsd_call_object_manager_get_managed_objects (LvsdRequest *request, GError **error);

G_END_DECLS
