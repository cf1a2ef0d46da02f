/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/handlers.h"
#include "bus/options.h"

gboolean
lvsd_call_address_edit (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_request_take_force (request, options, error)
         && lvsd_request_edit_target (request, options, error);
}

static void
edit_up (LvsdRequest *request, gboolean up)
{
  g_autoptr (LvsdVirtualAddress) draft = lvsd_item_copy (request->target);

  if (draft->up == up)
    return;
  draft->up = (guint8) up;
  lvsd_request_add_edit (request, request->target, draft);
}

gboolean
lvsd_call_address_up (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_options_finish (options, error))
    return FALSE;
  edit_up (request, TRUE);
  return TRUE;
}

gboolean
lvsd_call_address_down (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error))
    return FALSE;
  edit_up (request, FALSE);
  return TRUE;
}

gboolean
lvsd_call_address_announce (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  return lvsd_options_finish (options, error);
}

void
lvsd_call_address_perform_announce (LvsdRequest *request)
{
  GError *error = NULL;

  if (lvsd_engine_announce (request->engine, (const LvsdVirtualAddress *) request->target, &error))
    lvsd_request_answer (request);
  else
    lvsd_request_fail (request, error);
}

gboolean
lvsd_call_address_delete (LvsdRequest *request, GError **error)
{
  g_autoptr (GVariantDict) options = lvsd_request_options (request);

  if (!lvsd_request_take_force (request, options, error) || !lvsd_options_finish (options, error))
    return FALSE;
  lvsd_request_add_edit (request, request->target, NULL);
  return TRUE;
}
