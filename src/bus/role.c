/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/handlers.h"
#include "bus/options.h"

gboolean
lvsd_call_role_edit (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_request_edit_target (request, options, error);
}

gboolean
lvsd_call_role_delete (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error))
    return FALSE;
  lvsd_request_add_edit (request, request->target, NULL);
  return TRUE;
}
