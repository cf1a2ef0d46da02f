/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gi18n-lib.h>

#include "auth/actions.h"
#include "bus/handlers.h"
#include "bus/options.h"
#include "model/error.h"

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"

/* Whether the edit is of the weight and nothing else, which is all that some may do. */
static gboolean
is_weight_alone (const LvsdRequest *request)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (request->parameters, 0);
  gboolean weight = FALSE;
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
    if (g_str_equal (name, "weight"))
      weight = TRUE;
    else if (!g_str_equal (name, "force"))
      return FALSE;
  return weight;
}

gboolean
lvsd_call_destination_edit (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_request_take_force (request, options, error))
    return FALSE;
  if (!lvsd_request_edit_target (request, options, error))
    return FALSE;
  if (is_weight_alone (request))
    {
      request->action = LVSD_ACTION_SET_WEIGHT;
      request->message =
          N_ ("Authentication is required to set the weight of the destination $(destination) of "
              "the virtual service $(service)");
    }
  return TRUE;
}

static gboolean
take_weight (LvsdRequest *request, guint32 *ret_weight, GError **error)
{
  g_variant_get_child (request->parameters, 0, "u", ret_weight);
  if (*ret_weight <= LVSD_WEIGHT_MAX)
    return TRUE;
  g_set_error (error, LVSD_ERROR, LVSD_ERROR_INVALID_ARGUMENT,
               _ ("weight: %u is out of range; it goes from 0 to %d"), *ret_weight,
               LVSD_WEIGHT_MAX);
  return FALSE;
}

static char *
read_boot_id (GError **error)
{
  char *boot_id = NULL;

  if (!g_file_get_contents (BOOT_ID_PATH, &boot_id, NULL, error))
    return NULL;
  return g_strchomp (boot_id);
}

/* Whose weight it is becomes known at the gate. */
gboolean
lvsd_call_destination_set_runtime_weight (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (LvsdOverride) override = g_new0 (LvsdOverride, 1);
  g_autoptr (LvsdDestination) draft = NULL;

  override->reason = g_strdup ("");
  if (!take_weight (request, &override->weight, error)
      || !lvsd_request_take_force (request, options, error)
      || !lvsd_options_take_text (options, "reason", LVSD_OVERRIDE_TEXT_MAX, &override->reason,
                                  error)
      || !lvsd_options_finish (options, error))
    return FALSE;
  override->boot_id = read_boot_id (error);
  if (override->boot_id == NULL)
    return FALSE;
  draft = lvsd_item_copy (request->target);
  lvsd_override_free (draft->runtime);
  draft->runtime = g_steal_pointer (&override);
  lvsd_request_add_edit (request, request->target, draft);
  return TRUE;
}

/* The number, as looking the name up could block for as long as a directory server is away. */
static char *
describe_user (guint32 uid)
{
  return uid == 0 ? g_strdup ("root") : g_strdup_printf ("uid %u", uid);
}

/* The draft is nobody else's until it is submitted. */
void
lvsd_call_destination_perform_set_runtime_weight (LvsdRequest *request)
{
  LvsdDestination *draft = (LvsdDestination *) lvsd_change_edit (request->change, 0)->after;

  draft->runtime->owner = describe_user (request->caller.uid);
  draft->runtime->since = g_get_real_time () / G_USEC_PER_SEC;
  lvsd_request_submit (request);
}

gboolean
lvsd_call_destination_clear_runtime_weight (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);
  g_autoptr (LvsdDestination) draft = lvsd_item_copy (request->target);

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error))
    return FALSE;
  if (draft->runtime == NULL)
    {
      g_autofree char *id = lvsd_item_dup_id (draft);

      g_set_error (error, LVSD_ERROR, LVSD_ERROR_NOT_FOUND,
                   _ ("destination %s: has no runtime weight"), id);
      return FALSE;
    }
  g_clear_pointer (&draft->runtime, lvsd_override_free);
  lvsd_request_add_edit (request, request->target, draft);
  return TRUE;
}

gboolean
lvsd_call_destination_delete (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error))
    return FALSE;
  lvsd_request_add_edit (request, request->target, NULL);
  return TRUE;
}
